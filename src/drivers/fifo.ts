/**
 * notify_fifo and its kind as a sink: keepalived's lines into named pipes, and the programs that
 * read them. A reader that is slow, dead or was never there costs lines, which are counted, and
 * never our time.
 */
import type { Config, User } from '../config/model';
import type { Fifo } from '../config/model-system';
import { type Notify, wordOf } from '../core/command';
import type { Outcome } from '../core/event';
import { closePipe, isStill, openPipe, type Pipe } from './pipe';
import { type Running, run, termsOf } from './process';
import type { Sink } from './sink';
import { within } from './within';

/** How long a reader has, after the last line, to read what is left and to end by itself. */
const DRAIN_MS = 300;
const DRAIN_STEP_MS = 5;
/** From SIGTERM to SIGKILL. */
const GRACE_MS = 200;

export interface FifoReports {
  /** Nothing is written to it until a reload. */
  unusable(path: string, why: string): void;
  /** Nobody reads, or not fast enough: the first line is lost. */
  full(path: string): void;
  /** There is room again. */
  lost(path: string, lines: number): void;
  /** Its program has ended, while we go on; it is not started again before a reload. */
  readerEnded(path: string, argv: readonly string[], outcome: Outcome): void;
}

/** One FIFO of the configuration while it is in force. */
interface Channel {
  readonly fifo: Fifo;
  readonly owner: User | null;
  /** null: it could not be opened, or has failed. */
  pipe: Pipe | null;
  reader: Reader | null;
  lost: number;
}

interface Reader {
  readonly process: Running;
  ended: boolean;
  /** we have ended it, or are about to. */
  dismissed: boolean;
}

type Name = 'all' | 'vrrp' | 'lvs';
const NAMES: readonly Name[] = ['all', 'vrrp', 'lvs'];

export function fifos(reports: FifoReports): Sink {
  const channels = new Map<Name, Channel>();
  const leaving = new Set<Promise<void>>();

  const close = (channel: Channel, isLast: boolean): void => {
    if (channel.lost > 0) reports.lost(channel.fifo.path, channel.lost);
    const farewell = leave(channel, isLast);
    leaving.add(farewell);
    void farewell.then(() => leaving.delete(farewell));
  };

  return {
    configure: ({ global }) => {
      for (const name of NAMES) {
        const old = channels.get(name);
        const fifo = global.system.fifos[name];
        const owner = fifo?.owner ?? global.scriptUser;
        const kept = old !== undefined && fifo !== null && isSame(old, fifo, owner);
        if (kept) {
          renew(old, global, reports);
          continue;
        }
        if (old !== undefined) close(old, false);
        channels.delete(name);
        if (fifo !== null) channels.set(name, open(fifo, owner, global, reports));
      }
    },
    tell: (news) => {
      const line = lineOf(news);
      // What lvs_notify_fifo tells of are servers.
      for (const name of ['all', 'vrrp'] as const) {
        const channel = channels.get(name);
        if (channel !== undefined) write(channel, line, reports);
      }
    },
    settled: async (limit) => {
      for (const channel of channels.values()) close(channel, true);
      channels.clear();
      await within(limit, Promise.all(leaving));
    },
  };
}

/** keepalived's line, to the octet. */
export const lineOf = (news: Notify): string =>
  `${news.scope} "${news.name}" ${wordOf(news)} ${news.priority}\n`;

const isSame = ({ fifo, owner, pipe }: Channel, now: Fifo, nowOwner: User | null): boolean =>
  pipe !== null &&
  JSON.stringify([fifo, owner]) === JSON.stringify([now, nowOwner]) &&
  isStill(pipe);

function open(
  fifo: Fifo,
  owner: User | null,
  global: Config['global'],
  reports: FifoReports,
): Channel {
  const channel: Channel = { fifo, owner, pipe: null, reader: null, lost: 0 };
  const opened = openPipe(fifo.path, owner);
  if (opened.kind === 'refused') {
    reports.unusable(fifo.path, opened.why);
    return channel;
  }
  channel.pipe = opened;
  renew(channel, global, reports);
  return channel;
}

/** Starts the reader, unless it runs. */
function renew(channel: Channel, global: Config['global'], reports: FifoReports): void {
  const { fifo, reader: old } = channel;
  if (fifo.reader === null || old?.ended === false) return;
  const argv = [...fifo.reader.argv, fifo.path];
  const reader: Reader = {
    process: run(argv, null, fifo.reader.user ?? global.scriptUser, {}, termsOf(global)),
    ended: false,
    dismissed: false,
  };
  channel.reader = reader;
  void reader.process.finished.then(({ outcome }) => {
    reader.ended = true;
    if (!reader.dismissed) reports.readerEnded(fifo.path, argv, outcome);
  });
}

function write(channel: Channel, line: string, reports: FifoReports): void {
  const { pipe, fifo } = channel;
  if (pipe === null) return;
  const written = pipe.write(line);
  switch (written.kind) {
    case 'written':
      if (channel.lost > 0) reports.lost(fifo.path, channel.lost);
      channel.lost = 0;
      return;
    case 'full':
      if (channel.lost === 0) reports.full(fifo.path);
      channel.lost++;
      return;
    case 'failed':
      closePipe(pipe);
      channel.pipe = null;
      reports.unusable(fifo.path, written.why);
  }
}

/**
 * With the last end of a pipe what is in it is gone, and a reader that was started a moment ago may
 * not have opened it. `isLast`: no other pipe takes its path.
 */
async function leave({ pipe, reader }: Channel, isLast: boolean): Promise<void> {
  const reads = isLast && reader !== null && !reader.ended;
  const until = Date.now() + DRAIN_MS;
  while (reads && pipe !== null && pipe.unread() > 0 && !reader.ended && Date.now() < until) {
    await within(DRAIN_STEP_MS, reader.process.finished);
  }
  if (pipe !== null) closePipe(pipe);
  await dismiss(reader);
}

/** The pipe is closed: it reads what is left, sees the end, and goes; or is made to. */
async function dismiss(reader: Reader | null): Promise<void> {
  if (reader === null || reader.ended) return;
  reader.dismissed = true;
  const { process } = reader;
  await within(DRAIN_MS, process.finished);
  if (reader.ended) return;
  process.kill('SIGTERM');
  await within(GRACE_MS, process.finished);
  if (!reader.ended) process.kill('SIGKILL');
  await process.finished;
}
