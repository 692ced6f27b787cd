/**
 * A process of the lab: started in a namespace, its output kept line by line, ended with the lab.
 * A class because a child is a thing with a life, not a value.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { inside, killQuietly, processTree } from './namespace';
import { type Patience, until } from './until';

/** Lines kept of one child; a chatty daemon must not eat the test's memory. */
const LINES_MAX = 200_000;

export type SpawnOptions = {
  readonly name?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine?: (line: string) => void;
};

export type Ended = { readonly code: number | null; readonly signal: NodeJS.Signals | null };

export class Child {
  readonly name: string;
  /** stdout and stderr, in the order of arrival, complete lines. */
  readonly lines: string[] = [];
  readonly exited: Promise<Ended>;
  ended: Ended | null = null;
  readonly #process: ChildProcess;
  readonly #onLine: ((line: string) => void) | undefined;

  constructor(namespace: string, command: readonly string[], options: SpawnOptions = {}) {
    const [program, ...args] = inside(namespace, command);
    this.name = options.name ?? command[0] ?? program;
    this.#onLine = options.onLine;
    this.#process = spawn(program, args, {
      env: { ...process.env, ...options.env },
      stdio: ['pipe', 'pipe', 'pipe'],
      // Own group: Ctrl-C is for the lab to handle, in its own order.
      detached: true,
    });
    this.#collect(this.#process.stdout);
    this.#collect(this.#process.stderr);
    // A child that ended early breaks its pipe; its exit tells the same, better.
    this.#process.stdin?.on('error', () => undefined);
    this.exited = new Promise((resolve) => {
      this.#process.once('error', (error) => {
        this.#keep(`cannot start ${this.name}: ${error.message}`);
        this.ended = { code: 127, signal: null };
        resolve(this.ended);
      });
      this.#process.once('close', (code, signal) => {
        this.ended = { code, signal };
        resolve(this.ended);
      });
    });
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error(`${this.name} did not start`);
    return pid;
  }

  get output(): string {
    return this.lines.join('\n');
  }

  write(text: string): void {
    this.#process.stdin?.write(text);
  }

  /** The first line from index `from` on that matches; waits for it, fails if the child ends. */
  async line(
    pattern: RegExp,
    patience: Partial<Patience> & { from?: number } = {},
  ): Promise<string> {
    const found = await until(
      () => this.find(pattern, patience.from) ?? (this.ended === null ? null : 'ended'),
      { what: `${this.name} to say ${pattern}`, detail: () => this.tail(), ...patience },
    );
    if (found !== 'ended') return found;
    const late = this.find(pattern, patience.from);
    if (late !== undefined) return late;
    throw new Error(`${this.name} ended without saying ${pattern}\n${this.tail()}`);
  }

  find(pattern: RegExp, from = 0): string | undefined {
    return this.lines.slice(from).find((line) => pattern.test(line));
  }

  tail(count = 40): string {
    const shown = this.lines.slice(-count).map((line) => `  ${this.name}| ${line}`);
    return shown.length === 0 ? `  ${this.name} said nothing` : shown.join('\n');
  }

  signal(signal: NodeJS.Signals): void {
    if (this.ended === null) killQuietly(this.pid, signal);
  }

  /** Asks to end and waits for it; SIGKILL to the whole tree when that does not help. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', timeout = 10_000): Promise<Ended> {
    this.signal(signal);
    const patience = { what: `${this.name} to end`, timeout, detail: () => this.tail() };
    try {
      return await until(() => this.ended, patience);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** kill -9 of the process and every descendant at once, as a crash of the machine would. */
  async kill(): Promise<Ended> {
    this.killSync();
    return this.exited;
  }

  killSync(): void {
    if (this.ended !== null || this.#process.pid === undefined) return;
    for (const pid of processTree(this.#process.pid)) killQuietly(pid, 'SIGKILL');
  }

  #collect(stream: NodeJS.ReadableStream | null): void {
    let rest = '';
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => {
      const parts = (rest + text).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) this.#keep(line);
    });
    stream?.on('end', () => {
      if (rest !== '') this.#keep(rest);
    });
  }

  #keep(line: string): void {
    if (this.lines.length < LINES_MAX) this.lines.push(line);
    this.#onLine?.(line);
  }
}
