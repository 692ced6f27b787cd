/**
 * What decides who is master: version, priority, preemption, the interval.
 * Where keepalived changes what was written, so do these, and say it.
 */
import { centiseconds, type Duration, seconds, toCentiseconds, toSeconds } from '../time';
import { type Report, warning } from './diagnostic';
import type { Family, Version } from './model';
import type { Reading } from './read';
import { isBefore } from './source';
import { directiveOf, durationOf, numberOf, placeOf, textOf } from './values';

export const ownerPriority = 255;
const standbyPriority = 100;
const v2IntervalMax = 255;
/** RFC 9568 §5.2.7: twelve bits of centiseconds. */
const v3CentisecondsMax = 4095;

export function versionOf(
  reading: Reading,
  family: Family,
  fallback: Version,
  report: Report,
): Version {
  const own = numberOf(reading, 'version');
  if (family === 6) {
    if (own === 2) {
      report(
        warning('version-3-needed', placeOf(reading, 'version'), 'IPv6 needs VRRP version 3', {
          label: '3 counts',
        }),
      );
    }
    return 3;
  }
  return own === null ? fallback : own === 3 ? 3 : 2;
}

export function priorityOf(name: string, reading: Reading, report: Report): number {
  const own = numberOf(reading, 'priority');
  if (own !== null) return own;
  // A priority that could not be read is 100; one that is not there follows the state.
  if (textOf(reading, 'state') !== 'MASTER' || reading.attempted.has('priority'))
    return standbyPriority;
  report(
    warning('owner-by-accident', placeOf(reading, 'state'), `${name} has no priority`, {
      label: 'state MASTER makes it 255',
      why: '255 is the owner of the addresses: it takes over at once and nobody can preempt it',
      help: 'give a priority below 255',
    }),
  );
  return ownerPriority;
}

export function preemptionOf(
  reading: Reading,
  of: { readonly priority: number; readonly strict: boolean },
  report: Report,
): { readonly preempt: boolean; readonly preemptDelay: Duration } {
  const isMaster = textOf(reading, 'state') === 'MASTER';
  const wished = !lastIsNopreempt(reading);
  const obstacle =
    of.priority === ownerPriority ? 'priority 255' : isMaster ? 'state MASTER' : null;
  const nopreempt = directiveOf(reading, 'nopreempt');
  if (!wished && obstacle !== null && nopreempt !== null) {
    report(
      warning(
        'nopreempt-cleared',
        nopreempt.keyword.span,
        `nopreempt does not go with ${obstacle}`,
        {
          label: 'ignored, this router preempts',
          help: obstacle === 'state MASTER' ? 'state BACKUP on every router' : null,
        },
      ),
    );
  }
  const preempt = wished || obstacle !== null;
  return { preempt, preemptDelay: preemptDelayOf(reading, { isMaster, preempt, ...of }, report) };
}

function preemptDelayOf(
  reading: Reading,
  of: { readonly isMaster: boolean; readonly preempt: boolean; readonly strict: boolean },
  report: Report,
): Duration {
  const delay = durationOf(reading, 'preempt_delay') ?? seconds(0);
  const obstacle = of.isMaster
    ? 'state MASTER'
    : of.strict
      ? 'strict mode'
      : of.preempt
        ? null
        : 'nopreempt';
  if (delay === 0 || obstacle === null) return delay;
  report(
    warning(
      'preempt-delay-cleared',
      placeOf(reading, 'preempt_delay'),
      `preempt_delay does not go with ${obstacle}`,
      { label: '0 counts' },
    ),
  );
  return seconds(0);
}

/** Of preempt and nopreempt the one that stands last. */
function lastIsNopreempt(reading: Reading): boolean {
  const yes = directiveOf(reading, 'preempt')?.keyword.span;
  const no = directiveOf(reading, 'nopreempt')?.keyword.span;
  return no !== undefined && (yes === undefined || isBefore(yes, no));
}

/** Version 2 counts whole seconds, version 3 hundredths up to 40.95 s. */
export function intervalOf(reading: Reading, version: Version, report: Report): Duration {
  const wished = durationOf(reading, 'advert_int') ?? seconds(1);
  const interval =
    version === 2
      ? seconds(Math.min(v2IntervalMax, Math.max(1, Math.round(toSeconds(wished)))))
      : centiseconds(Math.min(v3CentisecondsMax, Math.max(1, toCentiseconds(wished))));
  if (interval !== wished) {
    report(
      warning(
        'interval-rounded',
        placeOf(reading, 'advert_int'),
        `VRRP version ${version} cannot send every ${toSeconds(wished)} s`,
        {
          label: `${toSeconds(interval)} s counts`,
          why:
            version === 2
              ? 'version 2 counts whole seconds'
              : 'version 3 counts hundredths of a second, 4095 at most (RFC 9568 §5.2.7)',
          help: version === 2 ? 'vrrp_version 3 on every router allows less' : null,
        },
      ),
    );
  }
  return interval;
}
