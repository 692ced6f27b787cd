/**
 * The validated configuration: frozen, defaults filled in, no string left to parse.
 * Pure types. A field's comment gives its keepalived keyword, unit and range.
 */
import type { Duration } from '../time';
import type { InstanceLink, InstanceTerms } from './model-instance';
import type { Mail } from './model-mail';
import type { Route, Rule } from './model-network';
import type { Nginx } from './model-nginx';
import type { Bfd, ServerGroup, TlsFiles, VirtualServer } from './model-server';
import type { System } from './model-system';
import type { Telling } from './model-telling';
import type { GarpGroup, LinkDelay, TrackFile, TrackGroup, TrackProcess } from './model-tracking';

export type Family = 4 | 6;
export type Version = 2 | 3;

export interface Config {
  readonly global: Global;
  readonly scripts: readonly Script[];
  readonly instances: readonly Instance[];
  readonly groups: readonly SyncGroup[];
  readonly trackFiles: readonly TrackFile[];
  readonly trackProcesses: readonly TrackProcess[];
  readonly trackGroups: readonly TrackGroup[];
  readonly linkDelays: readonly LinkDelay[];
  readonly garpGroups: readonly GarpGroup[];
  /** static_ipaddress: held whoever is master; each names its device. */
  readonly staticAddresses: readonly Address[];
  /** static_routes */
  readonly staticRoutes: readonly Route[];
  /** static_rules */
  readonly staticRules: readonly Rule[];
  readonly virtualServers: readonly VirtualServer[];
  readonly serverGroups: readonly ServerGroup[];
  /** SSL: of the SSL_GET checks; null: what the system trusts, no certificate of our own. */
  readonly tls: TlsFiles | null;
  readonly bfd: readonly Bfd[];
  /** nginx { }: those that holdfast supervises. */
  readonly services: readonly Nginx[];
}

export interface Global {
  /** router_id: names this router in mails and logs; the host's name when absent (null). */
  readonly routerId: string | null;
  readonly mail: Mail;
  /** holdfast { vip_lease }: kernel lifetime of every VIP, at least 3 s; null is `off`. */
  readonly vipLease: Duration | null;
  /** holdfast { on_stall }: what the data plane does when the control plane hangs. */
  readonly onStall: OnStall;
  /** holdfast { stall_lease }: how long standing orders outlive a silent control plane. */
  readonly stallLease: Duration;
  /** holdfast { realtime }: ask for SCHED_FIFO on the data plane's thread. */
  readonly realtime: boolean;
  /** dynamic_interfaces: accept an interface that does not exist yet without a warning. */
  readonly dynamicInterfaces: boolean;
  /** vrrp_startup_delay: wait this long after the start before taking part. */
  readonly startupDelay: Duration;
  /** script_user: whom scripts run as. */
  readonly scriptUser: User | null;
  /** enable_script_security */
  readonly scriptSecurity: boolean;
  /** vrrp_delay_after_boot: take no part before the host has run this long. */
  readonly delayAfterBoot: Duration;
  readonly telling: Telling;
  readonly system: System;
}

export type OnStall = 'offer' | 'keep' | 'resign';

export interface User {
  readonly user: string;
  readonly group: string | null;
}

/** vrrp_script NAME */
export interface Script {
  readonly name: string;
  /** argv; the first word is the program. */
  readonly command: readonly string[];
  readonly interval: Duration;
  readonly timeout: Duration;
  /** -253..253; 0 means: failing is a fault. */
  readonly weight: number;
  readonly reverse: boolean;
  /** consecutive successes to come up, at least 1. */
  readonly rise: number;
  /** consecutive failures to go down, at least 1. */
  readonly fall: number;
  readonly user: User | null;
}

/** One line of track_script, track_interface … inside an instance or group. */
export interface Track {
  readonly name: string;
  /** -253..253, ±254 for files and processes; 0 means: down is a fault. */
  readonly weight: number;
  readonly reverse: boolean;
}

export interface Address {
  /** textual, canonical (RFC 5952 for IPv6). */
  readonly address: string;
  readonly family: Family;
  readonly prefix: number;
  /** dev; null means the instance's own interface. */
  readonly device: string | null;
  /** rtnetlink scope: 0 global, 200 site, 253 link, 254 host, 255 nowhere. */
  readonly scope: number;
  /** IPv4 broadcast address, null for none. */
  readonly broadcast: string | null;
  readonly label: string | null;
  /** point-to-point peer, with its own prefix in `prefix`. */
  readonly peer: string | null;
  readonly noPrefixRoute: boolean;
  /** `-nodad`: run duplicate address detection (IPv6). Off by default: it costs 1.4 to 1.9 s. */
  readonly dad: boolean;
  /** home: the home address of mobile IPv6. */
  readonly home: boolean;
  /** mngtmpaddr: the kernel makes temporary addresses of its prefix. */
  readonly manageTemporary: boolean;
  /** autojoin: join the multicast group of the address. */
  readonly autoJoin: boolean;
  /** use_vmac: hold it on an interface with a MAC address of its own. */
  readonly useVmac: boolean;
  /** preferred_lft in seconds; null is the default (as long as valid; 0 for an IPv6 /128). */
  readonly preferredSeconds: number | null;
  /** no_track: do not put it back when somebody else removes it. */
  readonly track: boolean;
  /** track_group, of static addresses: these instances mind when it is gone. */
  readonly trackGroup: string | null;
}

