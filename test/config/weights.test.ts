/** What weights can do to an election: ranges of priorities, and who is master in each case. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import { type Contender, priorityRange, succession, winners } from '../../src/config/weights';

function contender(lines: string, script = '', group = ''): Contender {
  const { config, diagnostics } = loadConfig(
    't',
    `vrrp_script chk { script /x\n${script} }
vrrp_instance A {
interface eth0
virtual_router_id 1
virtual_ipaddress { 192.0.2.1 }
${lines}
}
${group}`,
  );
  const [instance] = config?.instances ?? [];
  assert.ok(instance, JSON.stringify(diagnostics));
  return { range: priorityRange(instance, config?.groups[0] ?? null), preempt: instance.preempt };
}

const range = (...of: [string, string?, string?]) => {
  const { base, allWell, singles, allIll } = contender(...of).range;
  return [base, allWell, singles.map(({ to }) => to), allIll];
};

const track = 'track_script { chk }\n';

test('positive weights are lost, negative ones are taken, reversed ones the other way round', () => {
  assert.deepEqual(range(`priority 102\n${track}`, 'weight 2'), [102, 104, [102], 102]);
  assert.deepEqual(range(`priority 102\n${track}`, 'weight -2'), [102, 102, [100], 100]);
  assert.deepEqual(range(`priority 102\n${track}`, 'weight 2 reverse'), [102, 102, [100], 100]);
  assert.deepEqual(range(`priority 102\n${track}`, 'weight -2 reverse'), [102, 104, [102], 102]);
});

test('several, a clamp, a fault, an owner', () => {
  const two = 'track_script { chk weight 30 }\ntrack_interface { eth1 weight -50 }\n';
  assert.deepEqual(range(`priority 100\n${two}`), [100, 130, [80, 100], 50]);
  assert.deepEqual(range(`priority 240\n${two}`), [240, 254, [220, 240], 190]);
  assert.deepEqual(range(`priority 20\n${two}`), [20, 50, [1, 20], 1]);
  assert.deepEqual(range(track), [100, 100, ['fault'], 'fault']);
  assert.deepEqual(range(`priority 255\n${track}`), [255, 255, ['fault'], 'fault']);
});

test('in a group only with sync_group_tracking_weight, and what the group tracks counts', () => {
  const group = (words: string) => `vrrp_sync_group G { group { A }\n${words} }`;
  assert.deepEqual(range(track, 'weight 5', group('')), [100, 100, [], 100]);
  const weighty = group('sync_group_tracking_weight\ntrack_interface { eth9 weight 7 }');
  assert.deepEqual(range(track, 'weight 5', weighty), [100, 112, [105, 107], 100]);
});

test('a standby takes over from a lower master, not from an equal one', () => {
  assert.equal(succession(101, 102, true), 'takes-over');
  assert.equal(succession(102, 102, true), 'tie');
  assert.equal(succession(103, 102, true), 'stays');
  assert.equal(succession(101, 102, false), 'nopreempt');
  assert.equal(succession('fault', 1, false), 'takes-over');
  assert.equal(succession(1, 'fault', true), 'stays');
  assert.equal(succession('fault', 'fault', true), 'nobody');
});

test('the pair of the tutorials: 102 and 100 with weight 2 never fail over', () => {
  const master = contender(`priority 102\n${track}`, 'weight 2');
  const standby = contender(`priority 100\n${track}`, 'weight 2');
  const { atRest, cases } = winners(master, standby);
  assert.equal(atRest, 'own');
  assert.deepEqual(
    cases.map(({ at, own, peer, succession: result }) => [at, own, peer, result]),
    [
      ['master', 102, 102, 'tie'],
      ['both', 102, 100, 'stays'],
    ],
  );
  const mirrored = winners(standby, master);
  assert.equal(mirrored.atRest, 'peer');
  assert.deepEqual([mirrored.cases[0]?.own, mirrored.cases[0]?.peer], [102, 102]);
});

test('a weight of 3 does, unless the standby may not preempt', () => {
  const master = contender(`priority 102\n${track}`, 'weight 3');
  const standby = contender(`priority 100\n${track}`, 'weight 3');
  assert.equal(winners(master, standby).cases[0]?.succession, 'takes-over');
  const idle = contender(`priority 100\nnopreempt\n${track}`, 'weight 3');
  assert.equal(winners(master, idle).cases[0]?.succession, 'nopreempt');
});

test('equals: either may be master, so both sides are asked; everything at once is a case', () => {
  const lines = 'track_script { chk weight -5 }\ntrack_interface { eth1 weight -7 }';
  const { atRest, cases } = winners(contender(lines), contender(lines));
  assert.equal(atRest, 'either');
  assert.equal(cases.length, 10);
  const all = cases.filter(({ fails }) => fails === null);
  assert.deepEqual(
    all.map(({ master, own, peer }) => [master, own, peer]),
    [
      ['own', 88, 100],
      ['peer', 100, 88],
    ],
  );
  assert.equal(winners(contender(''), contender('priority 90')).cases.length, 0);
});
