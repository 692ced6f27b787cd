/**
 * The options of a route, word by word; its metrics, gateways and encapsulation have files of
 * their own.
 */
import type { Prefix, Route } from './model-network';
import {
  argument,
  claim,
  deprecated,
  drop,
  everything,
  ignore,
  type Line,
  once,
  readAddress,
  readCount,
  readDevice,
  readFamily,
  readNamed,
  readPrefix,
  take,
  takes,
} from './network-line';
import { type Names, routingProtocols, scopes, services, tables } from './network-names';
import type { Word } from './parser';
import { readEncap } from './route-encap';
import { nextHop, readGateway, readNextHops, readRealms } from './route-nexthop';

const countMax = 0xffffffff;

/** A route while its line is read; what its defaults depend on is settled at the end. */
export interface RouteDraft {
  readonly route: { -readonly [K in Exclude<keyof Route, 'metrics'>]: Route[K] } & {
    readonly metrics: { -readonly [K in keyof Route['metrics']]: Route['metrics'][K] };
  };
  destination: { readonly prefix: Prefix | typeof everything; readonly word: Word } | null;
  insert: Route['insert'] | null;
  /** a type was written, be it unicast. */
  typed: boolean;
  /** of `protocol`, where it is written. */
  protocolAt: Word | null;
}

export type ReadRoute = (line: Line, word: Word, draft: RouteDraft) => void;

/** An option whose value is a name or a number. */
const namedOption =
  (key: 'table' | 'scope' | 'tos' | 'protocol', names: Names): ReadRoute =>
  (line, of, draft) => {
    once(line, `'${key}'`, of);
    const word = argument(line, of);
    if (word === null) return;
    draft.route[key] = readNamed(line, word, names) ?? draft.route[key];
    if (key === 'protocol') draft.protocolAt = word;
  };

const readDev: ReadRoute = (line, of, draft) => {
  once(line, "'dev'", of);
  draft.route.device = readDevice(line, of);
};

const readMetricOption: ReadRoute = (line, of, draft) => {
  once(line, "'metric'", of);
  draft.route.metric = readCount(line, of, countMax);
};

const readInsert: ReadRoute = (_line, word, draft) => {
  draft.insert = word.text as Route['insert'];
};

const readVia: ReadRoute = (line, of, draft) => {
  if (of.text === 'gw') deprecated(line, of, 'via');
  draft.route.via = readGateway(line, of);
};

export const routeOptions: ReadonlyMap<string, ReadRoute> = new Map<string, ReadRoute>([
  ['inet', readFamily],
  ['inet6', readFamily],
  ['src', readSource],
  ['from', readFrom],
  ['via', readVia],
  ['gw', readVia],
  ['or', readOr],
  ['nexthop', readHops],
  ['dev', readDev],
  ['oif', readDev],
  ['table', namedOption('table', tables)],
  ['scope', namedOption('scope', scopes)],
  ['tos', namedOption('tos', services)],
  ['dsfield', namedOption('tos', services)],
  ['protocol', namedOption('protocol', routingProtocols)],
  ['metric', readMetricOption],
  ['priority', readMetricOption],
  ['preference', readMetricOption],
  ['vrf', readVrf],
  [
    'realms',
    (line, of, draft) => {
      draft.route.realms = readRealms(line, of);
    },
  ],
  [
    'encap',
    (line, of, draft) => {
      draft.route.encap = readEncap(line, of);
    },
  ],
  [
    'onlink',
    (_line, _of, draft) => {
      draft.route.onlink = true;
    },
  ],
  [
    'no_track',
    (_line, _of, draft) => {
      draft.route.track = false;
    },
  ],
  ['add', readInsert],
  ['append', readInsert],
  ['prepend', readInsert],
  ['features', readFeatures],
  ['congctl', readCongestion],
  ['pref', readPreference],
  ['expires', readExpires],
  ['ttl-propagate', readTtlPropagate],
  ['as', readAs],
]);

function readSource(line: Line, of: Word, draft: RouteDraft): void {
  once(line, "'src'", of);
  const word = argument(line, of);
  draft.route.source = word && readAddress(line, word, 'an address of this host');
}

