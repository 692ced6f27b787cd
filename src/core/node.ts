/**
 * The whole machine: step(node, event) → [node, commands] and deadline(node). Pure: no clock, no
 * I/O, no log, no randomness. It routes an event to the rooms that it concerns and collects what
 * they order. A deadline is state, an alarm a rumour: only `woken` expires one, since it travels
 * behind the adverts in the same queue; a stale one changes nothing.
 */
import type { Config, Global } from '../config/model';
import { after, type Duration, earliest, type Instant } from '../time';
import type { Command } from './command';
import {
  type Member,
  notifications,
  reconsider,
  standingOrders,
  stepUnit,
  stopUnit,
  type Unit,
  unitDeadline,
} from './election';
import type { Event, InterfaceChanged } from './event';
import { join } from './group';
import { type HeldLinks, hearLink, linksDeadline, linksDue, without } from './links';
import { farewells, lowerAdvertNews, priorityNews, repeats } from './news';
import { openOrders } from './orders';
import { type Standing, standing } from './priority';
import { isServiceEvent } from './service-terms';
import { type Services, servicesDeadline, standingsOf, stepServices } from './services';
import { sourceOf, surroundingsOf } from './surroundings';
import {
  believedAnew,
  configureTrackers,
  noTrackers,
  startTrackers,
  type TrackerEvent,
  type Trackers,
  track,
  trackersDeadline,
  wakeTrackers,
} from './trackers';
import { arrange } from './units';

export interface Node {
  readonly config: Config | null;
  readonly interfaces: ReadonlyMap<string, InterfaceChanged>;
  /** what is told of interfaces and not believed yet. */
  readonly heldLinks: HeldLinks;
  /** the interfaces are known; before that nothing can be said of anyone. */
  readonly surveyed: boolean;
  readonly trackers: Trackers;
  /** by name: the nginxes that are supervised. */
  readonly services: Services;
  readonly units: readonly Unit[];
  /** by key: what each instance was last opened with, to open again only on a difference. */
  readonly opened: ReadonlyMap<string, string>;
  /** by key: what could not be opened, and why: in fault until something changes. */
  readonly deaf: ReadonlyMap<string, string>;
  readonly leaseUntil: Instant | null;
  /** the turn with which the next new instance begins; above all that were ever reported. */
  readonly turn: number;
  /** vrrp_startup_delay, vrrp_delay_after_boot: nobody takes part before. */
  readonly startAt: Instant | null;
  readonly stopped: boolean;
}

export const newNode: Node = {
  config: null,
  interfaces: new Map(),
  heldLinks: new Map(),
  surveyed: false,
  trackers: noTrackers,
  services: new Map(),
  units: [],
  opened: new Map(),
  deaf: new Map(),
  leaseUntil: null,
  turn: 0,
  startAt: null,
  stopped: false,
};

export interface Deadline {
  readonly at: Instant;
  readonly why: string;
}

type Stepped = readonly [Node, readonly Command[]];

/** The one entrance. Commands come in the order in which they must happen. */
export function step(node: Node, event: Event): Stepped {
  if (node.stopped) return [node, []];
  return served(happened(node, event), event);
}

function happened(node: Node, event: Event): Stepped {
  // For the services alone, which see every event.
  if (isServiceEvent(event)) return [node, []];
  switch (event.kind) {
    case 'configured':
      return configured(node, event.config, event.at);
    case 'interface-changed':
      return linkHeard(node, event);
    case 'interface-gone': {
      const heldLinks = without(node.heldLinks, event.interface);
      return surroundings(withInterface({ ...node, heldLinks }, event.interface, null), event.at);
    }
    case 'surveyed':
      return surroundings({ ...node, surveyed: true }, event.at);
    case 'script-finished':
    case 'file-read':
    case 'processes-counted':
      return tracked(node, event);
    case 'woken':
      return woken(node, event);
    case 'took-over':
    case 'yielded':
    case 'advert-received':
      return route(node, event);
    case 'lease-lapsed':
      return lapsed(node, event);
    case 'open-failed': {
      const deaf = new Map(node.deaf).set(event.instance, event.what);
      return surroundings({ ...node, deaf }, event.at);
    }
    case 'stopped':
      return stop(node, event.at);
    case 'advert-rejected':
    case 'address-restored':
    case 'firewall-noticed':
    case 'clock-gap':
    case 'scheduled':
    case 'failed':
    case 'overrun':
    case 'processes-polled':
      return [node, []];
  }
}

/** What the services make of it; they follow who is master, and who is master follows them. */
function served([node, commands]: Stepped, event: Event): Stepped {
  const [services, orders] = stepServices(node.services, event, node.config, node.units);
  const served = [...commands, ...orders];
  if (services === node.services) return [node, served];
  const [next, more] = judged({ ...node, services }, event.at);
  return [next, [...served, ...more]];
}

