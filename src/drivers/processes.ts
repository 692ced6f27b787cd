/**
 * Processes as the kernel tells of them: the end of one, at once, whoever its parent is; how many
 * there are of a kind. Knows nothing of nginx, quorums or delays.
 */
import type { ProcessesCounted, ProcessesPolled } from '../core/event';
import type { Instant } from '../time';
import { native } from './addon';

export type ProcessesEvent = ProcessGone | ProcessesCounted | ProcessesPolled;

/**
 * A watched process has ended (a zombie has, too), or was not there. The watch is over. Once at
 * most for each watch, and never after unwatch().
 */
export interface ProcessGone {
  readonly kind: 'process-gone';
  readonly at: Instant;
  readonly key: string;
  readonly pid: number;
}

/**
 * Which processes to count, as keepalived compares them: the kernel's name of the process (at most
 * 15 octets: a longer one fits nothing), or with `fullCommand`, or any `paramMatch` but none, the
 * first word of its command line. Zombies are none, and threads are no processes.
 */
export interface ProcessTracker {
  readonly name: string;
  readonly process: string;
  readonly fullCommand: boolean;
  readonly parameters: readonly string[];
  /**
   * none: whatever they are; exact: these alone; partial: these first; initial: these first, and
   * the last of them may go on.
   */
  readonly paramMatch: 'none' | 'exact' | 'partial' | 'initial';
}

/** For tests and odd kernels: what to do without. */
export interface ProcessesOptions {
  /** octets for events of the kernel that wait to be read. */
  readonly receiveBuffer?: number;
  /** false: births are looked for in /proc. */
  readonly connector?: boolean;
  /** false: ends are looked for in /proc. */
  readonly pidfd?: boolean;
}

/** Since the start. */
export interface ProcessesCounters {
  /** births, programs and names that the kernel told of. */
  readonly events: number;
  /** processes looked at in /proc. */
  readonly looks: number;
  /** times that all of /proc was gone through. */
  readonly surveys: number;
  /** times that the kernel had to throw events away; a survey follows. */
  readonly losses: number;
}

export interface Processes {
  /** Replaces an earlier watch of this key. Throws a TypeError when `pid` cannot be one. */
  watch(key: string, pid: number): void;
  unwatch(key: string): void;
  /** All trackers, in place of those before; reports of those before end here. */
  count(trackers: readonly ProcessTracker[]): void;
  counters(): ProcessesCounters;
  /** Waits for the thread. No event comes after it. */
  close(): void;
}

/** Throws when the kernel refuses even a thread or /proc. */
export function processes(
  onEvent: (event: ProcessesEvent) => void,
  options: ProcessesOptions = {},
): Processes {
  const { Processes: NativeProcesses } = native();
  const opened = new NativeProcesses(options, () => {
    for (let event = opened.next(); event !== null; event = opened.next()) onEvent(event);
  });
  // Node runs no destructor of ours on process.exit or an uncaught exception; it runs this.
  const leave = (): void => opened.close();
  process.once('exit', leave);
  return {
    watch: (key, pid) => opened.watch(key, pid),
    unwatch: (key) => opened.unwatch(key),
    count: (trackers) => opened.count(trackers),
    counters: () => opened.counters(),
    close: () => {
      process.removeListener('exit', leave);
      opened.close();
    },
  };
}
