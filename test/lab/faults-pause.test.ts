/**
 * A daemon that stands still as a whole (SIGSTOP, as a paused virtual machine): it must not judge
 * by the silence that it caused itself, and must not go on as if it were still master.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom } from './rhythm';
import { until } from './until';

const VIP = '192.0.2.10';
const INTERVAL_MS = 100;
/** Adverts of the other side while one stands still: far beyond three intervals. */
const ADVERTS = 20;

const config = (priority: number, more: readonly string[] = []) =>
  vrrpInstance({
    version: 3,
    interval: INTERVAL_MS / 1000,
    priority,
    addresses: [VIP],
    more,
  });

describe('a daemon that was stopped and continued', { concurrency: 2 }, () => {
  it('as standby: reads what it missed before it judges, and takes nothing over', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const a = new Keepalived(lab, 'a', config(200));
      await becomes(a, 'MASTER');
      const b = new Holdfast(lab, 'b', config(100));
      await becomes(b, 'BACKUP');
      const capture = await lab.capture({ filter: 'vrrp' });
      const heard = () => advertsFrom(lab, 'a', capture.frames()).length;
      const mark = b.mark();
      b.child.signal('SIGSTOP');
      await until(() => heard() >= ADVERTS, { what: 'many adverts', every: 200 });
      b.child.signal('SIGCONT');
      await until(() => heard() >= 2 * ADVERTS, { what: 'as many again', every: 200 });
      await heldBy(lab, [VIP], 'a', () => b.child.tail());
      await capture.stop();
      assert.deepEqual(advertsFrom(lab, 'b', capture.frames()), []);
      assert.equal(b.child.find(/Entering/, mark), undefined);
    });
  });

  it('as master with nopreempt: listens first, and lets the other have it', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const a = new Holdfast(lab, 'a', config(200, ['nopreempt']));
      await becomes(a, 'MASTER');
      const b = new Keepalived(lab, 'b', config(100));
      await becomes(b, 'BACKUP');
      await heldBy(lab, [VIP], 'a');
      const [markA, markB] = [a.mark(), b.mark()];
      a.child.signal('SIGSTOP');
      await becomes(b, 'MASTER', markB);
      const capture = await lab.capture({ filter: 'vrrp' });
      a.child.signal('SIGCONT');
      await becomes(a, 'BACKUP', markA);
      await heldBy(lab, [VIP], 'b', () => a.child.tail());
      await capture.stop();
      assert.deepEqual(advertsFrom(lab, 'a', capture.frames()), [], 'it did not speak first');
    });
  });

  it('as master that preempts: has it again, and nobody else', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const a = new Holdfast(lab, 'a', config(200));
      await becomes(a, 'MASTER');
      const b = new Keepalived(lab, 'b', config(100));
      await becomes(b, 'BACKUP');
      const mark = b.mark();
      a.child.signal('SIGSTOP');
      await becomes(b, 'MASTER', mark);
      a.child.signal('SIGCONT');
      await becomes(b, 'BACKUP', mark);
      await heldBy(lab, [VIP], 'a', () => `${a.child.tail()}\n${b.child.tail(10)}`);
    });
  });
});
