/** Any address, route and rule that a line can say: what a model may hold, and no more. */
import fc, { type Arbitrary } from 'fast-check';
import { formatIp, isLinkLocal, parseIp } from '../../src/config/ip';
import type { Address, Family } from '../../src/config/model';
import type {
  Encap,
  Lookup,
  Metric,
  MetricName,
  Named,
  NextHop,
  Prefix,
  Range,
  Realms,
  Route,
  RouteType,
  Rule,
  RuleAction,
} from '../../src/config/model-network';

const octets = (count: number): Arbitrary<readonly number[]> =>
  fc.array(fc.oneof(fc.constant(0), fc.nat(255)), { minLength: count, maxLength: count });

const ipOf = (family: Family): Arbitrary<string> =>
  octets(family === 4 ? 4 : 16).map((bytes) => formatIp({ family, octets: bytes }));

const prefixOf = (family: Family): Arbitrary<Prefix> =>
  fc.record({ address: ipOf(family), length: fc.nat(family === 4 ? 32 : 128) });

/** Null where a coin says so; most options are absent most of the time. */
const maybe = <T>(of: Arbitrary<T>): Arbitrary<T | null> => fc.option(of, { freq: 2 });

/** Names that no table of iproute2 has; some need quotes. */
const oddName = fc.constantFrom('blue', 'inr.ruhep', 'x#1', 'gw_2', '7up', 'a{b');
const device = fc.constantFrom('eth0', 'eth1', 'eth0.100', 'br-lan', 'wg#0', "it's");
const named = (max: number): Arbitrary<Named> => fc.oneof(fc.nat(max), oddName);
const count = fc.oneof(fc.nat(9000), fc.constant(0xffffffff));
const flag = fc.boolean();
const id = fc.bigInt({ min: 0n, max: 0xffffffffffffffffn }).map(String);

export const addresses: Arbitrary<Address> = fc
  .constantFrom<Family>(4, 6)
  .chain((family) =>
    fc.record<Address>({
      address: ipOf(family),
      family: fc.constant(family),
      prefix: fc.nat(family === 4 ? 32 : 128),
      device: maybe(device),
      scope: fc.oneof(fc.constantFrom(0, 253), fc.nat(255)),
      broadcast: family === 4 ? maybe(ipOf(4)) : fc.constant(null),
      label: family === 4 ? maybe(fc.constantFrom('eth0:v', 'a b', '')) : fc.constant(null),
      peer: maybe(ipOf(family)),
      noPrefixRoute: flag,
      dad: flag,
      home: flag,
      manageTemporary: flag,
      autoJoin: flag,
      useVmac: flag,
      preferredSeconds: maybe(count),
      track: flag,
      trackGroup: fc.constant(null),
    }),
  )
  .map((address) => {
    const ip = parseIp(address.address);
    const linkLocal = ip !== null && isLinkLocal(ip);
    return {
      ...address,
      scope: address.family === 4 ? address.scope : linkLocal ? 253 : 0,
      broadcast: address.peer === null ? address.broadcast : null,
    };
  });

const realms: Arbitrary<Realms> = fc.record({ from: maybe(named(255)), to: named(255) });

const tunnel = (kind: 'ip' | 'ip6'): Arbitrary<Encap> =>
  fc
    .record({
      kind: fc.constant(kind),
      id: maybe(id),
      destination: maybe(ipOf(kind === 'ip' ? 4 : 6)),
      source: maybe(ipOf(kind === 'ip' ? 4 : 6)),
      tos: maybe(named(255)),
      ttl: maybe(fc.nat(255)),
      flags: maybe(fc.nat(0xffff)),
    })
    .filter((encap) => encap.id !== null || encap.destination !== null);

const group16 = fc.nat(0xffff).map((group) => group.toString(16));

const encap: Arbitrary<Encap> = fc.oneof(
  tunnel('ip'),
  tunnel('ip6'),
  fc.record({
    kind: fc.constant('mpls' as const),
    labels: fc.array(fc.nat(0xfffff), { minLength: 1, maxLength: 16 }),
  }),
  fc.record({
    kind: fc.constant('ila' as const),
    locator: fc.array(group16, { minLength: 4, maxLength: 4 }).map((groups) => groups.join(':')),
  }),
);

const nextHop = (family: Family): Arbitrary<NextHop> =>
  fc.record({
    via: maybe(ipOf(family)),
    device: maybe(device),
    weight: fc.integer({ min: 1, max: 256 }),
    onlink: flag,
    realms: family === 4 ? maybe(realms) : fc.constant(null),
    encap: maybe(encap),
  });

const value = (min: number, max: number, lockable: boolean): Arbitrary<Metric> =>
  fc.record({ value: fc.integer({ min, max }), lock: lockable ? flag : fc.constant(false) });
const counted = (lockable: boolean): Arbitrary<Metric> => value(0, 0xffffffff, lockable);

