/**
 * Everything that can be ordered, in one union. Commands are imperative and come in the order in
 * which they must happen. The kinds of PlaneCommand have twins in native/contract.hpp.
 *
 * `advertise` and `watch` are standing orders: decided in advance, carried out on time by the data
 * plane without asking again. They stand while the `lease` does.
 *
 * A turn keeps orders and events from crossing: whenever the data plane itself changes sides
 * (took-over, yielded) it gives the instance a new turn and reports it. An order names the turn
 * that the policy knew; an order of an older turn is void, because the policy is about to learn
 * better. `resign` is never void: letting go is always safe.
 */
import type { Address, Authentication, Family, Garp, OnStall, Version } from '../config/model';
import type { TrackFile, TrackProcess } from '../config/model-tracking';
import type { Duration, Instant } from '../time';
import type { ServiceCommand } from './service-terms';

export type Command = PlaneCommand | ControlCommand;

export type PlaneCommand = Open | Close | Advertise | Watch | Resign | Lease | Wake;

export type ControlCommand =
  | { readonly kind: 'run-script'; readonly script: string }
  /** Watch these files and no others; each is reported at once. */
  | { readonly kind: 'track-files'; readonly files: readonly TrackFile[] }
  | ServiceCommand
  /** Count the processes of these trackers, and of no others; each count is reported at once. */
  | { readonly kind: 'count-processes'; readonly trackers: readonly TrackProcess[] }
  | Notify;

/** Make an instance known: sockets, receive checks, addresses. Again with its key: replace. */
export interface Open {
  readonly kind: 'open';
  /** its key, here and everywhere below; not the name, which may change. */
  readonly instance: string;
  /** the turn with which a new instance begins; one that is open keeps its own. */
  readonly turn: number;
  readonly interface: string;
  readonly family: Family;
  readonly version: Version;
  readonly vrid: number;
  /** what adverts are sent from; IPv6 a link-local unless unicast. */
  readonly source: string;
  /** the multicast group, or the unicast peers. */
  readonly destinations: readonly string[];
  readonly unicast: boolean;
  /** IP TTL or hop limit of what is sent; 255 unless unicast_ttl. */
  readonly ttl: number;
  /** unicast: drop adverts whose source is none of `destinations`. */
  readonly checkSource: boolean;
  /** our own interval: v2 adverts must carry it (RFC 3768 §7.1). */
  readonly interval: Duration;
  /** whatever else the file asks for is left out: `run` has refused to start, or was told to. */
  readonly authentication: Extract<Authentication, { readonly kind: 'none' | 'pass' }>;
  readonly checksumAsV2: boolean;
  /** reject what keepalived would reject, where holdfast is more lenient (checksum forms). */
  readonly strict: boolean;
  /** in the order in which they are advertised. */
  readonly advertised: readonly string[];
  /** all that a master holds, the excluded ones too; `device` filled in. */
  readonly addresses: readonly Address[];
  readonly garp: Garp;
  /** kernel lifetime of held addresses; 0 is for ever. */
  readonly lifetime: Duration;
  /** remove addresses of this list that are on the machine from an earlier life. */
  readonly sweep: boolean;
}

/** Forget an instance: resigns if it advertises, then closes. */
export interface Close {
  readonly kind: 'close';
  readonly instance: string;
}

/** Be master: advertise, hold the addresses, announce them. To a master: change the terms. */
export interface Advertise extends AdvertTerms {
  readonly kind: 'advertise';
  readonly turn: number;
}

export interface AdvertTerms {
  readonly instance: string;
  /** 1..255 */
  readonly priority: number;
  /** absolute schedule: the n-th advert is due at start + n × every. */
  readonly every: Duration;
  /** how long our silence must last until a peer takes over, for our own conscience. */
  readonly down: Duration;
  /** send an advert at once on hearing a losing one (RFC 9568 §6.4.3). */
  readonly answers: boolean;
  /** nopreempt: after oversleeping `down`, give way to whoever is master by then. */
  readonly relents: boolean;
  /** who gives way with us: the other members of the sync group. */
  readonly fellows: readonly string[];
  /** when the lease lapses. */
  readonly onStall: OnStall;
}

/**
 * Be backup: take over, without asking, when every member has been silent for long enough.
 * silence = factor × I + share × I / 256 + plus, where I is the interval last heard (v3) or our
 * own; counted from the last advert with at least `minPriority`, or from `since` if that is later.
 * After a priority-0 advert: share × I / 256 + plus.
 */
export interface Watch {
  readonly kind: 'watch';
  readonly since: Instant;
  readonly members: readonly WatchMember[];
}

export interface WatchMember {
  readonly instance: string;
  readonly turn: number;
  /** lower ones (but 0) are reported and do not re-arm: 1 is nopreempt. */
  readonly minPriority: number;
  readonly factor: number;
  /** 256 - priority for v3; 0 for v2. */
  readonly share: number;
  /** the skew of v2; 0 for v3. */
  readonly plus: Duration;
  /** the interval to assume until one is heard. */
  readonly interval: Duration;
  /** v3: learn the interval from adverts. */
  readonly learns: boolean;
  readonly onSilence: AdvertTerms;
}

/** Stand down: priority 0 if advertising, addresses released, no order left. */
export interface Resign {
  readonly kind: 'resign';
  readonly instance: string;
}

/** Standing orders stand until then. Renewed long before; JS hangs → it lapses. */
export interface Lease {
  readonly kind: 'lease';
  readonly until: Instant;
}

/** Ring the one alarm at this instant. Null: none. */
export interface Wake {
  readonly kind: 'wake';
  readonly at: Instant | null;
}

/** DELETED: a reload has removed it. */
export type NotifyState = 'MASTER' | 'BACKUP' | 'FAULT' | 'STOP' | 'DELETED';

/** INIT: it is the first that is told of it. */
export type PreviousState = 'INIT' | 'BACKUP' | 'MASTER' | 'FAULT';

export interface Notify {
  readonly kind: 'notify';
  readonly at: Instant;
  readonly scope: 'INSTANCE' | 'GROUP';
  readonly name: string;
  readonly state: NotifyState;
  readonly previous: PreviousState;
  /** why, in words. */
  readonly reason: string;
  /** effective priority; 0 for a group. */
  readonly priority: number;
  /** what made it: '102 + 2 (script chk)'; a group has none. */
  readonly arithmetic?: string;
  /** a reload has removed it: who wants to know stands in the configuration before. */
  readonly gone?: true;
  /** what is told is not the state, which is what it was. */
  readonly remark?: Remark;
}

/**
 * lower-advert: as a master it has heard a master that loses. priority: the effective priority is
 * another one. repeated: a reload has left it as it was, for FIFOs that want to know all the same.
 */
export type Remark = 'lower-advert' | 'priority' | 'repeated';

/** The word of keepalived's lines and of the generic command. */
export function wordOf({ state, remark }: Notify): string {
  switch (remark ?? 'state') {
    case 'lower-advert':
      return 'MASTER_RX_LOWER_PRI';
    case 'priority':
      return state === 'MASTER' ? 'MASTER_PRIORITY' : 'BACKUP_PRIORITY';
    case 'repeated':
    case 'state':
      return state;
  }
}
