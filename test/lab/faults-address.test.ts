/**
 * Addresses that were there before us, that go away below us, and many at once: what a dead
 * keepalived left is taken over and in the end removed; without an address of its own an instance
 * is at fault; 250 addresses come and go as one.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { announcements, defects } from './decode';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom, assertSteady } from './rhythm';
import { until } from './until';

const VIP = '192.0.2.10';
const VIP6 = ['fe80::10', '2001:db8::10'];

const config = (priority: number, addresses: readonly string[] = [VIP], vrid = 51) =>
  vrrpInstance({ version: 3, vrid, interval: 0.1, priority, addresses });

describe('addresses below holdfast', { concurrency: 2 }, () => {
  it('that a killed keepalived left are held by us, and gone after us', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const dead = new Keepalived(lab, 'a', config(200));
      await becomes(dead, 'MASTER');
      await until(() => lab.addresses('a').includes(VIP), { what: 'keepalived to hold it' });
      await dead.kill();
      const next = new Holdfast(lab, 'a', config(200));
      await becomes(next, 'MASTER');
      await heldBy(lab, [VIP], 'a', () => next.child.tail());
      const show = () => lab.exec('a', ['ip', 'address', 'show', 'to', VIP]).stdout;
      assert.match(show(), /valid_lft \d+sec/, 'leased from the kernel');
      await next.stop();
      assert.deepEqual(lab.holders(VIP), []);
    });
  });

  it('that the instance speaks from: without them a fault, with them a recovery', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const a = new Holdfast(lab, 'a', config(200));
      await becomes(a, 'MASTER');
      const b = new Keepalived(lab, 'b', config(100));
      await becomes(b, 'BACKUP');
      const [markA, markB] = [a.mark(), b.mark()];
      const own = [`${lab.node('a').address}/24`, 'dev', 'eth0'];
      lab.exec('a', ['ip', 'address', 'delete', ...own]);
      await becomes(a, 'FAULT', markA);
      await becomes(b, 'MASTER', markB);
      await heldBy(lab, [VIP], 'b', () => a.child.tail());
      lab.exec('a', ['ip', 'address', 'add', ...own]);
      await becomes(a, 'MASTER', markA);
      await heldBy(lab, [VIP], 'a', () => `${a.child.tail()}\n${b.child.tail(10)}`);
    });
  });

  it('of an interface set down and up again by hand are back', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const both = `${config(200)}${vrrpInstance({
        name: 'VI_6',
        version: 3,
        vrid: 61,
        interval: 0.1,
        priority: 200,
        addresses: VIP6,
      })}`;
      const a = new Holdfast(lab, 'a', both);
      await becomes(a, 'MASTER', 0, ['VI_1', 'VI_6']);
      const mark = a.mark();
      lab.exec('a', ['ip', 'link', 'set', 'eth0', 'down']);
      await becomes(a, 'FAULT', mark, ['VI_1', 'VI_6']);
      assert.deepEqual(lab.holders(VIP), []);
      lab.exec('a', ['ip', 'link', 'set', 'eth0', 'up']);
      // The kernel forgot the IPv6 ones with the link.
      const linkLocal = `${lab.node('a').linkLocal}/64`;
      lab.exec('a', ['ip', 'address', 'add', linkLocal, 'dev', 'eth0', 'nodad']);
      await becomes(a, 'MASTER', mark, ['VI_1', 'VI_6']);
      await heldBy(lab, [VIP, 'fe80::10'], 'a', () => a.child.tail());
      assert.ok(lab.addresses('a').includes('2001:db8::10'));
    });
  });

  it('of both families removed by hand are back at once', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const a = new Holdfast(lab, 'a', config(200, VIP6, 61));
      await becomes(a, 'MASTER');
      await heldBy(lab, ['fe80::10'], 'a', () => a.child.tail());
      const mark = a.mark();
      lab.exec('a', ['ip', 'address', 'delete', '2001:db8::10/128', 'dev', 'eth0']);
      await a.says(/2001:db8::10 removed; put back/, mark);
      await until(() => lab.addresses('a').includes('2001:db8::10'), { what: 'it to be back' });
      assert.equal(a.child.find(/Entering/, mark), undefined);
    });
  });

  it('many of them, some on another device or unadvertised, come and go as one', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const many = Array.from({ length: 250 }, (_, i) => `10.9.0.${i + 1}`);
      const excluded = ['virtual_ipaddress_excluded {', '  10.9.1.1', '  10.9.1.2/24 dev lo', '}'];
      const options = { version: 3, interval: 0.1, priority: 200, addresses: many } as const;
      const capture = await lab.capture({ filter: 'vrrp or arp' });
      const a = new Holdfast(lab, 'a', vrrpInstance({ ...options, more: excluded }));
      await becomes(a, 'MASTER');
      const held = () => many.filter((address) => lab.addresses('a').includes(address)).length;
      await until(() => held() === many.length, {
        what: 'all of them',
        detail: () => a.child.tail(),
      });
      assert.deepEqual(lab.holders('10.9.1.1'), ['a']);
      const onLo = () => lab.exec('a', ['ip', '-o', 'address', 'show', 'dev', 'lo']).stdout;
      assert.match(onLo(), /10\.9\.1\.2\/24/);
      const sent = () => advertsFrom(lab, 'a', capture.frames());
      await until(() => sent().length >= 10, { what: '10 adverts', every: 200 });
      await a.stop();
      assert.equal(held(), 0);
      assert.deepEqual(lab.holders('10.9.1.1'), []);
      assert.doesNotMatch(onLo(), /10\.9\.1\.2/);
      await capture.stop();
      const frames = capture.frames();
      assert.deepEqual(defects(frames), []);
      assert.deepEqual(sent()[0]?.vrrp.addresses, many);
      assertSteady(
        sent().filter(({ vrrp }) => vrrp.priority > 0),
        100,
      );
      assert.equal(capture.dropped, 0, 'the witness saw everything');
      for (const address of [...many, '10.9.1.1']) {
        const count = announcements(frames, address).length;
        assert.ok(count >= 5, `${address} was announced ${count} times`);
      }
    });
  });
});
