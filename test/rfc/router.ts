/**
 * One router for the sentences of the RFC: the real core and real standing orders on a clock that
 * the test turns by hand, without any delay between them. The test is the rest of the network.
 */
import { virtualRouter } from '../../src/config/identity';
import type { Instance } from '../../src/config/model';
import type { PlaneCommand } from '../../src/core/command';
import type { Event } from '../../src/core/event';
import { deadline, type Node, newNode, step } from '../../src/core/node';
import { type Effect, native } from '../../src/drivers/addon';
import { type Duration, instantAt } from '../../src/time';
import {
  advertOf,
  at,
  config,
  configured,
  globalWith,
  instance,
  link,
  surveyed,
} from '../core/fixture';

export interface Sent {
  readonly at: number;
  readonly priority: number;
}

export const MINE = '192.0.2.2';
export const LOWER = '192.0.2.1';
export const HIGHER = '192.0.2.3';

export class TestRouter {
  node: Node = newNode;
  /** microseconds since the test began, at second 100. */
  now = 0;
  readonly sent: Sent[] = [];
  holds = false;
  announcements = 0;
  private readonly orders = new (native().Orders)();
  private readonly version: 2 | 3;
  private readonly key: string;

  constructor(change: Partial<Instance> = {}) {
    this.version = change.version ?? 2;
    const one = instance('VI_1', change);
    this.key = virtualRouter(one);
    const model = config({
      // The lease is not what these tests are about.
      global: globalWith({ stallLease: 3_000_000_000 as Duration }),
      instances: [one],
    });
    this.feed(configured(this.at(), model));
    this.feed(link(this.at(), { addresses: [MINE] }));
    this.feed(surveyed(this.at()));
  }

  get state(): string {
    return this.node.units[0]?.state ?? 'none';
  }

  /** An advert of a peer arrives at this moment. */
  hear(priority: number, source = HIGHER, interval = 1_000_000): void {
    const advert = advertOf(priority, {
      source,
      version: this.version,
      interval: interval as Duration,
    });
    this.perform(this.orders.heard(this.key, advert, this.at(), this.at()));
  }

  /** Time passes, and everything due happens when it is due. */
  pass(duration: number): void {
    const until = this.now + duration;
    for (;;) {
      const due = Math.min(this.orders.deadline() ?? Infinity, deadline(this.node)?.at ?? Infinity);
      const next = due - at(100);
      if (next > until) break;
      this.now = Math.max(this.now, next);
      this.perform(this.orders.expire(this.at()));
      if ((deadline(this.node)?.at ?? Infinity) <= this.at()) {
        this.feed({ kind: 'woken', at: this.at() });
      }
    }
    this.now = until;
  }

  /** Startup ends, Shutdown comes. */
  shutdown(): void {
    this.feed({ kind: 'stopped', at: this.at() });
  }

  /** Adverts sent since the last look. */
  takeSent(): Sent[] {
    return this.sent.splice(0);
  }

  feed(event: Event): void {
    const [node, commands] = step(this.node, event);
    this.node = node;
    const orders = commands.filter(
      (c): c is PlaneCommand => c.kind !== 'notify' && c.kind !== 'run-script',
    );
    if (orders.length > 0) this.perform(this.orders.submit(orders, this.at()));
  }

  private perform(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.kind === 'send-advert') {
        this.sent.push({ at: this.now, priority: effect.priority });
      }
      if (effect.kind === 'claim') this.holds = true;
      if (effect.kind === 'release') this.holds = false;
      if (effect.kind === 'announce') this.announcements += effect.rounds;
    }
    for (const effect of effects) if (effect.kind === 'report') this.feed(effect.event);
  }

  private at() {
    return instantAt(at(100) + this.now);
  }
}
