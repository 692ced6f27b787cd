/**
 * SIGHUP with other terms for an instance that lives on: interval, password, unicast, another VRID;
 * on a master and on a standby. The peer is changed beside it, as an operator would.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { type InstanceOptions, Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom } from './rhythm';
import { until } from './until';

const VIP = '192.0.2.10';

const v3 = (priority: number, more: Partial<InstanceOptions> = {}) =>
  vrrpInstance({ version: 3, interval: 0.1, priority, addresses: [VIP], ...more });

async function standby(lab: Lab) {
  const a = new Keepalived(lab, 'a', v3(200));
  await becomes(a, 'MASTER');
  const b = new Holdfast(lab, 'b', v3(100));
  await becomes(b, 'BACKUP');
  return { a, b, mark: b.mark() };
}

describe('SIGHUP with other terms', { concurrency: 2 }, () => {
  it('on a master: another interval, to peers, and from a group to one peer', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const a = new Holdfast(lab, 'a', v3(200));
      await becomes(a, 'MASTER');
      await heldBy(lab, [VIP], 'a');
      const capture = await lab.capture({ filter: 'vrrp' });
      const mark = a.mark();
      a.reload(v3(200, { interval: 0.05, peers: [lab.node('b').address] }));
      const latest = () => advertsFrom(lab, 'a', capture.frames()).at(-1);
      await until(() => latest()?.vrrp.interval === 50, { what: 'the interval', every: 200 });
      assert.equal(latest()?.target, lab.node('b').address);
      assert.equal(latest()?.vrrp.checksum, 'good');
      assert.equal(a.child.find(/Entering/, mark), undefined);
      await heldBy(lab, [VIP], 'a');
    });
  });

  it('on a master: another VRID is another virtual router, and the old one resigns', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const a = new Holdfast(lab, 'a', v3(200));
      await becomes(a, 'MASTER');
      const capture = await lab.capture({ filter: 'vrrp' });
      const mark = a.mark();
      a.reload(v3(200, { vrid: 99 }));
      await becomes(a, 'MASTER', mark);
      await heldBy(lab, [VIP], 'a', () => a.child.tail());
      await capture.stop();
      const frames = capture.frames();
      assert.equal(advertsFrom(lab, 'a', frames, 51).at(-1)?.vrrp.priority, 0);
      assert.notDeepEqual(advertsFrom(lab, 'a', frames, 99), []);
    });
  });

  it('on a standby: a higher priority preempts', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { b, mark } = await standby(lab);
      b.reload(v3(250));
      await becomes(b, 'MASTER', mark);
      await heldBy(lab, [VIP], 'b', () => b.child.tail());
    });
  });

  it('on a standby: any number of reloads cause no takeover', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { b, mark } = await standby(lab);
      const capture = await lab.capture({ filter: 'vrrp' });
      for (let i = 0; i < 15; i += 1) {
        const from = b.mark();
        b.reload(v3(100 + (i % 2), { more: i % 3 === 0 ? ['garp_master_repeat 3'] : [] }));
        await b.says(/Reload complete/, from);
      }
      await heldBy(lab, [VIP], 'a', () => b.child.tail());
      await capture.stop();
      assert.deepEqual(advertsFrom(lab, 'b', capture.frames()), []);
      assert.equal(b.child.find(/Entering/, mark), undefined);
    });
  });

  it('on a standby: unknown packets before, known ones after, without a restart', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const v2 = (priority: number, password: string) =>
        vrrpInstance({ priority, password, addresses: [VIP] });
      const a = new Keepalived(lab, 'a', v2(200, 'right'));
      await becomes(a, 'MASTER');
      const b = new Holdfast(lab, 'b', v2(100, 'wrong'));
      await b.says(/received an invalid passwd!/);
      await becomes(b, 'MASTER');
      const mark = b.mark();
      b.reload(v2(100, 'right'));
      await becomes(b, 'BACKUP', mark);
      await heldBy(lab, [VIP], 'a', () => b.child.tail());
    });
  });
});
