/**
 * How much of a virtual server must be alive. What cannot be reached is corrected as keepalived
 * does; what keepalived lets pass although it can never be regained is said.
 */
import { buildHook } from './build-hook';
import { type Report, warning } from './diagnostic';
import type { User } from './model';
import type { Quorum, RealServer } from './model-server';
import type { Reading } from './read';
import { isSet, numberOf, placeOf } from './values';

export function buildQuorum(
  reading: Reading,
  realServers: readonly RealServer[],
  scriptUser: User | null,
  report: Report,
): Quorum {
  const total = realServers.reduce((sum, { weight }) => sum + weight, 0);
  const size = sizeOf(reading, total, report);
  const hysteresis = hysteresisOf(reading, size, report);
  if (total > 0 && size + hysteresis > total) {
    report(
      warning('quorum-out-of-reach', placeOf(reading, 'hysteresis'), 'quorum is never regained', {
        label: 'too much',
        why:
          `once lost it takes quorum + hysteresis = ${size} + ${hysteresis} to regain it; ` +
          `all servers together have ${total}`,
        help: total > size ? `hysteresis ${total - size}` : 'lower quorum or hysteresis',
      }),
    );
  }
  return {
    size,
    hysteresis,
    up: buildHook(reading, 'quorum_up', scriptUser, report),
    down: buildHook(reading, 'quorum_down', scriptUser, report),
  };
}

function sizeOf(reading: Reading, total: number, report: Report): number {
  const size = numberOf(reading, 'quorum') ?? 1;
  if (size <= total) return size;
  if (total === 0) {
    report(
      warning('quorum-too-high', reading.span, 'all real servers have weight 0', {
        label: 'quorum is never gained',
      }),
    );
    return 1;
  }
  report(
    warning('quorum-too-high', placeOf(reading, 'quorum'), `quorum is ${size}`, {
      label: `${total} counts`,
      why: `the real servers have a weight of ${total} together`,
    }),
  );
  return total;
}

function hysteresisOf(reading: Reading, size: number, report: Report): number {
  const hysteresis = numberOf(reading, 'hysteresis') ?? 0;
  if (hysteresis < size || !isSet(reading, 'hysteresis')) return hysteresis;
  report(
    warning('hysteresis-too-high', placeOf(reading, 'hysteresis'), `hysteresis is ${hysteresis}`, {
      label: `${size - 1} counts`,
      why: `it must be below quorum, which is ${size}: quorum could not be lost`,
    }),
  );
  return size - 1;
}
