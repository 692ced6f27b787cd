/**
 * Scenes of what a plane does for its orders: addresses in the kernel, leases, refusals. Run like
 * those of plane-scenes.ts, which plays them.
 */
import assert from 'node:assert/strict';
import type { PlaneCommand } from '../../src/core/command';
import { native } from '../../src/drivers/addon';
import { planeNow } from '../../src/drivers/plane';
import { after, microseconds, seconds } from '../../src/time';
import { address } from '../core/fixture';
import { until } from '../lab/until';
import {
  addressesOf,
  advertising,
  becomeMaster,
  failures,
  holds,
  ip,
  LINK,
  layCable,
  opening,
  type Scenes,
  startBench,
  VIP,
} from './plane-bench';

export const orderScenes: Scenes = {
  'an interface that is not there': async () => {
    const bench = startBench();
    await bench.event('surveyed');
    bench.plane.submit([opening({ interface: 'none0' }), advertising()]);
    const failed = await bench.event('open-failed');
    assert.equal(failed.instance, 'VI');
    assert.match(failed.what, /none0/);
    assert.equal(failed.errno, 19);
    // Nobody was opened, so nobody advertises, and the same name can be opened later.
    assert.equal(bench.plane.counters().advertsSent, 0);
    layCable();
    await bench.event('interface-changed', (e) => e.interface === LINK && e.up);
    await becomeMaster(bench);
    bench.plane.close();
    assert.ok(!holds());
  },

  'claim and release': async () => {
    layCable();
    const bench = startBench();
    await becomeMaster(bench, { addresses: [address(VIP), address('192.0.2.101', 32)] });
    await until(() => holds('192.0.2.101'), { what: 'the second VIP' });
    for (const { local, valid_life_time } of addressesOf()) {
      if (local === '192.0.2.1' || local.includes(':')) continue;
      assert.ok(valid_life_time > 0 && valid_life_time <= 10, `${local}: ${valid_life_time} s`);
    }
    const own = bench.events.flatMap((e) => (e.kind === 'interface-changed' ? e.addresses : []));
    assert.ok(!own.includes(VIP), 'a VIP that we hold is no address of the interface');
    assert.ok(bench.plane.counters().advertsSent > 0);
    bench.plane.submit([{ kind: 'resign', instance: 'VI' }]);
    await until(() => !holds() && !holds('192.0.2.101'), { what: 'both VIPs to go' });
    assert.ok(holds('192.0.2.1'), 'the own address stays');
    bench.plane.close();
  },

  'for ever': async () => {
    layCable();
    const bench = startBench();
    await bench.event('surveyed');
    const forever = { ...opening(), lifetime: microseconds(0) };
    bench.plane.submit([
      { kind: 'lease', until: after(planeNow(), seconds(9)) },
      forever,
      advertising(),
    ]);
    await until(() => holds(), { what: 'the VIP' });
    const held = addressesOf().find(({ local }) => local === VIP);
    assert.equal(held?.valid_life_time, 0xffff_ffff);
    bench.plane.close();
    assert.ok(!holds());
  },

  'put back': async () => {
    layCable();
    const bench = startBench();
    await becomeMaster(bench);
    ip('addr', 'del', `${VIP}/24`, 'dev', LINK);
    const restored = await bench.event('address-restored');
    assert.equal(restored.instance, 'VI');
    assert.equal(restored.address, VIP);
    await until(() => holds(), { what: 'the VIP to be back' });
    bench.plane.close();
  },

  sweep: async () => {
    layCable();
    ip('addr', 'add', `${VIP}/24`, 'dev', LINK);
    ip('addr', 'add', '192.0.2.77/24', 'dev', LINK);
    const bench = startBench();
    await bench.event('surveyed');
    bench.plane.submit([opening()]);
    await until(() => !holds(), { what: 'the leftover of an earlier life to go' });
    assert.ok(holds('192.0.2.77'), 'what is in no list stays');
    bench.plane.close();
  },

  'lease of the orders': async () => {
    layCable();
    const bench = startBench();
    await bench.event('surveyed');
    bench.plane.submit([
      { kind: 'lease', until: after(planeNow(), seconds(0.3)) },
      opening(),
      { ...advertising(), onStall: 'resign' },
    ]);
    await until(() => holds(), { what: 'the VIP' });
    await bench.event('lease-lapsed');
    await until(() => !holds(), { what: 'the VIP to go with the lease' });
    bench.plane.close();
  },

  'malformed commands': async () => {
    layCable();
    const bench = startBench();
    await bench.event('surveyed');
    const good: PlaneCommand = { kind: 'wake', at: planeNow() };
    const { authentication: _auth, ...open } = opening();
    const bad: readonly unknown[] = [
      null,
      undefined,
      5,
      'open',
      Symbol('open'),
      {},
      { kind: 7 },
      { kind: 'dance' },
      { kind: 'open' },
      open,
      { ...opening(), source: 'nowhere' },
      { ...opening(), destinations: ['224.0.0.18', Symbol('x')] },
      { ...opening(), destinations: '224.0.0.18' },
      { ...opening(), addresses: [null] },
      { ...opening(), addresses: [{ address: VIP }] },
      { kind: 'advertise' },
      { ...advertising(), every: 0 },
      { ...advertising(), fellows: [null] },
      { kind: 'watch', since: 1, members: [null] },
      { kind: 'watch', since: 1, members: [{}] },
      { kind: 'watch' },
      { kind: 'resign' },
      { kind: 'lease', until: '1' },
      { kind: 'wake', at: 'now' },
    ];
    for (const one of bad) {
      const batch = [good, one] as unknown as PlaneCommand[];
      const shown = typeof one === 'symbol' ? 'a symbol' : JSON.stringify(one);
      assert.throws(() => bench.plane.submit(batch), TypeError, `accepted ${shown}`);
    }
    assert.throws(() => bench.plane.submit('x' as never), TypeError);
    assert.throws(() => new (native().Plane)(null as never, () => {}), TypeError);
    assert.throws(() => new (native().Plane)({ realtime: false }, null as never), TypeError);
    // None of these batches was obeyed, not even the good half; and the plane still serves.
    bench.plane.submit(failures(1));
    await bench.event('open-failed');
    assert.ok(!bench.events.some(({ kind }) => kind === 'woken'));
    bench.plane.submit([good]);
    await bench.event('woken');
    bench.plane.close();
  },
};
