/**
 * How late the machine itself is, measured beside everything else: on a shared or virtual machine,
 * or under a kernel that does not preempt itself, even the highest real-time priority waits.
 */
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Lab } from '../lab/lab';
import { greatest } from './statistics';

type Lateness = { readonly at: number; readonly late: number };

export type Witness = {
  /** Milliseconds, the worst between two instants of the wall clock; null when not to be known. */
  readonly worst: (from: number, to: number) => number | null;
};

const PRIORITY = '99';

/** One for each processor; they end with the lab. */
export async function startWitness(lab: Lab): Promise<Witness> {
  const seen: Lateness[] = [];
  const note = (line: string) => {
    const [at, late] = line.split(' ').map(Number);
    if (at !== undefined && late !== undefined) seen.push({ at, late });
  };
  const program = [process.execPath, join(__dirname, 'witness-thread.js')];
  const children = cpus().map((_, cpu) => {
    const pinned = ['chrt', '-f', PRIORITY, 'taskset', '-c', String(cpu), ...program];
    return lab.spawnInSwitch(pinned, { name: `witness-${cpu}`, onLine: note });
  });
  const started = await Promise.allSettled(children.map((child) => child.line(/watching/)));
  const able = started.every(({ status }) => status === 'fulfilled');
  return {
    worst: (from, to) => {
      if (!able) return null;
      // It tells when it woke; the lateness lies before.
      const within = seen.filter(({ at, late }) => at >= from && at - late <= to);
      return within.length === 0 ? 0 : greatest(within.map(({ late }) => late));
    },
  };
}
