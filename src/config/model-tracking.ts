/**
 * What instances and groups can track besides scripts, links that may flap, and what paces
 * announcements. Pure types; a field's comment gives its keepalived keyword, unit and range.
 */
import type { Duration } from '../time';

/** track_file NAME: a whole number in a file, times the weight; what is not there counts 0. */
export interface TrackFile {
  readonly name: string;
  readonly file: string;
  /** -254..254, default 1; 0 means: any number but 0 is a fault. */
  readonly weight: number;
  readonly reverse: boolean;
  /** init_file: what is written at the start; null leaves the file alone. */
  readonly initial: InitialValue | null;
}

export interface InitialValue {
  readonly value: number;
  /** even when the file is there already. */
  readonly overwrite: boolean;
}

/** vrrp_track_process NAME: how many processes of a kind run. */
export interface TrackProcess {
  readonly name: string;
  /** the process, then the arguments that are compared. */
  readonly process: readonly string[];
  /** param_match */
  readonly match: ParameterMatch;
  /** compare the command line, not only the short name. */
  readonly fullCommand: boolean;
  /** -254..254, default 0: too few or too many is a fault. */
  readonly weight: number;
  readonly reverse: boolean;
  /** 1..65535 */
  readonly quorum: number;
  /** 0..65535; null is no limit. */
  readonly quorumMax: number | null;
  /** wait this long before enough is believed, at most an hour. */
  readonly forkDelay: Duration;
  /** wait this long before too few is believed, at most an hour. */
  readonly terminateDelay: Duration;
}

/** any: arguments do not count; initial: the last one may go on; partial: more may follow. */
export type ParameterMatch = 'any' | 'exact' | 'initial' | 'partial';

/** track_group NAME: instances that a static address, route or rule takes down with it. */
export interface TrackGroup {
  readonly name: string;
  readonly members: readonly string[];
}

/** interface_up_down_delays: how long a link must stay up or down to be believed. */
export interface LinkDelay {
  readonly interface: string;
  /** at most 255 s each. */
  readonly down: Duration;
  readonly up: Duration;
}

/** garp_group: interfaces that share one pace of announcements. */
export interface GarpGroup {
  readonly interfaces: readonly string[];
  /** garp_interval: the gap between two ARPs. */
  readonly arp: Duration;
  /** gna_interval: the gap between two neighbour advertisements. */
  readonly neighbour: Duration;
}
