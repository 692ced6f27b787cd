/**
 * The whole native contract in one screen, and the only file that loads the addon.
 * Everything else sees `Native`. The twin is native/addon.cpp.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { PlaneCommand } from '../core/command';
import type { Advert, PlaneEvent } from '../core/event';
import type { Instant } from '../time';
import type {
  ProcessesCounters,
  ProcessesEvent,
  ProcessesOptions,
  ProcessTracker,
} from './processes';

export interface Native {
  /** CLOCK_MONOTONIC in microseconds. */
  now(): number;
  /** The words of the contract as the addon knows them; a test compares. */
  kinds(): {
    readonly commands: readonly string[];
    readonly events: readonly string[];
    readonly rejections: readonly string[];
  };
  /** Standing orders without a kernel, for the simulator. */
  readonly Orders: new () => NativeOrders;
  readonly Plane: new (options: PlaneOptions, ring: () => void) => NativePlane;
  readonly Processes: new (options: ProcessesOptions, ring: () => void) => NativeProcesses;
  readonly Programs: new (ring: () => void) => NativePrograms;
  /** Octets that wait in a pipe; -1: it is none. */
  octetsIn(fd: number): number;
}

export interface PlaneOptions {
  /** ask for SCHED_FIFO. */
  readonly realtime: boolean;
}

/** The data plane's thread. It starts with the object and ends with close(). */
export interface NativePlane {
  /** Throws a TypeError on a malformed command; then none of the batch is carried out. */
  submit(commands: readonly PlaneCommand[]): void;
  /** All events so far, in order. Called when `ring` rang. */
  drain(): PlaneEvent[];
  counters(): PlaneCounters;
  /** Resigns everything, releases all addresses, joins the thread. Returns the last events. */
  close(): PlaneEvent[];
}

/** The thread that watches processes. It starts with the object and ends with close(). */
export interface NativeProcesses {
  watch(key: string, pid: number): void;
  unwatch(key: string): void;
  /** Throws a TypeError on a malformed tracker; then nothing has changed. */
  count(trackers: readonly ProcessTracker[]): void;
  /** The oldest event that is still wanted; `ring` rings for the first one after null. */
  next(): ProcessesEvent | null;
  counters(): ProcessesCounters;
  /** Joins the thread; next() is null from then on. */
  close(): void;
}

/** The thread that runs programs. It starts with the object and ends with close(). */
export interface NativePrograms {
  /** Throws a TypeError on a malformed order; then nothing is started. */
  start(order: {
    readonly serial: number;
    readonly words: readonly string[];
    readonly environment: readonly string[];
    readonly uid?: number;
    readonly gid?: number;
    readonly groupsOf?: string | null;
    readonly umask: number | null;
    readonly mortal: boolean;
  }): void;
  signal(serial: number, signal: number): void;
  /** The oldest end that was not fetched; `ring` rings for the first one after null. */
  next(): NativeEnded | null;
  /** Starts what was ordered, joins the thread; next() is null from then on. */
  close(): void;
}

export interface NativeEnded {
  readonly at: number;
  readonly serial: number;
  readonly how: 'exited' | 'signalled' | 'refused';
  /** a status, a signal, an errno. */
  readonly code: number;
  /** it was signalled through `signal` while it ran. */
  readonly told: boolean;
  /** what it printed, the end of it; of a refusal what was refused. */
  readonly output: string;
}

/** Since the start, of the whole data plane. */
export interface PlaneCounters {
  readonly advertsSent: number;
  readonly advertsReceived: number;
  readonly announcementsSent: number;
  readonly receiveDropped: number;
  /** adverts refused, by reason. */
  readonly rejected: Readonly<Record<string, number>>;
  readonly eventsLost: number;
  /** microseconds: the latest that an advert ever left after it was due. */
  readonly advertLateMax: number;
}

/** What standing orders did, in order. */
export type Effect =
  | { readonly kind: 'send-advert'; readonly instance: string; readonly priority: number }
  | { readonly kind: 'claim'; readonly instance: string }
  | { readonly kind: 'release'; readonly instance: string }
  | { readonly kind: 'announce'; readonly instance: string; readonly rounds: number }
  | { readonly kind: 'report'; readonly event: PlaneEvent };

export interface NativeOrders {
  /** `wake` is not obeyed here: the alarm belongs to the plane. */
  submit(commands: readonly PlaneCommand[], now: Instant): Effect[];
  /** An advert that passed the receive checks: when it arrived, and when it is read. */
  heard(instance: string, advert: Advert, at: Instant, now: Instant): Effect[];
  expire(now: Instant): Effect[];
  overslept(gap: number, now: Instant): void;
  /** When expire() has something to do: may be early, never late. */
  deadline(): number | null;
}

/** Where the addon may be: beside the installed program, or built in the source tree. */
function candidates(): string[] {
  const up = (levels: number): string => path.resolve(__dirname, ...Array(levels).fill('..'));
  const builds = [up(2), up(3)].flatMap((top) => [
    path.join(top, 'build', 'Release', 'holdfast.node'),
    path.join(top, 'build-cmake', 'Release', 'holdfast.node'),
  ]);
  return [path.join(__dirname, 'holdfast.node'), ...builds, '/usr/lib/holdfast/holdfast.node'];
}

let loaded: Native | null = null;

/** Loads it once. HOLDFAST_ADDON names another build. Throws with all paths that were tried. */
export function native(): Native {
  if (loaded !== null) return loaded;
  const named = process.env['HOLDFAST_ADDON'];
  const tried = named === undefined ? candidates() : [named];
  const found = tried.find((file) => existsSync(file));
  if (found === undefined) {
    throw new Error(`the native addon is not built; looked for ${tried.join(', ')}`);
  }
  loaded = require(found) as Native;
  return loaded;
}
