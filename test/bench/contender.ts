/**
 * A daemon in a node, as it comes out of the box: holdfast, Debian's keepalived, and keepalived
 * with the one option that its manual has for busy machines. Its log goes to a file, as under a
 * service manager; this process is no party to the race.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child } from '../lab/child';
import type { Lab } from '../lab/lab';
import { processTree } from '../lab/namespace';
import { until } from '../lab/until';
import { type Checks, configText, type Plan, type Role } from './plan';

export type Product = 'holdfast' | 'keepalived' | 'keepalived rt';

export type StartOptions = {
  readonly env?: Readonly<Record<string, string>>;
  /** More processes, started on a word, in the daemon's own session and scheduling group. */
  readonly burden?: number;
  /** Scripts that it runs all the time. */
  readonly checks?: Checks;
};

const REALTIME = ['  vrrp_rt_priority 50'];

let count = 0;

export class Contender {
  readonly node: string;
  readonly #shell: Child;
  readonly #log: string;
  readonly #pidFile: string;

  constructor(lab: Lab, role: Role, product: Product, plan: Plan, options: StartOptions = {}) {
    count += 1;
    this.node = role;
    const base = join(lab.directory, `${role}-${count}`);
    this.#log = `${base}.log`;
    this.#pidFile = `${base}.shell.pid`;
    writeFileSync(
      `${base}.conf`,
      configText(plan, role, product === 'keepalived rt' ? REALTIME : [], options.checks),
    );
    writeFileSync(this.#log, '');
    const env = { ...options.env, LOG: this.#log, PID: this.#pidFile };
    // The hogs are the daemon's brothers: same session, so the same group of the scheduler.
    const hog = 'sh -c "while :; do :; done" &';
    const hogs = `i=0; while [ $i -lt ${options.burden ?? 0} ]; do ${hog} i=$((i + 1)); done`;
    const script = `"$@" >>"$LOG" 2>&1 </dev/null & echo $! >"$PID"; read word; ${hogs}; wait`;
    const shell = ['sh', '-c', script, 'sh', ...commandOf(product, base)];
    this.#shell = lab.spawn(role, shell, { name: `${product} (${role})`, env });
  }

  /** The daemon's own process. */
  async pid(): Promise<number> {
    const text = () => readQuietly(this.#pidFile).trim();
    return Number(await until(text, { what: `${this.#shell.name} to start` }));
  }

  async says(pattern: RegExp, times = 1): Promise<void> {
    const all = new RegExp(pattern.source, 'g');
    const pid = await this.pid();
    const found = () => {
      // Looked at before the log is: what it said last was then said in time.
      const alive = livesStill(pid);
      if ([...this.log.matchAll(all)].length >= times) return true;
      if (!alive) throw new Error(`${this.#shell.name} ended\n${this.log.slice(-2000)}`);
      return false;
    };
    const patience = { timeout: 30_000, every: 50, detail: () => this.log.slice(-2000) };
    await until(found, { what: `${times} × ${pattern} of ${this.#shell.name}`, ...patience });
  }

  get log(): string {
    return readQuietly(this.#log);
  }

  /** Lets the burden begin. */
  load(): void {
    this.#shell.write('go\n');
  }

  async signal(signal: NodeJS.Signals): Promise<void> {
    process.kill(await this.pid(), signal);
  }

  /** Of the daemon, all its children, nothing else; at once, as a crash is. */
  async crash(): Promise<void> {
    for (const pid of processTree(await this.pid())) process.kill(pid, 'SIGKILL');
  }

  async end(): Promise<void> {
    await this.#shell.kill();
  }
}

function commandOf(product: Product, base: string): readonly string[] {
  const config = `${base}.conf`;
  if (product === 'holdfast') {
    const main = join(__dirname, '..', '..', 'src', 'main.js');
    return [process.execPath, main, 'run', '-f', config, '-n', '--control', `${base}.sock`];
  }
  // keepalived stops when a pid file names a living process: each life needs its own.
  const pids = ['-p', `${base}.pid`, '-r', `${base}-vrrp.pid`, '-c', `${base}-check.pid`];
  // Without -D: its detailed log costs it up to seconds at a takeover.
  return ['keepalived', '-P', '-n', '-l', '-f', config, ...pids];
}

/** Not a zombie either: its shell does not look after it. */
const livesStill = (pid: number): boolean =>
  /^State:\s+[^ZX]/m.test(readQuietly(`/proc/${pid}/status`));

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