/** The earliest instant at which the machine wants to look again, and why. */
export function deadline(node: Node): Deadline | null {
  if (node.stopped || node.config === null) return null;
  const links = linksDeadline(node.heldLinks, node.config.linkDelays);
  const candidates = [renewal(node), trackersDeadline(node.trackers), startup(node), links];
  candidates.push(servicesDeadline(node.services));
  for (const unit of node.units) candidates.push(unitDeadline(unit));
  let first: Deadline | null = null;
  for (const candidate of candidates) {
    if (candidate === null) continue;
    if (first === null || earliest(candidate.at, first.at) !== first.at) first = candidate;
  }
  return first;
}

// ---- events

/** What a tracker asks for comes before what the election makes of it. */
function tracked(node: Node, event: TrackerEvent): Stepped {
  const [trackers, commands] = track(node.trackers, event);
  const [next, ordered] = judged({ ...node, trackers }, event.at);
  return [next, [...commands, ...ordered]];
}

function route(node: Node, event: Event): Stepped {
  const { config } = node;
  if (config === null) return [node, []];
  const commands: Command[] = [];
  const units = node.units.map((unit) => {
    const [next, ordered] = stepUnit(unit, event, config.global);
    commands.push(...ordered, ...lowerAdvertNews(next, event));
    return next;
  });
  return joined({ ...node, units }, commands, event.at);
}

/** Instances that a reload brought together may agree by now. */
function joined(node: Node, commands: readonly Command[], at: Instant): Stepped {
  if (node.config === null) return [node, commands];
  const [units, more] = join(node.units, at, node.config.global);
  return [{ ...node, units }, [...commands, ...more]];
}

/** Orders that lapsed are renewed and given again. */
function lapsed(node: Node, event: Event & { kind: 'lease-lapsed' }): Stepped {
  const [renewed, lease] = renewLease(node, event.at);
  const [next, commands] = route(renewed, event);
  return [next, [...lease, ...commands]];
}

function woken(node: Node, event: Event & { kind: 'woken' }): Stepped {
  if (node.config === null) return [node, []];
  const due = renewal(node);
  const [renewed, lease] =
    due !== null && event.at >= due.at ? renewLease(node, event.at) : [node, []];
  const [trackers, runs] = wakeTrackers(renewed.trackers, event.at);
  const [routed, ordered] = route({ ...renewed, trackers }, event);
  const [next, more] = grown(renewed.trackers, routed, event.at);
  return [next, [...lease, ...runs, ...ordered, ...more]];
}

/** What time alone has changed: the start, links and counts that are believed by now. */
function grown(before: Trackers, node: Node, at: Instant): Stepped {
  const starts = node.startAt !== null && at >= node.startAt;
  const settled = believeLinks(starts ? { ...node, startAt: null } : node, at);
  if (settled !== node) return surroundings(settled, at);
  return believedAnew(before, node.trackers) ? judged(node, at) : [node, []];
}

function linkHeard(node: Node, event: InterfaceChanged): Stepped {
  const known = node.interfaces.get(event.interface);
  const delays = node.config?.linkDelays ?? [];
  const [heldLinks, facts] = hearLink(node.heldLinks, known, event, delays);
  const heard = { ...node, heldLinks };
  if (facts === null) return [heard, []];
  return surroundings(withInterface(heard, event.interface, facts), event.at);
}

function believeLinks(node: Node, at: Instant): Node {
  let believed = node;
  for (const facts of linksDue(node.heldLinks, node.config?.linkDelays ?? [], at)) {
    const heldLinks = without(believed.heldLinks, facts.interface);
    believed = withInterface({ ...believed, heldLinks }, facts.interface, facts);
  }
  return believed;
}

function renewLease(node: Node, at: Instant): Stepped {
  if (node.config === null) return [node, []];
  const until = after(at, node.config.global.stallLease);
  return [{ ...node, leaseUntil: until }, [{ kind: 'lease', until }]];
}

function stop(node: Node, at: Instant): Stepped {
  const commands: Command[] = node.units.flatMap((unit) => [...stopUnit(unit)]);
  const stops = node.units.flatMap((unit) => [
    ...notifications({ ...unit, reason: 'holdfast stops' }, 'STOP', unit.state, at),
  ]);
  // keepalived: every instance first, then every group.
  const isGroup = (c: Command): boolean => c.kind === 'notify' && c.scope === 'GROUP';
  commands.push(...stops.filter((c) => !isGroup(c)), ...stops.filter(isGroup));
  return [{ ...node, stopped: true }, commands];
}

/**
 * The first configuration, or another one. What is the same virtual router keeps its state and its
 * turn, and is told only what differs; what is gone lets go before anything new begins.
 */