function readFrom(line: Line, of: Word, draft: RouteDraft): void {
  once(line, "'from'", of);
  const word = argument(line, of);
  if (word === null) return;
  if (/^(default|any|all)$/.test(word.text)) {
    drop(line, word.span, `'from ${word.text}' is what a route is without it`);
    return;
  }
  const prefix = readPrefix(line, word, 'a network');
  if (prefix !== null && line.family === 4) {
    drop(line, word.span, "'from' is for IPv6 routes", {
      help: 'a rule chooses a table by the source of a packet',
    });
  } else if (prefix !== everything) draft.route.from = prefix;
}

/** The two gateways of old: `via A or B`. */
function readOr(line: Line, of: Word, draft: RouteDraft): void {
  deprecated(line, of, 'nexthop via … nexthop via …');
  const word = argument(line, of);
  if (word === null) return;
  if (draft.route.nexthops.length > 0) {
    ignore(line, word.span, "'or' may stand once", { help: 'nexthop may stand many times' });
    return;
  }
  const address = readAddress(line, word, 'the address of a gateway');
  draft.route.nexthops = [nextHop(draft.route.via), nextHop(address)];
  draft.route.via = null;
}

function readHops(line: Line, of: Word, draft: RouteDraft): void {
  once(line, "'nexthop'", of);
  if (draft.route.nexthops.length > 0) drop(line, of.span, "'nexthop' does not go with 'or'");
  else draft.route.nexthops = readNextHops(line, of);
}

function readVrf(line: Line, of: Word, draft: RouteDraft): void {
  once(line, "'vrf'", of);
  draft.route.vrf = readDevice(line, of);
}

function readFeatures(line: Line, of: Word, draft: RouteDraft): void {
  const word = argument(line, of);
  if (word === null) return;
  if (word.text === 'ecn') draft.route.ecn = true;
  else
    ignore(line, word.span, `'${word.text}' is not a feature`, { help: "'ecn' is the only one" });
}

function readCongestion(line: Line, of: Word, draft: RouteDraft): void {
  once(line, "'congctl'", of);
  const lock = takes(line, 'lock');
  const word = argument(line, of);
  draft.route.congestion = word && { name: word.text, lock };
}

const preferences = { '0': 'medium', '1': 'high', '3': 'low' } as const;

/** RFC 4191 §2.1 has the numbers; the kernel takes any other for medium. */
function readPreference(line: Line, of: Word, draft: RouteDraft): void {
  once(line, "'pref'", of);
  if (!claim(line, 6, of)) return;
  const word = argument(line, of);
  if (word === null) return;
  const { text } = word;
  if (text === 'low' || text === 'medium' || text === 'high') {
    draft.route.preference = text;
    return;
  }
  const number = /^\+?\d{1,9}$/.test(text) ? String(Number(text)) : '256';
  if (Number(number) > 255) {
    drop(line, word.span, `pref must be low, medium or high, found '${text}'`);
  } else if (number === '0' || number === '1' || number === '3') {
    draft.route.preference = preferences[number];
  } else {
    draft.route.preference = 'medium';
    ignore(line, word.span, `'${text}' is no preference`, { label: 'medium counts' });
  }
}

function readExpires(line: Line, of: Word, draft: RouteDraft): void {
  once(line, "'expires'", of);
  if (!claim(line, 6, of)) return;
  draft.route.expires = readCount(line, of, countMax);
}

function readTtlPropagate(line: Line, of: Word, draft: RouteDraft): void {
  once(line, "'ttl-propagate'", of);
  const word = argument(line, of);
  if (word === null) return;
  // keepalived turns it off for any word that it does not know.
  draft.route.ttlPropagate = word.text === 'enabled';
  if (word.text === 'enabled' || word.text === 'disabled') return;
  ignore(line, word.span, `ttl-propagate must be enabled or disabled, found '${word.text}'`, {
    label: 'disabled counts',
  });
}

function readAs(line: Line, of: Word): void {
  const word = argument(line, of);
  if (word?.text === 'to') take(line);
  ignore(line, of.span, "'as' is for routes of MPLS labels");
}
