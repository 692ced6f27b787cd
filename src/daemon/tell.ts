/**
 * News of states → every sink, in keepalived's order: commands, then pipes, then whatever is sent.
 */
import type { Logger } from 'pino';
import type { Config } from '../config/model';
import type { Notify } from '../core/command';
import { fifos } from '../drivers/fifo';
import { MAIL_PATIENCE_MS, mailSink } from '../drivers/mail';
import { notifyScripts } from '../drivers/notify';
import { planeNow } from '../drivers/plane';
import { recorder } from '../drivers/record';
import type { Sink } from '../drivers/sink';
import { WEBHOOK_PATIENCE_MS, webhooks } from '../drivers/webhook';
import { between, type Instant, toMilliseconds } from '../time';
import { logMail } from './log-mail';
import { logFifo, logNotify } from './log-tell';
import { logWebhook } from './log-webhook';

/** How long a stop waits for commands; without mail or webhooks that wait it is under a second. */
const STOP_PATIENCE_MS = 700;

export interface Teller {
  configure(config: Config): void;
  tell(news: Notify): void;
  settled(): Promise<void>;
}

export function teller(log: Logger): Teller {
  const recordOf = recorder(dateOf);
  const scripts = notifyScripts(logNotify(log), recordOf);
  const pipes = fifos(logFifo(log));
  const mail = mailSink((report) => logMail(log, report), { dateOf });
  const hooks = webhooks(logWebhook(log), recordOf);
  const sinks: readonly Sink[] = [scripts, pipes, mail, hooks];
  return {
    configure: (config) => {
      for (const sink of sinks) sink.configure(config);
    },
    tell: (news) => {
      for (const sink of sinks) sink.tell(news);
    },
    settled: async () => {
      await Promise.all([
        scripts.settled(STOP_PATIENCE_MS),
        pipes.settled(STOP_PATIENCE_MS),
        mail.settled(MAIL_PATIENCE_MS),
        hooks.settled(WEBHOOK_PATIENCE_MS),
      ]);
    },
  };
}

/** The kernel's monotonic clock on the calendar, as both stand now. */
const dateOf = (at: Instant): Date =>
  new Date(Date.now() - toMilliseconds(between(at, planeNow())));
