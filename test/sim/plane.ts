/**
 * The data plane of one simulated node: real standing orders, and around them what the plane's
 * thread does with a kernel: packets in, adverts out, a set of held addresses, one alarm.
 * Order of work in a wake: commands, then sockets, then timers.
 */
import type { Open, PlaneCommand } from '../../src/core/command';
import type { PlaneEvent } from '../../src/core/event';
import type { Effect, NativeOrders } from '../../src/drivers/addon';
import { type Duration, type Instant, instantAt } from '../../src/time';
import type { Agenda } from './agenda';
import type { Packet } from './lan';
import type { Random } from './random';

/** Waking later than planned by more than this is a gap in the clock. */
export const OVERSLEPT = 50_000;
/** Packets that a socket keeps for a process that does not read. */
const SOCKET_MAX = 64;

/** Where a plane's doings go. `why` tells a takeover by silence from one by order. */
export interface PlaneHost {
  transmit(packet: Packet): void;
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

export class Plane {
  readonly held = new Set<string>();
  readonly stations = new Map<string, Open>();
  private readonly packets: { readonly packet: Packet; readonly at: number }[] = [];
  private readonly batches: (readonly PlaneCommand[])[] = [];
  private alarm: number | null = null;
  private planned: number | null = null;
  private paused = false;
  private keepsPackets = false;
  private closed = false;

  constructor(
    private readonly orders: NativeOrders,
    private readonly host: PlaneHost,
    private readonly agenda: Agenda,
    private readonly random: Random,
  ) {}

  submit(commands: readonly PlaneCommand[]): void {
    if (this.closed) return;
    if (this.paused) {
      this.batches.push(commands);
      return;
    }
    this.obey(commands);
    this.finish();
  }

  receive(packet: Packet): void {
    if (this.closed) return;
    if (this.paused) {
      const room = this.keepsPackets && this.packets.length < SOCKET_MAX;
      if (room) this.packets.push({ packet, at: this.agenda.now() });
      return;
    }
    this.hear(packet, this.agenda.now());
    this.finish();
  }

  pause(keepsPackets: boolean): void {
    this.paused = true;
    this.keepsPackets = keepsPackets;
  }

  resume(): void {
    if (!this.paused || this.closed) return;
    this.paused = false;
    const now = this.agenda.now();
    const late = this.planned === null ? 0 : now - this.planned;
    if (late > OVERSLEPT) {
      this.orders.overslept(late, instantAt(now));
      this.host.overslept(late);
      this.host.tell({ kind: 'clock-gap', at: instantAt(now), late: late as Duration });
    }
    for (const batch of this.batches.splice(0)) this.obey(batch);
    for (const { packet, at } of this.packets.splice(0)) this.hear(packet, at);
    this.finish();
  }

  /** The process is gone, and nothing that it had planned happens any more. */
  close(): void {
    this.closed = true;
    this.held.clear();
  }

  // ---- one wake

  private obey(commands: readonly PlaneCommand[]): void {
    for (const command of commands) {
      this.host.ordered(command);
      if (command.kind === 'open') this.stations.set(command.instance, command);
      if (command.kind === 'wake') this.alarm = command.at;
      else this.carryOut(this.orders.submit([command], this.now()), 'order');
      if (command.kind === 'close') this.stations.delete(command.instance);
    }
  }

  private hear(packet: Packet, at: number): void {
    for (const station of this.stations.values()) {
      if (station.vrid !== packet.vrid || station.interface !== packet.interface) continue;
      if (station.version !== packet.version || station.source === packet.source) continue;
      // RFC 3768 §7.1: a VRRPv2 advert of another interval is dropped.
      if (station.version === 2 && station.interval !== packet.interval) continue;
      this.host.heard(station.instance, packet, at);
      const { source, version, priority } = packet;
      const advert = {
        source,
        version,
        priority,
        interval: packet.interval as Duration,
        addressesMatch: true,
        plainChecksum: false,
      };
      this.carryOut(
        this.orders.heard(station.instance, advert, instantAt(at), this.now()),
        'order',
      );
    }
  }

  private finish(): void {
    const now = this.now();
    const due = this.orders.deadline();
    if (due !== null && due <= now) this.carryOut(this.orders.expire(now), 'silence');
    if (this.alarm !== null && this.alarm <= now) {
      this.alarm = null;
      this.host.tell({ kind: 'woken', at: now });
    }
    this.host.settled();
    this.plan();
  }

  private plan(): void {
    const due = this.orders.deadline();
    const next = Math.min(due ?? Infinity, this.alarm ?? Infinity);
    if (next === this.planned) return;
    this.planned = next === Infinity ? null : next;
    if (next === Infinity) return;
    const late = this.random.oneIn(64) ? this.random.below(1000) : this.random.below(40);
    this.agenda.enter(next + late, () => {
      if (this.closed || this.paused || this.planned !== next) return;
      this.planned = null;
      this.finish();
    });
  }

  private carryOut(effects: readonly Effect[], why: 'order' | 'silence'): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case 'send-advert':
          this.send(effect.instance, effect.priority);
          break;
        case 'claim':
          this.held.add(effect.instance);
          this.host.claimed(effect.instance, why);
          break;
        case 'release':
          this.held.delete(effect.instance);
          this.host.released(effect.instance);
          break;
        case 'report':
          this.host.tell(effect.event);
          break;
        case 'announce':
          break;
      }
    }
  }

  private send(instance: string, priority: number): void {
    const station = this.stations.get(instance);
    if (station === undefined) return;
    this.host.sent(instance, priority);
    this.host.transmit({
      interface: station.interface,
      vrid: station.vrid,
      source: station.source,
      version: station.version,
      priority,
      interval: station.interval,
    });
  }

  private now(): Instant {
    return instantAt(this.agenda.now());
  }
}
