/** pino as the daemon uses it: JSON lines on stdout, pretty ones on a terminal, never buffered. */
import pino, { type Logger } from 'pino';
import pretty from 'pino-pretty';

export function createLogger(level: string): Logger {
  const options = { level, base: null };
  if (!process.stdout.isTTY) return pino(options, pino.destination({ dest: 1, sync: true }));
  const stream = pretty({ sync: true, translateTime: 'SYS:HH:MM:ss.l', ignore: 'pid,hostname' });
  return pino(options, stream);
}
