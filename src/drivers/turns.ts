/**
 * Jobs that take turns: those of one key strictly in order, one at a time; those of different keys
 * side by side. What waits is bounded.
 */
import { within } from './within';

/** How many may wait for one key. */
const waitingMax = 200;
/** For those that are started at the very end; they may outlive us. */
const LAST_WORDS_MS = 100;

export interface Turns<Job> {
  /** Behind what waits for `key`, of which those go that `isOld` names. */
  add(key: string, jobs: readonly Job[], isOld: (job: Job) => boolean): Passed;
  /**
   * Resolves when all has run. After `limit` milliseconds what still waits is started at once, side
   * by side; answers what still runs soon after that.
   */
  settled(limit: number): Promise<readonly Job[]>;
}

/** How many that waited will never run. */
export interface Passed {
  readonly superseded: number;
  readonly surplus: number;
}

interface Queue<Job> {
  busy: boolean;
  waiting: Job[];
}

export function turns<Job>(run: (job: Job) => Promise<void>): Turns<Job> {
  const queues = new Map<string, Queue<Job>>();
  const running = new Set<Job>();
  let idle = (): void => {};
  const start = async (job: Job): Promise<void> => {
    running.add(job);
    await run(job);
    running.delete(job);
  };

  const next = (key: string, queue: Queue<Job>): void => {
    const job = queue.waiting.shift();
    queue.busy = job !== undefined;
    if (job !== undefined) {
      void start(job).then(() => next(key, queue));
      return;
    }
    queues.delete(key);
    if (queues.size === 0) idle();
  };

  return {
    add: (key, jobs, isOld) => {
      const queue = queues.get(key) ?? { busy: false, waiting: [] };
      queues.set(key, queue);
      const left = queue.waiting.filter((job) => !isOld(job));
      const superseded = queue.waiting.length - left.length;
      const surplus = Math.max(0, left.length + jobs.length - waitingMax);
      queue.waiting = [...left.slice(surplus), ...jobs];
      if (!queue.busy) next(key, queue);
      return { superseded, surplus };
    },
    settled: async (limit) => {
      const all = new Promise<void>((resolve) => {
        idle = resolve;
        if (queues.size === 0) resolve();
      });
      await within(limit, all);
      // One that hangs must not keep the last word from being said: start what waits, now.
      const late = [...queues.values()].flatMap(({ waiting }) => waiting.splice(0));
      await within(LAST_WORDS_MS, Promise.all([all, ...late.map(start)]));
      return [...running];
    },
  };
}
