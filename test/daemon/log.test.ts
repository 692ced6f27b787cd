/** The words of the log: where keepalived says it, we say it in keepalived's words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instance } from '../../src/config/model';
import type { Event, PlaneEvent } from '../../src/core/event';
import { type Instant, microseconds, milliseconds, seconds } from '../../src/time';
import {
  advertOf,
  advertReceived,
  config,
  configured,
  fails,
  finished,
  instance,
  link,
  ROUTER_51,
  ROUTER_52,
  script,
  succeeds,
  surveyed,
  syncGroup,
  tookOver,
  track,
  woken,
  yielded,
} from '../core/fixture';
import { begun, type Journal, journal, levelled, texts } from './journal';

type Make = (when: Instant) => Event;

const lone = (change: Partial<Instance> = {}) => config({ instances: [instance('VI_1', change)] });
const heard =
  (priority: number, change: Parameters<typeof advertOf>[1] = {}): Make =>
  (t) =>
    advertReceived(t, ROUTER_51, advertOf(priority, change));

/** Turns only grow. */
let turns = 1_000_000;
const takes =
  (...keys: string[]): Make =>
  (t) => {
    turns += 1;
    return tookOver(t, keys.length === 0 ? [ROUTER_51] : keys, turns);
  };
const yields =
  (priority: number): Make =>
  (t) => {
    turns += 1;
    return yielded(t, [ROUTER_51], turns, advertOf(priority));
  };

function master(change: Partial<Instance> = {}): Journal {
  const one = begun(lone(change));
  one.tell(takes());
  return one;
}

// ---- states

test('a start is BACKUP (init), a takeover MASTER after the timeout', () => {
  const one = journal();
  assert.deepEqual(levelled(one.tell((t) => configured(t, lone()), link, surveyed)), [
    'info: Netlink reports eth0 up',
    'info: (VI_1) Entering BACKUP STATE (init)',
  ]);
  const records = one.tell(takes());
  assert.deepEqual(levelled(records), [
    'info: (VI_1) Receive advertisement timeout',
    'info: (VI_1) Entering MASTER STATE',
  ]);
  assert.equal(records[1]?.['instance'], 'VI_1');
  assert.equal(records[1]?.['state'], 'MASTER');
  assert.equal(records[1]?.['priority'], 100);
});

test('a fault and its end', () => {
  const one = begun(lone());
  const records = one.tell((t) => link(t, { up: false }));
  assert.deepEqual(levelled(records), [
    'warn: Netlink reports eth0 down',
    'warn: (VI_1) entering FAULT state (interface eth0 is down)',
    'warn: (VI_1) Entering FAULT STATE',
  ]);
  assert.equal(records.at(-1)?.['reason'], 'interface eth0 is down');
  assert.deepEqual(levelled(one.tell(link)), [
    'info: Netlink reports eth0 up',
    'info: (VI_1) Entering BACKUP STATE',
  ]);
});

test('an address owner is master from the start, and is never told to be in init', () => {
  const one = journal();
  const records = one.tell((t) => configured(t, lone({ priority: 255 })), link, surveyed);
  assert.deepEqual(texts(records).slice(1), ['(VI_1) Entering MASTER STATE']);
});

test('a sync group is told before its members', () => {
  const one = begun(
    config({
      instances: [instance('VI_1'), instance('VI_2', { vrid: 52 })],
      groups: [syncGroup('VG', ['VI_1', 'VI_2'])],
    }),
  );
  assert.deepEqual(texts(one.tell(takes(ROUTER_51, ROUTER_52))), [
    '(VI_1) Receive advertisement timeout',
    '(VI_2) Receive advertisement timeout',
    'VRRP_Group(VG) Syncing instances to MASTER state',
    '(VI_1) Entering MASTER STATE',
    '(VI_2) Entering MASTER STATE',
  ]);
});

test('a second reason for a fault is told once', () => {
  const one = begun(lone({ trackInterfaces: [track('eth1')] }));
  one.tell((t) => link(t, { interface: 'eth1', up: false }));
  const [both] = one.tell((t) => link(t, { up: false })).slice(-1);
  assert.equal(both?.msg, '(VI_1) still in FAULT state');
  assert.match(String(both?.['reason']), /eth0 is down.*eth1 is down/);
  assert.deepEqual(
    one.tell((t) => link(t, { up: false, mtu: 1400 })),
    [],
  );
});

// ---- adverts

test('as backup: the master is named, and its change', () => {
  const one = begun(lone());
  assert.deepEqual(levelled(one.tell(heard(150))), ['info: (VI_1) master set to 192.0.2.2']);
  assert.deepEqual(one.tell(heard(160)), []);
  assert.deepEqual(levelled(one.tell(heard(170, { source: '192.0.2.3' }))), [
    'info: (VI_1) master changed from 192.0.2.2 to 192.0.2.3',
  ]);
});

