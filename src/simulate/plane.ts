/**
 * The data plane of one simulated node: real standing orders, and around them what the plane's
 * thread does with a kernel: packets in, adverts out, a set of held addresses, one alarm.
 * Order of work in a wake: commands, then sockets, then timers.
 */
import type { Open, PlaneCommand } from '../core/command';
import type { PlaneEvent } from '../core/event';
import type { Effect, NativeOrders } from '../drivers/addon';
import { type Duration, type Instant, instantAt } from '../time';
import type { Agenda } from './agenda';
import type { Chance } from './chance';
import type { Packet } from './lan';
import { listsMatch, reaches, refusal } from './receive';

/** Waking later than planned by more than this is a gap in the clock. */
export const OVERSLEPT = 50_000;
/** Packets that a socket keeps for a process that does not read. */
const SOCKET_MAX = 64;

/** Where a plane's doings go. `why` tells a takeover by silence from one by order. */
export interface PlaneHost {
  transmit(packet: Omit<Packet, 'segment'>): void;
  tell(event: PlaneEvent): void;
  ordered(command: PlaneCommand): void;
  heard(instance: string, packet: Packet, at: number): void;
  claimed(instance: string, why: 'order' | 'silence'): void;
  released(instance: string): void;
  sent(instance: string, priority: number): void;
  overslept(gap: number): void;
  /** A wake is over: everything that belongs together has happened. */
  settled(): void;
}

export interface Plane {
  readonly held: Set<string>;
  readonly stations: Map<string, Open>;
  readonly orders: NativeOrders;
  readonly host: PlaneHost;
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly packets: { readonly packet: Packet; readonly at: number }[];
  readonly batches: (readonly PlaneCommand[])[];
  /** whose adverts were refused, and why: told once. */
  readonly refused: Set<string>;
  alarm: number | null;
  planned: number | null;
  paused: boolean;
  keepsPackets: boolean;
  closed: boolean;
}

export const newPlane = (
  orders: NativeOrders,
  host: PlaneHost,
  agenda: Agenda,
  chance: Chance,
): Plane => ({
  held: new Set(),
  stations: new Map(),
  orders,
  host,
  agenda,
  chance,
  packets: [],
  batches: [],
  refused: new Set(),
  alarm: null,
  planned: null,
  paused: false,
  keepsPackets: false,
  closed: false,
});

export function submit(plane: Plane, commands: readonly PlaneCommand[]): void {
  if (plane.closed) return;
  if (plane.paused) {
    plane.batches.push(commands);
    return;
  }
  obey(plane, commands);
  finish(plane);
}

export function receive(plane: Plane, packet: Packet): void {
  if (plane.closed) return;
  if (plane.paused) {
    const room = plane.keepsPackets && plane.packets.length < SOCKET_MAX;
    if (room) plane.packets.push({ packet, at: plane.agenda.now() });
    return;
  }
  hear(plane, packet, plane.agenda.now());
  finish(plane);
}

export function pausePlane(plane: Plane, keepsPackets: boolean): void {
  plane.paused = true;
  plane.keepsPackets = keepsPackets;
}

export function resumePlane(plane: Plane): void {
  if (!plane.paused || plane.closed) return;
  plane.paused = false;
  const now = plane.agenda.now();
  const late = plane.planned === null ? 0 : now - plane.planned;
  if (late > OVERSLEPT) {
    plane.orders.overslept(late, instantAt(now));
    plane.host.overslept(late);
    plane.host.tell({ kind: 'clock-gap', at: instantAt(now), late: late as Duration });
  }
  for (const batch of plane.batches.splice(0)) obey(plane, batch);
  for (const { packet, at } of plane.packets.splice(0)) hear(plane, packet, at);
  finish(plane);
}

/** The process is gone, and nothing that it had planned happens any more. */
export function closePlane(plane: Plane): void {
  plane.closed = true;
  plane.held.clear();
}

// ---- one wake

const nowOf = ({ agenda }: Plane): Instant => instantAt(agenda.now());

function obey(plane: Plane, commands: readonly PlaneCommand[]): void {
  for (const command of commands) {
    plane.host.ordered(command);
    if (command.kind === 'open') plane.stations.set(command.instance, command);
    if (command.kind === 'wake') plane.alarm = command.at;
    else carryOut(plane, plane.orders.submit([command], nowOf(plane)), 'order');
    if (command.kind === 'close') plane.stations.delete(command.instance);
  }
}

function hear(plane: Plane, packet: Packet, at: number): void {
  for (const station of plane.stations.values()) {
    if (!reaches(packet, station)) continue;
    const wrong = refusal(packet, station);
    if (wrong !== null) {
      refuse(plane, station, packet, { ...wrong, at: instantAt(at) });
      continue;
    }
    plane.host.heard(station.instance, packet, at);
    const advert = {
      source: packet.source,
      version: station.version,
      priority: packet.priority,
      interval: packet.interval as Duration,
      addressesMatch: listsMatch(packet.terms.advertised, station.advertised),
      plainChecksum: false,
    };
    const effects = plane.orders.heard(station.instance, advert, instantAt(at), nowOf(plane));
    carryOut(plane, effects, 'order');
  }
}

type Refusal = NonNullable<ReturnType<typeof refusal>> & { readonly at: Instant };

function refuse(plane: Plane, station: Open, packet: Packet, refusal: Refusal): void {
  const key = `${station.instance} ${packet.source} ${refusal.reason}`;
  if (plane.refused.has(key)) return;
  plane.refused.add(key);
  const { instance, vrid } = station;
  const { source, interface: name } = packet;
  const where = { instance, vrid, source, interface: name };
  plane.host.tell({ kind: 'advert-rejected', ...refusal, ...where, count: 1 });
}

function finish(plane: Plane): void {
  const now = nowOf(plane);
  const due = plane.orders.deadline();
  if (due !== null && due <= now) carryOut(plane, plane.orders.expire(now), 'silence');
  if (plane.alarm !== null && plane.alarm <= now) {
    plane.alarm = null;
    plane.host.tell({ kind: 'woken', at: now });
  }
  plane.host.settled();
  plan(plane);
}

function plan(plane: Plane): void {
  const due = plane.orders.deadline();
  const next = Math.min(due ?? Infinity, plane.alarm ?? Infinity);
  if (next === plane.planned) return;
  plane.planned = next === Infinity ? null : next;
  if (next === Infinity) return;
  plane.agenda.enter(next + plane.chance.wake(), () => {
    if (plane.closed || plane.paused || plane.planned !== next) return;
    plane.planned = null;
    finish(plane);
  });
}

function carryOut(plane: Plane, effects: readonly Effect[], why: 'order' | 'silence'): void {
  const { held, host } = plane;
  for (const effect of effects) {
    switch (effect.kind) {
      case 'send-advert':
        send(plane, effect.instance, effect.priority);
        break;
      case 'claim':
        held.add(effect.instance);
        host.claimed(effect.instance, why);
        break;
      case 'release':
        held.delete(effect.instance);
        host.released(effect.instance);
        break;
      case 'report':
        host.tell(effect.event);
        break;
      case 'announce':
        break;
    }
  }
}

function send(plane: Plane, instance: string, priority: number): void {
  const terms = plane.stations.get(instance);
  if (terms === undefined) return;
  plane.host.sent(instance, priority);
  const { interface: name, source, interval } = terms;
  for (const destination of terms.destinations) {
    plane.host.transmit({ interface: name, source, destination, priority, interval, terms });
  }
}
