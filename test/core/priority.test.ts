/** Weights and faults, with the numbers that operators meet. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Track } from '../../src/config/model';
import type { Verdict } from '../../src/core/health';
import { type Standing, standing } from '../../src/core/priority';
import { instance, syncGroup, track } from './fixture';
import { around } from './fixture-plain';

type Link = 'up' | 'down' | 'missing';

function stand(
  priority: number,
  tracks: readonly Track[],
  scripts: Readonly<Record<string, Verdict>>,
  links: Readonly<Record<string, Link>> = {},
): Standing {
  const model = instance('VI_1', { priority, trackScripts: tracks });
  const found = around({
    link: (name) => links[name] ?? 'up',
    script: (name) => scripts[name] ?? 'unknown',
  });
  return standing(model, null, found);
}

test('a script of weight -2 takes 102 below a peer of 101 when it fails', () => {
  assert.equal(stand(102, [track('chk', -2)], { chk: 'up' }).priority, 102);
  assert.equal(stand(102, [track('chk', -2)], { chk: 'down' }).priority, 100);
});

test('a script of weight 2 lifts 100 to 102 while it succeeds', () => {
  const up = stand(100, [track('chk', 2)], { chk: 'up' });
  assert.equal(up.priority, 102);
  assert.equal(up.arithmetic, '100 + 2 (script chk)');
  assert.equal(stand(100, [track('chk', 2)], { chk: 'down' }).priority, 100);
});

test('an undecided script adds nothing, and with a weight it keeps nobody waiting', () => {
  const both = stand(100, [track('a', 2), track('b', -2)], {});
  assert.equal(both.priority, 100);
  assert.equal(both.undecided, false);
});

test('reverse turns the sign: 20 reverse is -20 while up, -20 reverse +20 while down', () => {
  assert.equal(stand(100, [track('chk', 20, true)], { chk: 'up' }).priority, 80);
  assert.equal(stand(100, [track('chk', 20, true)], { chk: 'down' }).priority, 100);
  assert.equal(stand(100, [track('chk', -20, true)], { chk: 'up' }).priority, 100);
  assert.equal(stand(100, [track('chk', -20, true)], { chk: 'down' }).priority, 120);
});

test('the total is clamped to 1..254', () => {
  assert.equal(stand(250, [track('chk', 60)], { chk: 'up' }).priority, 254);
  assert.equal(stand(50, [track('chk', -60)], { chk: 'down' }).priority, 1);
});

test('weights are summed before they are clamped', () => {
  const tracks = [track('a', 100), track('b', -100)];
  assert.equal(stand(250, tracks, { a: 'up', b: 'down' }).priority, 250);
});

test('an owner stays at 255 whatever is tracked', () => {
  assert.equal(stand(255, [track('chk', -60)], { chk: 'down' }).priority, 255);
  assert.equal(stand(255, [track('chk', 2)], { chk: 'up' }).priority, 255);
});

test('weight 0: failing is a fault, no result is undecided, reverse is reversed', () => {
  assert.deepEqual(stand(100, [track('chk')], { chk: 'down' }).faults, ['script chk is failing']);
  assert.deepEqual(stand(100, [track('chk')], { chk: 'up' }).faults, []);
  assert.equal(stand(100, [track('chk')], {}).undecided, true);
  assert.deepEqual(stand(100, [track('chk', 0, true)], { chk: 'up' }).faults, ['script chk is up']);
  assert.deepEqual(stand(100, [track('chk', 0, true)], { chk: 'down' }).faults, []);
});

test('the own interface down is a fault unless dont_track_primary, missing always', () => {
  const own = (link: Link) => around({ link: () => link });
  const tracked = instance('VI_1');
  const not = instance('VI_1', { trackPrimary: false });
  assert.deepEqual(standing(tracked, null, own('down')).faults, ['interface eth0 is down']);
  assert.deepEqual(standing(not, null, own('down')).faults, []);
  assert.deepEqual(standing(not, null, own('missing')).faults, ['interface eth0 does not exist']);
});

test('a tracked interface weighs like a script', () => {
  const model = instance('VI_1', { trackInterfaces: [track('eth1', -30), track('eth2')] });
  const at = (eth1: Link, eth2: Link): Standing =>
    standing(
      model,
      null,
      around({ link: (name) => (name === 'eth1' ? eth1 : name === 'eth2' ? eth2 : 'up') }),
    );
  assert.equal(at('down', 'up').priority, 70);
  assert.deepEqual(at('up', 'down').faults, ['interface eth2 is down']);
});

test('in a sync group weights count only with sync_group_tracking_weight, faults always', () => {
  const model = instance('VI_1', { trackScripts: [track('w', -50), track('f')] });
  const failing = around({ script: () => 'down' });
  const without = standing(model, syncGroup('G', ['VI_1']), failing);
  assert.equal(without.priority, 100);
  assert.equal(without.faults.length, 1);
  const group = syncGroup('G', ['VI_1'], { trackingWeight: true });
  assert.equal(standing(model, group, failing).priority, 50);
});

test('what a sync group tracks weighs for its members, whatever sync_group_tracking_weight says', () => {
  const unlinked = around({ link: () => 'down' });
  const tracks = { trackScripts: [track('w', 5)], trackInterfaces: [track('eth9', -20)] };
  const group = syncGroup('G', ['VI_1'], tracks);
  const model = instance('VI_1', { trackPrimary: false });
  assert.equal(standing(model, group, unlinked).priority, 85);
  const owner = instance('VI_1', { trackPrimary: false, priority: 255 });
  assert.equal(standing(owner, group, unlinked).priority, 255);
});

test('unicast_fault_no_peer without a peer, and no interface at all, are faults', () => {
  assert.deepEqual(standing(instance('VI_1', { lacksPeers: true }), null, around()).faults, [
    'it has no unicast peer',
  ]);
  assert.deepEqual(standing(instance('VI_1', { interface: null }), null, around()).faults, [
    'it has no interface',
  ]);
});

test('a tracked file: the number times the weight, a fault at -254 and below', () => {
  const at = (value: number | null, weight: number, reverse = false): Standing =>
    standing(
      instance('VI_1', { trackFiles: [{ ...track('f', weight), reverse }] }),
      null,
      around({ file: () => value }),
    );
  assert.equal(at(3, -10).priority, 70);
  assert.equal(at(3, -10).arithmetic, '100 - 30 (file f)');
  assert.equal(at(3, -10, true).priority, 130);
  assert.equal(at(2, 100).priority, 254);
  assert.deepEqual(at(26, -10).faults, ['file f says 26']);
  assert.deepEqual(at(1, 0).faults, ['file f says 1']);
  assert.deepEqual(at(0, 0).faults, []);
  assert.deepEqual(at(0, 0, true).faults, ['file f says 0']);
  assert.equal(at(null, 1).undecided, true);
});

test('tracked processes weigh like scripts, of a member of a group too, as keepalived lets them', () => {
  const model = instance('VI_1', { trackProcesses: [track('web', -40)] });
  const lost = around({ process: () => 'down' });
  const { priority, arithmetic } = standing(model, null, lost);
  assert.deepEqual([priority, arithmetic], [60, '100 - 40 (process web)']);
  assert.equal(standing(model, syncGroup('G', ['VI_1']), lost).priority, 60);
  const fatal = instance('VI_1', { trackProcesses: [track('web')] });
  assert.deepEqual(standing(fatal, null, lost).faults, ['process web is without quorum']);
  assert.equal(standing(fatal, null, around({ process: () => 'unknown' })).undecided, true);
});
