/**
 * JavaScript hangs for two seconds, many master-down times: on the master adverts go on and the
 * peer stays quiet; on the standby a takeover that falls into the hang happens all the same.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { announcements } from './decode';
import { becomes } from './failover-story';
import { Heartbeat } from './heartbeat';
import { Holdfast } from './holdfast';
import { vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom, assertMany, within } from './rhythm';
import { until } from './until';

const VIP = '192.0.2.10';
/** A stall of this shared machine must not look like one of ours; 10 ms is the bench's business. */
const INTERVAL_MS = 100;
const MASTER_DOWN_MS = 3 * INTERVAL_MS + (INTERVAL_MS * (256 - 100)) / 256;
const HANG_MS = 2000;

const config = (priority: number) =>
  vrrpInstance({ version: 3, interval: INTERVAL_MS / 1000, priority, addresses: [VIP] });

/** Both sides in one lab; `hangs` is the one whose heart is watched. */
async function pair(lab: Lab, hangs: 'a' | 'b') {
  const heart = new Heartbeat(lab, hangs, HANG_MS);
  const file = (node: string, priority: number) =>
    node === hangs ? heart.tracked(config(priority)) : config(priority);
  const a = new Holdfast(lab, 'a', file('a', 200), { env: heart.env });
  await becomes(a, 'MASTER');
  const b = new Holdfast(lab, 'b', file('b', 100), { env: heart.env });
  await becomes(b, 'BACKUP');
  await heldBy(lab, [VIP], 'a', () => `${a.child.tail()}\n${b.child.tail()}`);
  return { a, b, heart };
}

describe('an event loop that hangs for two seconds', () => {
  it('on the master: adverts go on, and the peer does not take over', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, b, heart } = await pair(lab, 'a');
      const capture = await lab.capture({ filter: 'vrrp' });
      const mark = b.mark();
      await heart.block(a);
      const hang = await heart.resumed();
      await capture.stop();
      const frames = within(capture.frames(), hang);
      const sent = advertsFrom(lab, 'a', frames);
      // The capture may be younger than the last beat before the hang.
      const due = ((hang.to - (sent[0]?.time ?? 0)) * 1000) / INTERVAL_MS;
      assertMany(sent, due);
      assert.ok(sent.every(({ vrrp }) => vrrp.priority === 200));
      assert.deepEqual(advertsFrom(lab, 'b', capture.frames()), []);
      assert.equal(b.child.find(/Entering/, mark), undefined);
      assert.equal(a.child.find(/lease/), undefined, 'the lease outlives two seconds');
    });
  });

  it('on the standby: it takes over within the hang', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { b, heart } = await pair(lab, 'b');
      const capture = await lab.capture({ filter: 'vrrp or arp' });
      const mark = b.mark();
      await heart.block(b);
      lab.pullCable('a', 'port-vanish');
      await until(() => lab.addresses('b').includes(VIP), { what: 'b to hold the address' });
      assert.equal(b.child.find(/Entering MASTER/, mark), undefined, 'JS knows nothing of it yet');
      const hang = await heart.resumed();
      await becomes(b, 'MASTER', mark);
      await capture.stop();
      const frames = capture.frames();
      const last = advertsFrom(lab, 'a', frames).at(-1)?.time ?? 0;
      const first = advertsFrom(lab, 'b', frames)[0]?.time ?? Number.POSITIVE_INFINITY;
      const announced = announcements(frames, VIP).find(({ time }) => time > last)?.time;
      assert.ok(last > hang.from && first > last, 'the takeover followed the pulled cable');
      assert.ok(first < hang.to && (announced ?? hang.to) < hang.to, 'and fell into the hang');
      assert.ok((first - last) * 1000 > MASTER_DOWN_MS - INTERVAL_MS, 'but not before its time');
      lab.plugCable('a');
      await heldBy(lab, [VIP], 'a', () => b.child.tail());
    });
  });
});
