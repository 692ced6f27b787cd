/** The machine that the numbers belong to, in one line, and how busy it was with the run. */
import { readFileSync } from 'node:fs';
import { arch, cpus, loadavg, release } from 'node:os';
import { execSync } from '../lab/namespace';
import { type MachineReading, machineUse, readMachine } from './cpu';

export type Machine = {
  readonly line: string;
  readonly kernel: string;
  readonly cpus: number;
  readonly model: string;
  readonly loadBefore: readonly number[];
  readonly loadAfter: readonly number[];
  /** Percent of all processors over the run. */
  readonly busy: number;
  readonly stolen: number;
  readonly versions: Readonly<Record<string, string>>;
};

export type Beginning = { readonly load: readonly number[]; readonly reading: MachineReading };

export const begin = (): Beginning => ({ load: loadavg(), reading: readMachine() });

export function describe(beginning: Beginning): Machine {
  const { busy, stolen } = machineUse(beginning.reading, readMachine());
  const [loadBefore, loadAfter] = [beginning.load, loadavg()];
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? arch();
  const versions = { node: process.version, keepalived: keepalivedVersion() };
  const load = (values: readonly number[]) => (values[0] ?? 0).toFixed(2);
  const line = [
    `Machine: Linux ${release()}, timers ${timers()}`,
    `${processors.length} × ${model}`,
    `load ${load(loadBefore)} before, ${load(loadAfter)} after`,
    `busy ${busy.toFixed(0)} %, stolen ${stolen.toFixed(1)} %`,
    `node ${versions.node}, keepalived ${versions.keepalived}`,
  ].join('; ');
  const kernel = release();
  return {
    line,
    kernel,
    cpus: processors.length,
    model,
    loadBefore,
    loadAfter,
    busy,
    stolen,
    versions,
  };
}

function keepalivedVersion(): string {
  const { stdout, stderr } = execSync(['keepalived', '--version'], { allowFailure: true });
  return /v(\d[\d.]*)/.exec(stdout + stderr)?.[1] ?? 'unknown';
}

/** It decides what lateness can be had at all. */
function timers(): string {
  try {
    const clocks = readFileSync('/proc/timer_list', 'utf8');
    return /\.hres_active\s*:\s*1/.test(clocks) ? 'of high resolution' : 'by ticks';
  } catch {
    return 'unknown';
  }
}
