/**
 * One line of virtual_routes or static_routes, by the words of `ip route` that keepalived knows.
 * A line that keepalived leaves out is left out, and said so at the word that is to blame.
 */
import { type Report, warning } from './diagnostic';
import { formatIp, parseIp, withHostBits } from './ip';
import type { Prefix, Route } from './model-network';
import {
  argument,
  drop,
  dropUnknown,
  everything,
  ignore,
  type Line,
  once,
  placeIn,
  readPrefix,
  readTrackGroup,
  startLine,
  take,
} from './network-line';
import { keepalivedProtocol, readC, routeTypes } from './network-names';
import type { Directive, Word } from './parser';
import { isMetric, readMetric, routeMetrics } from './route-metrics';
import { type RouteDraft, routeOptions } from './route-options';

const everyIpv4: Prefix = { address: '0.0.0.0', length: 0 };
const everyIpv6: Prefix = { address: '::', length: 0 };

const fresh = (): RouteDraft => ({
  route: {
    family: 4,
    type: 'unicast',
    insert: 'prepend',
    destination: everyIpv4,
    from: null,
    source: null,
    via: null,
    device: null,
    onlink: false,
    encap: null,
    nexthops: [],
    table: 254,
    vrf: null,
    scope: 0,
    metric: null,
    tos: 0,
    protocol: keepalivedProtocol,
    realms: null,
    metrics: {},
    congestion: null,
    ecn: false,
    preference: null,
    expires: null,
    ttlPropagate: null,
    track: true,
    trackGroup: null,
  },
  destination: null,
  insert: null,
  typed: false,
  protocolAt: null,
});

/** `groups`: what a static route may name in track_group; null for the routes of an instance. */
export function buildRoute(
  directive: Directive,
  groups: ReadonlySet<string> | null,
  report: Report,
): Route | null {
  const line = startLine('route', directive, report);
  const draft = fresh();
  for (let word = take(line); word !== null && !line.dropped; word = take(line)) {
    const read = routeOptions.get(word.text);
    if (read !== undefined) read(line, word, draft);
    else if (isMetric(word.text)) {
      const metric = readMetric(line, word, word.text);
      if (metric !== null) draft.route.metrics[word.text] = metric;
    } else if (word.text === 'track_group') {
      draft.route.trackGroup = readTrackGroup(line, word, groups);
    } else readDestination(line, word, draft);
  }
  return line.dropped ? null : finish(line, draft);
}

const hints: ReadonlyMap<string, string> = new Map([
  ['proto', "did you mean 'protocol'?"],
  ['gateway', "did you mean 'via'?"],
  ['lock', "'lock' stands in front of the number, as in 'mtu lock 1400'"],
]);

/** `[to] PREFIX` or `TYPE PREFIX`; whatever is nothing else is taken for a prefix. */
function readDestination(line: Line, word: Word, draft: RouteDraft): void {
  const type = word.text === 'to' ? undefined : typeOf(word.text);
  const at = word.text === 'to' || type !== undefined ? argument(line, word) : word;
  if (at === null) return;
  if (type === null) {
    drop(line, word.span, `the kernel knows no route of type ${word.text}`);
    return;
  }
  if (type !== undefined) {
    draft.route.type = type;
    draft.typed = true;
  }
  const isNetwork = /^(default6?|any|all)$|^\d|[.:]|.\//.test(at.text);
  if (!isNetwork || at.text.startsWith('//')) {
    dropUnknown(line, at, words, hints);
    return;
  }
  once(line, 'the destination', at, 'put each route on a line of its own');
  const prefix = readPrefix(line, at, 'a network');
  if (prefix !== null) draft.destination = { prefix, word: at };
}

const words = [...routeOptions.keys(), ...routeMetrics.keys(), ...routeTypes.keys(), 'default'];

/** undefined: not a type at all; null: a number without a type behind it. */
function typeOf(text: string): Route['type'] | null | undefined {
  const number = readC(text) ?? routeTypes.get(text);
  if (number === undefined || number > 255) return undefined;
  for (const [name, of] of routeTypes) if (of === number) return name as Route['type'];
  return null;
}

function finish(line: Line, draft: RouteDraft): Route | null {
  const { route, destination, insert, typed } = draft;
  if (destination === null) {
    return drop(line, line.keyword.span, 'a route needs a destination', {
      help: "the network it leads to, or 'default'",
    });
  }
  route.family = line.family ?? 4;
  const all = route.family === 4 ? everyIpv4 : everyIpv6;
  route.destination = destination.prefix === everything ? all : destination.prefix;
  route.insert = insert ?? (typed ? 'add' : 'prepend');
  settleProtocol(line, draft);
  settleGroup(line, draft);
  reportRefused(line, route, destination.word);
  return route;
}

/** A route is known for keepalived's own by its protocol. */
function settleProtocol(line: Line, { route, protocolAt }: RouteDraft): void {
  if (!route.track || protocolAt === null || route.protocol === keepalivedProtocol) return;
  route.protocol = keepalivedProtocol;
  line.report(
    warning('tracked-protocol', protocolAt.span, `'${protocolAt.text}' needs no_track`, {
      label: `${keepalivedProtocol}, keepalived, counts`,
      why: 'a tracked route is known by its protocol',
      help: 'add no_track, or leave the protocol out',
    }),
  );
}

function settleGroup(line: Line, { route }: RouteDraft): void {
  const span = placeIn(line, "'track_group'");
  if (route.trackGroup === null || span === null) return;
  if (route.track && route.device !== null) return;
  route.trackGroup = null;
  const what = route.track
    ? "a route with track_group needs 'dev'"
    : 'no_track stands beside track_group';
  ignore(line, span, what, { label: 'nothing tracks this route' });
}

/** What keepalived hands to the kernel all the same, and only its log tells. */
function reportRefused(line: Line, route: Route, at: Word): void {
  const { destination, family } = route;
  const refuse = (what: string, why: string, help: string): void =>
    line.report(warning('kernel-refuses', at.span, what, { label: 'not installed', why, help }));
  const network = family === 4 ? networkOf(destination) : destination.address;
  if (network !== destination.address) {
    const what = `'${at.text}' has bits set behind /${destination.length}`;
    const help = `${network}/${destination.length}`;
    refuse(what, 'the kernel refuses an IPv4 route to them', help);
  }
  const hops = placeIn(line, "'nexthop'") !== null || route.nexthops.length > 0;
  const leads = route.via !== null || route.device !== null || hops;
  if (route.type === 'unicast' && !leads) {
    refuse('this route leads nowhere', 'the kernel refuses it', 'add via ADDRESS or dev INTERFACE');
  }
}

function networkOf({ address, length }: Prefix): string {
  const ip = length < 32 ? parseIp(address) : null;
  return ip === null ? address : formatIp(withHostBits(ip, length, false));
}
