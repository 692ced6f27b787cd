/**
 * A check that sleeps longer than its timeout never comes to the line behind the sleep: the
 * timeout is the interval unless it is given, and most scripts were tried out by hand.
 */
import { formatDuration, toSeconds } from '../../time';
import type { Built } from '../build';
import { catchesSignals, checkScript, writtenAs } from '../check-script';
import { classicChecks } from '../classic-check';
import { type Diagnostic, warning } from '../diagnostic';
import type { Host } from '../host';
import { checksOf } from '../places';
import { spanOf } from '../source';
import { isSet } from '../values';

export function sleepyScript(built: Built, host: Host): readonly Diagnostic[] {
  const classic = classicChecks(built, host);
  return checksOf(built).flatMap(({ argv, span, script }) => {
    const text = classic.has(script.name) ? null : checkScript(argv, host);
    if (text === null || catchesSignals(text)) return [];
    const limit = toSeconds(script.timeout);
    const fatal = text.commands.find(
      ({ slept, sleeps, background, unreachable }) =>
        sleeps > 0 && slept + sleeps >= limit && !background && !unreachable,
    );
    if (fatal === undefined) return [];
    const sleep = writtenAs(text, fatal);
    const reading = built.scripts.get(script.name);
    const given = reading !== undefined && isSet(reading, 'timeout');
    const timeout = `timeout ${formatDuration(script.timeout)}${given ? '' : ', as the interval'}`;
    const total = fatal.slept > 0 ? `, ${fatal.slept + fatal.sleeps} s of sleep in all` : '';
    return [
      warning('sleepy-script', span, `'${script.name}' is ended in its own '${sleep}'`, {
        label: timeout,
        why: `a run that comes to '${sleep}'${total} is stopped there and counts as failed`,
        help: 'a longer timeout (and interval), or no sleep in a check',
        related:
          text.file === null
            ? []
            : [{ span: spanOf(text.file, fatal.start, fatal.end), what: 'it ends here' }],
      }),
    ];
  });
}
