/**
 * Notify commands: for one instance or group strictly in order, one at a time; different ones side
 * by side. One that hangs is ended, so that the next state is told all the same. What waits is
 * bounded, and with notify_coalesce a newer state lets it be skipped.
 */
import type { Config, Hook, Notify as Hooks, User } from '../config/model';
import { type Notify, wordOf } from '../core/command';
import type { Duration } from '../time';
import { type Finished, run, type Terms, termsOf } from './process';
import { environmentOf, type NewsRecord, type Recorder } from './record';
import type { Sink } from './sink';
import { turns } from './turns';

export interface NotifyReports {
  finished(news: Notify, argv: readonly string[], finished: Finished): void;
  /** `by` has come, so that many that waited are skipped: it says the newer, or they were many. */
  skipped(by: Notify, count: number, why: 'superseded' | 'too-many'): void;
  /** At the end, and left alone. */
  running(news: Notify, argv: readonly string[]): void;
}

interface Job {
  readonly news: Notify;
  readonly argv: readonly string[];
  readonly user: User | null;
  readonly terms: Terms;
  readonly timeout: Duration;
  readonly record: NewsRecord;
}

/** After the limit of `settled` what still waits for its turn is started at once, side by side. */
export function notifyScripts(reports: NotifyReports, recordOf: Recorder): Sink {
  let config: Config | null = null;
  let before: Config | null = null;
  const queues = turns<Job>(async ({ news, argv, timeout, user, terms, record }) => {
    const { finished } = run(argv, timeout, user, environmentOf(record), terms);
    reports.finished(news, argv, await finished);
  });
  return {
    configure: (latest) => {
      before = config;
      config = latest;
    },
    tell: (news) => {
      const about = news.gone === true ? before : config;
      if (about === null) return;
      const { scriptUser, telling } = about.global;
      const jobs = commandLines(news, about).map(({ argv, user }) => ({
        news,
        argv,
        user: user ?? scriptUser,
        terms: termsOf(about.global),
        timeout: telling.timeout,
        record: recordOf(news, about),
      }));
      if (jobs.length === 0) return;
      const key = `${news.scope} ${news.name}`;
      const isOld = (job: Job): boolean => telling.coalesce && supersedes(news, job.news);
      const { superseded, surplus } = queues.add(key, jobs, isOld);
      if (superseded > 0) reports.skipped(news, superseded, 'superseded');
      if (surplus > 0) reports.skipped(news, surplus, 'too-many');
    },
    settled: async (limit) => {
      for (const { news, argv } of await queues.settled(limit)) reports.running(news, argv);
    },
  };
}

/** A state makes all that was before it old news; a remark does that to its like. */
const supersedes = (news: Notify, old: Notify): boolean =>
  news.remark === undefined || news.remark === old.remark;

/** keepalived's order: the state's own command, then the generic one with its four words. */
function commandLines(news: Notify, config: Config): readonly Hook[] {
  const list = news.scope === 'GROUP' ? config.groups : config.instances;
  const hooks = list.find(({ name }) => name === news.name)?.notify;
  if (hooks === undefined) return [];
  switch (news.remark ?? 'state') {
    case 'lower-advert':
      return hooks.lowerAdvert === null ? [] : [hooks.lowerAdvert];
    // keepalived tells these to pipes alone.
    case 'priority':
    case 'repeated':
      return [];
    case 'state': {
      const own = isFarewell(news) ? null : hooks[SCRIPT_OF[news.state]];
      const words = [news.scope, news.name, wordOf(news), String(news.priority)];
      const any = hooks.any === null ? null : { ...hooks.any, argv: [...hooks.any.argv, ...words] };
      return [own, any].filter((hook): hook is Hook => hook !== null);
    }
  }
}

/** keepalived says FAULT to the generic command then, and runs no notify_fault. */
const isFarewell = ({ gone, state }: Notify): boolean => gone === true && state === 'FAULT';

const SCRIPT_OF = {
  MASTER: 'master',
  BACKUP: 'backup',
  FAULT: 'fault',
  STOP: 'stop',
  DELETED: 'deleted',
} as const satisfies Readonly<Record<Notify['state'], keyof Hooks>>;
