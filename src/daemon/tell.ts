/**
 * News of states → every sink, in keepalived's order: commands, then pipes, then whatever is sent.
 */
import type { Logger } from 'pino';
import type { Config } from '../config/model';
import type { Notify } from '../core/command';
import { fifos } from '../drivers/fifo';
import { notifyScripts } from '../drivers/notify';
import { planeNow } from '../drivers/plane';
import { recorder } from '../drivers/record';
import type { Sink } from '../drivers/sink';
import { logFifo, logNotify } from './log-tell';

/** How long a stop waits for what was still to be told; the whole stop stays under a second. */
const STOP_PATIENCE_MS = 700;

export interface Teller {
  configure(config: Config): void;
  tell(news: Notify): void;
  settled(): Promise<void>;
}

export function teller(log: Logger): Teller {
  const record = recorder(planeNow);
  const scripts = notifyScripts(logNotify(log), record);
  const pipes = fifos(logFifo(log));
  const sinks: readonly Sink[] = [scripts, pipes];
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
