/**
 * What must hold after every step, whatever happens. Written against what can be seen from outside
 * (packets, held addresses, orders, the core's state), never against the standing orders' insides.
 */
import { virtualRouter } from '../../src/config/identity';
import type { PlaneCommand } from '../../src/core/command';
import type { PlaneEvent } from '../../src/core/event';
import type { Agenda } from './agenda';
import { HOP_MAX } from './control';
import type { Lan, Packet } from './lan';
import { Listening } from './listening';
import { OVERSLEPT } from './plane';
import type { Router } from './router';
import type { Scenario } from './scenario';

export type Rule =
  | 'two masters hear each other'
  | 'an address is held where no master is'
  | 'core and data plane disagree'
  | 'a sync group is torn'
  | 'a node in fault holds an address'
  | 'took over from a master that it hears'
  | 'took over too late'
  | 'made master without having listened'
  | 'a hung standby took over'
  | 'the master hangs and no peer takes over'
  | 'the master hangs alone and lets go'
  | 'no single master after healing'
  | 'the best is not master after healing'
  | 'mastership moves after healing'
  | 'nobody succeeds a dead master'
  | 'the core threw';

export class Violation extends Error {
  constructor(
    readonly rule: Rule,
    detail: string,
  ) {
    super(`${rule}: ${detail}`);
  }
}

/** Two nodes that both hold one instance. `open` ends the window when anything about it changes. */
interface Window {
  open: boolean;
}

export class Checks {
  lan: Lan | null = null;
  /** when somebody last claimed or released anything. */
  lastMove = 0;
  private readonly windows = new Map<string, Window>();
  private readonly listening: Listening;
  private readonly spoke = new Map<Router, Set<string>>();
  /** who was made master by an order in this turn, by node and instance. */
  private readonly unheard = new Set<string>();
  /** who let go in this turn: when it catches up, an order may follow one that it overtook. */
  private readonly left = new Set<string>();

  constructor(
    private readonly scenario: Scenario,
    private readonly routers: readonly Router[],
    private readonly agenda: Agenda,
  ) {
    this.listening = new Listening(agenda);
  }

  /**
   * How long two masters may hear each other. Both advertise: the loser hears the winner within one
   * interval. One listens before it speaks (1.25 intervals) or offers (its own master-down time, in
   * which any advert makes it yield): the other's next advert comes within an interval. Both offer:
   * one master-down time, then priority 1 and the address decide. The longest master-down time of
   * any node covers all of it, plus the packet's way and a late wake on each side.
   */
  private bound(): number {
    const { down, interval, delay } = this.scenario;
    return Math.max(down, 2.25 * interval) + interval + 2 * delay + 2 * LATE_MAX;
  }

  // ---- what happens

  started(router: Router): void {
    this.listening.forget(router);
    this.changed(router);
  }

  /** Its power, link or ability to hear changed. */
  changed(router: Router): void {
    this.lastMove = this.agenda.now();
    for (const key of router.instances.keys()) this.pairs(router, key);
  }

  /** Cuts or loss changed. */
  networkChanged(): void {
    for (const router of this.routers) this.changed(router);
  }

  plugged(router: Router, interfaceName: string): void {
    // A core that hangs did not learn of it, and its last order stands.
    if (router.hangs()) return;
    this.listening.restart(router, interfaceName);
  }

  ordered(router: Router, command: PlaneCommand): void {
    this.listening.ordered(router, command);
  }

  heard(router: Router, instance: string, packet: Packet, at: number): void {
    this.listening.heard(router, instance, packet, at);
  }

  overslept(router: Router, gap: number): void {
    this.listening.overslept(router, gap);
  }

  /** What the data plane says itself. */
  told(router: Router, event: PlaneEvent): void {
    if (event.kind === 'lease-lapsed') this.listening.lapsed(router);
    if (event.kind === 'yielded') this.listening.yielded(router, event);
  }

  sent(router: Router, instance: string, priority: number): void {
    if (priority === 0) return;
    const set = this.spoke.get(router) ?? new Set<string>();
    this.spoke.set(router, set.add(instance));
  }

  claimed(router: Router, instance: string, why: 'order' | 'silence'): void {
    if (why === 'silence') this.takeover(router, instance);
    // RFC 9568 §6.4.1: the owner of the addresses, and nobody else, begins as master.
    else if (router.instances.get(instance)?.priority !== 255) {
      this.unheard.add(`${router.name} ${instance}`);
    }
    this.listening.claimed(router, instance);
    this.lastMove = this.agenda.now();
    this.pairs(router, instance);
  }

