/**
 * Virtual servers, their real servers and checks, and BFD sessions: validated, defaults filled in,
 * what is inherited resolved. Pure types. A field's comment gives its keepalived keyword.
 */
import type { Duration } from '../time';
import type { Family, Hook, User } from './model';

/** virtual_server */
export interface VirtualServer {
  readonly target: Target;
  /** null: a group that has addresses of both families. */
  readonly family: Family | null;
  /** null: a firewall mark, which has none. */
  readonly protocol: Protocol | null;
  readonly scheduler: Scheduler;
  readonly schedulerFlags: readonly SchedulerFlag[];
  readonly hashed: boolean;
  /** ops: each datagram on its own; UDP only. */
  readonly onePacket: boolean;
  /** lvs_method; of the servers that have none of their own. */
  readonly method: Forwarding;
  readonly persistence: Persistence | null;
  /** delay_loop; of the checkers that have none of their own. */
  readonly delayLoop: Duration;
  /** ha_suspend: check only while the address is on this host. */
  readonly haSuspend: boolean;
  /** alpha: quorum counts as lost until the checks say otherwise. */
  readonly alpha: boolean;
  /** omega: run the down commands at the end. */
  readonly omega: boolean;
  readonly quorum: Quorum;
  readonly sorryServer: SorryServer | null;
  /** in the order written; at least one. */
  readonly realServers: readonly RealServer[];
  readonly smtpAlert: boolean;
  readonly snmpName: string | null;
}

export type Target =
  /** port 0: every port. */
  | { readonly kind: 'address'; readonly address: string; readonly port: number }
  | { readonly kind: 'fwmark'; readonly mark: number }
  | { readonly kind: 'group'; readonly group: string };

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export type Scheduler =
  | 'rr'
  | 'wrr'
  | 'lc'
  | 'wlc'
  | 'lblc'
  | 'lblcr'
  | 'sh'
  | 'mh'
  | 'dh'
  | 'fo'
  | 'ovf'
  | 'sed'
  | 'nq'
  | 'twos';

/** 1 is sh-fallback and mh-fallback, 2 is sh-port and mh-port. */
export type SchedulerFlag = 1 | 2 | 3;

export type Forwarding =
  | { readonly kind: 'nat' }
  | { readonly kind: 'direct' }
  | { readonly kind: 'ipip' }
  | { readonly kind: 'gre'; readonly checksum: 'none' | 'csum' }
  | { readonly kind: 'gue'; readonly port: number; readonly checksum: 'none' | 'csum' | 'remcsum' };

export interface Persistence {
  /** whole seconds, 1..2678400. */
  readonly timeout: Duration;
  readonly granularity: Granularity | null;
  readonly engine: string | null;
}

export type Granularity =
  /** IPv4; need not be a prefix. */
  | { readonly kind: 'mask'; readonly mask: string }
  /** IPv6, 1..128. */
  | { readonly kind: 'prefix'; readonly length: number };

/**
 * Gained when the weight alive reaches size + hysteresis, lost when it falls below
 * size - hysteresis or to 0.
 */
export interface Quorum {
  /** at least 1. */
  readonly size: number;
  /** below size. */
  readonly hysteresis: number;
  readonly up: Hook | null;
  readonly down: Hook | null;
}

export interface SorryServer {
  readonly address: string;
  /** 0: the port the client asked for. */
  readonly port: number;
  readonly method: Forwarding;
  readonly inhibit: boolean;
}

/** real_server */
export interface RealServer {
  readonly address: string;
  readonly family: Family;
  /** 0: the port the client asked for. */
  readonly port: number;
  /** 0..2147483647 */
  readonly weight: number;
  readonly method: Forwarding;
  /** uthreshold, lthreshold; 0 is none. */
  readonly connectionsMax: number;
  readonly connectionsMin: number;
  /** inhibit_on_failure: weight 0 instead of taking it out. */
  readonly inhibit: boolean;
  /** alpha: down until its checks succeed. */
  readonly alpha: boolean;
  readonly notifyUp: Hook | null;
  readonly notifyDown: Hook | null;
  readonly smtpAlert: boolean;
  readonly snmpName: string | null;
  /** up when all of them are up; none: always up. */
  readonly checkers: readonly Checker[];
}

/** When and how often a check runs. */
export interface Schedule {
  readonly delayLoop: Duration;
  /** the first check waits a random part of it. */
  readonly warmup: Duration;
  /** how often a failure is checked again before it counts. */
  readonly retries: number;
  readonly retryDelay: Duration;
  /** down until the first success. */
  readonly alpha: boolean;
  readonly logAllFailures: boolean;
}

/** Whom a check asks, and from where. */
export interface Connection {
  readonly address: string;
  /** 0: none is known, so the check cannot succeed; an echo request has none. */
  readonly port: number;
  readonly timeout: Duration;
  readonly sourceAddress: string | null;
  readonly sourcePort: number | null;
  readonly device: string | null;
  /** fwmark; 0 is none. */
  readonly mark: number;
}

export type Checker =
  | TcpChecker
  | HttpChecker
  | SmtpChecker
  | DnsChecker
  | MiscChecker
  | UdpChecker
  | PingChecker
  | FileChecker
  | BfdChecker;

