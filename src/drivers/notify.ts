/**
 * Notify scripts: for one instance or group strictly in order, one at a time; different ones side
 * by side. A script that hangs is ended, so that the next state is told all the same.
 */
import type { Config, Hook, Notify as Hooks } from '../config/model';
import type { Notify } from '../core/command';
import { type Duration, seconds } from '../time';
import { type Finished, run, termsOf } from './process';
import type { Sink } from './sink';

const NOTIFY_TIMEOUT = seconds(30);
/** For those that are started at the very end; they may outlive us. */
const LAST_WORDS_MS = 100;

/**
 * `timeout`: how long one script may run. `settled`: after its limit what still waits for its turn
 * is started at once, side by side.
 */
export function notifyScripts(
  onFinished: (news: Notify, finished: Finished) => void,
  timeout: Duration = NOTIFY_TIMEOUT,
): Sink {
  let config: Config | null = null;
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
    configure: (next) => {
      config = next;
    },
    tell: (news) => {
      if (config === null) return;
      const { scriptUser } = config.global;
      const terms = termsOf(config.global);
      for (const { argv, user } of commandLines(news, config)) {
        enqueue(`${news.scope} ${news.name}`, async () => {
          onFinished(news, await run(argv, timeout, user ?? scriptUser, {}, terms).finished);
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
function commandLines(news: Notify, config: Config): Hook[] {
  const list = news.scope === 'GROUP' ? config.groups : config.instances;
  const hooks = list.find(({ name }) => name === news.name)?.notify;
  if (hooks === undefined) return [];
  const own = hooks[SCRIPT_OF[news.state]];
  const words = [news.scope, news.name, news.state, String(news.priority)];
  const any = hooks.any === null ? null : { ...hooks.any, argv: [...hooks.any.argv, ...words] };
  return [own, any].filter((hook): hook is Hook => hook !== null);
}

const SCRIPT_OF = {
  MASTER: 'master',
  BACKUP: 'backup',
  FAULT: 'fault',
  STOP: 'stop',
} as const satisfies Readonly<Record<Notify['state'], keyof Hooks>>;
