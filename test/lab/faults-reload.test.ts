/**
 * SIGHUP: what the new file changes is changed, what it keeps never leaves, and a bad file changes
 * nothing at all.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Capture } from './capture';
import type { Child } from './child';
import { announcements } from './decode';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom, assertSteady } from './rhythm';
import { until } from './until';

const [KEPT, REMOVED, ADDED] = ['192.0.2.10', '192.0.2.11', '192.0.2.12'];
const INTERVAL = 0.1;

const config = (priority: number, addresses: readonly string[]) =>
  vrrpInstance({ version: 3, interval: INTERVAL, priority, addresses });

type Stage = { readonly a: Holdfast; readonly capture: Capture; readonly monitor: Child };

async function master(lab: Lab): Promise<Stage> {
  const a = new Holdfast(lab, 'a', config(200, [KEPT, REMOVED]));
  await becomes(a, 'MASTER');
  await heldBy(lab, [KEPT, REMOVED], 'a', () => a.child.tail());
  const capture = await lab.capture({ filter: 'vrrp or arp' });
  const monitor = lab.spawn('a', ['stdbuf', '-oL', 'ip', '-o', 'monitor', 'address']);
  // Every refresh of a lease shows up here: the first one proves that the monitor listens.
  await monitor.line(new RegExp(KEPT));
  return { a, capture, monitor };
}

const latest = (lab: Lab, capture: Capture) =>
  advertsFrom(lab, 'a', capture.frames()).at(-1)?.vrrp ?? null;

describe('SIGHUP', { concurrency: 2 }, () => {
  it('with another priority: advertised from then on, without a change of state', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const { a, capture, monitor } = await master(lab);
      const mark = a.mark();
      a.reload(config(150, [KEPT, REMOVED]));
      await a.says(/Reload complete/, mark);
      const lowered = () => latest(lab, capture)?.priority === 150;
      await until(lowered, { what: 'the new priority', every: 200, detail: () => a.child.tail() });
      await capture.stop();
      assertSteady(advertsFrom(lab, 'a', capture.frames()), INTERVAL * 1000, 2);
      assert.equal(a.child.find(/Entering/, mark), undefined);
      assert.equal(monitor.find(/Deleted/), undefined);
    });
  });

  it('with one address less and one more: the kept one never leaves', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const { a, capture, monitor } = await master(lab);
      const mark = a.mark();
      a.reload(config(200, [KEPT, ADDED]));
      await a.says(/Reload complete/, mark);
      await heldBy(lab, [KEPT, ADDED], 'a', () => a.child.tail());
      await monitor.line(new RegExp(`Deleted.*${REMOVED}`));
      assert.deepEqual(lab.holders(REMOVED), []);
      const advertised = () => latest(lab, capture)?.addresses.join() === `${KEPT},${ADDED}`;
      await until(advertised, { what: 'the new list on the wire', every: 200 });
      await capture.stop();
      assert.notDeepEqual(announcements(capture.frames(), ADDED), []);
      assertSteady(advertsFrom(lab, 'a', capture.frames()), INTERVAL * 1000, 2);
      assert.equal(a.child.find(/Entering/, mark), undefined);
      assert.equal(monitor.find(new RegExp(`Deleted.*${KEPT}`)), undefined);
    });
  });

  it('with one instance more and then less: the other one goes on', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const { a, capture, monitor } = await master(lab);
      const first = config(200, [KEPT, REMOVED]);
      const second = vrrpInstance({
        name: 'VI_2',
        vrid: 52,
        version: 3,
        interval: INTERVAL,
        priority: 200,
        addresses: [ADDED],
      });
      a.reload(`${first}\n${second}`);
      await becomes(a, 'MASTER', 0, ['VI_2']);
      await heldBy(lab, [KEPT, REMOVED, ADDED], 'a', () => a.child.tail());
      a.reload(first);
      await until(() => lab.holders(ADDED).length === 0, { what: 'the address to go' });
      await heldBy(lab, [KEPT, REMOVED], 'a', () => a.child.tail());
      await capture.stop();
      const resigned = advertsFrom(lab, 'a', capture.frames(), 52).at(-1);
      assert.equal(resigned?.vrrp.priority, 0);
      assertSteady(advertsFrom(lab, 'a', capture.frames()), INTERVAL * 1000);
      assert.equal(monitor.find(new RegExp(`Deleted.*${KEPT}`)), undefined);
    });
  });

  it('with a bad file: nothing changes, and the log says so', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const { a, capture, monitor } = await master(lab);
      const mark = a.mark();
      const bad = config(150, [KEPT, ADDED]).replace(
        'virtual_router_id 51',
        'virtual_router_id 300',
      );
      a.reload(bad);
      await a.says(/the old one stays in force/, mark);
      assert.match(a.child.lines.slice(mark).join('\n'), /\.conf:\d+:\d+: error/);
      const count = () => advertsFrom(lab, 'a', capture.frames()).length;
      const before = count();
      await until(() => count() >= before + 10, { what: '10 adverts more', every: 200 });
      await capture.stop();
      const sent = advertsFrom(lab, 'a', capture.frames());
      assertSteady(sent, INTERVAL * 1000);
      for (const { vrrp } of sent) {
        assert.equal(vrrp.priority, 200);
        assert.deepEqual(vrrp.addresses, [KEPT, REMOVED]);
      }
      assert.equal(a.child.find(/Entering/, mark), undefined);
      assert.equal(monitor.find(/Deleted/), undefined);
      assert.equal(a.child.ended, null);
    });
  });
});
