/**
 * FRR's vrrpd as the peer, v3 over IPv4. FRR speaks from the virtual MAC and leaves the address to
 * a macvlan, which stays there while it is backup: so FRR's own word says who is master there.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adverts, defects } from './decode';
import { becomes } from './failover-story';
import { Frr, type FrrState } from './frr';
import { Holdfast } from './holdfast';
import { vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { answers, neighbour } from './one-holder';
import { until } from './until';

const VIP = '192.0.2.10';
const VRID = 51;
const VIRTUAL_MAC = '00:00:5e:00:01:33';

const ours = (priority: number) =>
  vrrpInstance({ version: 3, interval: 0.1, priority, addresses: [VIP] });

function startFrr(lab: Lab, node: string, priority: number): Promise<Frr> {
  // Else eth0 answers for the address of the macvlan, even while that is switched off.
  lab.exec(node, ['sysctl', '-qw', 'net.ipv4.conf.all.arp_ignore=1']);
  return Frr.start(lab, node, { vrid: VRID, priority, interval: 100, addresses: [VIP] });
}

async function frrBecomes(frr: Frr, state: FrrState): Promise<void> {
  await until(() => frr.state(VRID) === state, {
    what: `FRR to be ${state}`,
    detail: () => frr.vrrpd.tail(),
  });
}

/** The client's frames for the VIP go to this MAC, and somebody there answers. */
async function servedBy(lab: Lab, mac: string): Promise<void> {
  await until(() => answers(lab, VIP) && neighbour(lab, VIP) === mac, {
    what: `the VIP to answer from ${mac}`,
    every: 100,
    detail: () => `neighbour entry: ${neighbour(lab, VIP)}`,
  });
}

describe('VRRP v3 with FRR', { concurrency: 2 }, () => {
  it('FRR takes over from holdfast and yields to it', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const capture = await lab.capture({ filter: 'vrrp or arp' });
      const first = new Holdfast(lab, 'a', ours(200));
      await becomes(first, 'MASTER');
      const frr = await startFrr(lab, 'b', 100);
      await frrBecomes(frr, 'Backup');
      await servedBy(lab, lab.node('a').mac);

      await first.stop();
      await frrBecomes(frr, 'Master');
      await servedBy(lab, VIRTUAL_MAC);

      const second = new Holdfast(lab, 'a', ours(200));
      await becomes(second, 'MASTER');
      await frrBecomes(frr, 'Backup');
      await servedBy(lab, lab.node('a').mac);

      lab.pullCable('a', 'port-vanish');
      await frrBecomes(frr, 'Master');
      lab.plugCable('a');
      await frrBecomes(frr, 'Backup');
      await servedBy(lab, lab.node('a').mac);
      await capture.stop();
      const sent = capture.frames().filter(({ sourceMac }) => sourceMac === lab.node('a').mac);
      assert.deepEqual(defects(sent), []);
      assert.ok(adverts(sent, VRID).some(({ vrrp }) => vrrp.priority === 0));
    });
  });

  it('holdfast takes over from FRR and yields to it', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const capture = await lab.capture({ filter: 'vrrp or arp' });
      const first = await startFrr(lab, 'a', 200);
      await frrBecomes(first, 'Master');
      const holdfast = new Holdfast(lab, 'b', ours(100));
      await becomes(holdfast, 'BACKUP');
      await servedBy(lab, VIRTUAL_MAC);

      let mark = holdfast.mark();
      lab.pullCable('a', 'port-vanish');
      await becomes(holdfast, 'MASTER', mark);
      await servedBy(lab, lab.node('b').mac);
      mark = holdfast.mark();
      lab.plugCable('a');
      await becomes(holdfast, 'BACKUP', mark);
      await servedBy(lab, VIRTUAL_MAC);

      mark = holdfast.mark();
      await first.stop();
      await becomes(holdfast, 'MASTER', mark);
      await servedBy(lab, lab.node('b').mac);
      await capture.stop();
      const sent = capture.frames().filter(({ sourceMac }) => sourceMac === lab.node('b').mac);
      assert.deepEqual(defects(sent), []);
      assert.ok(adverts(sent, VRID).every(({ vrrp }) => vrrp.checksum === 'good'));
    });
  });
});
