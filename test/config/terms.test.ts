/** The rarer terms of an instance, and what strict mode resets. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '../../src/time';
import { file, findings, inactive, instance } from './snippet';

const strict = (lines: string): readonly string[] => findings(file(`strict_mode\n${lines}`));

test('strict mode resets what the RFC does not allow, word by word', () => {
  for (const line of [
    'higher_prio_send_advert',
    'lower_prio_no_advert off',
    'down_timer_adverts 4',
    'garp_lower_prio_repeat 3',
    'garp_lower_prio_delay 3',
    'accept',
  ]) {
    assert.deepEqual(strict(line), ['warning strict-reset'], line);
  }
  const fine = 'down_timer_adverts 3\nlower_prio_no_advert\ngarp_lower_prio_repeat 0';
  assert.deepEqual(strict(fine), []);
  const vi = instance('strict_mode\nhigher_prio_send_advert\ndown_timer_adverts 9');
  assert.deepEqual(
    [vi.higherPrioritySendAdvert, vi.lowerPriorityNoAdvert, vi.downTimerAdverts],
    [false, true, 3],
  );
  assert.deepEqual([vi.garp.lowerPriorityRepeat, vi.garp.lowerPriorityDelay], [0, seconds(0)]);
});

test('strict mode resets what comes from global_defs without a word', () => {
  const around = 'global_defs {\nvrrp_higher_prio_send_advert\nvrrp_down_timer_adverts 5\n}';
  assert.deepEqual(findings(file('strict_mode', around)), []);
  const vi = instance('strict_mode', around);
  assert.deepEqual([vi.higherPrioritySendAdvert, vi.downTimerAdverts], [false, 3]);
  assert.equal(instance('', around).higherPrioritySendAdvert, true);
});

test('accept: an owner, and whoever is not strict; no_accept always has its way', () => {
  const accept = (lines: string): boolean => instance(lines).accept;
  assert.equal(accept(''), true);
  assert.equal(accept('no_accept'), false);
  assert.equal(accept('no_accept\naccept'), true);
  assert.equal(accept('strict_mode'), false);
  assert.equal(accept('strict_mode\naccept'), false);
  assert.equal(accept('strict_mode\nversion 3\naccept'), true);
  assert.equal(accept('strict_mode\nstate MASTER\npriority 255'), true);
  assert.equal(accept('priority 255\nno_accept'), false);
});

test('unicast words without a peer: multicast, or a fault when that is asked for', () => {
  const words = ['unicast_src_ip 192.0.2.9', 'unicast_ttl 5', 'check_unicast_src'];
  for (const line of [...words, 'old_unicast_checksum', 'unicast_peer { }']) {
    const said = findings(file(line));
    assert.deepEqual(said, ['warning unicast-without-peer'], line);
    assert.equal(instance(line).lacksPeers, false, line);
  }
  assert.equal(instance('unicast_fault_no_peer').lacksPeers, true);
  assert.deepEqual(findings(file('unicast_fault_no_peer')), ['warning unicast-without-peer']);
  const peer = 'unicast_fault_no_peer\nunicast_peer { 192.0.2.9 }';
  assert.equal(instance(peer).lacksPeers, false);
  assert.deepEqual(findings(file(peer)), []);
});

test('with peers a multicast group is left out; a window of TTLs must not be crossed', () => {
  const group = 'unicast_peer { 192.0.2.9 }\nmcast_dst_ip 224.0.0.99';
  assert.deepEqual(findings(file(group)), ['warning group-with-peers']);
  const crossed = 'unicast_peer { 192.0.2.9 min_ttl 5 max_ttl 4 }';
  assert.deepEqual(findings(file(crossed)), ['warning ttl-crossed']);
});

test('timer_expired_backup is for nopreempt', () => {
  const late = (lines: string) => instance(lines).lateTimerBackup;
  assert.equal(late(''), null);
  assert.deepEqual(late('nopreempt\ntimer_expired_backup'), { priority: null });
  assert.deepEqual(late('nopreempt\ntimer_expired_backup 80'), { priority: 80 });
  assert.deepEqual(late('nopreempt\nthread_timer_expired 80'), { priority: 80 });
  assert.equal(late('timer_expired_backup'), null);
  assert.ok(findings(file('timer_expired_backup')).includes('warning needs-nopreempt'));
});

test('old_unicast_checksum: found out, always, never', () => {
  const peer = 'unicast_peer { 192.0.2.9 }\n';
  const checksum = (line: string) => instance(`${peer}${line}`).oldUnicastChecksum;
  assert.equal(checksum(''), 'detect');
  assert.equal(checksum('old_unicast_checksum'), 'always');
  assert.equal(checksum('old_unicast_checksum never'), 'never');
  assert.equal(checksum('old_unicast_checksum nevre'), 'detect');
});

test('garp_extra_if: of the instance, of global_defs, by its old name; 0 turns it off', () => {
  const around = 'global_defs { vrrp_garp_extra_if all 100 }';
  const extra = (lines: string, globals = '') => instance(lines, globals).extraGarp;
  assert.deepEqual(extra(''), { every: 0, all: false });
  assert.deepEqual(extra('', around), { every: seconds(100), all: true });
  assert.deepEqual(extra('garp_extra_if 0', around), { every: 0, all: false });
  assert.deepEqual(extra('vmac_garp_intvl all 30'), { every: seconds(30), all: true });
  assert.deepEqual(findings(file('vmac_garp_intvl 30')), ['info old-name']);
});

test('an owner that ignores adverts keeps run from starting, any other one does not', () => {
  assert.deepEqual(inactive(file('priority 255\nowner_ignore_adverts')), [
    "'owner_ignore_adverts' of an owner",
  ]);
  assert.deepEqual(inactive(file('owner_ignore_adverts')), []);
  assert.equal(instance('', 'global_defs { vrrp_owner_ignore_adverts }').ownerIgnoresAdverts, true);
});

test('a group for IPv6 adverts should be link-local, and counts all the same', () => {
  const around = 'global_defs { vrrp_mcast_group6 ff05::1 }';
  assert.ok(findings(file('', around, 'fe80::1')).includes('warning group-not-local'));
  assert.equal(instance('', around, 'fe80::1').group, 'ff05::1');
});

test('notify: commands with their users, what is told besides, the first of two', () => {
  const { notify } = instance(`notify_master "/m a" nobody nogroup
notify_deleted
notify_master_rx_lower_pri /low
notify_priority_changes
notify_backup /b
notify_backup /c`);
  assert.deepEqual(notify.master, {
    argv: ['/m', 'a'],
    user: { user: 'nobody', group: 'nogroup' },
  });
  assert.deepEqual([notify.deleted, notify.tellsDeleted], [null, true]);
  assert.deepEqual(notify.lowerAdvert?.argv, ['/low']);
  assert.equal(notify.priorities, true);
  const colon = instance('notify_stop /s nobody :nogroup').notify.stop;
  assert.deepEqual(colon?.user, { user: 'nobody', group: 'nogroup' });
  assert.deepEqual(notify.backup?.argv, ['/b']);
  assert.deepEqual(instance('notify_deleted "/d x"').notify.deleted?.argv, ['/d', 'x']);
});

test('behind a command stand its user and group, no more', () => {
  assert.deepEqual(findings(file('notify_master /m nobody nogroup x')), ['warning extra-word']);
  assert.deepEqual(findings(file('notify_master /m nobody nogroup')), []);
  assert.deepEqual(findings(file('notify_master "/m nobody nogroup x"')), []);
});

test('a command that cannot be run is left out, as in keepalived', () => {
  for (const text of ['""', '"\'a"', '"</bin/true x"']) {
    assert.deepEqual(findings(file(`notify_master ${text}`)), ['warning bad-command'], text);
    assert.equal(instance(`notify_master ${text}`).notify.master, null);
  }
});
