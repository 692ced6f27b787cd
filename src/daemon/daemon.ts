/**
 * The loop: events step the machine, the machine returns commands, drivers carry them out. Knows
 * everyone, decides nothing.
 */
import type { Logger } from 'pino';
import type { Config } from '../config/model';
import type { Command, Notify, PlaneCommand } from '../core/command';
import type { Event } from '../core/event';
import { deadline, newNode, step } from '../core/node';
import { type Notifier, notifier } from '../drivers/notify';
import { openPlane, planeNow } from '../drivers/plane';
import type { Finished } from '../drivers/process';
import { type Scripts, scripts } from '../drivers/script';
import { type TrackedFiles, trackedFiles } from '../drivers/track-file';
import type { Instant } from '../time';
import { logStep } from './log';
import { outcomeText } from './texts';

/** How long a stop waits for notify scripts; the whole stop stays under a second. */
const STOP_PATIENCE_MS = 700;

export interface Daemon {
  /** A new configuration, already validated. */
  configure(config: Config): void;
  /** Resigns, releases, tells STOP. Resolves when all is done. */
  stop(): Promise<void>;
}

/** What carries out the commands that are not the data plane's. */
interface Hands {
  readonly checks: Scripts;
  readonly notify: Notifier;
  readonly files: TrackedFiles;
}

/** Throws when the data plane cannot start (no permission, no such kernel feature). */
export function startDaemon(first: Config, log: Logger): Daemon {
  let node = newNode;
  let config = first;
  let armed: Instant | null = null;

  const hands: Hands = {
    notify: notifier((command, finished) => reportNotify(log, command, finished)),
    checks: scripts((script, outcome) => {
      handle([{ kind: 'script-finished', at: planeNow(), script, outcome }]);
    }),
    files: trackedFiles((file, value) => {
      handle([{ kind: 'file-read', at: planeNow(), file, value }]);
    }),
  };
  const plane = openPlane({ realtime: first.global.realtime }, (events) => handle(events));

  function handle(events: readonly Event[]): void {
    const orders: PlaneCommand[] = [];
    for (const event of events) {
      if (event.kind === 'woken') armed = null;
      const before = node;
      const [next, commands] = step(node, event);
      node = next;
      logStep(log, event, before, next);
      for (const command of commands) obey(command, config, hands, orders);
    }
    const due = deadline(node)?.at ?? null;
    if (due !== armed) {
      armed = due;
      orders.push({ kind: 'wake', at: due });
    }
    plane.submit(orders);
  }

  function configure(next: Config): void {
    config = next;
    handle([{ kind: 'configured', at: planeNow(), config: next }]);
  }

  configure(first);
  return {
    configure,
    stop: async () => {
      handle([{ kind: 'stopped', at: planeNow() }]);
      hands.checks.close();
      hands.files.close();
      // Joins the thread: priority 0 is out and the addresses are gone when it returns.
      const last = plane.close();
      for (const event of last) if (event.kind === 'failed') logStep(log, event, node, node);
      await hands.notify.settled(STOP_PATIENCE_MS);
    },
  };
}

function obey(command: Command, config: Config, hands: Hands, orders: PlaneCommand[]): void {
  switch (command.kind) {
    case 'run-script': {
      const script = config.scripts.find(({ name }) => name === command.script);
      if (script !== undefined) hands.checks.run(script, config.global.scriptUser);
      return;
    }
    case 'track-files':
      hands.files.track(command.files);
      return;
    case 'notify':
      hands.notify.notify(command, config);
      return;
    default:
      orders.push(command);
  }
}

function reportNotify(log: Logger, command: Notify, { outcome, output }: Finished): void {
  if (outcome.kind === 'exited' && outcome.status === 0) return;
  const fields = { name: command.name, output: output.trim() };
  log.warn(fields, `notify script for ${command.name} ${command.state} ${outcomeText(outcome)}`);
}
