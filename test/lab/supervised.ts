/**
 * A node with an nginx that holdfast supervises: holdfast starts it, the test hurts it. Each node
 * has a configuration and a pid file of its own; both listen on port 80, and say who they are.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Holdfast } from './holdfast';
import { vrrpInstance } from './keepalived';
import type { Lab } from './lab';
import { execSync, killQuietly, processTree } from './namespace';
import { nginxConfig } from './nginx';
import { until } from './until';

export const VIP = '192.0.2.110';

const PROBE = '  probe { url http://127.0.0.1/ }';

/** What nginx does not start with. */
export const broken = (text: string): string => `nonsense;\n${text}`;

export type Terms = {
  readonly priority: number;
  readonly version?: 2 | 3;
  /** Seconds. */
  readonly interval?: number;
  /** More lines of the nginx block. */
  readonly nginx?: readonly string[];
  readonly instance?: readonly string[];
};

export class Supervised {
  readonly node: string;
  readonly holdfast: Holdfast;
  readonly pidFile: string;
  readonly #lab: Lab;
  readonly #config: string;

  constructor(lab: Lab, node: string, terms: Terms) {
    this.node = node;
    this.#lab = lab;
    const prefix = join(lab.directory, `nginx-${node}`);
    mkdirSync(prefix, { recursive: true });
    this.pidFile = join(prefix, 'nginx.pid');
    this.#config = join(prefix, 'nginx.conf');
    this.configure();
    this.holdfast = new Holdfast(lab, node, this.#text(terms));
  }

  /** Replaces nginx's configuration, which `edit` may alter; nothing is reloaded. */
  configure(edit = (text: string): string => text): void {
    const prefix = join(this.#lab.directory, `nginx-${this.node}`);
    writeFileSync(this.#config, edit(nginxConfig(prefix, this.node, 80, true)));
  }

  #text({ priority, version = 3, interval = 0.1, nginx = [], instance = [] }: Terms): string {
    const terms = { priority, version, interval, addresses: [VIP], more: instance };
    return [
      vrrpInstance(terms),
      'nginx {',
      `  config ${this.#config}`,
      `  pid_file ${this.pidFile}`,
      ...(nginx.some((line) => line.startsWith('probe')) ? [] : [PROBE]),
      ...nginx,
      '}',
      '',
    ].join('\n');
  }

  /** The master process; null: none runs. */
  get master(): number | null {
    const pid = Number.parseInt(readQuietly(this.pidFile), 10);
    return pid > 0 && /^State:\s+[^ZX]/m.test(readQuietly(`/proc/${pid}/status`)) ? pid : null;
  }

  get processes(): readonly number[] {
    return this.master === null ? [] : processTree(this.master);
  }

  get workers(): readonly number[] {
    return this.processes.slice(1);
  }

  /** Of master and workers alike. */
  signal(signal: NodeJS.Signals, pids = this.processes): void {
    for (const pid of pids) killQuietly(pid, signal);
  }

  /** `holdfast nginx …`, as an operator types it. */
  ask(...words: readonly string[]): { status: number; stdout: string; stderr: string } {
    const main = join(__dirname, '..', '..', 'src', 'main.js');
    const control = ['--control', this.holdfast.control];
    return execSync([process.execPath, main, 'nginx', ...words, ...control], {
      allowFailure: true,
    });
  }

  /** The same, beside whatever else goes on. */
  askLater(...words: readonly string[]): void {
    const main = join(__dirname, '..', '..', 'src', 'main.js');
    const control = ['--control', this.holdfast.control];
    this.#lab.spawn(this.node, [process.execPath, main, 'nginx', ...words, ...control]);
  }

  async becomes(state: 'MASTER' | 'BACKUP' | 'FAULT', from = 0): Promise<void> {
    await this.holdfast.says(new RegExp(`\\(VI_1\\) Entering ${state} STATE`), from);
  }

  /** nginx is up, under another process number than `before`. */
  async serves(before: number | null = null): Promise<number> {
    return until(() => (this.master === before ? null : this.master), {
      what: `nginx on ${this.node} to run${before === null ? '' : ' anew'}`,
      detail: () => this.holdfast.child.tail(20),
    });
  }

  mark(): number {
    return this.holdfast.mark();
  }
}

export function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
