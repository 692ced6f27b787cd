/**
 * vrrp_sync_group: members that exist, each in one group; and what a group does to the weights
 * its members track.
 */
import { buildNotify } from './build-notify';
import { buildTrackInterfaces, buildTrackScripts } from './build-track';
import { type Report, warning } from './diagnostic';
import type { Instance, Script, SyncGroup, Track } from './model';
import type { Word } from './parser';
import type { Reading } from './read';
import type { Span } from './source';
import { booleanOf, directiveOf, isSet, linesOf, namesOf } from './values';

export interface Members {
  /** names of the instances that exist. */
  readonly instances: ReadonlySet<string>;
  readonly scripts: ReadonlyMap<string, Script>;
  readonly smtpAlert: boolean;
  /** instance → where another group took it; filled as groups are built. */
  readonly taken: Map<string, Word>;
}

export function buildGroup(
  name: string,
  reading: Reading,
  among: Members,
  report: Report,
): SyncGroup | null {
  const members = buildMembers(reading, among, report);
  const span = directiveOf(reading, 'group')?.keyword.span ?? reading.span;
  if (members.length === 0) {
    report(
      warning('empty-group', span, `vrrp_sync_group ${name} has no members`, {
        label: 'left out',
        help: 'group { VI_1 VI_2 }',
      }),
    );
    return null;
  }
  if (members.length === 1) {
    report(
      warning('group-of-one', span, `vrrp_sync_group ${name} has one member`, {
        label: 'nothing to keep together',
      }),
    );
  }
  const owner = `vrrp_sync_group ${name}`;
  const group = {
    name,
    members,
    trackInterfaces: buildTrackInterfaces(owner, linesOf(reading, 'track_interface'), null, report),
    trackScripts: buildTrackScripts(owner, linesOf(reading, 'track_script'), among.scripts, report),
    trackingWeight:
      isSet(reading, 'sync_group_tracking_weight') || isSet(reading, 'global_tracking'),
    notify: buildNotify(reading, report),
    smtpAlert: booleanOf(reading, 'smtp_alert') ?? among.smtpAlert,
  };
  return { ...group, ...settleTracks(name, reading, group, group.trackingWeight, report) };
}

function buildMembers(reading: Reading, among: Members, report: Report): readonly string[] {
  const members: string[] = [];
  for (const word of namesOf(reading, 'group')) {
    const before = among.taken.get(word.text);
    if (!among.instances.has(word.text)) {
      report(
        warning('unknown-member', word.span, `there is no vrrp_instance '${word.text}'`, {
          label: 'ignored',
        }),
      );
    } else if (before !== undefined) {
      report(
        warning('repeated', word.span, `'${word.text}' is in a group already`, {
          label: 'ignored',
          related: [{ span: before.span, what: 'it belongs to this one' }],
        }),
      );
    } else {
      among.taken.set(word.text, word);
      members.push(word.text);
    }
  }
  return members;
}

type Tracks = Pick<Instance, 'trackInterfaces' | 'trackScripts'>;

/**
 * Members of a group share one state, so their priorities must not drift apart: without
 * sync_group_tracking_weight a weighted link is a fault and a weighted script is not tracked.
 */
export function settleTracks(
  group: string,
  reading: Reading,
  tracks: Tracks,
  trackingWeight: boolean,
  report: Report,
): Tracks {
  if (trackingWeight) {
    return { trackInterfaces: tracks.trackInterfaces, trackScripts: tracks.trackScripts };
  }
  const say = (track: Track, word: string, label: string): void =>
    report(
      warning(
        'group-ignores-weight',
        placeOfTrack(reading, word, track),
        weightless(track, group),
        {
          label,
          help: `sync_group_tracking_weight in vrrp_sync_group ${group} lets weights count`,
        },
      ),
    );
  const isWeighted = (track: Track): boolean => track.weight !== 0;
  for (const track of tracks.trackInterfaces.filter(isWeighted)) {
    say(track, 'track_interface', 'weight 0 counts: down is a fault');
  }
  for (const track of tracks.trackScripts.filter(isWeighted)) {
    say(track, 'track_script', 'not tracked');
  }
  return {
    trackInterfaces: tracks.trackInterfaces.map((track) => ({ ...track, weight: 0 })),
    trackScripts: tracks.trackScripts.filter((track) => !isWeighted(track)),
  };
}

const weightless = (track: Track, group: string): string =>
  `'${track.name}' has a weight, and vrrp_sync_group ${group} lets none count`;

function placeOfTrack(reading: Reading, word: string, track: Track): Span {
  const line = linesOf(reading, word).find((one) => one.keyword.text === track.name);
  return line?.keyword.span ?? reading.span;
}
