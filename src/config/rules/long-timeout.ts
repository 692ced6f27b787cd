/**
 * A run that outlasts the interval makes the next one drop out, so a timeout above the interval
 * is the rhythm in which a hanging check is noticed.
 */
import { formatDuration, microseconds } from '../../time';
import type { Built } from '../build';
import { type Diagnostic, info } from '../diagnostic';
import { checksOf } from '../places';
import { placeOf } from '../values';

export function longTimeout(built: Built): readonly Diagnostic[] {
  return checksOf(built).flatMap(({ script }) => {
    const reading = built.scripts.get(script.name);
    const { timeout, interval } = script;
    if (timeout <= interval || reading === undefined) return [];
    const what = `a run of '${script.name}' may outlast its interval`;
    return [
      info('long-timeout', placeOf(reading, 'timeout'), what, {
        label: `more than interval ${formatDuration(interval)}`,
        why:
          'no run begins while one is going, so a check that hangs is judged every ' +
          `${formatDuration(microseconds(Math.ceil(timeout / interval) * interval))} only`,
        help: 'a timeout below the interval keeps the rhythm',
      }),
    ];
  });
}
