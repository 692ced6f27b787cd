/**
 * Debian's keepalived as a peer: writes its file, starts it in a node, reads its log.
 * Only its VRRP part runs. After a kill -9 the address stays on the node: flush() removes it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child, SpawnOptions } from './child';
import type { Lab } from './lab';

let count = 0;

export class Keepalived {
  readonly child: Child;
  readonly node: string;
  readonly #lab: Lab;
  readonly #file: string;

  constructor(lab: Lab, node: string, config: string, options: SpawnOptions = {}) {
    count += 1;
    this.#lab = lab;
    this.node = node;
    const base = join(lab.directory, `keepalived-${node}-${count}`);
    this.#file = `${base}.conf`;
    writeFileSync(this.#file, config);
    // keepalived stops when a pid file names a living process: each life needs its own three.
    const pids = ['-p', `${base}.pid`, '-r', `${base}-vrrp.pid`, '-c', `${base}-check.pid`];
    const command = ['keepalived', '-P', '-n', '-l', '-D', '-f', this.#file, ...pids];
    this.child = lab.spawn(node, command, { name: `keepalived-${node}`, ...options });
  }

  /** The first line of its log that matches, for example /\(VI_1\) Entering MASTER STATE/. */
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

  /** A clean stop: priority 0 goes out, addresses are removed. */
  async stop(): Promise<void> {
    await this.child.stop('SIGTERM');
  }

  /** kill -9 of parent and child. What it had set on the node stays there. */
  async kill(): Promise<void> {
    await this.child.kill();
  }

  flush(address: string, length = 32): void {
    const command = ['ip', 'address', 'delete', `${address}/${length}`, 'dev', 'eth0'];
    this.#lab.exec(this.node, command, { allowFailure: true });
  }
}

export type InstanceOptions = {
  readonly name?: string;
  readonly version?: 2 | 3;
  readonly vrid?: number;
  readonly priority: number;
  /** Seconds, as the file has it. */
  readonly interval?: number;
  readonly state?: 'MASTER' | 'BACKUP';
  readonly password?: string;
  readonly addresses: readonly string[];
  readonly peers?: readonly string[];
  /** More lines of the instance block, for example 'nopreempt'. */
  readonly more?: readonly string[];
};

/** One vrrp_instance block in keepalived.conf's language; holdfast reads the same. */
export function vrrpInstance(options: InstanceOptions): string {
  const { name = 'VI_1', version = 2, vrid = 51, interval = 1, password, peers } = options;
  const block = (word: string, lines: readonly string[]) => [`  ${word} {`, ...lines, '  }'];
  return [
    `vrrp_instance ${name} {`,
    `  state ${options.state ?? 'BACKUP'}`,
    '  interface eth0',
    `  version ${version}`,
    `  virtual_router_id ${vrid}`,
    `  priority ${options.priority}`,
    `  advert_int ${interval}`,
    ...(password === undefined
      ? []
      : block('authentication', ['    auth_type PASS', `    auth_pass ${password}`])),
    ...(peers === undefined
      ? []
      : block(
          'unicast_peer',
          peers.map((peer) => `    ${peer}`),
        )),
    ...(options.more ?? []).map((line) => `  ${line}`),
    ...block(
      'virtual_ipaddress',
      options.addresses.map((address) => `    ${address}`),
    ),
    '}',
    '',
  ].join('\n');
}
