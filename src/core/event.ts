/**
 * Everything that can happen, in one union. Events are past tense and carry `at`, the instant of
 * CLOCK_MONOTONIC at which they happened: the core has no other clock.
 * The kinds of PlaneEvent have twins in native/contract.hpp; a test holds the two lists equal.
 */
import type { Config, Version } from '../config/model';
import type { Duration, Instant } from '../time';
import type { ServiceEvent } from './service-terms';

export type Event = PlaneEvent | ControlEvent;

/** What the data plane reports. */
export type PlaneEvent =
  | AdvertReceived
  | AdvertRejected
  | TookOver
  | Yielded
  | LeaseLapsed
  | InterfaceChanged
  | InterfaceGone
  | Surveyed
  | AddressRestored
  | FirewallNoticed
  | ClockGap
  | Scheduled
  | OpenFailed
  | Failed
  | Overrun
  | Woken;

/** What happens on the control side. */
export type ControlEvent =
  | { readonly kind: 'configured'; readonly at: Instant; readonly config: Config }
  | ScriptFinished
  | FileRead
  | ServiceEvent
  | ProcessesCounted
  | ProcessesPolled
  | { readonly kind: 'stopped'; readonly at: Instant };

/**
 * An advert of a known instance that passed every receive check and differs from the last one
 * reported (source, priority, interval or address list). Equal ones are only counted; a storm is
 * thinned, and then the newest is what arrives.
 */
export interface AdvertReceived {
  readonly kind: 'advert-received';
  readonly at: Instant;
  readonly instance: string;
  readonly advert: Advert;
}

export interface Advert {
  readonly source: string;
  readonly version: Version;
  /** 0..255; 0 is a resignation (RFC 9568 §5.2.4). */
  readonly priority: number;
  readonly interval: Duration;
  /** false: the advertised addresses are not the configured ones. */
  readonly addressesMatch: boolean;
  /** v3 over IPv4: the checksum has no pseudo-header, as RFC 9568 §5.2.8 wants it. */
  readonly plainChecksum: boolean;
}

/** Adverts that failed a receive check; `count` since the last report of this kind and source. */
export interface AdvertRejected {
  readonly kind: 'advert-rejected';
  readonly at: Instant;
  readonly interface: string;
  /** null: the VRID is none of ours, or could not be read. */
  readonly instance: string | null;
  readonly vrid: number;
  readonly source: string;
  readonly reason: Rejection;
  /** what the packet said and what was expected, where the reason has numbers. */
  readonly got: number;
  readonly expected: number;
  readonly count: number;
}

/** Receive checks, RFC 9568 §7.1 and RFC 3768 §7.1; named as counters are. */
export type Rejection =
  | 'too-short'
  | 'length'
  | 'ttl'
  | 'version'
  | 'type'
  | 'checksum'
  | 'vrid'
  | 'auth-type-unknown'
  | 'auth-type-mismatch'
  | 'auth-failure'
  | 'interval'
  | 'interval-zero'
  | 'count-zero'
  | 'not-link-local'
  | 'destination'
  | 'source'
  | 'own-source'
  | 'carp';

/** The data plane carried out a watch: these instances are advertising and hold their addresses. */
export interface TookOver {
  readonly kind: 'took-over';
  readonly at: Instant;
  readonly instances: readonly string[];
  /** the orders' new turn; see command.ts. */
  readonly turn: number;
  /** how late after the silence had run out. */
  readonly late: Duration;
}

/** The data plane gave way: these instances advertise no more and hold nothing. */
export interface Yielded {
  readonly kind: 'yielded';
  readonly at: Instant;
  /** the instance that heard the better advert. */
  readonly instance: string;
  readonly advert: Advert;
  /** all that gave way together, `instance` among them. */
  readonly instances: readonly string[];
  readonly turn: number;
}

/** The control plane was silent for longer than the lease; the data plane acted on `on_stall`. */
export interface LeaseLapsed {
  readonly kind: 'lease-lapsed';
  readonly at: Instant;
}

