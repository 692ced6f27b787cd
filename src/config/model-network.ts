/**
 * Routes and policy rules of the model: what iproute2 could be told, every default filled in.
 * Pure types. A field's comment gives its keepalived words, unit and range.
 */
import type { Family } from './model';

/** A number; or a name that only the iproute2 files of the machine can turn into one. */
export type Named = number | string;

/** An address of the object's own family, canonical, and how many of its bits count. */
export interface Prefix {
  readonly address: string;
  readonly length: number;
}

export type RouteType =
  | 'unicast'
  | 'local'
  | 'broadcast'
  | 'anycast'
  | 'multicast'
  | 'blackhole'
  | 'unreachable'
  | 'prohibit'
  | 'throw'
  | 'nat'
  | 'xresolve';

/** One line of virtual_routes or static_routes. */
export interface Route {
  readonly family: Family;
  readonly type: RouteType;
  /**
   * Before, after, or only without a route that is there already. Written without a type it is
   * `prepend`, with one it is `add`.
   */
  readonly insert: 'add' | 'append' | 'prepend';
  /** `default` is every address: 0.0.0.0/0 or ::/0. */
  readonly destination: Prefix;
  /** from: packets from these sources only (IPv6). */
  readonly from: Prefix | null;
  /** src: the address this host speaks from. */
  readonly source: string | null;
  /** via, of the same family. */
  readonly via: string | null;
  /** dev. Beside `nexthops`: the device of those that name none. */
  readonly device: string | null;
  readonly onlink: boolean;
  readonly encap: Encap | null;
  /** nexthop …, or both gateways of the old `via A or B`. */
  readonly nexthops: readonly NextHop[];
  /** default 254, main. */
  readonly table: Named;
  /** vrf: its table counts in place of `table`. */
  readonly vrf: string | null;
  /** default 0, global. */
  readonly scope: Named;
  /** metric, 0..2^32-1; null leaves it to the kernel. */
  readonly metric: number | null;
  /** tos, dsfield; default 0. */
  readonly tos: Named;
  /** default 18, keepalived: how a tracked route is told from others. */
  readonly protocol: Named;
  readonly realms: Realms | null;
  /** only what is written. */
  readonly metrics: Readonly<Partial<Record<MetricName, Metric>>>;
  /** congctl: the algorithm of TCP, perhaps locked. */
  readonly congestion: { readonly name: string; readonly lock: boolean } | null;
  /** features ecn */
  readonly ecn: boolean;
  /** pref (IPv6) */
  readonly preference: 'low' | 'medium' | 'high' | null;
  /** expires, in seconds (IPv6) */
  readonly expires: number | null;
  readonly ttlPropagate: boolean | null;
  /** no_track: do not put it back, and do not mind, when somebody else removes it. */
  readonly track: boolean;
  /** track_group, of static routes: these instances mind when it is gone. */
  readonly trackGroup: string | null;
}

/** As they are written; the numbers are the kernel's own. */
export type MetricName =
  | 'mtu'
  | 'advmss'
  /** eighths of a millisecond, 1600..960000. */
  | 'rtt'
  /** quarters of a millisecond, 800..480000. */
  | 'rttvar'
  /** milliseconds, 200..120000. */
  | 'rto_min'
  | 'reordering'
  | 'window'
  | 'cwnd'
  | 'ssthresh'
  | 'initcwnd'
  | 'initrwnd'
  | 'hoplimit'
  | 'quickack'
  | 'fastopen_no_cookie';

export interface Metric {
  readonly value: number;
  /** the kernel does not change it by itself. */
  readonly lock: boolean;
}

/** realms [FROM/]TO, 0..255 each (IPv4). */
export interface Realms {
  readonly from: Named | null;
  readonly to: Named;
}

export interface NextHop {
  readonly via: string | null;
  readonly device: string | null;
  /** 1..256 */
  readonly weight: number;
  readonly onlink: boolean;
  readonly realms: Realms | null;
  readonly encap: Encap | null;
}

export type Encap =
  | {
      readonly kind: 'ip' | 'ip6';
      /** decimal, 64 bits. An id or a destination is there. */
      readonly id: string | null;
      readonly destination: string | null;
      readonly source: string | null;
      /** tos of ip, tc of ip6. */
      readonly tos: Named | null;
      /** ttl of ip, hoplimit of ip6; 0..255. */
      readonly ttl: number | null;
      /** 0..65535 */
      readonly flags: number | null;
    }
  /** outermost first, 0..2^20-1 each. */
  | { readonly kind: 'mpls'; readonly labels: readonly number[] }
  /** four groups of hexadecimal digits. */
  | { readonly kind: 'ila'; readonly locator: string };

/** One line of virtual_rules or static_rules. Null: whatever it is. */
export interface Rule {
  readonly family: Family;
  /** not: holds for what does not match. */
  readonly not: boolean;
  readonly from: Prefix | null;
  readonly to: Prefix | null;
  /** priority, preference, order; 0..2^32-1. Without one: 16384, 16383 … in each family. */
  readonly priority: number;
  /** tos, dsfield; 0 is whatever it is. */
  readonly tos: Named;
  readonly mark: { readonly value: number; readonly mask: number } | null;
  /** iif, dev */
  readonly inputDevice: string | null;
  /** oif */
  readonly outputDevice: string | null;
  /** tunnel-id: decimal, 64 bits, not 0. */
  readonly tunnelId: string | null;
  readonly uids: Range | null;
  /** ipproto */
  readonly ipProtocol: Named | null;
  /** sport */
  readonly sourcePorts: Range | null;
  /** dport */
  readonly destinationPorts: Range | null;
  readonly action: RuleAction;
  /** who says so; default 18, keepalived: how a tracked rule is told from others. */
  readonly protocol: number;
  /** no_track: do not put it back, and do not mind, when somebody else removes it. */
  readonly track: boolean;
  /** track_group, of static rules: these instances mind when it is gone. */
  readonly trackGroup: string | null;
}

/** Both ends included. */
export interface Range {
  readonly first: number;
  readonly last: number;
}

export type RuleAction =
  | ({
      readonly kind: 'table';
      /** table, lookup; never 0. */
      readonly table: Named;
    } & Lookup)
  /** the table of the VRF that the packet belongs to. */
  | ({ readonly kind: 'l3mdev' } & Lookup)
  /** to a priority that is higher than the rule's own. */
  | { readonly kind: 'goto'; readonly priority: number }
  | { readonly kind: 'nop' | 'blackhole' | 'unreachable' | 'prohibit' };

/** What is asked of the routes that a table is looked up for. */
export interface Lookup {
  readonly realms: Realms | null;
  /** suppress_prefixlength: ignore routes to prefixes this long or shorter. */
  readonly suppressPrefixLength: number | null;
  /** suppress_ifgroup: ignore routes through devices of this group. */
  readonly suppressGroup: Named | null;
}
