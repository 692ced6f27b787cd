/**
 * What concerns several instances at once: links that may flap (interface_up_down_delays),
 * interfaces that share a pace of announcements (garp_group), instances that a static address
 * takes down with it (track_group).
 */
import { type Duration, seconds, toSeconds } from '../time';
import { info, type Report, warning } from './diagnostic';
import type { Instance } from './model';
import type { GarpGroup, LinkDelay, TrackGroup } from './model-tracking';
import type { Directive, Word } from './parser';
import type { Reading } from './read';
import { directiveOf, durationOf, namesOf } from './values';

const delayMax = 255;

/** Lines of `interface down [up]`; the last one for an interface counts. */
export function buildLinkDelays(
  lines: readonly Directive[],
  instances: readonly Instance[],
  report: Report,
): readonly LinkDelay[] {
  const delays = new Map<string, LinkDelay>();
  for (const line of lines) {
    const name = line.keyword.text;
    const [downWord, upWord, surplus] = line.words;
    if (surplus !== undefined) {
      report(
        warning('extra-word', surplus.span, `surplus word '${surplus.text}'`, {
          label: 'ignored',
          help: 'put each interface on a line of its own: interface down [up]',
        }),
      );
    }
    if (downWord === undefined) {
      report(
        warning('missing-parameter', line.keyword.span, `'${name}' needs a delay in seconds`, {
          label: 'ignored',
        }),
      );
      continue;
    }
    const down = delayFrom(downWord, report);
    if (down === null) continue;
    const up = upWord === undefined ? seconds(0) : delayFrom(upWord, report);
    if (upWord === undefined && down > 0) reportNoUp(downWord, report);
    delays.set(name, {
      interface: name,
      down: capped(name, down, downWord, instances, report),
      up: up ?? seconds(0),
    });
  }
  return [...delays.values()];
}

function delayFrom(word: Word, report: Report): Duration | null {
  const number = /^\d+(\.\d*)?$|^\.\d+$/.test(word.text) ? Number(word.text) : Number.NaN;
  if (number >= 0 && number <= delayMax) return seconds(number);
  const isNumber = /^[+-]?\d+(\.\d*)?$/.test(word.text);
  const what = `a delay must be 0..${delayMax} seconds, found '${word.text}'`;
  report(
    warning(isNumber ? 'out-of-range' : 'not-a-number', word.span, what, { label: 'ignored' }),
  );
  return null;
}

function reportNoUp(word: Word, report: Report): void {
  report(
    info('no-up-delay', word.span, 'only the way down is delayed', {
      why: 'keepalived takes 0 for the other one, whatever its manual says',
      help: `${word.text} ${word.text} delays both`,
    }),
  );
}

/** A master whose link is down must be in FAULT before its peers take over. */
function capped(
  name: string,
  delay: Duration,
  word: Word,
  instances: readonly Instance[],
  report: Report,
): Duration {
  const limits = instances
    .filter((instance) => instance.interface === name)
    .map((one) => (one.downTimerAdverts - 1) * one.interval - one.interval / 256);
  const limit = Math.max(0, Math.trunc(Math.min(...limits))) as Duration;
  if (delay <= limit) return delay;
  report(
    warning('delay-capped', word.span, `${name} cannot stay down unnoticed for that long`, {
      label: `${toSeconds(limit)} s counts`,
      why: 'a peer takes over by then, while this router still holds the addresses',
      help: 'a longer advert_int, or more down_timer_adverts, allow more',
    }),
  );
  return limit;
}

/** An interface has one pace: the first group that names it. */
export function buildGarpGroups(readings: readonly Reading[], report: Report) {
  const taken = new Map<string, Word>();
  return readings.flatMap((reading): GarpGroup[] => {
    const arp = durationOf(reading, 'garp_interval') ?? seconds(0);
    const neighbour = durationOf(reading, 'gna_interval') ?? seconds(0);
    const own = directiveOf(reading, 'interface')?.words[0];
    const words = [...(own === undefined ? [] : [own]), ...namesOf(reading, 'interfaces')];
    const interfaces = words.filter((word) => isFree(word, taken, report));
    if (arp + neighbour > 0 && interfaces.length > 0) {
      return [{ interfaces: interfaces.map(({ text }) => text), arp, neighbour }];
    }
    report(
      warning('empty-group', reading.span, 'this garp_group paces nothing', {
        label: 'left out',
        help: interfaces.length === 0 ? 'interfaces { eth0 eth1 }' : 'garp_interval 0.01',
      }),
    );
    return [];
  });
}

function isFree(word: Word, taken: Map<string, Word>, report: Report): boolean {
  const before = taken.get(word.text);
  if (before === undefined) {
    taken.set(word.text, word);
    return true;
  }
  report(
    warning('duplicate', word.span, `'${word.text}' is in a garp_group already`, {
      label: 'ignored',
      related: [{ span: before.span, what: 'named here' }],
    }),
  );
  return false;
}

export function buildTrackGroup(
  name: string,
  reading: Reading,
  instances: ReadonlySet<string>,
  report: Report,
): TrackGroup {
  const words = namesOf(reading, 'group').filter(({ text, span }) => {
    if (instances.has(text)) return true;
    report(
      warning('unknown-member', span, `there is no vrrp_instance '${text}'`, { label: 'ignored' }),
    );
    return false;
  });
  if (words.length === 0) {
    report(
      warning('empty-group', reading.span, `track_group ${name} has no members`, {
        label: 'nothing follows it',
        help: 'group { VI_1 VI_2 }',
      }),
    );
  }
  return { name, members: [...new Set(words.map(({ text }) => text))] };
}
