/**
 * News of states → every sink, in keepalived's order: the commands first. Their troubles are logged
 * here.
 */
import type { Logger } from 'pino';
import type { Config } from '../config/model';
import type { Notify } from '../core/command';
import { MAIL_PATIENCE_MS, mailSink } from '../drivers/mail';
import { notifyScripts } from '../drivers/notify';
import { planeNow } from '../drivers/plane';
import type { Finished } from '../drivers/process';
import type { Sink } from '../drivers/sink';
import { between, type Instant, toMilliseconds } from '../time';
import { logMail } from './log-mail';
import { outcomeText } from './texts';

/** How long a stop waits for commands; without mail that waits it stays under a second. */
const STOP_PATIENCE_MS = 700;

export interface Teller {
  configure(config: Config): void;
  tell(news: Notify): void;
  settled(): Promise<void>;
}

export function teller(log: Logger): Teller {
  const scripts = notifyScripts((news, finished) => logNotifyScript(log, news, finished));
  const mail = mailSink((report) => logMail(log, report), { dateOf });
  const sinks: readonly Sink[] = [scripts, mail];
  return {
    configure: (config) => {
      for (const sink of sinks) sink.configure(config);
    },
    tell: (news) => {
      for (const sink of sinks) sink.tell(news);
    },
    settled: async () => {
      await Promise.all([scripts.settled(STOP_PATIENCE_MS), mail.settled(MAIL_PATIENCE_MS)]);
    },
  };
}

/** The kernel's monotonic clock on the calendar, as both stand now. */
const dateOf = (at: Instant): Date =>
  new Date(Date.now() - toMilliseconds(between(at, planeNow())));

function logNotifyScript(log: Logger, news: Notify, { outcome, output }: Finished): void {
  if (outcome.kind === 'exited' && outcome.status === 0) return;
  const fields = { name: news.name, output: output.trim() };
  log.warn(fields, `notify script for ${news.name} ${news.state} ${outcomeText(outcome)}`);
}
