/**
 * News of states → every sink, in keepalived's order: the commands first. Their troubles are logged
 * here.
 */
import type { Logger } from 'pino';
import type { Config } from '../config/model';
import type { Notify } from '../core/command';
import { notifyScripts } from '../drivers/notify';
import type { Finished } from '../drivers/process';
import type { Sink } from '../drivers/sink';
import { outcomeText } from './texts';

/** How long a stop waits for what was still to be told; the whole stop stays under a second. */
const STOP_PATIENCE_MS = 700;

export interface Teller {
  configure(config: Config): void;
  tell(news: Notify): void;
  settled(): Promise<void>;
}

export function teller(log: Logger): Teller {
  const sinks: readonly Sink[] = [
    notifyScripts((news, finished) => logNotifyScript(log, news, finished)),
  ];
  return {
    configure: (config) => {
      for (const sink of sinks) sink.configure(config);
    },
    tell: (news) => {
      for (const sink of sinks) sink.tell(news);
    },
    settled: async () => {
      await Promise.all(sinks.map((sink) => sink.settled(STOP_PATIENCE_MS)));
    },
  };
}

function logNotifyScript(log: Logger, news: Notify, { outcome, output }: Finished): void {
  if (outcome.kind === 'exited' && outcome.status === 0) return;
  const fields = { name: news.name, output: output.trim() };
  log.warn(fields, `notify script for ${news.name} ${news.state} ${outcomeText(outcome)}`);
}
