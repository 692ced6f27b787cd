/**
 * SIGHUP with other names, groups and places for what is the same virtual router, beside a peer that
 * waits for its chance. The wire is the witness: no advert of the peer, no priority 0, no pause in
 * which one could have been missed, no announcement that nobody needs.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Capture } from './capture';
import type { Child } from './child';
import { adverts, announcements } from './decode';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom, assertSteady } from './rhythm';
import { until } from './until';

const [ONE, TWO, THREE] = ['192.0.2.10', '192.0.2.11', '192.0.2.12'] as const;
const INTERVAL = 0.1;
const MINE = 200;
const PEERS = 100;

type Router = readonly [name: string, vrid: number, ...addresses: readonly string[]];

const file = (
  priority: number,
  routers: readonly Router[],
  group: readonly string[] = [],
): string => {
  const blocks = routers.map(([name, vrid, ...addresses]) =>
    vrrpInstance({ name, vrid, version: 3, interval: INTERVAL, priority, addresses }),
  );
  if (group.length > 0) blocks.push(`vrrp_sync_group G {\n  group { ${group.join(' ')} }\n}\n`);
  return blocks.join('\n');
};

interface Stage {
  readonly lab: Lab;
  readonly a: Holdfast;
  readonly capture: Capture;
  readonly monitor: Child;
  /** of the log of a, when the reload comes. */
  readonly mark: number;
  readonly vrids: readonly number[];
}

/** a is master of all, b (where it is) waits for each; then the witnesses begin. */
async function staged(
  lab: Lab,
  routers: readonly Router[],
  group: readonly string[] = [],
): Promise<Stage> {
  const names = routers.map(([name]) => name);
  const addresses = routers.flatMap(([, , ...own]) => own);
  const a = new Holdfast(lab, 'a', file(MINE, routers, group));
  await becomes(a, 'MASTER', 0, names);
  if (lab.nodes.has('b')) {
    const b = new Keepalived(lab, 'b', file(PEERS, routers, group));
    await becomes(b, 'BACKUP', 0, names);
  }
  await heldBy(lab, addresses, 'a', () => a.child.tail());
  // The second burst of announcements comes 5 s after a takeover: let it pass unseen.
  const capture = await lab.capture({ filter: 'vrrp or arp' });
  await until(() => announcements(capture.frames(), addresses[0] ?? '').length >= 5, {
    what: 'the second burst of announcements',
    every: 500,
  });
  await capture.stop();
  const monitor = lab.spawn('a', ['stdbuf', '-oL', 'ip', '-o', 'monitor', 'address']);
  await monitor.line(new RegExp(addresses[0] ?? ''));
  const witness = await lab.capture({ filter: 'vrrp or arp' });
  const vrids = routers.map(([, vrid]) => vrid);
  return { lab, a, capture: witness, monitor, mark: a.mark(), vrids };
}

/** Reloads, and waits for 20 more adverts of each virtual router. */
async function reload({ lab, a, capture, mark, vrids }: Stage, config: string): Promise<void> {
  const count = (vrid: number) => advertsFrom(lab, 'a', capture.frames(), vrid).length;
  const spoken = (least: number) => () => vrids.every((vrid) => count(vrid) >= least);
  await until(spoken(10), { what: '10 adverts before the reload', every: 200 });
  a.reload(config);
  await a.says(/Reload complete/, mark);
  const before = Math.max(...vrids.map(count));
  await until(spoken(before + 20), { what: '20 adverts after the reload', every: 200 });
  await capture.stop();
}

/** The peer spoke of none of them, and no pause was long enough for it to miss anybody. */
function assertUnbroken({ lab, capture, vrids }: Stage): void {
  const frames = capture.frames();
  for (const vrid of vrids) {
    const sent = advertsFrom(lab, 'a', frames, vrid);
    assert.equal(adverts(frames, vrid).length, sent.length, `VRID ${vrid}: the peer spoke`);
    assert.ok(
      sent.every(({ vrrp }) => vrrp.priority === MINE),
      `VRID ${vrid}: priorities ${[...new Set(sent.map(({ vrrp }) => vrrp.priority))].join()}`,
    );
    assertSteady(sent, INTERVAL * 1000, 30);
    const gaps = sent.slice(1).map(({ time }, i) => time - (sent[i]?.time ?? 0));
    assert.ok(Math.max(...gaps) < 3 * INTERVAL, `VRID ${vrid}: ${Math.max(...gaps)} s of silence`);
  }
}

function assertUntouched({ a, monitor, mark }: Stage): void {
  assert.equal(a.child.find(/Entering|FAULT/, mark), undefined);
  assert.equal(monitor.find(/Deleted/), undefined);
}

describe('SIGHUP beside a waiting peer', { concurrency: 2 }, () => {
  it('another name: nothing happens on the wire', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const stage = await staged(lab, [['VI_1', 51, ONE, TWO]]);
      await reload(stage, file(MINE, [['edge', 51, ONE, TWO]]));
      assertUnbroken(stage);
      assertUntouched(stage);
      for (const address of [ONE, TWO]) {
        assert.deepEqual(announcements(stage.capture.frames(), address), []);
      }
    });
  });

  it('two exchange their names, and a group comes over them', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const stage = await staged(lab, [
        ['VI_1', 51, ONE],
        ['VI_2', 52, TWO],
      ]);
      const swapped: readonly Router[] = [
        ['VI_2', 51, ONE],
        ['VI_1', 52, TWO],
      ];
      await reload(stage, file(MINE, swapped, ['VI_1', 'VI_2']));
      assertUnbroken(stage);
      assertUntouched(stage);
      for (const address of [ONE, TWO]) {
        assert.deepEqual(announcements(stage.capture.frames(), address), []);
      }
    });
  });

  // Alone: keepalived drops adverts of another list than its own, and would take over.
  it('another name, and an address that moves to the other: it never leaves', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const stage = await staged(lab, [
        ['VI_1', 51, ONE, TWO],
        ['VI_2', 52, THREE],
      ]);
      await reload(
        stage,
        file(MINE, [
          ['edge', 51, ONE],
          ['VI_2', 52, THREE, TWO],
        ]),
      );
      await heldBy(lab, [ONE, TWO, THREE], 'a', () => stage.a.child.tail());
      assertUnbroken(stage);
      assertUntouched(stage);
      const frames = stage.capture.frames();
      assert.deepEqual(announcements(frames, ONE), []);
      assert.deepEqual(announcements(frames, THREE), []);
    });
  });

  it('a new member of the group: the others stay, and it is master after its silence', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const stage = await staged(lab, [['VI_1', 51, ONE]], ['VI_1']);
      const both: readonly Router[] = [
        ['VI_1', 51, ONE],
        ['VI_2', 52, TWO],
      ];
      await reload(stage, file(MINE, both, ['VI_1', 'VI_2']));
      await becomes(stage.a, 'MASTER', stage.mark, ['VI_2']);
      await heldBy(lab, [ONE, TWO], 'a', () => stage.a.child.tail());
      assertUnbroken(stage);
      assert.equal(stage.a.child.find(/\(VI_1\) Entering/, stage.mark), undefined);
      assert.equal(stage.monitor.find(/Deleted/), undefined);
    });
  });
});
