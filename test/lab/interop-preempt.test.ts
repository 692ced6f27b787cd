/**
 * Who may take the address from a living master, with keepalived as the other: nopreempt,
 * preempt_delay, the owner; and a sync group whose one member is at fault.
 */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom } from './rhythm';
import { until } from './until';

const VIP = '192.0.2.10';
const SECOND = '192.0.2.20';

const config = (priority: number, more: readonly string[] = []) =>
  vrrpInstance({ version: 3, interval: 0.1, priority, addresses: [VIP], more });

async function lesserMaster(lab: Lab): Promise<Keepalived> {
  const b = new Keepalived(lab, 'b', config(100));
  await becomes(b, 'MASTER');
  return b;
}

describe('a better node that comes to a lesser master', { concurrency: 2 }, () => {
  it('with nopreempt stays backup, and still takes over when the master resigns', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const b = await lesserMaster(lab);
      const capture = await lab.capture({ filter: 'vrrp' });
      const a = new Holdfast(lab, 'a', config(200, ['nopreempt']));
      await becomes(a, 'BACKUP');
      const heard = () => advertsFrom(lab, 'b', capture.frames()).length;
      const before = heard();
      await until(() => heard() > before + 10, { what: '10 adverts of b', every: 200 });
      await heldBy(lab, [VIP], 'b', () => a.child.tail());
      assert.deepEqual(advertsFrom(lab, 'a', capture.frames()), []);
      await b.stop();
      await becomes(a, 'MASTER');
      await heldBy(lab, [VIP], 'a', () => a.child.tail());
    });
  });

  it('with preempt_delay waits for so long, and then takes it', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const b = await lesserMaster(lab);
      const mark = b.mark();
      const capture = await lab.capture({ filter: 'vrrp' });
      const a = new Holdfast(lab, 'a', config(200, ['preempt_delay 2']));
      await becomes(a, 'BACKUP');
      await becomes(a, 'MASTER');
      await becomes(b, 'BACKUP', mark);
      await heldBy(lab, [VIP], 'a', () => a.child.tail());
      await capture.stop();
      const frames = capture.frames();
      const first = advertsFrom(lab, 'a', frames)[0]?.time ?? 0;
      const during = advertsFrom(lab, 'b', frames).filter(({ time }) => time < first);
      assert.ok(during.length >= 18, `${during.length} adverts of b while a waited two seconds`);
    });
  });

  it('as owner of the address takes it at once', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const b = await lesserMaster(lab);
      const mark = b.mark();
      const a = new Holdfast(lab, 'a', config(255));
      await becomes(a, 'MASTER');
      await becomes(b, 'BACKUP', mark);
      await heldBy(lab, [VIP], 'a', () => a.child.tail());
      assert.equal(a.child.find(/Entering BACKUP/), undefined);
    });
  });
});

describe('a sync group', () => {
  it('moves as one when one member is at fault, and back', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const alive = join(lab.directory, 'alive');
      writeFileSync(alive, '');
      const names = ['VI_1', 'VI_2'];
      const group = ['vrrp_sync_group G1 {', '  group {', '    VI_1', '    VI_2', '  }', '}', ''];
      const script = `vrrp_script check {\n  script "/usr/bin/test -e ${alive}"\n  interval 1\n}\n`;
      const member = (priority: number, track: readonly string[] = []) =>
        vrrpInstance({
          name: 'VI_2',
          vrid: 52,
          version: 3,
          interval: 0.1,
          priority,
          addresses: [SECOND],
          more: track,
        });
      const tracking = ['track_script {', '  check', '}'];
      const first = [...group, script, config(200), member(200, tracking)].join('\n');
      const a = new Holdfast(lab, 'a', first);
      await becomes(a, 'MASTER', 0, names);
      const b = new Keepalived(lab, 'b', [...group, config(100), member(100)].join('\n'));
      await becomes(b, 'BACKUP', 0, names);
      await heldBy(lab, [VIP, SECOND], 'a', () => a.child.tail());
      const [markA, markB] = [a.mark(), b.mark()];
      rmSync(alive);
      await becomes(a, 'FAULT', markA, names);
      await becomes(b, 'MASTER', markB, names);
      await heldBy(lab, [VIP, SECOND], 'b', () => a.child.tail());
      const later = a.mark();
      writeFileSync(alive, '');
      await becomes(a, 'MASTER', later, names);
      await heldBy(lab, [VIP, SECOND], 'a', () => `${a.child.tail()}\n${b.child.tail(10)}`);
    });
  });
});
