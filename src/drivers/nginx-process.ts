/**
 * What /proc says about an nginx: its master process by the pid file, whether it really is nginx,
 * its workers, its listening sockets. Reads only. A file that is gone is an answer, not a failure.
 */
import {
  closeSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  readSync,
  realpathSync,
} from 'node:fs';
import type { Nginx } from '../config/model-nginx';

export type Master =
  | { readonly kind: 'running'; readonly pid: number }
  | { readonly kind: 'missing'; readonly why: string };

export interface Worker {
  readonly pid: number;
  /** an old one that finishes its connections after a reload. */
  readonly leaving: boolean;
}

/** The master process that the pid file names, if it is alive and is this nginx. */
export function masterOf(nginx: Nginx): Master {
  const text = read(nginx.pidFile);
  if (text === null) return { kind: 'missing', why: `there is no ${nginx.pidFile}` };
  const pid = Number.parseInt(text, 10);
  if (!(pid > 0)) return { kind: 'missing', why: `${nginx.pidFile} holds no pid` };
  const state = stateOf(pid);
  if (state === null || state === 'Z') {
    return { kind: 'missing', why: `process ${pid} of ${nginx.pidFile} does not run` };
  }
  const fault = genuineFault(nginx, pid);
  return fault === '' ? { kind: 'running', pid } : { kind: 'missing', why: fault };
}

/** '' when it runs the configured binary, else what it is: a pid may be somebody else's. */
export function genuineFault(nginx: Nginx, pid: number): string {
  const exe = link(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, '');
  if (exe === undefined) return `process ${pid} does not run`;
  const binary = real(nginx.binary);
  // An upgrade replaces the file while the old program goes on.
  return exe === binary || exe === nginx.binary ? '' : `process ${pid} is ${exe}`;
}

/** Children of a master that call themselves worker. */
export function workersOf(master: number): readonly Worker[] {
  return childrenOf(master).flatMap((pid) => {
    const title = read(`/proc/${pid}/cmdline`) ?? '';
    if (!title.startsWith('nginx: worker process')) return [];
    return [{ pid, leaving: title.includes('shutting down') }];
  });
}

/** What is left of an earlier master: the workers that it had, and its own number. */
export interface Traces {
  readonly workers: readonly number[];
  readonly master: number | null;
}

/** Workers whose master is dead; they hold its sockets, so that no new one can be bound. */
export function orphansOf({ workers, master }: Traces, nginx: Nginx): readonly number[] {
  const ofSession = master === null ? [] : sessionOf(master);
  return [...new Set([...workers, ...ofSession])].filter((pid) => {
    const title = read(`/proc/${pid}/cmdline`) ?? '';
    return title.startsWith('nginx: ') && genuineFault(nginx, pid) === '';
  });
}

/** Whether it still serves new connections: it is there, and not about to leave. */
export const holdsSockets = (pid: number): boolean => {
  const title = read(`/proc/${pid}/cmdline`);
  return title !== null && title !== '' && !title.includes('shutting down');
};

/** A master leads a session of its own, which its workers stay in. */
function sessionOf(leader: number): readonly number[] {
  let pids: readonly string[];
  try {
    pids = readdirSync('/proc');
  } catch {
    return [];
  }
  return pids.filter((name) => /^\d+$/.test(name) && session(name) === leader).map(Number);
}

/** Behind the name in brackets: state, parent, process group, session. */
const session = (pid: string): number =>
  Number(/.*\) \w -?\d+ -?\d+ (\d+)/s.exec(read(`/proc/${pid}/stat`) ?? '')?.[1]);

/** the descriptor in which a master held a listening socket when it was last looked for. */
const held = new Map<number, readonly [fd: string, socket: string]>();
const HELD_MAX = 64;

/** '' when the master holds a listening socket, else what is missing. */
export function socketsOf(master: number): string {
  const [known, socket] = held.get(master) ?? [];
  // It is the same socket, so it still listens; a long table need not be read again.
  if (known !== undefined && link(`/proc/${master}/fd/${known}`) === socket) return '';
  let fds: readonly string[];
  try {
    fds = readdirSync(`/proc/${master}/fd`);
  } catch {
    return `the sockets of process ${master} cannot be read`;
  }
  const own = new Map<string, string>();
  for (const fd of fds) {
    const name = link(`/proc/${master}/fd/${fd}`) ?? '';
    if (name.startsWith('socket:')) own.set(name, fd);
  }
  const found = TABLES.flatMap((table) => listening(master, table)).find((one) => own.has(one));
  if (found === undefined) return 'no socket listens';
  if (held.size >= HELD_MAX) held.clear();
  held.set(master, [own.get(found) ?? '', found]);
  return '';
}

/** TCP_LISTEN; a UDP socket that waits for anybody; __SO_ACCEPTCON. */
const TABLES = [
  { file: 'tcp', state: 3, wanted: '0A', inode: 9 },
  { file: 'tcp6', state: 3, wanted: '0A', inode: 9 },
  { file: 'udp', state: 3, wanted: '07', inode: 9 },
  { file: 'udp6', state: 3, wanted: '07', inode: 9 },
  { file: 'unix', state: 3, wanted: '00010000', inode: 6 },
] as const;

/** In the process's own network namespace, as its descriptors are called: socket:[4711]. */
function listening(pid: number, table: (typeof TABLES)[number]): readonly string[] {
  return (readStart(`/proc/${pid}/net/${table.file}`) ?? '').split('\n').flatMap((row) => {
    const fields = row.trim().split(/\s+/);
    const inode = fields[table.inode];
    return fields[table.state] === table.wanted && inode !== undefined ? [`socket:[${inode}]`] : [];
  });
}

/** Listening sockets stand first; the connections behind them may be a hundred thousand. */
const TABLE_BYTES_MAX = 256 << 10;

function readStart(file: string): string | null {
  let fd: number | null = null;
  try {
    fd = openSync(file, 'r');
    const buffer = Buffer.alloc(TABLE_BYTES_MAX);
    let size = 0;
    while (size < buffer.length) {
      const count = readSync(fd, buffer, size, buffer.length - size, null);
      if (count === 0) break;
      size += count;
    }
    return buffer.toString('latin1', 0, size);
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

function childrenOf(pid: number): readonly number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`);
  return (text ?? '').split(' ').filter(Boolean).map(Number);
}

/** The letter of its state; null: there is no such process. */
function stateOf(pid: number): string | null {
  const text = read(`/proc/${pid}/stat`);
  return text === null ? null : (/.*\) (\w)/s.exec(text)?.[1] ?? null);
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}

function link(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

function real(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