export type Authentication =
  | { readonly kind: 'none' }
  /** at most 8 octets; VRRPv2 only. */
  | { readonly kind: 'pass'; readonly password: string }
  /** auth_type AH: an IPsec header signed with the password; VRRPv2 only. */
  | { readonly kind: 'header'; readonly password: string }
  /** auth_hmac */
  | ({ readonly kind: 'hmac' } & Hmac);

export interface Hmac {
  readonly keys: readonly HmacKey[];
  /** active_key: the id of the key that signs. */
  readonly active: number;
  /** anti_replay: an old advert is known by the clock, or by an ever growing number. */
  readonly replay: 'time' | 'monotonic';
  /** time_window, 1..300 s. */
  readonly window: Duration;
  /** mode: what becomes of adverts that are not signed. */
  readonly mode: 'enforce' | 'permissive' | 'receive-only';
}

export interface HmacKey {
  /** 1..255 */
  readonly id: number;
  readonly secret:
    | { readonly kind: 'octets'; readonly octets: readonly number[] }
    /** the path of a file that holds them. */
    | { readonly kind: 'file'; readonly path: string };
}

export interface Garp {
  /** garp_master_repeat: announcements of each address at once; at least 1. */
  readonly repeat: number;
  /** garp_master_delay: a second set after this; 0 is none. */
  readonly delay: Duration;
  /** garp_master_refresh: then one set every so often; 0 is never. */
  readonly refresh: Duration;
  /** garp_master_refresh_repeat */
  readonly refreshRepeat: number;
  /** garp_lower_prio_repeat: set sent on hearing a lower master; 0 is none. */
  readonly lowerPriorityRepeat: number;
  /** garp_lower_prio_delay */
  readonly lowerPriorityDelay: Duration;
}

export interface Peer {
  readonly address: string;
  readonly minTtl: number;
  readonly maxTtl: number;
}

/** A command that is told of something, and whom it runs as. */
export interface Hook {
  /** the first word is the program. */
  readonly argv: readonly string[];
  /** null: script_user. */
  readonly user: User | null;
}

export interface Notify {
  readonly master: Hook | null;
  readonly backup: Hook | null;
  readonly fault: Hook | null;
  readonly stop: Hook | null;
  /** `notify`: gets INSTANCE|GROUP NAME STATE PRIORITY appended. */
  readonly any: Hook | null;
  /** notify_deleted; instances only. */
  readonly deleted: Hook | null;
  /** notify_deleted, with or without a command: DELETED is told, not FAULT. */
  readonly tellsDeleted: boolean;
  /** notify_master_rx_lower_pri; instances only. */
  readonly lowerAdvert: Hook | null;
  /** notify_priority_changes */
  readonly priorities: boolean;
}

/** What an instance, or a group for its members, watches. */
export interface Tracks {
  readonly trackInterfaces: readonly Track[];
  readonly trackScripts: readonly Track[];
  readonly trackFiles: readonly Track[];
  readonly trackProcesses: readonly Track[];
  readonly trackBfds: readonly Track[];
}

/** vrrp_instance NAME */
export interface Instance extends Tracks, InstanceLink, InstanceTerms {
  readonly name: string;
  /** null: unicast wherever the routes lead. */
  readonly interface: string | null;
  readonly family: Family;
  readonly version: Version;
  /** 1..255 */
  readonly vrid: number;
  /** 1..255; 255 is the address owner. */
  readonly priority: number;
  /** advert_int. v2 whole seconds 1..255; v3 10 ms..40.95 s in steps of 10 ms. */
  readonly interval: Duration;
  readonly preempt: boolean;
  readonly preemptDelay: Duration;
  readonly authentication: Authentication;
  /** v3_checksum_as_v2: the v3/IPv4 checksum without a pseudo-header (RFC 9568 §5.2.8). */
  readonly checksumAsV2: boolean;
  readonly strict: boolean;
  /** mcast_src_ip or unicast_src_ip; null: the interface's first (link-local for IPv6). */
  readonly source: string | null;
  /** multicast destination; used when `peers` is empty. */
  readonly group: string;
  /** unicast_peer; not empty means unicast. */
  readonly peers: readonly Peer[];
  /** unicast_ttl, 1..255. */
  readonly unicastTtl: number;
  /** check_unicast_src: drop unicast adverts from others than the peers. */
  readonly checkUnicastSource: boolean;
  /** virtual_ipaddress: advertised and held, in this order. */
  readonly addresses: readonly Address[];
  /** virtual_ipaddress_excluded: held, not advertised. */
  readonly excluded: readonly Address[];
  /** virtual_routes: installed by the master. */
  readonly virtualRoutes: readonly Route[];
  /** virtual_rules: installed by the master, after the routes. */
  readonly virtualRules: readonly Rule[];
  readonly garp: Garp;
  /** down_timer_adverts, 1..100, default 3. */
  readonly downTimerAdverts: number;
  /** lower_prio_no_advert: do not answer a losing advert at once. */
  readonly lowerPriorityNoAdvert: boolean;
  /** false is dont_track_primary. */
  readonly trackPrimary: boolean;
  readonly notify: Notify;
  readonly smtpAlert: boolean;
}

/** vrrp_sync_group NAME: its members are master together or not at all. */
export interface SyncGroup extends Tracks {
  readonly name: string;
  /** names of instances, in the order written; at least one. */
  readonly members: readonly string[];
  /** sync_group_tracking_weight: let the weights of its members count. */
  readonly trackingWeight: boolean;
  readonly notify: Notify;
  readonly smtpAlert: boolean;
}
