/** Who is master of two ends, what a failure changes, and groups: with the arithmetic. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothWays, compare, instance, only, shown } from './peer-ends';

const end = (priority: number, lines = '', name = 'VI_1', vrid = 51) =>
  instance(
    `virtual_router_id ${vrid}\n priority ${priority}\n virtual_ipaddress { 192.0.2.${vrid} }\n ${lines}`,
    name,
  );
const script = (weight: string) => `vrrp_script chk {\n script "/bin/true"\n ${weight}\n}\n`;
const tracked = 'track_script {\n chk\n }';

test('the pair of the tutorials: 104 and 102 with weight 2', () => {
  const own = script('weight 2') + end(102, tracked);
  const other = script('weight 2') + end(100, tracked);
  const found = only(compare(own, other));
  assert.deepEqual([found.code, found.severity], ['peer-weight', 'warning']);
  assert.equal(found.what, "'chk' failing at this end moves nothing");
  assert.equal(found.label, '104 → 102 here, 102 there');
  assert.equal(
    found.why,
    'here 102 + 2 = 104 falls to 102, there it is 100 + 2 = 102: a tie, and a BACKUP takes over ' +
      'from a lower master alone (RFC 9568 §6.4.2)',
  );
  assert.match(found.help ?? '', /^a weight above 2 at both ends, their distance; or weight 0/);
  assert.deepEqual(bothWays(own, other), [
    ['warning peer-weight @2 @100'],
    ['warning peer-weight @100 @2'],
  ]);
});

test('what the help asks for is enough', () => {
  const own = script('weight 3') + end(102, tracked);
  assert.deepEqual(shown(compare(own, script('weight 3') + end(100, tracked))), []);
  const alone = only(compare(script('weight -5') + end(110, tracked), end(100)));
  assert.match(alone.help ?? '', /^a weight of -11 or lower at this end/);
  assert.deepEqual(shown(compare(script('weight -11') + end(110, tracked), end(100))), []);
  const added = only(compare(script('weight 5') + end(110, tracked), end(100)));
  assert.match(added.help ?? '', /^a weight of -11 or lower at this end/);
});

test('a failure that is a fault needs no arithmetic', () => {
  const own = script('') + end(110, tracked);
  assert.deepEqual(shown(compare(own, script('') + end(100, tracked))), []);
});

test('a script that is not there is not tracked', () => {
  assert.deepEqual(shown(compare(end(110, tracked), end(100))), []);
});

test('links, and weights that are written where they are tracked', () => {
  const own = end(110, 'track_interface {\n eth1 weight -10\n }');
  const found = only(compare(own, end(100)));
  assert.equal(found.what, "'eth1' going down at this end moves nothing");
  assert.equal(found.label, '110 → 100 here, 100 there');
  assert.match(found.why ?? '', /^here 110 falls to 100, there it is 100: a tie/);
  assert.deepEqual(shown([found]), ['warning peer-weight @-10 @100']);
});

test('weights that count together are a note', () => {
  const own = end(110, 'track_interface {\n eth1 weight -6\n eth2 weight -6\n }');
  assert.deepEqual(shown(compare(own, end(100))), [
    'info peer-weight @-6 @100',
    'info peer-weight @-6 @100',
  ]);
  const withFault = end(110, 'track_interface {\n eth1 weight -6\n eth2\n }');
  assert.equal(only(compare(withFault, end(100))).severity, 'warning');
});

test('nopreempt at the standby keeps a weight from moving anything', () => {
  const own = script('weight -20') + end(110, `nopreempt\n ${tracked}`);
  const other = script('weight -20') + end(100, `nopreempt\n ${tracked}`);
  const found = compare(own, other);
  assert.deepEqual(shown(found), ['warning peer-weight @-20 @100 @nopreempt']);
  assert.match(only(found).why ?? '', /lower, but nopreempt leaves even a lower master alone$/);
});

test('equal priorities: a note, with the address that wins between two masters', () => {
  const found = only(
    compare(end(100, 'mcast_src_ip 192.0.2.9'), end(100, 'mcast_src_ip 192.0.2.10')),
  );
  assert.deepEqual([found.code, found.severity], ['peer-tie', 'info']);
  assert.match(found.why ?? '', /192\.0\.2\.10 there stays$/);
  const summed = only(compare(end(102), script('weight 2') + end(100, tracked)));
  assert.equal(summed.label, '102 here, 100 + 2 = 102 there');
});

test('the lower priority wins by its weights', () => {
  const own = script('weight 20') + end(90, tracked);
  assert.deepEqual(bothWays(own, end(100)), [
    ['info peer-order @90 @100'],
    ['info peer-order @100 @90'],
  ]);
});

test('two owners', () => {
  const owner = instance('virtual_router_id 51\n state MASTER\n virtual_ipaddress { 192.0.2.51 }');
  assert.deepEqual(bothWays(end(255, 'advert_int 1\n down_timer_adverts 4'), owner), [
    ['error peer-owners @255 @MASTER'],
    ['error peer-owners @MASTER @255'],
  ]);
});

test('nopreempt belongs to the end that comes back', () => {
  assert.deepEqual(bothWays(end(110, 'nopreempt'), end(100)), [[], []]);
  assert.deepEqual(bothWays(end(110), end(100, 'nopreempt')), [
    ['warning peer-nopreempt @110 @nopreempt'],
    ['warning peer-nopreempt @nopreempt @110'],
  ]);
  // state MASTER clears it: the stronger end preempts after all.
  const cleared = shown(compare(end(110, 'state MASTER\n nopreempt'), end(100, 'nopreempt')));
  assert.deepEqual(cleared, ['warning peer-nopreempt @110 @nopreempt']);
});

test('state names no master', () => {
  assert.deepEqual(shown(compare(end(110, 'state MASTER'), end(100, 'state BACKUP'))), []);
  const [both] = bothWays(end(110, 'state MASTER'), end(100, 'state MASTER'));
  assert.deepEqual(both, ['info peer-state @MASTER @MASTER']);
  const wrong = compare(end(100, 'state MASTER'), end(110, 'state BACKUP'));
  assert.deepEqual(shown(wrong), ['info peer-state @MASTER @BACKUP']);
});

const group = (...members: readonly string[]) =>
  `vrrp_sync_group G {\n group { ${members.join(' ')} }\n}\n`;
const pairOf = (a: number, b: number, lines = '') => end(a, lines, 'A', 1) + end(b, '', 'B', 2);

test('sync groups: the same instances at both ends', () => {
  const own = pairOf(110, 110) + group('A', 'B');
  assert.deepEqual(shown(compare(own, pairOf(100, 100) + group('B', 'A'))), []);
  assert.deepEqual(bothWays(own, pairOf(100, 100)), [
    ['warning peer-sync-group @G @A'],
    ['warning peer-sync-group @A @G'],
  ]);
});

test('sync groups: an end that wins in one member and loses in another', () => {
  const found = compare(pairOf(110, 100) + group('A', 'B'), pairOf(105, 105) + group('A', 'B'));
  assert.deepEqual(shown(found), ['warning peer-split-group @G @G']);
  assert.equal(only(found).label, 'A: 110 here, 105 there; B: 100 here, 105 there');
});

test('sync groups: a weight that moves one member moves none', () => {
  const groups = group('A', 'B').replace('group {', 'sync_group_tracking_weight\n group {');
  const own = script('weight -20') + pairOf(110, 110, tracked) + groups;
  const other = pairOf(100, 100) + groups;
  const found = only(compare(own, other));
  assert.equal(found.label, 'B stays: 110 against 100');
  const all = own.replace('group {', `${tracked}\n group {`).replace(`0\n ${tracked}`, '0');
  assert.deepEqual(
    shown(compare(all.replace(/(192.0.2.1 \}\n) track_script \{\n chk\n \}/, '$1'), other)),
    [],
  );
});

const files = {
  unicast: (mine: string, theirs: string, priority: number) =>
    script('weight -20') +
    end(
      priority,
      `state ${priority > 100 ? 'MASTER' : 'BACKUP'}\n unicast_src_ip ${mine}
       unicast_peer {\n ${theirs}\n }\n ${tracked}`,
    ),
  multicast: (priority: number) =>
    end(priority, 'authentication {\n auth_type PASS\n auth_pass s3cret\n }\n nopreempt'),
  both: (a: number, b: number) => end(a, '', 'A', 1) + end(b, '', 'B', 2),
};

test('pairs that are in order say nothing', () => {
  const quiet = (own: string, other: string) => assert.deepEqual(bothWays(own, other), [[], []]);
  quiet(
    files.unicast('192.0.2.11', '192.0.2.12', 110),
    files.unicast('192.0.2.12', '192.0.2.11', 100),
  );
  quiet(files.multicast(150), files.multicast(100));
  quiet(files.both(150, 100), files.both(100, 150));
  quiet(
    end(150, 'version 3\n advert_int 0.1').replace('192.0.2.51', 'fe80::1\n 2001:db8::1'),
    end(100, 'version 3\n advert_int 0.1').replace('192.0.2.51', 'fe80::1\n 2001:db8::1'),
  );
});

test('one file for both ends: one finding', () => {
  const plain = only(compare(end(100), end(100)));
  assert.deepEqual([plain.code, plain.severity], ['peer-same-file', 'info']);
  const copied = files.unicast('192.0.2.11', '192.0.2.12', 110);
  assert.deepEqual(shown(compare(copied, copied)), [
    'error peer-same-file @192.0.2.11 @192.0.2.11',
  ]);
  const peers = end(100, 'unicast_peer { 192.0.2.12 }');
  assert.deepEqual(shown(compare(peers, peers)), [
    'error peer-same-file @unicast_peer @unicast_peer',
  ]);
  // A list of everybody, oneself included, may be the same everywhere.
  const everybody = end(100, 'unicast_peer {\n 192.0.2.11\n 192.0.2.12\n }');
  assert.equal(only(compare(everybody, everybody)).severity, 'info');
  assert.equal(only(compare(end(255), end(255))).severity, 'error');
});