/** An interface appeared or changed; at start one event for each. */
export interface InterfaceChanged {
  readonly kind: 'interface-changed';
  readonly at: Instant;
  readonly interface: string;
  readonly index: number;
  /** IFF_UP and IFF_RUNNING. */
  readonly up: boolean;
  readonly mtu: number;
  /** its own addresses without the VIPs that we hold, oldest first, no tentative ones. */
  readonly addresses: readonly string[];
}

export interface InterfaceGone {
  readonly kind: 'interface-gone';
  readonly at: Instant;
  readonly interface: string;
}

/** The first look around is over: an interface that was not reported does not exist. */
export interface Surveyed {
  readonly kind: 'surveyed';
  readonly at: Instant;
}

/** Somebody removed a VIP that we hold; it is back. `count` since the last report. */
export interface AddressRestored {
  readonly kind: 'address-restored';
  readonly at: Instant;
  readonly instance: string;
  readonly address: string;
  readonly count: number;
}

/** Adverts arrive at the interface and the host's firewall drops them (or no longer does). */
export interface FirewallNoticed {
  readonly kind: 'firewall-noticed';
  readonly at: Instant;
  readonly interface: string;
  readonly family: 4 | 6;
  readonly dropping: boolean;
}

/**
 * The data plane woke later than planned: a paused VM, a stopped process, a starved CPU. Told once
 * a second at most, the worst of them.
 */
export interface ClockGap {
  readonly kind: 'clock-gap';
  readonly at: Instant;
  readonly late: Duration;
}

/** Once at the start: whether the data plane's thread runs under SCHED_FIFO. */
export interface Scheduled {
  readonly kind: 'scheduled';
  readonly at: Instant;
  readonly realtime: boolean;
  /** errno when refused, else 0. */
  readonly errno: number;
}

/** An instance could not be opened: it hears nothing, and so it has no part in any election. */
export interface OpenFailed {
  readonly kind: 'open-failed';
  readonly at: Instant;
  readonly instance: string;
  readonly what: string;
  readonly errno: number;
}

/** A command could not be carried out. */
export interface Failed {
  readonly kind: 'failed';
  readonly at: Instant;
  readonly instance: string | null;
  /** what was tried: 'claim 192.0.2.1/32', 'send an advert'… */
  readonly what: string;
  readonly errno: number;
  readonly count: number;
}

/** The mailbox was full and this many events were lost. */
export interface Overrun {
  readonly kind: 'overrun';
  readonly at: Instant;
  readonly lost: number;
}

/** The alarm rang: look again. A rumour; a stale one changes nothing. */
export interface Woken {
  readonly kind: 'woken';
  readonly at: Instant;
}

/** A tracked file was read: at the start, and whenever it changes. */
export interface FileRead {
  readonly kind: 'file-read';
  readonly at: Instant;
  /** the track_file's name. */
  readonly file: string;
  /** the number in it; 0 for one that is missing or holds none (keepalived). */
  readonly value: number;
}

/**
 * How many processes a vrrp_track_process has: once after count-processes, then at every change.
 * Changes faster than they are fetched are told by their last.
 */
export interface ProcessesCounted {
  readonly kind: 'processes-counted';
  readonly at: Instant;
  readonly tracker: string;
  readonly count: number;
}

/**
 * The kernel does not tell here, so /proc is looked at: for ends (`gone`) every 100 ms, for births
 * (`counted`) every 250 ms. Once for each of the two.
 */
export interface ProcessesPolled {
  readonly kind: 'processes-polled';
  readonly at: Instant;
  readonly what: 'gone' | 'counted';
  readonly why: string;
}

export interface ScriptFinished {
  readonly kind: 'script-finished';
  readonly at: Instant;
  readonly script: string;
  readonly outcome: Outcome;
  /** the last of what it printed, both streams. */
  readonly output: string;
}

/** How a script ended. A time-out is a result of its own. */
export type Outcome =
  | { readonly kind: 'exited'; readonly status: number }
  | { readonly kind: 'signalled'; readonly signal: string }
  | { readonly kind: 'timed-out' }
  | { readonly kind: 'not-started'; readonly why: string };
