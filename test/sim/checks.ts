/**
 * What must hold after every step, whatever happens. Written against what can be seen from outside
 * (packets, held addresses, orders, the core's state), never against the standing orders' insides.
 */
import { virtualRouter } from '../../src/config/identity';
import type { Config } from '../../src/config/model';
import type { PlaneCommand } from '../../src/core/command';
import type { PlaneEvent } from '../../src/core/event';
import type { Agenda } from '../../src/simulate/agenda';
import type { Lan, Packet } from '../../src/simulate/lan';
import { OVERSLEPT } from '../../src/simulate/plane';
import {
  hangs,
  holds,
  instancesOf,
  linked,
  nodeOf,
  quiet,
  type Router,
  runs,
} from '../../src/simulate/router';
import { Listening } from './listening';
import { HOP_MAX } from './luck';
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
  /** a reload has changed who is in a group with whom, and both planes are not at rest since. */
  private readonly regrouping = new Set<Router>();
  /** since the start of this life. */
  private readonly regrouped = new Set<Router>();

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
    this.regrouping.delete(router);
    this.regrouped.delete(router);
    if (router.config !== router.spec.config) this.regrouped.add(router);
    this.listening.forget(router);
    this.changed(router);
  }

  /** Its power, link or ability to hear changed. */
  changed(router: Router): void {
    this.lastMove = this.agenda.now();
    for (const key of instancesOf(router).keys()) this.pairs(router, key);
  }

  /** Cuts or loss changed. */
  networkChanged(): void {
    for (const router of this.routers) this.changed(router);
  }

  plugged(router: Router, interfaceName: string): void {
    // A core that hangs did not learn of it, and its last order stands.
    if (hangs(router)) return;
    this.listening.restart(router, interfaceName);
  }

  reloads(router: Router, before: Config): void {
    const groupsOf = ({ groups }: Config): string => JSON.stringify(groups.map((g) => g.members));
    if (groupsOf(before) === groupsOf(router.config)) return;
    this.regrouping.add(router);
    this.regrouped.add(router);
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
    else if (instancesOf(router).get(instance)?.priority !== 255) {
      this.unheard.add(`${router.spec.name} ${instance}`);
    }
    this.listening.claimed(router, instance);
    this.lastMove = this.agenda.now();
    this.pairs(router, instance);
  }

  released(router: Router, instance: string): void {
    this.spoke.get(router)?.delete(instance);
    this.unheard.delete(`${router.spec.name} ${instance}`);
    this.left.add(`${router.spec.name} ${instance}`);
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
          `${router.spec.name} advertises ${name} and does not hold its addresses`,
        );
      }
      spoke.clear();
    }
    this.groups(router);
    if (quiet(router) && !hangs(router)) this.agreement(router);
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
        `${router.spec.name} holds only ${masters.join(', ')}`,
      );
    }
  }

  /** Who comes into a group that is master listens first; that is over before long. */
  private regroups(router: Router): boolean {
    if (!this.regrouping.has(router)) return false;
    const apart = nodeOf(router)?.units.some((unit) => unit.apart) ?? false;
    const goesOn = apart || !quiet(router) || hangs(router);
    if (!goesOn) this.regrouping.delete(router);
    return goesOn;
  }

  private agreement(router: Router): void {
    const units = nodeOf(router)?.units ?? [];
    if (nodeOf(router)?.stopped === true) return;
    for (const unit of units) {
      for (const { key } of unit.members) {
        const held = holds(router, key);
        if (held === (unit.state === 'master')) continue;
        const what = `${router.spec.name} ${key} is ${unit.state} and ${
          held ? 'holds' : 'does not hold'
        } its addresses`;
        if (unit.state === 'fault') throw new Violation('a node in fault holds an address', what);
        throw new Violation('core and data plane disagree', what);
      }
    }
  }

  private takeover(router: Router, instance: string): void {
    const lease = this.listening.leaseOf(router);
    const hung = lease !== null && this.agenda.now() > lease + LATE_MAX;
    if (hung && !this.listening.gaveWayAlone(router, instance)) {
      throw new Violation('a hung standby took over', `${router.spec.name} ${instance}`);
    }
    const heard = this.listening.tooEarly(router, instance);
    if (heard !== null) {
      throw new Violation('took over from a master that it hears', `${router.spec.name} ${heard}`);
    }
    if (router.spec.config.groups.length > 0 || this.regrouped.has(router)) return;
    const late = this.listening.tooLate(router, instance, OVERSLEPT + LATE_MAX);
    if (late !== null) throw new Violation('took over too late', `${router.spec.name} ${late}`);
  }

  private pairs(router: Router, instance: string): void {
    const on = instancesOf(router).get(instance)?.interface ?? null;
    if (on === null) return;
    for (const other of this.routers) {
      if (other === router) continue;
      const [a, b] = router.index < other.index ? [router, other] : [other, router];
      const key = `${a.index} ${b.index} ${instance}`;
      const both =
        holds(a, instance) && holds(b, instance) && runs(a) && runs(b) && this.hear(a, b, on);
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
        `${a.spec.name} and ${b.spec.name} have both held ${instance} for ${bound / 1000} ms`,
      );
    });
    return window;
  }

  private hear(a: Router, b: Router, interfaceName: string): boolean {
    const clear = this.lan?.clear(a.index, b.index) ?? false;
    return clear && linked(a, interfaceName) && linked(b, interfaceName);
  }
}

/** The latest that a wake of the data plane comes while nothing is wrong, and a hop of an event. */
export const LATE_MAX = 1000 + HOP_MAX;
