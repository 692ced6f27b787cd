/**
 * FRR's zebra and vrrpd as a peer. FRR leaves the addresses to a macvlan that the operator makes,
 * one per VRID and family, with the virtual MAC and the VIPs; vrrpd only switches it on and off.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Child } from './child';
import type { Lab } from './lab';
import { until } from './until';

export type FrrOptions = {
  readonly vrid: number;
  readonly priority: number;
  /** Milliseconds, a multiple of 10. */
  readonly interval: number;
  readonly addresses: readonly string[];
};

export type FrrState = 'Initialize' | 'Backup' | 'Master';

let count = 0;

export class Frr {
  readonly zebra: Child;
  readonly vrrpd: Child;
  readonly node: string;
  readonly #lab: Lab;
  readonly #directory: string;

  private constructor(lab: Lab, node: string, directory: string) {
    this.#lab = lab;
    this.node = node;
    this.#directory = directory;
    this.zebra = this.#daemon('zebra');
    this.vrrpd = this.#daemon('vrrpd');
  }

  static async start(lab: Lab, node: string, options: FrrOptions): Promise<Frr> {
    count += 1;
    const directory = join(lab.directory, `frr-${node}-${count}`);
    mkdirSync(directory);
    makeMacvlan(lab, node, options);
    writeFileSync(join(directory, 'zebra.conf'), 'log stdout\n');
    writeFileSync(join(directory, 'vrrpd.conf'), vrrpdConfig(options));
    // FRR insists on its own user, who must be able to reach its sockets and pid files.
    chmodSync(lab.directory, 0o755);
    lab.exec(node, ['chown', '-R', 'frr:frr', directory]);
    const frr = new Frr(lab, node, directory);
    await until(() => frr.state(options.vrid) !== null, {
      what: `vrrpd on ${node} to run VRID ${options.vrid}`,
      detail: () => `${frr.zebra.tail()}\n${frr.vrrpd.tail()}`,
    });
    return frr;
  }

  /** The state of the IPv4 half of a virtual router; null while vrrpd does not answer. */
  state(vrid: number): FrrState | null {
    const { status, stdout } = this.vtysh('show vrrp');
    if (status !== 0) return null;
    const block = stdout.split(/^(?= *Virtual Router ID)/m).find((part) => {
      return new RegExp(`Virtual Router ID +${vrid}\\b`).test(part);
    });
    const word = /Status \(v4\) +(\w+)/.exec(block ?? '')?.[1];
    return word === undefined ? null : (word as FrrState);
  }

  vtysh(command: string): { readonly status: number; readonly stdout: string } {
    const line = ['vtysh', '--vty_socket', this.#directory, '-d', 'vrrpd', '-c', command];
    return this.#lab.exec(this.node, line, { allowFailure: true });
  }

  async stop(): Promise<void> {
    await this.vrrpd.stop();
    await this.zebra.stop();
  }

  async kill(): Promise<void> {
    await this.vrrpd.kill();
    await this.zebra.kill();
  }

  #daemon(name: 'zebra' | 'vrrpd'): Child {
    const file = (ending: string) => join(this.#directory, ending);
    const own = ['-f', file(`${name}.conf`), '-i', file(`${name}.pid`)];
    const shared = ['-z', file('zserv.api'), '--vty_socket', this.#directory];
    const command = [`/usr/lib/frr/${name}`, ...own, ...shared];
    return this.#lab.spawn(this.node, command, { name: `${name}-${this.node}` });
  }
}

function vrrpdConfig({ vrid, priority, interval, addresses }: FrrOptions): string {
  return [
    'log stdout',
    'debug vrrp protocol',
    'interface eth0',
    ` vrrp ${vrid} version 3`,
    ` vrrp ${vrid} priority ${priority}`,
    ` vrrp ${vrid} advertisement-interval ${interval}`,
    ...addresses.map((address) => ` vrrp ${vrid} ip ${address}`),
    '',
  ].join('\n');
}

function makeMacvlan(lab: Lab, node: string, { vrid, addresses }: FrrOptions): void {
  const device = `vrrp4-${vrid}`;
  const mac = `00:00:5e:00:01:${vrid.toString(16).padStart(2, '0')}`;
  const lines = [
    `link add ${device} link eth0 address ${mac} type macvlan mode bridge`,
    `link set ${device} addrgenmode none`,
    ...addresses.map((address) => `address add ${address}/32 dev ${device}`),
    `link set ${device} up`,
  ];
  lab.exec(node, ['ip', '-batch', '-'], { input: `${lines.join('\n')}\n` });
}
