/**
 * Addresses, routes and rules as lines that read back to the same model. What is a default is
 * left out; names that a machine could lack are printed as numbers.
 */
import type { Address } from './model';
import type { Encap, Lookup, NextHop, Prefix, Range, Realms, Route, Rule } from './model-network';
import { ipProtocols, keepalivedProtocol, type Names, scopes, tables } from './network-names';
import { type Printed, quoted } from './print-text';
import { routeMetrics } from './route-metrics';

type Words = readonly (string | number)[];

const lineOf = (...parts: readonly Words[]): Printed => ({
  words: parts.flat().map((word) => quoted(word)),
  body: null,
});

/** `word value`, or nothing where the value is the default. */
const option = <T extends string | number>(word: string, value: T | null, by?: T): Words =>
  value === null || value === by ? [] : [word, value];

const flag = (word: string, set: boolean): Words => (set ? [word] : []);

export function printAddress(address: Address): Printed {
  const { family, peer, prefix } = address;
  const isLongest = prefix === (family === 4 ? 32 : 128);
  return lineOf(
    [peer === null ? `${address.address}/${prefix}` : address.address],
    peer === null ? [] : ['peer', isLongest ? peer : `${peer}/${prefix}`],
    option('brd', address.broadcast),
    option('dev', address.device),
    family === 4 ? option('scope', nameOf(address.scope, scopes), 'global') : [],
    option('label', address.label),
    flag('home', address.home),
    flag('-nodad', address.dad),
    flag('mngtmpaddr', address.manageTemporary),
    flag('noprefixroute', address.noPrefixRoute),
    flag('autojoin', address.autoJoin),
    flag('use_vmac', address.useVmac),
    option('preferred_lft', lifetimeOf(address.preferredSeconds)),
    flag('no_track', !address.track),
    option('track_group', address.trackGroup),
  );
}

const lifetimeOf = (seconds: number | null): string | number | null =>
  seconds === 0xffffffff ? 'forever' : seconds;

/** For names that keepalived knows by itself, or that every machine has. */
function nameOf(value: string | number, { known }: Names): string | number {
  for (const [name, number] of known) if (number === value) return name;
  return value;
}

export function printRoute(route: Route): Printed {
  const typed = route.type !== 'unicast';
  return lineOf(
    flag(route.type, typed),
    [destinationOf(route)],
    option('from', route.from && prefixOf(route.from)),
    option('src', route.source),
    option('via', route.via),
    option('dev', route.device),
    flag('onlink', route.onlink),
    option('table', route.table, tables.known.get('main') ?? 0),
    option('vrf', route.vrf),
    option('scope', nameOf(route.scope, scopes), 'global'),
    option('metric', route.metric),
    option('tos', route.tos, 0),
    option('protocol', route.protocol, keepalivedProtocol),
    option('realms', realmsOf(route.realms)),
    metricsOf(route.metrics),
    route.congestion === null
      ? []
      : ['congctl', ...flag('lock', route.congestion.lock), route.congestion.name],
    route.ecn ? ['features', 'ecn'] : [],
    option('pref', route.preference),
    option('expires', route.expires),
    route.ttlPropagate === null
      ? []
      : ['ttl-propagate', route.ttlPropagate ? 'enabled' : 'disabled'],
    flag(route.insert, route.insert !== (typed ? 'add' : 'prepend')),
    flag('no_track', !route.track),
    option('track_group', route.trackGroup),
    // Last: some words of a tunnel are words of a route as well.
    encapOf(route.encap),
    route.nexthops.flatMap(nextHopOf),
  );
}

const destinationOf = ({ destination }: Route): string => {
  const prefix = prefixOf(destination);
  return prefix === '0.0.0.0/0' ? 'default' : prefix;
};

const prefixOf = ({ address, length }: Prefix): string => `${address}/${length}`;

const realmsOf = (realms: Realms | null): string | null =>
  realms === null ? null : realms.from === null ? `${realms.to}` : `${realms.from}/${realms.to}`;

function metricsOf(metrics: Route['metrics']): Words {
  return [...routeMetrics].flatMap(([name, { perMillisecond }]) => {
    const metric = metrics[name];
    if (metric === undefined) return [];
    const milliseconds = metric.value / (perMillisecond ?? 1);
    const isTime = perMillisecond !== null && Number.isInteger(milliseconds);
    return [name, ...flag('lock', metric.lock), isTime ? `${milliseconds}ms` : metric.value];
  });
}

function encapOf(encap: Encap | null): Words {
  if (encap === null) return [];
  switch (encap.kind) {
    case 'ip':
    case 'ip6':
      return [
        'encap',
        encap.kind,
        ...option('id', encap.id),
        ...option('dst', encap.destination),
        ...option('src', encap.source),
        ...option(encap.kind === 'ip' ? 'tos' : 'tc', encap.tos),
        ...option(encap.kind === 'ip' ? 'ttl' : 'hoplimit', encap.ttl),
        ...option('flags', encap.flags),
      ];
    case 'mpls':
      return ['encap', 'mpls', encap.labels.join('/')];
    case 'ila':
      return ['encap', 'ila', encap.locator];
  }
}

const nextHopOf = (hop: NextHop): Words => [
  'nexthop',
  ...option('via', hop.via),
  ...option('dev', hop.device),
  ...option('weight', hop.weight, 1),
  ...flag('onlink', hop.onlink),
  ...option('realms', realmsOf(hop.realms)),
  ...encapOf(hop.encap),
];

export function printRule(rule: Rule): Printed {
  const { mark } = rule;
  const mask = mark === null || mark.mask === 0xffffffff ? '' : `/0x${mark.mask.toString(16)}`;
  return lineOf(
    flag('not', rule.not),
    option('from', rule.from && prefixOf(rule.from)),
    option('to', rule.to && prefixOf(rule.to)),
    option('tos', rule.tos, 0),
    option('fwmark', mark && `0x${mark.value.toString(16)}${mask}`),
    option('iif', rule.inputDevice),
    option('oif', rule.outputDevice),
    option('tunnel-id', rule.tunnelId),
    option('uidrange', rangeOf(rule.uids)),
    option('ipproto', rule.ipProtocol === null ? null : nameOf(rule.ipProtocol, ipProtocols)),
    option('sport', rangeOf(rule.sourcePorts)),
    option('dport', rangeOf(rule.destinationPorts)),
    actionOf(rule),
    ['priority', rule.priority],
    option('protocol', rule.protocol, rule.track ? keepalivedProtocol : 0),
    flag('no_track', !rule.track),
    option('track_group', rule.trackGroup),
    // Last: keepalived loses the word behind it.
    flag('inet6', rule.family === 6 && rule.from === null && rule.to === null),
  );
}

const rangeOf = (range: Range | null): string | null => range && `${range.first}-${range.last}`;

function actionOf({ action }: Rule): Words {
  switch (action.kind) {
    case 'table':
      return ['table', action.table, ...lookupOf(action)];
    case 'l3mdev':
      return ['l3mdev', ...lookupOf(action)];
    case 'goto':
      return ['goto', action.priority];
    case 'nop':
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      return [action.kind];
  }
}

const lookupOf = ({ realms, suppressPrefixLength, suppressGroup }: Lookup): Words => [
  ...option('realms', realmsOf(realms)),
  ...option('suppress_prefixlength', suppressPrefixLength),
  ...option('suppress_ifgroup', suppressGroup),
];
