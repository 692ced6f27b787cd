/**
 * Weights that cannot count: those of an owner, whose priority is 255 whatever happens, and those
 * of the members of a sync group, whose priorities must not drift apart. keepalived leaves some of
 * these checks out and makes a fault of others; each is told.
 */
import { placeOfTrack, trackWords } from './build-track';
import { type Report, warning } from './diagnostic';
import type { SyncGroup, Track, Tracks } from './model';
import type { Reading } from './read';

/** What becomes of a weighted check: nothing else, a fault when it fails, or left out. */
type Fate = 'kept' | 'fault' | 'left out';

type Judge = (track: Track, list: keyof Tracks) => Fate;

/** A file of weight 1 is one whose weight nobody has set: it becomes a fault instead. */
const fileFate = (track: Track): Fate => (track.weight === 1 ? 'fault' : 'left out');

/** Of an instance with priority 255. */
export function settleOwner(reading: Reading, tracks: Tracks, report: Report): Tracks {
  const judge: Judge = (track, list) => (list === 'trackFiles' ? fileFate(track) : 'left out');
  return settle(
    reading,
    tracks,
    judge,
    (name) => ({
      code: 'owner-ignores-weight',
      what: `'${name}' cannot move priority 255`,
      help: 'give a priority below 255, or weight 0 to make a failure a fault',
    }),
    report,
  );
}

/** Of a member of a group without sync_group_tracking_weight. */
export function settleMember(
  group: SyncGroup,
  reading: Reading,
  tracks: Tracks,
  report: Report,
): Tracks {
  if (group.trackingWeight) return tracks;
  reportDrift(group, reading, tracks, report);
  const judge: Judge = (track, list) => {
    switch (list) {
      case 'trackInterfaces':
        return 'fault';
      case 'trackFiles':
        return fileFate(track);
      case 'trackProcesses':
        return 'kept';
      case 'trackScripts':
      case 'trackBfds':
        return 'left out';
    }
  };
  return settle(
    reading,
    tracks,
    judge,
    (name) => ({
      code: 'group-ignores-weight',
      what: `'${name}' has a weight, and vrrp_sync_group ${group.name} lets none of a member count`,
      help: `track it in vrrp_sync_group ${group.name}, for all members alike`,
    }),
    report,
  );
}

/** Of a group that has an owner among its members: weights would move the others alone. */
export function settleGroup(
  name: string,
  owner: string | null,
  reading: Reading,
  tracks: Tracks,
  report: Report,
): Tracks {
  if (owner === null) return tracks;
  return settle(
    reading,
    tracks,
    () => 'fault',
    (track) => ({
      code: 'owner-ignores-weight',
      what: `'${track}' cannot move priority 255 of ${owner}, so it moves no member of ${name}`,
      help: 'give a priority below 255',
    }),
    report,
  );
}

interface Finding {
  readonly code: string;
  readonly what: string;
  readonly help: string;
}

function settle(
  reading: Reading,
  tracks: Tracks,
  judge: Judge,
  say: (name: string) => Finding,
  report: Report,
): Tracks {
  const settled = (list: keyof Tracks): readonly Track[] =>
    tracks[list].flatMap((track) => {
      const fate = track.weight === 0 ? 'kept' : judge(track, list);
      if (fate === 'kept') return [track];
      const { code, what, help } = say(track.name);
      const down = list === 'trackFiles' ? 'any number but 0' : 'down';
      const label = fate === 'fault' ? `weight 0 counts: ${down} is a fault` : 'not tracked';
      report(warning(code, placeOfTrack(reading, list, track.name), what, { label, help }));
      return fate === 'fault' ? [{ ...track, weight: 0 }] : [];
    });
  return {
    trackInterfaces: settled('trackInterfaces'),
    trackScripts: settled('trackScripts'),
    trackFiles: settled('trackFiles'),
    trackProcesses: settled('trackProcesses'),
    trackBfds: settled('trackBfds'),
  };
}

/** keepalived forgets the processes: their weights count, for one member alone. */
function reportDrift(group: SyncGroup, reading: Reading, tracks: Tracks, report: Report): void {
  for (const { name, weight } of tracks.trackProcesses) {
    if (weight === 0) continue;
    report(
      warning(
        'group-weight-drifts',
        placeOfTrack(reading, 'trackProcesses', name),
        `'${name}' moves the priority of one member of vrrp_sync_group ${group.name} alone`,
        {
          label: 'counts all the same',
          why: 'a peer may then be better in one member and worse in another',
          help: `${trackWords.trackProcesses} in vrrp_sync_group ${group.name}, for all alike`,
        },
      ),
    );
  }
}