test('as backup: a resignation, a lower master, another interval', () => {
  const one = begun(lone({ version: 3 }));
  one.tell(heard(150, { version: 3 }));
  assert.deepEqual(levelled(one.tell(heard(0))), [
    'info: (VI_1) Backup received priority 0 advertisement',
  ]);
  assert.deepEqual(levelled(one.tell(heard(90))), [
    'info: (VI_1) received lower priority (90) advert from 192.0.2.2 - discarding',
  ]);
  assert.deepEqual(levelled(one.tell(heard(150, { interval: milliseconds(100) }))), [
    'info: (VI_1) advertisement interval updated from 1000ms to 100ms by master',
  ]);
});

test('as backup: addresses that are not ours are warned of, once', () => {
  const one = begun(lone());
  const foreign = heard(150, { addressesMatch: false });
  const records = one.tell(foreign);
  assert.equal(records[0]?.level, 'warn');
  assert.match(records[0]?.msg ?? '', /addresses advertised by 192\.0\.2\.2 are not those/);
  assert.deepEqual(one.tell(foreign), []);
});

test('a peer with the other form of the v3 checksum is named once', () => {
  const one = begun(lone({ version: 3 }));
  const plain = heard(150, { version: 3, plainChecksum: true });
  const [record, ...others] = one.tell(plain);
  assert.match(
    record?.msg ?? '',
    /192\.0\.2\.2 sends the VRRPv3 checksum without the pseudo-header/,
  );
  assert.match(record?.msg ?? '', /set v3_checksum_as_v2/);
  assert.equal(others.length, 1);
  assert.deepEqual(one.tell(heard(151, { version: 3, plainChecksum: true })), []);
  const same = begun(lone({ version: 3, checksumAsV2: true }));
  assert.deepEqual(levelled(same.tell(plain)), ['info: (VI_1) master set to 192.0.2.2']);
});

test('as master: a losing advert and a resignation', () => {
  const one = master();
  assert.deepEqual(levelled(one.tell(heard(90))), [
    'info: (VI_1) Received advert from 192.0.2.2 with lower priority 90, ours 100, forcing new election',
  ]);
  assert.deepEqual(levelled(one.tell(heard(0))), [
    'info: (VI_1) Master received priority 0 message',
  ]);
});

test('as master: a better advert, and one that is equal from a higher address', () => {
  assert.deepEqual(levelled(master().tell(yields(150))), [
    'info: (VI_1) Master received advert from 192.0.2.2 with higher priority 150, ours 100',
    'info: (VI_1) Entering BACKUP STATE',
  ]);
  assert.equal(
    texts(master().tell(yields(100)))[0],
    '(VI_1) Master received advert from 192.0.2.2 with same priority 100 ' +
      'but higher IP address than ours',
  );
});

test('preempt_delay begins with a lower master and stops with a better one', () => {
  const one = begun(lone({ preemptDelay: seconds(5) }));
  assert.match(
    texts(one.tell(heard(90))).join('\n'),
    /^\(VI_1\) start preempt delay \(5\.000000\)$/m,
  );
  assert.deepEqual(
    texts(one.tell(heard(80))).filter((text) => /delay/.test(text)),
    [],
  );
  assert.ok(texts(one.tell(heard(150))).includes('(VI_1) stop preempt delay'));
});

test('an event about nobody says nothing', () => {
  const one = begun(lone());
  assert.deepEqual(
    one.tell((t) => advertReceived(t, 'other', advertOf(10)), woken),
    [],
  );
  assert.deepEqual(
    one.tell((t) => ({ kind: 'stopped', at: t })),
    [],
  );
});

// ---- surroundings

test('an interface is told when it changes sides, and only if it concerns us', () => {
  const one = begun(lone({ trackInterfaces: [track('eth1', 10)] }));
  assert.deepEqual(
    one.tell((t) => link(t, { mtu: 9000 })),
    [],
  );
  assert.deepEqual(
    one.tell((t) => link(t, { interface: 'wlan0', up: false })),
    [],
  );
  assert.equal(
    texts(one.tell((t) => link(t, { interface: 'eth1', up: true })))[0],
    'Netlink reports eth1 up',
  );
  assert.equal(
    texts(one.tell((t) => link(t, { interface: 'eth1', up: false })))[0],
    'Netlink reports eth1 down',
  );
  const gone: Make = (t) => ({ kind: 'interface-gone', at: t, interface: 'eth0' });
  assert.equal(levelled(one.tell(gone))[0], 'warn: Interface eth0 is gone');
  assert.deepEqual(
    one.tell((t) => ({ kind: 'interface-gone', at: t, interface: 'wlan0' })),
    [],
  );
});