export interface TcpChecker {
  readonly kind: 'tcp';
  readonly schedule: Schedule;
  readonly connection: Connection;
}

/** HTTP_GET, and SSL_GET where `tls` is not null. */
export interface HttpChecker {
  readonly kind: 'http';
  readonly schedule: Schedule;
  readonly connection: Connection;
  readonly tls: Tls | null;
  /** 1.0C is 1.0 with `Connection: close`. */
  readonly version: '1.0' | '1.0C' | '1.1';
  /** fast_recovery: no delay between the urls on the way up. */
  readonly fastRecovery: boolean;
  /** asked one after another; at least one. */
  readonly urls: readonly Url[];
}

export interface Tls {
  /** `host`: the url's host, where it has one. */
  readonly serverName:
    | { readonly kind: 'none' }
    | { readonly kind: 'host' }
    | { readonly kind: 'name'; readonly name: string };
  /** tls_compliant: end with a close_notify. */
  readonly closeNotify: boolean;
}

export interface Url {
  readonly path: string;
  /** virtualhost; null: address and port. */
  readonly host: string | null;
  /** in order, not overlapping; at least one. */
  readonly statuses: readonly StatusRange[];
  /** MD5 of the body, 32 hex digits in lower case. */
  readonly digest: string | null;
  readonly regex: Regex | null;
}

/** 100..599, both ends included. */
export interface StatusRange {
  readonly from: number;
  readonly to: number;
}

/** PCRE2 */
export interface Regex {
  readonly pattern: string;
  /** regex_no_match: a match is a failure. */
  readonly negate: boolean;
  readonly options: readonly string[];
  readonly minOffset: number;
  readonly maxOffset: number | null;
  /** bytes of the stack of the matcher. */
  readonly stack: { readonly start: number; readonly max: number } | null;
}

export interface SmtpChecker {
  readonly kind: 'smtp';
  readonly schedule: Schedule;
  readonly connection: Connection;
  readonly heloName: string;
}

export interface DnsChecker {
  readonly kind: 'dns';
  readonly schedule: Schedule;
  readonly connection: Connection;
  readonly type: DnsType;
  readonly name: string;
}

export type DnsType = 'A' | 'NS' | 'CNAME' | 'SOA' | 'MX' | 'TXT' | 'AAAA' | 'RRSIG' | 'DNSKEY';

export interface MiscChecker {
  readonly kind: 'misc';
  readonly schedule: Schedule;
  readonly command: readonly string[];
  readonly user: User | null;
  readonly timeout: Duration;
  /** misc_dynamic: exit code 2..255 means up with weight code - 2. */
  readonly dynamic: boolean;
}

export interface UdpChecker {
  readonly kind: 'udp';
  readonly schedule: Schedule;
  readonly connection: Connection;
  /** hex in lower case, two digits an octet; null: 32 octets of our choice. */
  readonly payload: string | null;
  /** null: silence is success. */
  readonly reply: UdpReply | null;
}

export interface UdpReply {
  /** like a payload, with x for four bits that may be anything; empty: any content. */
  readonly pattern: string;
  readonly minLength: number;
  readonly maxLength: number;
}

export interface PingChecker {
  readonly kind: 'ping';
  readonly schedule: Schedule;
  readonly connection: Connection;
}

/** The number in the file, times weight, is added to the server's weight. */
export interface FileChecker {
  readonly kind: 'file';
  /** name of a track_file. */
  readonly file: string;
  /** 0: any number but 0 is a failure. */
  readonly weight: number;
  readonly reverse: boolean;
}

export interface BfdChecker {
  readonly kind: 'bfd';
  /** name of a bfd_instance. */
  readonly session: string;
  readonly alpha: boolean;
}

/** virtual_server_group NAME */
export interface ServerGroup {
  readonly name: string;
  /** at least one. */
  readonly entries: readonly GroupEntry[];
}

export type GroupEntry =
  | {
      readonly kind: 'addresses';
      readonly family: Family;
      /** both ends included. */
      readonly first: string;
      readonly last: string;
      /** 0: every port. */
      readonly port: number;
    }
  | { readonly kind: 'fwmark'; readonly mark: number; readonly family: Family | null };

/** SSL: of the SSL_GET checks. */
export interface TlsFiles {
  readonly password: string | null;
  readonly ca: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
}

/** bfd_instance NAME (RFC 5880) */
export interface Bfd {
  readonly name: string;
  readonly family: Family;
  readonly neighbor: string;
  readonly source: string | null;
  readonly minRx: Duration;
  readonly minTx: Duration;
  readonly idleTx: Duration;
  readonly multiplier: number;
  readonly passive: boolean;
  /** ttl or hoplimit, 1..255. */
  readonly ttl: number;
  /** 0..ttl; 255 is no limit. */
  readonly maxHops: number;
  readonly multihop: boolean;
  /** -253..253; 0 means: down is a fault. */
  readonly weight: number;
  readonly reverse: boolean;
  readonly tellsInstances: boolean;
  readonly tellsCheckers: boolean;
}
