/**
 * Everything that instances track, and what concerns several of them at once.
 */
import { toSeconds } from '../time';
import type { Script, SyncGroup } from './model';
import type { GarpGroup, LinkDelay, TrackFile, TrackGroup, TrackProcess } from './model-tracking';
import { printUser } from './print-hook';
import { block, commandText, entries, entry, flag, line, type Printed, unless } from './print-text';
import { printNotify, printTracks } from './print-track';

interface Weighted {
  readonly weight: number;
  readonly reverse: boolean;
}

const printWeight = ({ weight, reverse }: Weighted): readonly Printed[] =>
  line('weight', weight, ...(reverse ? ['reverse'] : []));

export const printScript = (script: Script): readonly Printed[] =>
  block(
    ['vrrp_script', script.name],
    [
      ...line('script', commandText(script.command)),
      ...line('interval', toSeconds(script.interval)),
      ...line('timeout', toSeconds(script.timeout)),
      ...printWeight(script),
      ...line('rise', script.rise),
      ...line('fall', script.fall),
      ...printUser('user', script.user),
    ],
  );

export const printTrackFile = (file: TrackFile): readonly Printed[] =>
  block(
    ['track_file', file.name],
    [
      ...line('file', file.file),
      ...printWeight(file),
      ...(file.initial === null
        ? []
        : line('init_file', file.initial.value, ...(file.initial.overwrite ? ['overwrite'] : []))),
    ],
  );

export const printTrackProcess = (watched: TrackProcess): readonly Printed[] =>
  block(
    ['vrrp_track_process', watched.name],
    [
      ...line('process', ...watched.process),
      ...line('param_match', unless<string>(watched.match, 'any')),
      ...flag('full_command', watched.fullCommand),
      ...printWeight(watched),
      ...line('quorum', watched.quorum),
      ...line('quorum_max', watched.quorumMax),
      ...line('fork_delay', unless(toSeconds(watched.forkDelay), 0)),
      ...line('terminate_delay', unless(toSeconds(watched.terminateDelay), 0)),
    ],
  );

export const printGroup = (group: SyncGroup): readonly Printed[] =>
  block(
    ['vrrp_sync_group', group.name],
    [
      ...block(['group'], entries(group.members)),
      ...printTracks(group),
      ...flag('sync_group_tracking_weight', group.trackingWeight),
      ...printNotify(group),
    ],
  );

/** It is referred to, so it stays even without members. */
export const printTrackGroup = ({ name, members }: TrackGroup): Printed => ({
  words: line('track_group', name)[0]?.words ?? [],
  body: block(['group'], entries(members)),
});

export const printGarpGroup = (group: GarpGroup): readonly Printed[] =>
  block(
    ['garp_group'],
    [
      ...line('garp_interval', toSeconds(group.arp)),
      ...line('gna_interval', toSeconds(group.neighbour)),
      ...block(['interfaces'], entries(group.interfaces)),
    ],
  );

export const printLinkDelays = (delays: readonly LinkDelay[]): readonly Printed[] =>
  block(
    ['interface_up_down_delays'],
    delays.map((one) => entry(one.interface, toSeconds(one.down), toSeconds(one.up))),
  );
