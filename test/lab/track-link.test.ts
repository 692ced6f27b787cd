/**
 * What an instance stands on, with keepalived as its peer: a source address that goes and comes
 * back, a link that flaps, a host that has just been started.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { ipBatch } from './namespace';
import { heldBy } from './one-holder';
import { until } from './until';

const VIP = '192.0.2.10';

type Terms = {
  readonly interval: number;
  readonly more?: readonly string[];
  readonly top?: string;
};

async function pair(lab: Lab, { interval, more = [], top = '' }: Terms) {
  const config = (priority: number, own: readonly string[]) =>
    top + vrrpInstance({ version: 3, interval, priority, addresses: [VIP], more: own });
  const a = new Holdfast(lab, 'a', config(200, more));
  const b = new Keepalived(lab, 'b', config(100, []));
  await becomes(a, 'MASTER');
  const held = (node: string) => heldBy(lab, [VIP], node, () => a.child.tail() + b.child.tail());
  await held('a');
  return { a, b, held };
}

describe('the surroundings of an instance', { concurrency: 3 }, () => {
  it('track_src_ip: without its source address it is in fault, with it it is not', () =>
    withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { address, namespace } = lab.node('a');
      const more = [`mcast_src_ip ${address}`, 'track_src_ip'];
      const { a, held } = await pair(lab, { interval: 0.1, more });
      ipBatch(namespace, [`address delete ${address}/24 dev eth0`]);
      await a.says(new RegExp(`entering FAULT state \\(source address ${address} is gone\\)`));
      await held('b');
      ipBatch(namespace, [`address add ${address}/24 dev eth0`]);
      await held('a');
    }));

  it('interface_up_down_delays: a flap is nothing, a link that stays down is a fault', () =>
    withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const top = 'interface_up_down_delays {\n  eth0 1.5 1\n}\n';
      const { a, held } = await pair(lab, { interval: 1, top });
      const mark = a.mark();
      lab.pullCable('a', 'switch-port-down');
      await a.says(/Netlink reports eth0 down; believed when it has been so for 1\.5 s/, mark);
      lab.plugCable('a');
      await a.says(/Netlink reports eth0 up"/, mark);
      await held('a');
      lab.pullCable('a', 'switch-port-down');
      await becomes(a, 'FAULT', mark);
      const times = (pattern: RegExp): readonly number[] =>
        a.log.filter(({ msg }) => pattern.test(msg)).map(({ time }) => time);
      const [fault = 0, ...others] = times(/Entering FAULT STATE/);
      assert.deepEqual(others, [], 'the flap was none');
      const down = times(/Netlink reports eth0 down/).at(-1) ?? 0;
      assert.ok(fault - down >= 1490, `${fault - down} ms after the link went down`);
      lab.plugCable('a');
      await held('a');
    }));

  it('vrrp_delay_after_boot: no part in anything before', () =>
    withLab({ nodes: ['a'] }, async (lab) => {
      const file = join(lab.directory, 'boot.conf');
      const config = vrrpInstance({ version: 3, interval: 0.1, priority: 100, addresses: [VIP] });
      writeFileSync(file, `global_defs {\n  vrrp_delay_after_boot 65\n}\n${config}`);
      const uptime = Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);
      // A time namespace in which the host was booted a minute ago.
      const offset = Math.round(60 - uptime);
      const booted = ['unshare', '--time', `--monotonic=${offset}`, `--boottime=${offset}`];
      const main = join(__dirname, '..', '..', 'src', 'main.js');
      const command = ['--fork', '--kill-child', process.execPath, main, 'run', '-f', file, '-n'];
      const begun = Date.now();
      const a = lab.spawn('a', [...booted, ...command], { name: 'holdfast-a' });
      await a.line(/Entering BACKUP STATE \(init\)/);
      assert.ok(Date.now() - begun >= 4000, a.tail());
      await until(() => lab.holders(VIP).length === 1, { what: 'a to hold the address' });
    }));
});
