/**
 * What the tests of processes stand on: a watcher that keeps all its events, and real programs
 * under names that nothing else on this host has.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync, symlinkSync } from 'node:fs';
import {
  type Processes,
  type ProcessesEvent,
  type ProcessesOptions,
  type ProcessTracker,
  processes,
} from '../../src/drivers/processes';
import { until } from '../lab/until';
import type { Scratch } from './scratch';

/** Less than the 10 s after which all of /proc is gone through in any case. */
const timeout = 8000;

export interface Watcher {
  readonly processes: Processes;
  readonly events: readonly ProcessesEvent[];
  /** The newest count of a tracker; null before the first. */
  readonly latest: (tracker: string) => number | null;
  /** Awaits that a tracker's newest count is this one. */
  readonly counts: (tracker: string, count: number) => Promise<void>;
  /** Awaits that a tracker has had this count, if only for a moment. */
  readonly saw: (tracker: string, count: number) => Promise<void>;
  readonly gone: (key: string) => Promise<ProcessesEvent>;
  /** Awaits what the thread had to say before this call. */
  readonly settled: () => Promise<void>;
}

const opened = new Set<Processes>();
const running = new Set<ChildProcess>();

/** A test that failed must not hold the process: no thread and no program is left. */
export function endAll(): void {
  for (const one of opened) one.close();
  for (const child of running) child.kill('SIGKILL');
}
process.on('exit', endAll);

export function watcher(
  options: ProcessesOptions = {},
  onEvent: (event: ProcessesEvent) => void = () => {},
): Watcher {
  const events: ProcessesEvent[] = [];
  const watching = processes((event) => {
    events.push(event);
    onEvent(event);
  }, options);
  opened.add(watching);
  const detail = (): string => JSON.stringify([watching.counters(), ...events.slice(-20)]);
  const latest: Watcher['latest'] = (tracker) => {
    const last = events.filter((e) => e.kind === 'processes-counted' && e.tracker === tracker);
    const event = last.at(-1);
    return event?.kind === 'processes-counted' ? event.count : null;
  };
  const gone: Watcher['gone'] = (key) =>
    until(() => events.find((e) => e.kind === 'process-gone' && e.key === key), {
      what: `${key} to be gone`,
      detail,
      every: 1,
    });
  let asked = 0;
  return {
    processes: watching,
    events,
    latest,
    counts: async (tracker, count) => {
      await until(() => latest(tracker) === count, {
        what: `${tracker} to count ${count}`,
        detail,
        timeout,
        every: 2,
      });
    },
    saw: async (tracker, count) => {
      const had = (e: ProcessesEvent): boolean =>
        e.kind === 'processes-counted' && e.tracker === tracker && e.count === count;
      await until(() => events.some(had), {
        what: `${tracker} to have had ${count}`,
        detail,
        timeout,
      });
    },
    gone,
    settled: async () => {
      asked += 1;
      watching.watch(`settled ${asked}`, NOBODY);
      await gone(`settled ${asked}`);
    },
  };
}

/** A number that the kernel gives to no process. */
export const NOBODY = 2 ** 31 - 1;

/** Counts processes of this name under this name. */
export const named = (process: string, change: Partial<ProcessTracker> = {}): ProcessTracker => ({
  name: process,
  process,
  fullCommand: false,
  parameters: [],
  paramMatch: 'none',
  ...change,
});

/** Whether the kernel tells of no births here: after the first count. */
export const mustLook = (w: Watcher): boolean =>
  w.events.some((event) => event.kind === 'processes-polled' && event.what === 'counted');

let made = 0;

/** A name of our own, at most 15 octets long. */
export const ownName = (): string => {
  made += 1;
  return `hf${process.pid}x${made}`;
};

/** A program under a name of our own: its path. The kernel names a process by the link. */
export function program(files: Scratch, name: string, target = '/bin/sleep'): string {
  symlinkSync(target, files.at(name));
  return files.at(name);
}

/** Starts a program and returns it with its pid; killed at the latest when this process ends. */
export function start(file: string, args: readonly string[] = ['60']): Started {
  const child = spawn(file, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  if (child.pid === undefined) throw new Error(`${file} cannot be started`);
  running.add(child);
  child.once('exit', () => running.delete(child));
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    pid: child.pid,
    ended,
    end: () => {
      child.kill('SIGKILL');
      return ended;
    },
    line: () =>
      new Promise((resolve) => {
        child.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim()));
      }),
  };
}

export interface Started {
  readonly pid: number;
  readonly ended: Promise<void>;
  /** kill -9, and until Node has seen it. */
  readonly end: () => Promise<void>;
  /** The first that it prints. */
  readonly line: () => Promise<string>;
}

/** kill -9 to all of this name, which has to be one of our own. */
export function killNamed(name: string): void {
  for (const pid of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      if (readFileSync(`/proc/${pid}/comm`, 'utf8') !== `${name}\n`) continue;
      process.kill(Number(pid), 'SIGKILL');
    } catch {
      // It ended between the listing and the look.
    }
  }
}
