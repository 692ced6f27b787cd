/**
 * Notify scripts: for one instance or group strictly in order, one at a time; different ones side
 * by side. A script that hangs is ended, so that the next state is told all the same.
 */
import type { Config, Notify as Hooks, User } from '../config/model';
import type { Notify } from '../core/command';
import { seconds } from '../time';
import { type Finished, run } from './process';

const NOTIFY_TIMEOUT = seconds(30);

export interface Notifier {
  notify(command: Notify, config: Config): void;
  /** Resolves when all that was asked has run, or after `limit` milliseconds. */
  settled(limit: number): Promise<void>;
}

export function notifier(onFinished: (command: Notify, finished: Finished) => void): Notifier {
  const queues = new Map<string, Promise<void>>();
  const enqueue = (key: string, job: () => Promise<void>): void => {
    const tail = (queues.get(key) ?? Promise.resolve()).then(job);
    queues.set(key, tail);
    void tail.then(() => {
      if (queues.get(key) === tail) queues.delete(key);
    });
  };
  return {
    notify: (command, config) => {
      for (const argv of commandLines(command, config)) {
        const user: User | null = config.global.scriptUser;
        enqueue(`${command.scope} ${command.name}`, async () => {
          onFinished(command, await run(argv, NOTIFY_TIMEOUT, user).finished);
        });
      }
    },
    settled: async (limit) => {
      let timer: NodeJS.Timeout | undefined;
      const tooLate = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, limit);
      });
      await Promise.race([Promise.all(queues.values()), tooLate]);
      clearTimeout(timer);
    },
  };
}

/** keepalived's order: the state's own script, then the generic one with its four words. */
function commandLines(command: Notify, config: Config): (readonly string[])[] {
  const list = command.scope === 'GROUP' ? config.groups : config.instances;
  const hooks = list.find(({ name }) => name === command.name)?.notify;
  if (hooks === undefined) return [];
  const own = hooks[SCRIPT_OF[command.state]];
  const words = [command.scope, command.name, command.state, String(command.priority)];
  return [own, hooks.any === null ? null : [...hooks.any, ...words]].filter(
    (argv): argv is readonly string[] => argv !== null,
  );
}

const SCRIPT_OF: Readonly<Record<Notify['state'], Exclude<keyof Hooks, 'any'>>> = {
  MASTER: 'master',
  BACKUP: 'backup',
  FAULT: 'fault',
  STOP: 'stop',
};