test('a script is told by its exit code and by its verdict, each when it changes', () => {
  const one = begun(
    config({
      scripts: [script('chk', { fall: 2, rise: 2 })],
      instances: [instance('VI_1', { trackScripts: [track('chk', -20)] })],
    }),
  );
  const ends =
    (outcome: typeof succeeds): Make =>
    (t) =>
      finished(t, 'chk', outcome);
  assert.deepEqual(levelled(one.tell(ends(succeeds))), [
    'info: Script `chk` now returning 0',
    'info: VRRP_Script(chk) succeeded (exited with status 0)',
  ]);
  assert.deepEqual(one.tell(ends(succeeds)), []);
  assert.deepEqual(levelled(one.tell(ends(fails))), ['info: Script `chk` now returning 1']);
  assert.deepEqual(levelled(one.tell(ends({ kind: 'timed-out' }))), [
    'warn: VRRP_Script(chk) failed (timed out)',
    'info: (VI_1) Changing effective priority from 100 to 80',
  ]);
  assert.deepEqual(one.tell(ends({ kind: 'timed-out' })), []);
  one.tell(ends(succeeds));
  const back = one.tell(ends(succeeds));
  assert.deepEqual(texts(back), [
    'VRRP_Script(chk) succeeded (exited with status 0)',
    '(VI_1) Changing effective priority from 80 to 100',
  ]);
});

test('a changed priority says how it was computed', () => {
  const one = begun(lone({ trackInterfaces: [track('eth1', 10)] }));
  const record = one
    .tell((t) => link(t, { interface: 'eth1', up: true }))
    .find(({ msg }) => /effective priority/.test(msg));
  assert.equal(record?.msg, '(VI_1) Changing effective priority from 100 to 110');
  assert.equal(record?.['arithmetic'], '100 + 10 (interface eth1)');
});

// ---- the data plane's own news

const NEWS: readonly (readonly [string, (t: Instant) => PlaneEvent, string, RegExp])[] = [
  [
    'a lease that lapsed',
    (t) => ({ kind: 'lease-lapsed', at: t }),
    'error',
    /hung for longer than its lease/,
  ],
  [
    'an address put back',
    (t) => ({
      kind: 'address-restored',
      at: t,
      instance: ROUTER_51,
      address: '192.0.2.100',
      count: 3,
    }),
    'warn',
    /^\(VI_1\) Netlink reflector reports IP 192\.0\.2\.100 removed/,
  ],
  [
    'a firewall that drops adverts',
    (t) => ({ kind: 'firewall-noticed', at: t, interface: 'eth0', family: 4, dropping: true }),
    'warn',
    /eth0.*firewall drops protocol 112 \(IPv4\)/,
  ],
  [
    'a firewall that no longer does',
    (t) => ({ kind: 'firewall-noticed', at: t, interface: 'eth0', family: 6, dropping: false }),
    'info',
    /protocol 112 \(IPv6\) through on eth0/,
  ],
  [
    'a gap in time',
    (t) => ({ kind: 'clock-gap', at: t, late: microseconds(2_500_000) }),
    'warn',
    /2\.5 s late/,
  ],
  [
    'real-time scheduling',
    (t) => ({ kind: 'scheduled', at: t, realtime: true, errno: 0 }),
    'info',
    /SCHED_FIFO/,
  ],
  [
    'no real-time scheduling',
    (t) => ({ kind: 'scheduled', at: t, realtime: false, errno: 1 }),
    'warn',
    /no real-time scheduling/,
  ],
  [
    'a failure of an instance',
    (t) => ({ kind: 'failed', at: t, instance: ROUTER_51, what: 'claim x', errno: 19, count: 1 }),
    'error',
    /^\(VI_1\) .*claim x.*19/,
  ],
  [
    'a failure of nobody',
    (t) => ({ kind: 'failed', at: t, instance: null, what: 'netlink', errno: 5, count: 1 }),
    'error',
    /^failed: netlink .*5/,
  ],
  ['lost events', (t) => ({ kind: 'overrun', at: t, lost: 321 }), 'error', /^321 events were lost/],
];

for (const [what, event, level, wording] of NEWS) {
  test(`the data plane reports ${what}`, () => {
    const [record, ...more] = begun(lone()).tell(event);
    assert.equal(record?.level, level);
    assert.match(record?.msg ?? '', wording);
    assert.deepEqual(more, []);
  });
}