function configured(node: Node, config: Config, at: Instant): Stepped {
  const until = after(at, config.global.stallLease);
  const turn = turnAbove(node);
  const { units, gone } = arrange(config, node.units, turn, at);
  const opened = new Map(node.opened);
  for (const key of node.deaf.keys()) opened.delete(key);
  const commands: Command[] = [{ kind: 'lease', until }];
  for (const { key } of gone) {
    opened.delete(key);
    commands.push({ kind: 'resign', instance: key }, { kind: 'close', instance: key });
  }
  commands.push(...farewells(node.units, gone, at));
  const first = node.config === null;
  const next: Node = {
    ...node,
    config,
    trackers: configureTrackers(node.trackers, config, at),
    units,
    turn,
    opened,
    deaf: new Map(),
    leaseUntil: until,
    startAt: first ? startOf(config.global, at) : node.startAt,
  };
  const [settled, more] = surroundings(believeLinks(next, at), at);
  const terms = newTerms(node, settled, more);
  const [trackers, runs] = startTrackers(settled.trackers, node.config, config, at);
  const told = config.global.system.fifos.repeatOnReload
    ? repeats(node.units, settled.units, at)
    : [];
  return [{ ...settled, trackers }, [...commands, ...more, ...terms, ...runs, ...told]];
}

/** Terms that no difference in priority shows, without those that stand as they are. */
function newTerms(before: Node, after: Node, ordered: readonly Command[]): readonly Command[] {
  const orders = ({ config, units }: Node): readonly Command[] =>
    config === null ? [] : units.flatMap((unit) => standingOrders(unit, config.global));
  const known = new Set([...orders(before), ...ordered].map((one) => JSON.stringify(one)));
  return orders(after).filter((one) => !known.has(JSON.stringify(one)));
}

/** Links or addresses may have changed: sources and opens anew, then faults and priorities. */
function surroundings(node: Node, at: Instant): Stepped {
  const { config } = node;
  if (config === null || !takesPart(node)) return [node, []];
  const commands: Command[] = [];
  const opened = new Map(node.opened);
  const units = node.units.map((unit) => {
    const members = unit.members.map((m) => ({
      ...m,
      source: sourceOf(m.instance, node.interfaces),
    }));
    commands.push(...openOrders(members, node.interfaces, config.global, opened));
    return { ...unit, members };
  });
  const [next, ordered] = judged({ ...node, units, opened }, at);
  return [next, [...commands, ...ordered]];
}

/** Verdicts may have changed: faults and priorities anew. */
function judged(node: Node, at: Instant): Stepped {
  const { config } = node;
  if (config === null || !takesPart(node)) return [node, []];
  const around = surroundingsOf(node.interfaces, node.trackers);
  const commands: Command[] = [];
  const units = node.units.map((unit) => {
    const standings = unit.members.map((member) => {
      const { instance } = member;
      const services = standingsOf(node.services, instance, unit.group);
      return deafened(standing(instance, unit.group, around, services), member, node);
    });
    const [next, ordered] = reconsider(unit, standings, at, config.global);
    commands.push(...ordered, ...priorityNews(unit, next, at));
    return next;
  });
  return joined({ ...node, units }, commands, at);
}

// ---- small answers

/** Not before the interfaces are known and the delays of the start are over. */
const takesPart = (node: Node): boolean => node.surveyed && node.startAt === null;

function deafened(standing: Standing, member: Member, node: Node): Standing {
  const why = node.deaf.get(member.key);
  return why === undefined ? standing : { ...standing, faults: [...standing.faults, why] };
}

function renewal(node: Node): Deadline | null {
  if (node.leaseUntil === null || node.config === null) return null;
  const lease = node.config.global.stallLease;
  // Five sixths of the lease are always left for a slow turn of the event loop.
  const at = after(node.leaseUntil, -Math.trunc((lease * 5) / 6) as Duration);
  return { at, why: 'the lease of the standing orders is renewed' };
}

const startup = (node: Node): Deadline | null =>
  node.startAt !== null ? { at: node.startAt, why: 'the delay of the start ends' } : null;

/** vrrp_delay_after_boot counts from the boot of the host, which is instant 0. Null: at once. */
function startOf({ startupDelay, delayAfterBoot }: Global, at: Instant): Instant | null {
  const start = Math.max(after(at, startupDelay), delayAfterBoot);
  return start > at ? (start as Instant) : null;
}

function withInterface(node: Node, name: string, facts: InterfaceChanged | null): Node {
  const interfaces = new Map(node.interfaces);
  if (facts === null) interfaces.delete(name);
  else interfaces.set(name, facts);
  const opened = new Map(node.opened);
  const deaf = new Map(node.deaf);
  for (const unit of node.units) {
    for (const { key, instance } of unit.members) {
      if (instance.interface !== name) continue;
      // An interface that comes back is another one; and what failed may work now.
      const again = deaf.delete(key);
      if (facts === null || again) opened.delete(key);
    }
  }
  return { ...node, interfaces, opened, deaf };
}

/** Room for the turns that the data plane has given and not yet reported. */
const TURNS_IN_FLIGHT_MAX = 1000;

const turnAbove = (node: Node): number =>
  Math.max(node.turn, ...node.units.flatMap((unit) => unit.members.map((m) => m.turn))) +
  TURNS_IN_FLIGHT_MAX;
