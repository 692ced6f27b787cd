/** interface_up_down_delays, garp_group, track_group: what concerns several instances. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds, toSeconds } from '../../src/time';
import { accepted, codes, file, findings } from './snippet';

const delays = (lines: string, inside = '') =>
  accepted(file(inside, `interface_up_down_delays {\n${lines}\n}`)).linkDelays.map(
    (one) => `${one.interface} ${toSeconds(one.down)} ${toSeconds(one.up)}`,
  );
const said = (lines: string): readonly string[] =>
  findings(file('', `interface_up_down_delays {\n${lines}\n}`));

test('a link stays down and up for so long before it is believed', () => {
  assert.deepEqual(delays('eth1 1.5 2\neth2 3 4'), ['eth1 1.5 2', 'eth2 3 4']);
  assert.deepEqual(delays('eth1 1 2\neth1 5 6'), ['eth1 5 6']);
  assert.deepEqual(delays('eth1 255 255'), ['eth1 255 255']);
});

test('without a second delay there is none on the way up, and check says so', () => {
  assert.deepEqual(delays('eth1 3'), ['eth1 3 0']);
  assert.deepEqual(said('eth1 3'), ['info no-up-delay']);
  assert.deepEqual(said('eth1 0'), []);
});

test('delays that cannot be read', () => {
  assert.deepEqual(said('eth1 256 1'), ['warning out-of-range']);
  assert.deepEqual(said('eth1 -1 1'), ['warning out-of-range']);
  assert.deepEqual(said('eth1 x 1'), ['warning not-a-number']);
  assert.deepEqual(said('eth1'), ['warning missing-parameter']);
  assert.deepEqual(said('eth1 1 2 3'), ['warning extra-word']);
  assert.deepEqual(delays('eth1 x 1'), []);
  assert.deepEqual(delays('eth1 1 x'), ['eth1 1 0']);
});

test('the way down ends before a peer takes over: two adverts and a bit less', () => {
  assert.deepEqual(delays('eth0 3 3'), ['eth0 1.996093 3']);
  assert.deepEqual(delays('eth0 3 3', 'advert_int 2'), ['eth0 3 3']);
  assert.deepEqual(delays('eth0 3 3', 'down_timer_adverts 9'), ['eth0 3 3']);
  assert.deepEqual(said('eth0 3 3'), ['warning delay-capped']);
  assert.deepEqual(codes(file('', 'interface_up_down_delays { eth1 1 1 }')), []);
});

const paces = (...groups: readonly string[]) =>
  accepted(file('', groups.map((one) => `garp_group {\n${one}\n}`).join('\n'))).garpGroups;

test('a garp_group paces one interface or several', () => {
  assert.deepEqual(paces('garp_interval 0.5\ninterface eth0'), [
    { interfaces: ['eth0'], arp: seconds(0.5), neighbour: 0 },
  ]);
  assert.deepEqual(paces('gna_interval 1\ninterfaces { eth0 eth1\neth2 }'), [
    { interfaces: ['eth0', 'eth1', 'eth2'], arp: 0, neighbour: seconds(1) },
  ]);
});

test('an interface has one pace; a group that paces nothing is left out', () => {
  const two = paces('garp_interval 1\ninterface eth0', 'garp_interval 2\ninterfaces { eth0 eth1 }');
  assert.deepEqual(
    two.map(({ interfaces }) => interfaces),
    [['eth0'], ['eth1']],
  );
  assert.deepEqual(paces('interface eth0', 'garp_interval 0\ninterface eth1'), []);
  assert.deepEqual(findings(file('', 'garp_group { garp_interval 1 }')), ['warning empty-group']);
});

test('track_group: instances that exist', () => {
  const groups = (lines: string) => accepted(file('', lines)).trackGroups;
  assert.deepEqual(groups('track_group T { group { VI_1 VI_9 VI_1 } }'), [
    { name: 'T', members: ['VI_1'] },
  ]);
  assert.deepEqual(findings(file('', 'track_group T { group { VI_9 } }')), [
    'warning empty-group',
    'warning unknown-member',
  ]);
  assert.deepEqual(findings(file('', 'track_group { group { VI_1 } }')), [
    'warning missing-parameter',
  ]);
});
