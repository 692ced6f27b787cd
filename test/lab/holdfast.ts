/**
 * The daemon under test, run in a node as an operator would run it: `holdfast run -f FILE -n`.
 * Its log is JSON, one record per line; texts carry keepalived's wording, so that waiting for a
 * state reads the same for both daemons.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child, Ended, SpawnOptions } from './child';
import type { Lab } from './lab';

export type LogRecord = {
  readonly level: number;
  readonly time: number;
  readonly msg: string;
  readonly [key: string]: unknown;
};

export type HoldfastOptions = SpawnOptions & { readonly args?: readonly string[] };

let count = 0;

export class Holdfast {
  readonly child: Child;
  readonly node: string;
  /** The path of its control socket. */
  readonly control: string;
  readonly #file: string;

  constructor(lab: Lab, node: string, config: string, options: HoldfastOptions = {}) {
    count += 1;
    const { args = [], env = {}, ...spawning } = options;
    this.node = node;
    this.#file = join(lab.directory, `holdfast-${node}-${count}.conf`);
    writeFileSync(this.#file, config);
    const main = join(__dirname, '..', '..', 'src', 'main.js');
    const program = [process.execPath, '--enable-source-maps', main];
    this.control = join(lab.directory, `holdfast-${node}-${count}.sock`);
    const control = ['--control', this.control];
    const command = [...program, 'run', '-f', this.#file, '-n', ...control, ...args];
    this.child = lab.spawn(node, command, {
      name: `holdfast-${node}`,
      ...spawning,
      env: { ...sanitizer(), ...env },
    });
  }

  get log(): readonly LogRecord[] {
    return this.child.lines.flatMap((line) => logRecord(line) ?? []);
  }

  /** The first log text that matches, for example /\(VI_1\) Entering MASTER STATE/. */
  async says(pattern: RegExp, from = 0): Promise<string> {
    return this.child.line(pattern, { from });
  }

  /** Use with says(pattern, mark()) to wait for something that is still to come. */
  mark(): number {
    return this.child.lines.length;
  }

  reload(config: string): void {
    writeFileSync(this.#file, config);
    this.child.signal('SIGHUP');
  }

  async stop(): Promise<Ended> {
    return this.child.stop('SIGTERM');
  }

  async kill(): Promise<void> {
    await this.child.kill();
  }
}

/**
 * HOLDFAST_LAB_PRELOAD: the sanitizers' runtimes for the daemon alone, with HOLDFAST_ADDON naming the
 * addon built for them. Leaks are the native tests' business: V8 leaves its own at exit.
 */
function sanitizer(): Record<string, string> {
  const preload = process.env['HOLDFAST_LAB_PRELOAD'];
  if (preload === undefined) return {};
  return {
    LD_PRELOAD: preload,
    ASAN_OPTIONS: 'detect_leaks=0:abort_on_error=1',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
  };
}

/** One line of the log; null for a line that is no record, such as a stack trace. */
export function logRecord(line: string): LogRecord | null {
  if (!line.startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    const isRecord = typeof value === 'object' && value !== null && 'msg' in value;
    return isRecord ? (value as LogRecord) : null;
  } catch {
    return null;
  }
}
