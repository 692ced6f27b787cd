/**
 * Notify scripts: for one instance or group strictly in order, one at a time; different ones side
 * by side. A script that hangs is ended, so that the next state is told all the same.
 */
import type { Config, Hook, Notify as Hooks } from '../config/model';
import type { Notify } from '../core/command';
import { type Duration, seconds } from '../time';
import { type Finished, run } from './process';

const NOTIFY_TIMEOUT = seconds(30);
/** For those that are started at the very end; they may outlive us. */
const LAST_WORDS_MS = 100;

export interface Notifier {
  notify(command: Notify, config: Config): void;
  /**
   * Resolves when all that was asked has run. After `limit` milliseconds what still waits for its
   * turn is started at once, side by side.
   */
  settled(limit: number): Promise<void>;
}

/** `timeout`: how long one script may run. */
export function notifier(
  onFinished: (command: Notify, finished: Finished) => void,
  timeout: Duration = NOTIFY_TIMEOUT,
): Notifier {
  const queues = new Map<string, Promise<void>>();
  /** not started yet; each leaves as it starts. */
  const waiting = new Set<() => Promise<void>>();
  const enqueue = (key: string, job: () => Promise<void>): void => {
    const once = async (): Promise<void> => {
      if (waiting.delete(once)) await job();
    };
    waiting.add(once);
    const tail = (queues.get(key) ?? Promise.resolve()).then(once);
    queues.set(key, tail);
    void tail.then(() => {
      if (queues.get(key) === tail) queues.delete(key);
    });
  };
  return {
    notify: (command, config) => {
      for (const { argv, user } of commandLines(command, config)) {
        const account = user ?? config.global.scriptUser;
        enqueue(`${command.scope} ${command.name}`, async () => {
          onFinished(command, await run(argv, timeout, account).finished);
        });
      }
    },
    settled: async (limit) => {
      await within(limit, [...queues.values()]);
      // A script that hangs must not keep the last word from being said: start what waits, now.
      await within(
        LAST_WORDS_MS,
        [...waiting].map((start) => start()),
      );
    },
  };
}

async function within(limit: number, jobs: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limit);
  });
  await Promise.race([Promise.all(jobs), tooLate]);
  clearTimeout(timer);
}

/** keepalived's order: the state's own script, then the generic one with its four words. */
function commandLines(command: Notify, config: Config): Hook[] {
  const list = command.scope === 'GROUP' ? config.groups : config.instances;
  const hooks = list.find(({ name }) => name === command.name)?.notify;
  if (hooks === undefined) return [];
  const own = hooks[SCRIPT_OF[command.state]];
  const words = [command.scope, command.name, command.state, String(command.priority)];
  const any = hooks.any === null ? null : { ...hooks.any, argv: [...hooks.any.argv, ...words] };
  return [own, any].filter((hook): hook is Hook => hook !== null);
}

const SCRIPT_OF = {
  MASTER: 'master',
  BACKUP: 'backup',
  FAULT: 'fault',
  STOP: 'stop',
} as const satisfies Readonly<Record<Notify['state'], keyof Hooks>>;
