/**
 * kill -9: the peer takes over, and the kernel itself removes what the dead daemon held. The next
 * life removes what a lease had still kept.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { withLab } from './lab';
import { heldBy } from './one-holder';
import { until } from './until';

const VIP = '192.0.2.10';
const VIP6 = ['fe80::10', '2001:db8::10'];
const NAMES = ['VI_1', 'VI_6'];

const bothFamilies = (priority: number) =>
  [
    vrrpInstance({ version: 3, interval: 0.1, priority, addresses: [VIP] }),
    vrrpInstance({
      name: 'VI_6',
      version: 3,
      vrid: 61,
      interval: 0.1,
      priority,
      addresses: VIP6,
    }),
  ].join('\n');

const leased = (seconds: number, config: string) =>
  `holdfast {\n  vip_lease ${seconds}\n}\n${config}`;

describe('kill -9 of the whole daemon', { concurrency: 2 }, () => {
  it('leaves no address behind once the lease is over, and the peer has it', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const all = [VIP, ...VIP6];
      const dying = new Holdfast(lab, 'a', leased(3, bothFamilies(200)));
      await becomes(dying, 'MASTER', 0, NAMES);
      const peer = new Keepalived(lab, 'b', bothFamilies(100));
      await becomes(peer, 'BACKUP', 0, NAMES);
      const held = () => all.filter((address) => lab.addresses('a').includes(address));
      await until(() => held().length === all.length, { what: 'a to hold all' });

      const mark = peer.mark();
      await dying.kill();
      assert.deepEqual(held(), all, 'nobody could remove them');
      await becomes(peer, 'MASTER', mark, NAMES);
      await until(() => held().length === 0, {
        what: 'the kernel to remove them',
        timeout: 10_000,
        detail: () => lab.exec('a', ['ip', 'address']).stdout,
      });
      await heldBy(lab, [VIP, 'fe80::10'], 'b');
    });
  });

  it('is cleaned up by the next life, which starts as a backup', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const config = leased(
        600,
        vrrpInstance({ version: 3, interval: 0.1, priority: 100, addresses: [VIP] }),
      );
      const dying = new Holdfast(lab, 'a', config);
      await becomes(dying, 'MASTER');
      await until(() => lab.addresses('a').includes(VIP), { what: 'a to hold it' });
      await dying.kill();
      const better = vrrpInstance({ version: 3, interval: 0.1, priority: 200, addresses: [VIP] });
      const peer = new Keepalived(lab, 'b', better);
      await becomes(peer, 'MASTER');
      assert.deepEqual(lab.holders(VIP), ['a', 'b'], 'the long lease still stands');

      const next = new Holdfast(lab, 'a', config);
      await becomes(next, 'BACKUP');
      await heldBy(lab, [VIP], 'b', () => next.child.tail());
    });
  });
});
