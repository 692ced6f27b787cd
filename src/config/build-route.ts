/**
 * One line of virtual_routes or static_routes, by the words of `ip route` that keepalived knows.
 * A line that keepalived leaves out is left out, and said so at the word that is to blame.
 */
import { type Report, warning } from './diagnostic';
import { formatIp, parseIp, withHostBits } from './ip';
import type { Route } from './model-network';
import {
  argument,
  drop,
  dropUnknown,
  everything,
  ignore,
  type Line,
  once,
  readPrefix,
  readTrackGroup,
  startLine,
  take,
} from './network-line';
import { keepalivedProtocol, readC, routeTypes } from './network-names';
import type { Directive, Word } from './parser';
import { isMetric, readMetric, routeMetrics } from './route-metrics';
import { type RouteDraft, routeOptions } from './route-options';

const fresh = (): RouteDraft => ({
  type: 'unicast',
  typed: false,
  insert: null,
  destination: null,
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
  protocolAt: null,
  realms: null,
  metrics: {},
  congestion: null,
  ecn: false,
  preference: null,
  expires: null,
  ttlPropagate: null,
  track: true,
  trackGroup: null,
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
      if (metric !== null) draft.metrics = { ...draft.metrics, [word.text]: metric };
    } else if (word.text === 'track_group') {
      draft.trackGroup = readTrackGroup(line, word, groups);
    } else readDestination(line, word, draft);
  }
  return line.dropped ? null : finish(line, directive.keyword, draft);
}

/** What `ip route` takes, and what keepalived wants in its place. */
const longer: ReadonlyMap<string, string> = new Map([
  ['proto', 'protocol'],
  ['prio', 'priority'],
  ['lock', 'mtu lock 1500'],
  ['gateway', 'via'],
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
    draft.type = type;
    draft.typed = true;
  }
  if (!/^(default6?|any|all)$/.test(at.text) && !/[.:/]|^\d/.test(at.text)) {
    dropUnknown(line, at, words, longer);
    return;
  }
  once(line, 'the destination', at, 'put each route on a line of its own');
  const prefix = readPrefix(line, at, 'a network');
  if (prefix !== null) draft.destination = { prefix, word: at };
}

const words = [...routeOptions.keys(), ...routeMetrics.keys(), ...routeTypes.keys()];

/** undefined: not a type at all; null: a number without a type behind it. */
function typeOf(text: string): Route['type'] | null | undefined {
  const number = readC(text) ?? routeTypes.get(text);
  if (number === undefined || number > 255) return undefined;
  for (const [name, of] of routeTypes) if (of === number) return name as Route['type'];
  return null;
}

function finish(line: Line, keyword: Word, draft: RouteDraft): Route | null {
  const { destination, insert, typed, protocolAt, ...rest } = draft;
  if (destination === null) {
    return drop(line, keyword.span, 'a route needs a destination', {
      help: "the network it leads to, or 'default'",
    });
  }
  const family = line.family ?? 4;
  const all = { address: family === 4 ? '0.0.0.0' : '::', length: 0 };
  const route: Route = {
    ...rest,
    family,
    destination: destination.prefix === everything ? all : destination.prefix,
    insert: insert ?? (typed ? 'add' : 'prepend'),
    protocol: settleProtocol(line, draft),
    trackGroup: settleGroup(line, draft),
  };
  reportRefused(line, route, destination.word);
  return route;
}

/** A route is known for keepalived's own by its protocol. */
function settleProtocol(
  line: Line,
  { protocol, protocolAt, track }: RouteDraft,
): Route['protocol'] {
  if (!track || protocolAt === null || protocol === keepalivedProtocol) return protocol;
  line.report(
    warning('tracked-protocol', protocolAt.span, `'${protocolAt.text}' needs no_track`, {
      label: `${keepalivedProtocol}, keepalived, counts`,
      why: 'a tracked route is known by its protocol',
      help: 'add no_track, or leave the protocol out',
    }),
  );
  return keepalivedProtocol;
}

function settleGroup(line: Line, { trackGroup, device, track }: RouteDraft): string | null {
  const span = line.seen.get("'track_group'");
  if (trackGroup === null || span === undefined) return null;
  if (track && device !== null) return trackGroup;
  const what = track
    ? "a route with track_group needs 'dev'"
    : 'no_track stands beside track_group';
  return ignore(line, span, what, { label: 'nothing tracks this route' });
}

/** What keepalived hands to the kernel all the same, and only its log tells. */
function reportRefused(line: Line, route: Route, at: Word): void {
  const { destination, family } = route;
  const refuse = (what: string, why: string, help: string): void =>
    line.report(warning('kernel-refuses', at.span, what, { label: 'not installed', why, help }));
  const ip = parseIp(destination.address);
  const network = ip && formatIp(withHostBits(ip, destination.length, false));
  if (family === 4 && network !== null && network !== destination.address) {
    const why = 'the kernel refuses an IPv4 route to them';
    refuse(
      `'${at.text}' has bits set behind /${destination.length}`,
      why,
      `${network}/${destination.length}`,
    );
  }
  const leads = route.via !== null || route.device !== null || route.nexthops.length > 0;
  if (route.type === 'unicast' && !leads) {
    refuse('this route leads nowhere', 'the kernel refuses it', 'add via ADDRESS or dev INTERFACE');
  }
}
