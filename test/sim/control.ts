/**
 * The control plane of one simulated node: the real core behind an event loop that may stall.
 * Events wait in its inbox and keep their instant; scripts end on a way of their own, so that a
 * result may overtake what the data plane has said.
 */
import type { Command, PlaneCommand } from '../../src/core/command';
import type { Event } from '../../src/core/event';
import { deadline, type Node, newNode, step } from '../../src/core/node';
import { isPlanes } from '../../src/daemon/hands';
import { instantAt } from '../../src/time';
import { fails, succeeds } from '../core/fixture';
import type { Agenda } from './agenda';
import type { Random } from './random';

export interface ControlHost {
  /** Commands that have crossed to the data plane. */
  submit(commands: readonly PlaneCommand[]): void;
  /** `before` and `after` one step. */
  stepped(before: Node, event: Event, after: Node): void;
  /** The events of one turn are dealt with. */
  settled(): void;
  /** Whether this script would succeed at this moment. */
  succeeds(script: string): boolean;
}

export class Control {
  node: Node = newNode;
  /** events and commands between the two planes, neither here nor there. */
  private crossing = 0;
  private inbox: Event[] = [];
  private stalled = false;
  private lastArrival = 0;
  private lastSubmit = 0;
  private armed: number | null = null;
  private closed = false;

  constructor(
    private readonly host: ControlHost,
    private readonly agenda: Agenda,
    private readonly random: Random,
  ) {}

  /** Everything said has been heard on both sides. */
  quiet(): boolean {
    return this.crossing === 0 && this.inbox.length === 0;
  }

  hangs(): boolean {
    return this.stalled;
  }

  /** From the data plane: in order, each after its hop. */
  tell(event: Event): void {
    this.crossing++;
    this.lastArrival = Math.max(this.lastArrival, this.agenda.now() + this.hop());
    this.agenda.enter(this.lastArrival, () => {
      this.crossing--;
      this.arrive(event);
    });
  }

  /** From the control side itself. */
  arrive(event: Event): void {
    if (this.closed) return;
    this.inbox.push(event);
    if (!this.stalled) this.turn();
  }

  stall(): void {
    this.stalled = true;
  }

  proceed(): void {
    this.stalled = false;
    if (!this.closed && this.inbox.length > 0) this.turn();
  }

  close(): void {
    this.closed = true;
    this.inbox = [];
  }

  // ---- one turn of the event loop

  private turn(): void {
    const orders: PlaneCommand[] = [];
    for (const queued of this.inbox.splice(0)) {
      const event = this.dated(queued);
      const before = this.node;
      const [node, commands] = step(before, event);
      this.node = node;
      if (event.kind === 'woken') this.armed = null;
      this.host.stepped(before, event, node);
      for (const command of commands) this.obey(command, orders);
    }
    const at = deadline(this.node)?.at ?? null;
    if (at !== this.armed) {
      this.armed = at;
      orders.push({ kind: 'wake', at });
    }
    if (orders.length > 0) this.submit(orders);
    this.host.settled();
  }

  /** The control side reads the clock when it looks; the data plane's events bring theirs. */
  private dated(event: Event): Event {
    const own =
      event.kind === 'script-finished' ||
      event.kind === 'file-read' ||
      event.kind === 'configured' ||
      event.kind === 'stopped';
    return own ? { ...event, at: instantAt(this.agenda.now()) } : event;
  }

  private obey(command: Command, orders: PlaneCommand[]): void {
    if (command.kind === 'run-script') this.run(command.script);
    else if (isPlanes(command)) orders.push(command);
  }

  private run(name: string): void {
    const watched = this.node.trackers.scripts.get(name);
    if (watched === undefined) return;
    const runtime = this.random.below(Math.max(1, watched.script.interval / 2));
    this.agenda.enter(this.agenda.now() + runtime, () => {
      const outcome = this.host.succeeds(name) ? succeeds : fails;
      const at = instantAt(this.agenda.now());
      this.arrive({ kind: 'script-finished', at, script: name, outcome, output: '' });
    });
  }

  private submit(orders: readonly PlaneCommand[]): void {
    this.crossing++;
    this.lastSubmit = Math.max(this.lastSubmit, this.agenda.now() + this.hop());
    this.agenda.enter(this.lastSubmit, () => {
      this.crossing--;
      this.host.submit(orders);
    });
  }

  private hop(): number {
    return this.random.oneIn(24) ? this.random.below(HOP_MAX) : this.random.between(8, 30);
  }
}

/** The longest that an event or a command is under way while nothing is wrong. */
export const HOP_MAX = 3000;