const metrics: Arbitrary<Route['metrics']> = fc.record<Record<MetricName, Metric>, never>(
  {
    mtu: counted(true),
    advmss: counted(true),
    rtt: value(1600, 960_000, true),
    rttvar: value(800, 480_000, true),
    rto_min: value(200, 120_000, true),
    reordering: counted(true),
    window: counted(false),
    cwnd: counted(true),
    ssthresh: counted(true),
    initcwnd: counted(false),
    initrwnd: counted(false),
    hoplimit: value(0, 255, false),
    quickack: value(0, 1, false),
    fastopen_no_cookie: value(0, 1, false),
  },
  { requiredKeys: [] },
);

const types: readonly RouteType[] = [
  'unicast',
  'local',
  'broadcast',
  'anycast',
  'multicast',
  'blackhole',
  'unreachable',
  'prohibit',
  'throw',
  'nat',
  'xresolve',
];

const routesOf = (family: Family): Arbitrary<Route> => {
  const six = <T>(of: Arbitrary<T>): Arbitrary<T | null> =>
    family === 6 ? maybe(of) : fc.constant(null);
  return fc.record<Route>({
    family: fc.constant(family),
    type: fc.constantFrom(...types),
    insert: fc.constantFrom('add', 'append', 'prepend'),
    destination: prefixOf(family),
    from: six(prefixOf(6)),
    source: maybe(ipOf(family)),
    via: maybe(ipOf(family)),
    device: maybe(device),
    onlink: flag,
    encap: maybe(encap),
    nexthops: fc.oneof(fc.constant([]), fc.array(nextHop(family), { maxLength: 3 })),
    table: fc.oneof(fc.constant(254), named(0xffffffff)),
    vrf: maybe(device),
    scope: fc.oneof(fc.constant(0), named(255)),
    metric: maybe(count),
    tos: fc.oneof(fc.constant(0), named(255)),
    protocol: fc.constant(18),
    realms: family === 4 ? maybe(realms) : fc.constant(null),
    metrics,
    congestion: maybe(fc.record({ name: fc.constantFrom('bbr', 'reno'), lock: flag })),
    ecn: flag,
    preference: six(fc.constantFrom('low', 'medium', 'high')),
    expires: six(count),
    ttlPropagate: maybe(flag),
    track: fc.constant(true),
    trackGroup: fc.constant(null),
  });
};

const untrackedRoute = (route: Route): Arbitrary<Route> =>
  named(255).map((protocol) => ({ ...route, track: false, protocol }));

export const routes: Arbitrary<Route> = fc
  .oneof(routesOf(4), routesOf(6))
  .chain((route) => fc.oneof(fc.constant(route), untrackedRoute(route)));

const range = (max: number): Arbitrary<Range> =>
  fc
    .tuple(fc.nat(max), fc.nat(max))
    .map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) }));

const lookup = (family: Family): Arbitrary<Lookup> =>
  fc.record({
    realms: family === 4 ? maybe(realms) : fc.constant(null),
    suppressPrefixLength: maybe(fc.nat(0x7fffffff)),
    suppressGroup: maybe(named(0x7fffffff)),
  });

const actions = (family: Family): Arbitrary<RuleAction> =>
  fc.oneof(
    fc
      .tuple(
        named(0xffffffff).filter((table) => table !== 0),
        lookup(family),
      )
      .map(([table, rest]) => ({ kind: 'table' as const, table, ...rest })),
    lookup(family).map((rest) => ({ kind: 'l3mdev' as const, ...rest })),
    fc.constant({ kind: 'goto' as const, priority: 0xffffffff }),
    fc.constantFrom('nop', 'blackhole', 'unreachable', 'prohibit').map((kind) => ({ kind })),
  );

/** All addresses are what null says already. */
const end = (family: Family): Arbitrary<Prefix | null> =>
  maybe(prefixOf(family).filter(({ length }) => length > 0));

const rulesOf = (family: Family): Arbitrary<Rule> =>
  fc.record<Rule>({
    family: fc.constant(family),
    not: flag,
    from: end(family),
    to: end(family),
    priority: fc.nat(0xfffffffe),
    tos: fc.oneof(fc.constant(0), named(255)),
    mark: maybe(fc.record({ value: count, mask: fc.oneof(count, fc.constant(0xffffffff)) })),
    inputDevice: maybe(device),
    outputDevice: maybe(device),
    tunnelId: maybe(id.filter((text) => text !== '0')),
    uids: maybe(range(0xffffffff)),
    ipProtocol: maybe(named(255)),
    sourcePorts: maybe(range(0xffff)),
    destinationPorts: maybe(range(0xffff)),
    action: actions(family),
    protocol: fc.constant(18),
    track: fc.constant(true),
    trackGroup: fc.constant(null),
  });

const untrackedRule = (rule: Rule): Arbitrary<Rule> =>
  fc.nat(255).map((protocol) => ({ ...rule, track: false, protocol }));

export const rules: Arbitrary<Rule> = fc
  .oneof(rulesOf(4), rulesOf(6))
  .chain((rule) => fc.oneof(fc.constant(rule), untrackedRule(rule)));
