/**
 * How many processes of a kind run → a verdict: enough and not too many is up. What is counted is
 * believed after fork_delay (up) or terminate_delay (down), if it is still so; the first count at
 * once. Until then nothing is known.
 */
import type { TrackProcess } from '../config/model-tracking';
import { after, type Instant } from '../time';
import type { Command } from './command';
import type { Verdict } from './health';

export interface Counted {
  readonly tracker: TrackProcess;
  /** null: not counted yet. */
  readonly count: number | null;
  /** what is believed. */
  readonly verdict: Verdict;
  /** when the other verdict will be; null: the count does not contradict this one. */
  readonly turnsAt: Instant | null;
}

export type Processes = ReadonlyMap<string, Counted>;

/** A new set: those that count the same processes keep count and verdict. */
export function configureProcesses(
  old: Processes,
  trackers: readonly TrackProcess[],
  at: Instant,
): Processes {
  return new Map(
    trackers.map((tracker) => {
      const before = old.get(tracker.name);
      if (before === undefined || counts(before.tracker) !== counts(tracker)) {
        return [tracker.name, { tracker, count: null, verdict: 'unknown', turnsAt: null }];
      }
      const waits = delays(before.tracker) === delays(tracker) ? before.turnsAt : null;
      return [tracker.name, consider({ ...before, tracker, turnsAt: waits }, at)];
    }),
  );
}

/** What is to be counted, in place of what was; nothing when that is the same. */
export function countOrders(
  old: readonly TrackProcess[],
  trackers: readonly TrackProcess[],
): readonly Command[] {
  const all = (list: readonly TrackProcess[]): string => list.map(counts).join('\n');
  return all(old) === all(trackers) ? [] : [{ kind: 'count-processes', trackers }];
}

export function countProcesses(
  processes: Processes,
  name: string,
  count: number,
  at: Instant,
): Processes {
  const counted = processes.get(name);
  if (counted === undefined || counted.count === count) return processes;
  return new Map(processes).set(name, consider({ ...counted, count }, at));
}

/** What has been so for long enough is believed. */
export function believeProcesses(processes: Processes, at: Instant): Processes {
  const due = [...processes.values()].filter(({ turnsAt }) => turnsAt !== null && turnsAt <= at);
  if (due.length === 0) return processes;
  const next = new Map(processes);
  for (const counted of due) {
    next.set(counted.tracker.name, { ...counted, verdict: seen(counted), turnsAt: null });
  }
  return next;
}

export function processesDeadline(
  processes: Processes,
): { readonly at: Instant; readonly why: string } | null {
  let first: { readonly at: Instant; readonly why: string } | null = null;
  for (const { tracker, turnsAt } of processes.values()) {
    if (turnsAt === null || (first !== null && first.at <= turnsAt)) continue;
    first = { at: turnsAt, why: `the count of process ${tracker.name} is believed` };
  }
  return first;
}

/** A count that goes back and forth begins its delay anew. */
function consider(counted: Counted, at: Instant): Counted {
  const now = seen(counted);
  if (now === counted.verdict) return { ...counted, turnsAt: null };
  const { forkDelay, terminateDelay } = counted.tracker;
  const delay = now === 'up' ? forkDelay : terminateDelay;
  if (counted.verdict === 'unknown' || delay === 0) {
    return { ...counted, verdict: now, turnsAt: null };
  }
  return { ...counted, turnsAt: counted.turnsAt ?? after(at, delay) };
}

/** What the count says, whether it is believed or not. */
function seen({ count, tracker: { quorum, quorumMax } }: Counted): Verdict {
  if (count === null) return 'unknown';
  // quorum_max 0: none must run, whatever the quorum.
  if (quorumMax === 0) return count === 0 ? 'up' : 'down';
  return count >= quorum && (quorumMax === null || count <= quorumMax) ? 'up' : 'down';
}

/** Trackers with equal answers count the same processes. */
const counts = ({ name, process, match, fullCommand }: TrackProcess): string =>
  JSON.stringify([name, process, match, fullCommand]);

const delays = ({ forkDelay, terminateDelay }: TrackProcess): string =>
  `${forkDelay} ${terminateDelay}`;
