/**
 * The loop: events step the machine, the machine returns commands, drivers carry them out. Knows
 * everyone, decides nothing.
 */
import type { Logger } from 'pino';
import type { Config } from '../config/model';
import type { ControlCommand, PlaneCommand } from '../core/command';
import type { Event } from '../core/event';
import { deadline, newNode, step } from '../core/node';
import { openPlane, planeNow } from '../drivers/plane';
import type { Instant } from '../time';
import { hands, isPlanes } from './hands';
import { logStep } from './log';
import type { Asked } from './questions';

export interface Daemon {
  /** A new configuration, already validated. */
  configure(config: Config): void;
  /** What an operator may ask; see questions.ts. */
  readonly asked: Asked;
  /** Resigns, releases, tells STOP. Resolves when all is done. */
  stop(): Promise<void>;
}

/** Throws when the data plane cannot start (no permission, no such kernel feature). */
export function startDaemon(first: Config, log: Logger): Daemon {
  let node = newNode;
  let armed: Instant | null = null;

  const control = hands(log, (event) => handle([event]));
  const plane = openPlane({ realtime: first.global.realtime }, (events) => handle(events));

  function handle(events: readonly Event[]): void {
    const orders: PlaneCommand[] = [];
    const rest: ControlCommand[] = [];
    for (const event of events) {
      if (event.kind === 'woken') armed = null;
      const before = node;
      const [next, commands] = step(node, event);
      node = next;
      logStep(log, event, before, next);
      for (const command of commands) {
        if (isPlanes(command)) orders.push(command);
        else rest.push(command);
      }
    }
    const due = deadline(node)?.at ?? null;
    if (due !== armed) {
      armed = due;
      orders.push({ kind: 'wake', at: due });
    }
    plane.submit(orders);
    // Starting a program takes a millisecond, and an address is not to wait for one.
    for (const command of rest) control.obey(command);
  }

  function configure(next: Config): void {
    control.configure(next);
    handle([{ kind: 'configured', at: planeNow(), config: next }]);
  }

  configure(first);
  return {
    configure,
    asked: {
      askNginx: (name, want) => control.askNginx(name, want),
      services: () => node.services,
      now: planeNow,
    },
    stop: async () => {
      handle([{ kind: 'stopped', at: planeNow() }]);
      control.close();
      // Joins the thread: priority 0 is out and the addresses are gone when it returns.
      const last = plane.close();
      for (const event of last) if (event.kind === 'failed') logStep(log, event, node, node);
      await control.settled();
    },
  };
}
