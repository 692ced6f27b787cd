/**
 * Sync groups and weights, as keepalived 2.2.7 treats them: those of members give way, those of
 * the group count for all, and an owner among the members stops them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accepted, findings } from './snippet';

const objects = `vrrp_script S { script /bin/true }
track_file F { file /f }
vrrp_track_process P { process p }
bfd_instance B { neighbor_ip 192.0.2.9 }
`;

const text = (member: string, group: string, lines = ''): string =>
  `${objects}vrrp_sync_group G {\ngroup { A B }\n${group}\n}\n${['A', 'B']
    .map(
      (name, index) => `vrrp_instance ${name} {
interface eth0
virtual_router_id ${index + 1}
virtual_ipaddress { 192.0.2.${index + 1} }
${name === 'A' ? member : ''}
${lines}
}`,
    )
    .join('\n')}`;

const said = (member: string, group = '', lines = ''): readonly string[] =>
  findings(text(member, group, lines)).filter((one) => /weight|twice|old-name/.test(one));
const memberOf = (member: string, group = '') => accepted(text(member, group)).instances[0];

test("a member's weights: a link becomes a fault, a script and a BFD session go", () => {
  const a = memberOf(`track_interface { eth9 weight 5 }
track_script { S weight 5 }
track_bfd { B weight 5 }`);
  assert.deepEqual(a?.trackInterfaces, [{ name: 'eth9', weight: 0, reverse: false }]);
  assert.deepEqual([a?.trackScripts, a?.trackBfds], [[], []]);
  assert.deepEqual(said('track_script { S weight 5 }'), ['warning group-ignores-weight']);
  assert.deepEqual(said('track_script { S weight 0 reverse }'), []);
});

test("a member's file of weight 1 becomes a fault, of any other weight it goes", () => {
  const files = (words: string) => memberOf(`track_file { F ${words} }`)?.trackFiles;
  assert.deepEqual(files(''), [{ name: 'F', weight: 0, reverse: false }]);
  assert.deepEqual(files('weight 1 reverse'), [{ name: 'F', weight: 0, reverse: true }]);
  assert.deepEqual(files('weight 2'), []);
  assert.deepEqual(files('weight -1'), []);
  assert.deepEqual(said('track_file { F weight 0 }'), []);
});

test("a member's processes keep their weight, and check says what comes of it", () => {
  const a = memberOf('track_process { P weight 5 }');
  assert.equal(a?.trackProcesses[0]?.weight, 5);
  assert.deepEqual(said('track_process { P weight 5 }'), ['warning group-weight-drifts']);
});

test('sync_group_tracking_weight lets all of them count', () => {
  const a = memberOf('track_script { S weight 5 }', 'sync_group_tracking_weight');
  assert.equal(a?.trackScripts[0]?.weight, 5);
  assert.deepEqual(said('track_script { S weight 5 }', 'sync_group_tracking_weight'), []);
  assert.deepEqual(said('', 'global_tracking'), ['info old-name']);
  assert.equal(accepted(text('', 'global_tracking')).groups[0]?.trackingWeight, true);
});

test("the group's own weights count for every member", () => {
  const group = accepted(text('', 'track_script { S weight 5 }\ntrack_file { F weight 3 }'))
    .groups[0];
  assert.equal(group?.trackScripts[0]?.weight, 5);
  assert.equal(group?.trackFiles[0]?.weight, 3);
  assert.deepEqual(said('', 'track_script { S weight 5 }'), []);
});

test('an owner among the members turns them into faults', () => {
  const owners = 'priority 255';
  const group = accepted(text('', 'track_script { S weight 5 }', owners)).groups[0];
  assert.equal(group?.trackScripts[0]?.weight, 0);
  assert.deepEqual(said('', 'track_script { S weight 5 }', owners), [
    'warning owner-ignores-weight',
  ]);
});

test('an interface of the group that a member watches too is told for each', () => {
  assert.deepEqual(said('', 'track_interface { eth0 }'), [
    'warning tracked-twice',
    'warning tracked-twice',
  ]);
  assert.deepEqual(said('track_interface { eth9 }', 'track_interface { eth9 }'), [
    'warning tracked-twice',
  ]);
  assert.deepEqual(said('dont_track_primary', 'track_interface { eth9 }'), []);
});