  released(router: Router, instance: string): void {
    this.spoke.get(router)?.delete(instance);
    this.unheard.delete(`${router.name} ${instance}`);
    this.left.add(`${router.name} ${instance}`);
    this.listening.released(router, instance);
    this.lastMove = this.agenda.now();
    this.pairs(router, instance);
  }

  /** The end of a turn of either plane of this node. */
  settled(router: Router): void {
    const { plane } = router;
    if (plane === null) return;
    for (const one of this.unheard) {
      if (!this.left.has(one)) throw new Violation('made master without having listened', one);
    }
    this.unheard.clear();
    this.left.clear();
    const spoke = this.spoke.get(router);
    if (spoke !== undefined && spoke.size > 0) {
      for (const name of spoke) {
        if (plane.held.has(name) || !plane.stations.has(name)) continue;
        throw new Violation(
          'an address is held where no master is',
          `${router.name} advertises ${name} and does not hold its addresses`,
        );
      }
      spoke.clear();
    }
    this.groups(router);
    if (router.quiet() && !router.hangs()) this.agreement(router);
  }

  // ---- rules

  private groups(router: Router): void {
    const held = router.plane?.held;
    if (held === undefined || held.size === 0 || this.regroups(router)) return;
    for (const group of router.config.groups) {
      const keys = router.config.instances
        .filter(({ name }) => group.members.includes(name))
        .map(virtualRouter);
      const masters = keys.filter((key) => held.has(key));
      if (masters.length === 0 || masters.length === keys.length) continue;
      throw new Violation(
        'a sync group is torn',
        `${router.name} holds only ${masters.join(', ')}`,
      );
    }
  }

  /** Who comes into a group that is master listens first; that is over before long. */
  private regroups(router: Router): boolean {
    if (!router.regrouping) return false;
    const apart = router.node()?.units.some((unit) => unit.apart) ?? false;
    router.regrouping = apart || !router.quiet() || router.hangs();
    return router.regrouping;
  }

  private agreement(router: Router): void {
    const units = router.node()?.units ?? [];
    if (router.node()?.stopped === true) return;
    for (const unit of units) {
      for (const { key } of unit.members) {
        const holds = router.holds(key);
        if (holds === (unit.state === 'master')) continue;
        const what = `${router.name} ${key} is ${unit.state} and ${
          holds ? 'holds' : 'does not hold'
        } its addresses`;
        if (unit.state === 'fault') throw new Violation('a node in fault holds an address', what);
        throw new Violation('core and data plane disagree', what);
      }
    }
  }

  private takeover(router: Router, instance: string): void {
    const lease = this.listening.leaseOf(router);
    if (lease !== null && this.agenda.now() > lease + LATE_MAX) {
      throw new Violation('a hung standby took over', `${router.name} ${instance}`);
    }
    const heard = this.listening.tooEarly(router, instance);
    if (heard !== null) {
      throw new Violation('took over from a master that it hears', `${router.name} ${heard}`);
    }
    if (router.spec.config.groups.length > 0 || router.regrouped) return;
    const late = this.listening.tooLate(router, instance, OVERSLEPT + LATE_MAX);
    if (late !== null) throw new Violation('took over too late', `${router.name} ${late}`);
  }

  private pairs(router: Router, instance: string): void {
    const on = router.instances.get(instance)?.interface ?? null;
    if (on === null) return;
    for (const other of this.routers) {
      if (other === router) continue;
      const [a, b] = router.index < other.index ? [router, other] : [other, router];
      const key = `${a.index} ${b.index} ${instance}`;
      const both =
        a.holds(instance) && b.holds(instance) && a.runs() && b.runs() && this.hear(a, b, on);
      const window = this.windows.get(key);
      if (!both) {
        if (window !== undefined) window.open = false;
        this.windows.delete(key);
      } else if (window === undefined) {
        this.windows.set(key, this.newWindow(a, b, instance));
      }
    }
  }

  private newWindow(a: Router, b: Router, instance: string): Window {
    const window: Window = { open: true };
    const bound = this.bound();
    this.agenda.enter(this.agenda.now() + bound, () => {
      if (!window.open) return;
      throw new Violation(
        'two masters hear each other',
        `${a.name} and ${b.name} have both held ${instance} for ${bound / 1000} ms`,
      );
    });
    return window;
  }

  private hear(a: Router, b: Router, interfaceName: string): boolean {
    const clear = this.lan?.clear(a.index, b.index) ?? false;
    return clear && a.linked(interfaceName) && b.linked(interfaceName);
  }
}

/** The latest that a wake of the data plane comes while nothing is wrong, and a hop of an event. */
export const LATE_MAX = 1000 + HOP_MAX;
