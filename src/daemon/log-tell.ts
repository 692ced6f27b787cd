/**
 * The log's texts about telling: what became of notify commands and of lines for pipes.
 */
import type { Logger } from 'pino';
import { type Notify, wordOf } from '../core/command';
import type { FifoReports } from '../drivers/fifo';
import type { NotifyReports } from '../drivers/notify';
import { outcomeText } from './texts';

const whose = (news: Notify): string => `${news.name} ${wordOf(news)}`;

export const logNotify = (log: Logger): NotifyReports => ({
  finished: (news, argv, { outcome, output }) => {
    const ok = outcome.kind === 'exited' && outcome.status === 0;
    const fields = { name: news.name, command: argv.join(' '), outcome, output: output.trim() };
    const text = `notify script for ${whose(news)} ${outcomeText(outcome)}`;
    log[ok ? 'debug' : 'warn'](fields, text);
  },
  skipped: (by, count, why) => {
    const scripts = `${count} notify script${count === 1 ? '' : 's'} of ${by.name}`;
    const reason =
      why === 'superseded'
        ? `overtaken by ${wordOf(by)} (notify_coalesce)`
        : 'too many were waiting, the oldest first';
    log[why === 'superseded' ? 'info' : 'error'](
      { name: by.name, count },
      `${scripts} skipped: ${reason}`,
    );
  },
  running: (news, argv) => {
    const fields = { name: news.name, command: argv.join(' ') };
    log.warn(fields, `notify script for ${whose(news)} still runs; left to itself`);
  },
});

export const logFifo = (log: Logger): FifoReports => ({
  unusable: (path, why) => log.error({ path }, `notify FIFO ${path} cannot be used: ${why}`),
  full: (path) => {
    log.warn(
      { path },
      `notify FIFO ${path} is full: nobody reads it, or not fast enough; lines are lost`,
    );
  },
  lost: (path, lines) => {
    log.warn({ path, lines }, `notify FIFO ${path}: ${lines} line${lines === 1 ? '' : 's'} lost`);
  },
  readerEnded: (path, argv, outcome) => {
    const fields = { path, command: argv.join(' ') };
    const text = `notify FIFO script for ${path} ${outcomeText(outcome)}; a reload starts it again`;
    log.warn(fields, text);
  },
});
