/**
 * JavaScript hangs for longer than its orders are good for. `on_stall offer`: priority 0, and a
 * healthy peer has the address; without one it is held on at priority 1. `keep` and `resign` do as
 * they say. When the event loop runs again all is as before.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Heartbeat } from './heartbeat';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom, assertMany, within } from './rhythm';
import { until } from './until';

const VIP = '192.0.2.10';
const INTERVAL_MS = 100;
const LEASE_S = 2;
const HANG_MS = 5000;
const OWN = 200;

const instance = (priority: number) =>
  vrrpInstance({ version: 3, interval: INTERVAL_MS / 1000, priority, addresses: [VIP] });

type OnStall = 'offer' | 'keep' | 'resign';

/** A master on a whose orders are good for LEASE_S; its heart is watched. */
async function master(lab: Lab, onStall: OnStall) {
  const heart = new Heartbeat(lab, 'a', HANG_MS);
  const own = `holdfast {\n  stall_lease ${LEASE_S}\n  on_stall ${onStall}\n}\n`;
  const a = new Holdfast(lab, 'a', own + heart.tracked(instance(OWN)), { env: heart.env });
  await becomes(a, 'MASTER');
  await heldBy(lab, [VIP], 'a', () => a.child.tail());
  return { a, heart };
}

const LAPSED = /the control plane hung for longer than its lease/;

describe('an event loop that hangs for longer than the lease', { concurrency: 2 }, () => {
  it('offers the address, a healthy peer has it, and gives it back after', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, heart } = await master(lab, 'offer');
      const b = new Keepalived(lab, 'b', instance(100));
      await becomes(b, 'BACKUP');
      const capture = await lab.capture({ filter: 'vrrp' });
      const [markA, markB] = [a.mark(), b.mark()];
      await heart.block(a);
      await becomes(b, 'MASTER', markB);
      await until(() => lab.holders(VIP).join() === 'b', { what: 'b alone to hold it' });
      const hang = await heart.resumed();
      await a.says(LAPSED, markA);
      await becomes(b, 'BACKUP', markB);
      await heldBy(lab, [VIP], 'a', () => `${a.child.tail()}\n${b.child.tail()}`);
      await capture.stop();
      const frames = capture.frames();
      const offered = advertsFrom(lab, 'a', frames).find(({ vrrp }) => vrrp.priority === 0)?.time;
      const taken = advertsFrom(lab, 'b', frames)[0]?.time;
      assert.ok(offered !== undefined && taken !== undefined, 'offered and taken');
      assert.ok(hang.from < offered && offered < taken && taken < hang.to, 'during the hang');
      assert.equal(advertsFrom(lab, 'a', frames).at(-1)?.vrrp.priority, OWN);
    });
  });

  it('without a peer: holds on at priority 1, and then at its own again', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const { a, heart } = await master(lab, 'offer');
      const monitor = lab.spawn('a', ['stdbuf', '-oL', 'ip', '-o', 'monitor', 'address']);
      await monitor.line(new RegExp(VIP));
      const capture = await lab.capture({ filter: 'vrrp' });
      const mark = a.mark();
      await heart.block(a);
      const hang = await heart.resumed();
      await a.says(LAPSED, mark);
      const latest = () => advertsFrom(lab, 'a', capture.frames()).at(-1)?.vrrp.priority;
      await until(() => latest() === OWN, { what: 'its own priority again', every: 200 });
      await capture.stop();
      const sent = advertsFrom(lab, 'a', capture.frames()).map(({ vrrp }) => vrrp.priority);
      const told = sent.filter((priority, i) => priority !== sent[i - 1]);
      assert.deepEqual(told, [OWN, 0, 1, OWN]);
      const lowest = advertsFrom(lab, 'a', capture.frames()).find(
        ({ vrrp }) => vrrp.priority === 1,
      );
      assert.ok(lowest !== undefined && lowest.time > hang.from && lowest.time < hang.to);
      assert.equal(monitor.find(/Deleted/), undefined, 'the address never left');
      assert.deepEqual(lab.holders(VIP), ['a']);
    });
  });

  it('with on_stall keep: goes on as if nothing were', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const { a, heart } = await master(lab, 'keep');
      const capture = await lab.capture({ filter: 'vrrp' });
      const mark = a.mark();
      await heart.block(a);
      const hang = await heart.resumed();
      await a.says(LAPSED, mark);
      await capture.stop();
      const sent = within(advertsFrom(lab, 'a', capture.frames()), hang);
      assertMany(sent, ((hang.to - hang.from) * 1000) / INTERVAL_MS);
      assert.ok(sent.every(({ vrrp }) => vrrp.priority === OWN));
      assert.deepEqual(lab.holders(VIP), ['a']);
    });
  });

  it('with on_stall resign: lets go, and elects itself anew after', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const { a, heart } = await master(lab, 'resign');
      const mark = a.mark();
      await heart.block(a);
      await until(() => lab.holders(VIP).length === 0, { what: 'the address to be let go' });
      await heart.resumed();
      await becomes(a, 'BACKUP', mark);
      await becomes(a, 'MASTER', mark);
      await heldBy(lab, [VIP], 'a', () => a.child.tail());
    });
  });
});
