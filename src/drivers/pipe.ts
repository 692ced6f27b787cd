/**
 * A named pipe to write to: made where there is none, never another kind of file, never through a
 * symbolic link, and no write ever waits.
 */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  fchownSync,
  fstatSync,
  lstatSync,
  openSync,
  rmSync,
  type Stats,
  writeSync,
} from 'node:fs';
import type { User } from '../config/model';
import { accountOf } from './account';
import { native } from './addon';

export interface Pipe {
  readonly kind: 'pipe';
  readonly path: string;
  readonly fd: number;
  /** we made it, so we remove it. */
  readonly made: boolean;
  write(line: string): Written;
  /** octets that nobody has read yet. */
  unread(): number;
}

export type Written =
  | { readonly kind: 'written' }
  /** nobody reads, or not fast enough: the line is not in it. */
  | { readonly kind: 'full' }
  | { readonly kind: 'failed'; readonly why: string };

interface Refused {
  readonly kind: 'refused';
  readonly why: string;
}

/** What keepalived makes has no rights for anybody else. */
const MODE = '0600';

/** `owner`: whom one that is made here belongs to; null: us. */
export function openPipe(path: string, owner: User | null): Pipe | Refused {
  let made = false;
  try {
    made = make(path);
    const fd = opened(path);
    try {
      if (made && owner !== null) give(fd, owner);
      return {
        kind: 'pipe',
        path,
        fd,
        made,
        write: (line) => write(fd, line),
        unread: () => Math.max(0, native().octetsIn(fd)),
      };
    } catch (failure) {
      closeSync(fd);
      throw failure;
    }
  } catch (failure) {
    if (made) rmSync(path, { force: true });
    return { kind: 'refused', why: wordsOf(failure) };
  }
}

/** The path still leads to it. */
export function isStill({ path, fd }: Pipe): boolean {
  const now = lstat(path);
  const own = fstatSync(fd);
  return now !== null && now.ino === own.ino && now.dev === own.dev;
}

export function closePipe(pipe: Pipe): void {
  const mine = pipe.made && isStill(pipe);
  closeSync(pipe.fd);
  if (mine) rmSync(pipe.path, { force: true });
}

/** Node cannot make one by itself. False: there is something already. */
function make(path: string): boolean {
  if (lstat(path) !== null) return false;
  const { error, status, stderr } = spawnSync('mkfifo', ['-m', MODE, '--', path], {
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Error(`cannot be made: mkfifo: ${error.message}`);
  // Somebody else may have been quicker; what is there now is looked at below.
  if (status === 0) return true;
  if (lstat(path) !== null) return false;
  throw new Error(`cannot be made: ${stderr.trim()}`);
}

/** With a reading end of our own, so that opening needs no reader and its end is no SIGPIPE. */
function opened(path: string): number {
  // Opening something else could already do something: a tape rewinds.
  const before = lstat(path);
  if (before?.isFIFO() !== true) throw new Error('is no FIFO');
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  if (fstatSync(fd).isFIFO()) return fd;
  closeSync(fd);
  throw new Error('is no FIFO');
}

function give(fd: number, owner: User): void {
  const account = accountOf(owner);
  if (account === null) {
    throw new Error(`user or group unknown: ${owner.user} ${owner.group ?? ''}`.trimEnd());
  }
  fchownSync(fd, account.uid, account.gid);
}

/** Up to 4096 octets go in whole or not at all (PIPE_BUF). */
function write(fd: number, line: string): Written {
  try {
    writeSync(fd, line);
    return { kind: 'written' };
  } catch (failure) {
    const full = (failure as NodeJS.ErrnoException).code === 'EAGAIN';
    return full ? { kind: 'full' } : { kind: 'failed', why: wordsOf(failure) };
  }
}

function lstat(path: string): Stats | null {
  try {
    return lstatSync(path);
  } catch {
    return null;
  }
}

const wordsOf = (failure: unknown): string =>
  failure instanceof Error ? failure.message : String(failure);
