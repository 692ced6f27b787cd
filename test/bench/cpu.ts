/**
 * Processor time of a process, its threads and its children, in nanoseconds where the kernel counts
 * so, and what the machine did meanwhile.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { processTree } from '../lab/namespace';

/** Of utime and stime in /proc/PID/stat; fixed at 100 for user space on every Linux. */
const TICK_SECONDS = 0.01;

export type CpuReading = {
  readonly at: number;
  readonly seconds: number;
  /** By thread name. */
  readonly threads: ReadonlyMap<string, number>;
};

export function readCpu(pid: number): CpuReading {
  const threads = new Map<string, number>();
  for (const process of processTree(pid)) {
    for (const [name, seconds] of threadTimes(process)) {
      threads.set(name, (threads.get(name) ?? 0) + seconds);
    }
  }
  const at = performance.now() / 1000;
  return { at, seconds: [...threads.values()].reduce((a, b) => a + b, 0), threads };
}

/** Percent of one processor between two readings. */
export const cpuPercent = (from: CpuReading, to: CpuReading): number =>
  (100 * (to.seconds - from.seconds)) / (to.at - from.at);

export function threadPercent(
  from: CpuReading,
  to: CpuReading,
  wanted: (name: string) => boolean,
): number {
  let used = 0;
  for (const [name, seconds] of to.threads) {
    if (wanted(name)) used += seconds - (from.threads.get(name) ?? 0);
  }
  return (100 * used) / (to.at - from.at);
}

function threadTimes(pid: number): readonly (readonly [string, number])[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((task) => {
      const directory = `/proc/${pid}/task/${task}`;
      return [readFileSync(`${directory}/comm`, 'utf8').trim(), secondsOf(directory)] as const;
    });
  } catch {
    // It ended while it was looked at: it uses nothing any more.
    return [];
  }
}

function secondsOf(directory: string): number {
  const nanoseconds = Number(readFileSync(`${directory}/schedstat`, 'utf8').split(' ')[0]);
  if (nanoseconds > 0) return nanoseconds / 1e9;
  // A kernel without scheduler statistics. The name may hold anything, the rest begins behind it.
  const fields = readFileSync(`${directory}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_SECONDS;
}

export type MachineReading = {
  readonly total: number;
  readonly idle: number;
  readonly stolen: number;
};

export function readMachine(): MachineReading {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const fields = line.split(/\s+/).slice(1, 9).map(Number);
  const total = fields.reduce((a, b) => a + b, 0);
  return { total, idle: (fields[3] ?? 0) + (fields[4] ?? 0), stolen: fields[7] ?? 0 };
}

/** Percent of all processors. */
export function machineUse(
  from: MachineReading,
  to: MachineReading,
): { readonly busy: number; readonly stolen: number } {
  const total = Math.max(1, to.total - from.total);
  const busy = 100 * (1 - (to.idle - from.idle) / total);
  return { busy, stolen: (100 * (to.stolen - from.stolen)) / total };
}
