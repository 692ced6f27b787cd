/**
 * Tracked files as a driver: a number in each, told at the start and at every change. The folder
 * is watched, not the file, because editors and `mv` put another file in its place. Where nothing
 * can be watched (no such folder yet, a file system without notice) it is looked at once a second.
 */
import { closeSync, type FSWatcher, openSync, readSync, watch, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { TrackFile } from '../config/model-tracking';

export interface TrackedFiles {
  /** Exactly these; what was watched before under the same name and path goes on. */
  track(files: readonly TrackFile[]): void;
  close(): void;
}

interface Watched {
  readonly file: TrackFile;
  watcher: FSWatcher | null;
  value: number | null;
}

const LOOK_MS = 1000;
/** `echo 5 > FILE` empties it first, which says nothing yet: it is looked at once more. */
const EMPTY_MS = 50;
/** keepalived reads no more of it. */
const BYTES_MAX = 127;

export function trackedFiles(onRead: (name: string, value: number) => void): TrackedFiles {
  const watched = new Map<string, Watched>();
  let started = false;
  const look = (one: Watched, emptyCounts = false): void => {
    const text = beginningOf(one.file.file);
    if (text === '' && !emptyCounts && one.value !== null) {
      setTimeout(() => look(one, true), EMPTY_MS).unref();
      return;
    }
    const value = numberIn(text);
    if (value === one.value) return;
    one.value = value;
    // Never in the middle of what ordered it: an event has a turn of its own.
    setImmediate(() => {
      if (watched.get(one.file.name) === one && one.value === value) onRead(one.file.name, value);
    });
  };
  const attend = (one: Watched): void => {
    if (one.watcher !== null) return;
    one.watcher = watcherOf(
      one.file.file,
      () => look(one),
      () => forget(one),
    );
  };
  // Notices can be lost, and a folder may appear later: look at all of them now and then.
  const timer = setInterval(() => {
    for (const one of watched.values()) {
      attend(one);
      look(one);
    }
  }, LOOK_MS);
  timer.unref();
  return {
    track: (files) => {
      for (const [name, one] of watched) {
        if (files.some((file) => file.name === name && file.file === one.file.file)) continue;
        forget(one);
        watched.delete(name);
      }
      for (const file of files) {
        // keepalived writes it at the start alone, not at a reload.
        if (!started) initialize(file);
        if (watched.has(file.name)) continue;
        const one: Watched = { file, watcher: null, value: null };
        watched.set(file.name, one);
        attend(one);
        look(one);
      }
      started = true;
    },
    close: () => {
      clearInterval(timer);
      for (const one of watched.values()) forget(one);
      watched.clear();
    },
  };
}

function forget(one: Watched): void {
  one.watcher?.close();
  one.watcher = null;
}

/** Null where the folder cannot be watched; `lost` when it could be, and no longer. */
function watcherOf(file: string, changed: () => void, lost: () => void): FSWatcher | null {
  try {
    const name = path.basename(file);
    const watcher = watch(path.dirname(file), { persistent: false }, (_, which) => {
      if (which === null || which === name) changed();
    });
    watcher.on('error', lost);
    return watcher;
  } catch {
    return null;
  }
}

/** A whole number as C reads it with base 0; 0 for what is missing or none. */
function numberIn(text: string | null): number {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)/.exec(text?.trimStart() ?? '');
  if (match === null) return 0;
  const [, sign, digits = '0'] = match;
  const number = /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
  const bounded = Math.min(number, 2147483647);
  return sign === '-' ? -bounded : bounded;
}

function beginningOf(file: string): string | null {
  let fd: number | null = null;
  try {
    fd = openSync(file, 'r');
    const buffer = Buffer.alloc(BYTES_MAX);
    return buffer.toString('latin1', 0, readSync(fd, buffer, 0, BYTES_MAX, 0));
  } catch {
    return null;
  } finally {
    if (fd !== null) closeSync(fd);
  }
}

/** init_file: the number is there before anybody asks; an old one stays unless told otherwise. */
function initialize({ file, initial }: TrackFile): void {
  if (initial === null) return;
  try {
    writeFileSync(file, `${initial.value}\n`, {
      flag: initial.overwrite ? 'w' : 'wx',
      mode: 0o644,
    });
  } catch {
    // It is there already, or cannot be written: what it says counts.
  }
}
