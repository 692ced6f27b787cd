/**
 * Real processes decide who is master, with keepalived as the peer: one that ends is a fault or
 * moves the priority, one that is started again takes the address back.
 */
import { chmodSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Child } from './child';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';

const VIP = '192.0.2.10';

let count = 0;

/** A program under a name that nothing else on this host has; the kernel keeps 15 octets of it. */
function program(lab: Lab): { readonly name: string; readonly start: () => Child } {
  count += 1;
  const name = `hf${count}x${process.pid}`;
  const file = join(lab.directory, name);
  copyFileSync('/bin/sleep', file);
  chmodSync(file, 0o755);
  return { name, start: () => lab.spawn('a', [file, '600'], { name }) };
}

async function pair(lab: Lab, terms: string) {
  const { name, start } = program(lab);
  const running = start();
  const config = (priority: number, more: readonly string[]) =>
    `vrrp_track_process web {\n  process ${name}\n  ${terms}\n}\n` +
    vrrpInstance({ version: 3, interval: 0.1, addresses: [VIP], priority, more });
  const tracking = ['track_process {', '  web', '}'];
  const a = new Holdfast(lab, 'a', config(200, tracking));
  // keepalived is told of processes in the first network namespace alone; here it would count none,
  // and be in fault itself.
  const b = new Keepalived(lab, 'b', config(100, []));
  await becomes(a, 'MASTER');
  const held = (node: string) => heldBy(lab, [VIP], node, () => a.child.tail() + b.child.tail());
  await held('a');
  return { a, b, running, start, held };
}

describe('a tracked process', { concurrency: 2 }, () => {
  it('that ends is a fault with weight 0, until it runs again', () =>
    withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, running, start, held } = await pair(lab, 'weight 0');
      await running.kill();
      await a.says(/Quorum lost for tracked process web/);
      await a.says(/\(VI_1\) entering FAULT state \(process web is without quorum\)/);
      await held('b');
      start();
      await a.says(/Quorum gained for tracked process web/);
      await held('a');
    }));

  it('that ends moves the priority, and so does one that is started', () =>
    withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, running, start, held } = await pair(lab, 'weight -150');
      await running.kill();
      await a.says(/Changing effective priority from 200 to 50/);
      await held('b');
      start();
      await a.says(/Changing effective priority from 50 to 200/);
      await held('a');
    }));

  it('is believed to be gone after terminate_delay alone', () =>
    withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, running, held } = await pair(lab, 'weight 0\n  terminate_delay 2');
      const before = Date.now();
      await running.kill();
      await becomes(a, 'FAULT');
      const fault = a.log.find(({ msg }) => /Quorum lost/.test(msg));
      // The daemon's clock and ours are one.
      if ((fault?.time ?? 0) - before < 2000) throw new Error(a.child.tail());
      await held('b');
    }));
});
