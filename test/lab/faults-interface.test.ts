/**
 * What happens to interfaces and addresses below a running daemon: carrier lost, interface deleted
 * and made again, the address taken away by hand or by a foreign process that will not stop.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { ipBatch } from './namespace';
import { heldBy } from './one-holder';
import { advertsFrom, assertSteady } from './rhythm';
import { until } from './until';

const VIP = '192.0.2.10';
const INTERVAL = 0.1;
const RESTORED = /Netlink reflector reports IP 192\.0\.2\.10 removed; put back/;

const config = (priority: number) =>
  vrrpInstance({ version: 3, interval: INTERVAL, priority, addresses: [VIP] });

type Pair = { readonly a: Holdfast; readonly b: Keepalived; readonly told: () => string };

/** holdfast as master on a, keepalived as backup on b. */
async function pair(lab: Lab): Promise<Pair> {
  const a = new Holdfast(lab, 'a', config(200));
  await becomes(a, 'MASTER');
  const b = new Keepalived(lab, 'b', config(100));
  await becomes(b, 'BACKUP');
  const told = () => `${a.child.tail()}\n${b.child.tail(10)}`;
  await heldBy(lab, [VIP], 'a', told);
  return { a, b, told };
}

function deleteInterface(lab: Lab, name: string): void {
  lab.exec(name, ['ip', 'link', 'delete', 'eth0']);
}

function recreateInterface(lab: Lab, name: string): void {
  const { namespace, mac, address } = lab.node(name);
  const port = lab.port(name);
  ipBatch(lab.switchNamespace, [
    `link add ${port} type veth peer eth0 netns ${namespace}`,
    `link set ${port} master br0 up`,
  ]);
  ipBatch(namespace, [
    `link set eth0 address ${mac} addrgenmode none`,
    `address add ${address}/24 dev eth0`,
    'link set eth0 up',
  ]);
}

describe('an interface below holdfast', { concurrency: 2 }, () => {
  it('that loses its carrier is a fault, and the instance recovers with it', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, b, told } = await pair(lab);
      const [markA, markB] = [a.mark(), b.mark()];
      lab.pullCable('a', 'switch-port-down');
      await becomes(a, 'FAULT', markA);
      await becomes(b, 'MASTER', markB);
      await heldBy(lab, [VIP], 'b', told);
      const later = a.mark();
      lab.plugCable('a');
      await becomes(a, 'BACKUP', later);
      await becomes(a, 'MASTER', later);
      await heldBy(lab, [VIP], 'a', told);
    });
  });

  it('that is deleted is a fault, and the instance recovers on the new one', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, b, told } = await pair(lab);
      const [markA, markB] = [a.mark(), b.mark()];
      deleteInterface(lab, 'a');
      await becomes(a, 'FAULT', markA);
      await becomes(b, 'MASTER', markB);
      const later = a.mark();
      recreateInterface(lab, 'a');
      await becomes(a, 'MASTER', later);
      await heldBy(lab, [VIP], 'a', told);
    });
  });

  it('that does not exist at the start is a fault until it appears', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      deleteInterface(lab, 'a');
      const a = new Holdfast(lab, 'a', config(200));
      await becomes(a, 'FAULT');
      recreateInterface(lab, 'a');
      await becomes(a, 'MASTER');
      await heldBy(lab, [VIP], 'a', () => a.child.tail());
    });
  });
});

describe('an address taken away from holdfast', { concurrency: 2 }, () => {
  const remove = ['ip', 'address', 'delete', `${VIP}/32`, 'dev', 'eth0'];

  it('by hand is back at once, reported, and nobody changes state', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, b, told } = await pair(lab);
      const capture = await lab.capture({ filter: 'vrrp or arp' });
      const [markA, markB] = [a.mark(), b.mark()];
      lab.exec('a', remove);
      await a.says(RESTORED, markA);
      await heldBy(lab, [VIP], 'a', told);
      const sent = () => advertsFrom(lab, 'a', capture.frames());
      await until(() => sent().length >= 20, { what: '20 adverts more', every: 200 });
      await capture.stop();
      assertSteady(sent(), INTERVAL * 1000);
      assert.equal(a.child.find(/Entering/, markA), undefined);
      assert.equal(b.child.find(/Entering/, markB), undefined);
    });
  });

  it('by a process in a loop does not disturb adverts, nor flood the log', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, b, told } = await pair(lab);
      const capture = await lab.capture({ filter: 'vrrp' });
      const [markA, markB] = [a.mark(), b.mark()];
      const loop = `while :; do ${remove.join(' ')}; done`;
      const foreign = lab.spawn('a', ['bash', '-c', loop], { name: 'remover' });
      const sent = () => advertsFrom(lab, 'a', capture.frames());
      await until(() => sent().length >= 30, { what: '30 adverts meanwhile', every: 300 });
      await foreign.kill();
      await heldBy(lab, [VIP], 'a', told);
      await capture.stop();
      assertSteady(sent(), INTERVAL * 1000);
      assert.equal(a.child.find(/Entering/, markA), undefined);
      assert.equal(b.child.find(/Entering/, markB), undefined);
      const reports = a.child.lines.slice(markA).filter((line) => RESTORED.test(line));
      assert.ok(reports.length >= 1 && reports.length <= sent().length, 'reports are thinned');
    });
  });
});
