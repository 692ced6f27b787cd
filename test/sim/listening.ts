/**
 * The simulator's own idea of silence, to judge a takeover by: since when has a node, able to hear,
 * heard nothing that counts? Simpler than the standing orders on purpose: without the skew, from
 * packets and orders only.
 */
import type { PlaneCommand, WatchMember } from '../../src/core/command';
import type { Yielded } from '../../src/core/event';
import type { Agenda } from '../../src/simulate/agenda';
import type { Packet } from '../../src/simulate/lan';
import { holds, type Router } from '../../src/simulate/router';

interface Ear {
  readonly interface: string;
  watch: WatchMember | null;
  /** false after standing down: what is heard then is no evidence. */
  attends: boolean;
  /** when the order to watch came after a time without one, or a sleep ended. */
  ordered: number;
  /** the last advert that counted, or when listening began. */
  since: number;
  readonly own: number;
  /** the interval that the next silence is measured in. */
  interval: number;
  source: string | null;
  /** when the master that it followed said goodbye. */
  resigned: number | null;
  /** its terms before the last mastership. */
  last: WatchMember | null;
  /** was master when its lease lapsed, gave way since, and no order has ended that. */
  alone: boolean;
}

export class Listening {
  private readonly ears = new Map<Router, Map<string, Ear>>();
  private readonly leases = new Map<Router, number>();
  /** whose lease has lapsed and is not renewed. */
  private readonly lapses = new Set<Router>();

  constructor(private readonly agenda: Agenda) {}

  forget(router: Router): void {
    this.ears.delete(router);
    this.leases.delete(router);
    this.lapses.delete(router);
  }

  /** Without a policy it may take back what it let go of. */
  gaveWayAlone(router: Router, instance: string): boolean {
    return this.ears.get(router)?.get(instance)?.alone ?? false;
  }

  leaseOf(router: Router): number | null {
    return this.leases.get(router) ?? null;
  }

  ordered(router: Router, command: PlaneCommand): void {
    if (command.kind === 'lease') {
      if (command.until <= this.agenda.now()) return;
      this.leases.set(router, command.until);
      this.lapses.delete(router);
      for (const ear of this.ears.get(router)?.values() ?? []) ear.alone = false;
      return;
    }
    const ears = this.ears.get(router) ?? new Map<string, Ear>();
    this.ears.set(router, ears);
    if (command.kind === 'open' && !ears.has(command.instance)) {
      ears.set(command.instance, {
        interface: command.interface,
        watch: null,
        attends: false,
        ordered: 0,
        since: this.agenda.now(),
        own: command.interval,
        interval: command.interval,
        source: null,
        resigned: null,
        last: null,
        alone: false,
      });
    }
    if (command.kind === 'close') ears.delete(command.instance);
    if (command.kind === 'resign') this.begun(router, command.instance);
    if (command.kind !== 'watch') return;
    for (const member of command.members) {
      const ear = ears.get(member.instance);
      if (ear === undefined) continue;
      if (ear.watch === null) ear.ordered = this.agenda.now();
      ear.watch = member;
      ear.last = member;
      ear.attends = true;
      if (command.since <= ear.since) continue;
      ear.since = command.since;
      if (ear.resigned !== null && ear.resigned < command.since) {
        ear.resigned = null;
        ear.source = null;
      }
      // RFC 9568 §6.4.1 begins with the own interval; a master that is followed keeps its own.
      if (ear.source === null) ear.interval = member.interval;
    }
  }

  heard(router: Router, instance: string, packet: Packet, at: number): void {
    const ear = this.ears.get(router)?.get(instance);
    if (ear === undefined) return;
    // A master measures no silence.
    if (holds(router, instance) || !ear.attends) return;
    if (packet.priority === 0) {
      if (ear.source === null || ear.source === packet.source) ear.resigned = at;
      return;
    }
    if (ear.watch !== null && packet.priority < ear.watch.minPriority) return;
    ear.since = Math.max(ear.since, at);
    ear.source = packet.source;
    ear.resigned = null;
    // VRRPv3 learns it; under VRRPv2 they are all equal, or the packet was dropped.
    ear.interval = packet.interval;
  }

  lapsed(router: Router): void {
    this.lapses.add(router);
    for (const ear of this.ears.get(router)?.values() ?? []) ear.watch = null;
  }

  /** Standing down is a new beginning: what was heard before counts no more. */
  private begun(router: Router, instance: string): void {
    this.offDuty(router, instance);
    const ear = this.ears.get(router)?.get(instance);
    if (ear === undefined) return;
    ear.alone = false;
    ear.attends = false;
    ear.interval = ear.own;
    ear.source = null;
  }

  /** Without an order it does not tell better masters from worse. */
  offDuty(router: Router, instance: string): void {
    const ear = this.ears.get(router)?.get(instance);
    if (ear !== undefined) ear.watch = null;
  }

  /** A master attends too: when it yields it knows whom it heard since. */
  claimed(router: Router, instance: string): void {
    const ear = this.ears.get(router)?.get(instance);
    if (ear !== undefined) ear.attends = true;
  }

  /** It was master until here: the others were silent because of us. */
  released(router: Router, instance: string): void {
    const ear = this.ears.get(router)?.get(instance);
    if (ear === undefined) return;
    ear.watch = null;
    ear.since = this.agenda.now();
    ear.interval = Math.min(ear.interval, ear.own);
    ear.source = null;
    ear.resigned = null;
  }

  /** As of the advert that it yielded to, which may have waited in a socket. */
  yielded(router: Router, event: Yielded): void {
    const ears = this.ears.get(router);
    for (const name of event.instances) {
      const fellow = ears?.get(name);
      if (fellow === undefined) continue;
      fellow.since = Math.max(event.at, fellow.ordered);
      if (!this.lapses.has(router)) continue;
      // It offers again when everybody is silent, by the terms that it had.
      fellow.alone = true;
      fellow.watch = fellow.last === null ? null : { ...fellow.last, minPriority: 1 };
    }
    const ear = ears?.get(event.instance);
    if (ear === undefined) return;
    ear.interval = event.advert.interval;
    ear.source = event.advert.source;
  }

  /** The cable is in again: nothing could be heard before. */
  restart(router: Router, interfaceName: string): void {
    for (const ear of this.ears.get(router)?.values() ?? []) {
      if (ear.interface !== interfaceName) continue;
      ear.since = this.agenda.now();
      ear.interval = ear.own;
      ear.source = null;
    }
  }

  /** Asleep is not listening. */
  overslept(router: Router, gap: number): void {
    const now = this.agenda.now();
    for (const ear of this.ears.get(router)?.values() ?? []) {
      ear.since = Math.min(now, ear.since + gap);
      // It may want to hear a whole silence after waking.
      ear.ordered = now;
    }
    const lease = this.leases.get(router);
    if (lease !== undefined) this.leases.set(router, lease + gap);
  }

  /** The silence of a lone instance was long over, even with the largest skew there is. */
  tooLate(router: Router, instance: string, grace: number): string | null {
    const ear = this.ears.get(router)?.get(instance);
    if (ear === undefined || ear.watch === null || ear.resigned !== null) return null;
    const from = Math.max(ear.since, ear.ordered);
    const silent = this.agenda.now() - from;
    // Nothing heard since: the own interval is the one to go by.
    const interval = ear.source === null ? Math.max(ear.interval, ear.own) : ear.interval;
    const skew = ear.watch.learns ? interval : 1_000_000;
    const most = ear.watch.factor * interval + skew + grace;
    if (silent <= most) return null;
    return `${instance}: ${silent / 1000} ms of silence, at most ${most / 1000} ms are due`;
  }

  /** Null: the silence was long enough. */
  tooEarly(router: Router, instance: string): string | null {
    const ear = this.ears.get(router)?.get(instance);
    if (ear === undefined || ear.watch === null || ear.resigned !== null) return null;
    const silent = this.agenda.now() - ear.since;
    const least = ear.watch.factor * ear.interval;
    if (silent >= least) return null;
    const last = ear.source === null ? 'listening began' : `the last advert of ${ear.source}`;
    return `${instance}: ${silent / 1000} ms after ${last}, at least ${least / 1000} ms are due`;
  }
}
