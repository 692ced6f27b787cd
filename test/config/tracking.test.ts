/**
 * What instances and groups track: track_file, vrrp_track_process, the lists and their weights,
 * and what becomes of weights that cannot count. The numbers are keepalived's own.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seconds } from '../../src/time';
import { accepted, codes, file, findings, inactive, instance } from './snippet';

const trackFile = (lines: string) =>
  accepted(file('', `track_file F {\n${lines}\n}`)).trackFiles[0];
const process = (lines: string) =>
  accepted(file('', `vrrp_track_process P {\n${lines}\n}`)).trackProcesses[0];

test('track_file: weight 1 unless said, and nothing is written unless asked', () => {
  assert.deepEqual(trackFile('file /run/f'), {
    name: 'F',
    file: '/run/f',
    weight: 1,
    reverse: false,
    initial: null,
  });
  assert.equal(accepted(file('', 'vrrp_track_file F { file /run/f }')).trackFiles.length, 1);
});

test('track_file: what keepalived leaves out of it', () => {
  assert.deepEqual(findings(file('', 'track_file F { weight 5 }')), ['warning nothing-to-track']);
  assert.equal(accepted(file('', 'track_file F { weight 5 }')).trackFiles.length, 0);
  assert.equal(trackFile('file /a\nfile /b')?.file, '/a');
  assert.equal(trackFile('file /a\nweight 255')?.weight, 1);
  assert.equal(trackFile('file /a\nweight -254')?.weight, -254);
  assert.equal(trackFile('file /a\nweight 5\nweight 6')?.weight, 5);
  assert.deepEqual(codes(file('', 'track_file F {\nfile f\n}')).at(-1), 'warning relative-path');
});

test('init_file: a number, overwrite, both, in whatever order', () => {
  const initial = (words: string) => trackFile(`file /a\ninit_file ${words}`)?.initial;
  assert.deepEqual(initial(''), { value: 0, overwrite: false });
  assert.deepEqual(initial('-7'), { value: -7, overwrite: false });
  assert.deepEqual(initial('overwrite'), { value: 0, overwrite: true });
  assert.deepEqual(initial('overwrite 5'), { value: 5, overwrite: true });
  assert.deepEqual(initial('x'), { value: 0, overwrite: false });
  const said = (words: string) =>
    findings(file('', `track_file F {\nfile /a\ninit_file ${words}\n}`));
  assert.deepEqual(said('x'), ['warning not-a-number']);
  assert.deepEqual(said('99999999999999'), ['warning out-of-range']);
  assert.deepEqual(said('5 overwrite 6'), ['warning extra-word']);
});

test('vrrp_track_process: weight 0, one of them, no delay', () => {
  assert.deepEqual(process('process nginx'), {
    name: 'P',
    process: ['nginx'],
    match: 'any',
    fullCommand: false,
    weight: 0,
    reverse: false,
    quorum: 1,
    quorumMax: null,
    forkDelay: seconds(0),
    terminateDelay: seconds(0),
  });
  assert.deepEqual(findings(file('', 'vrrp_track_process P { quorum 2 }')), [
    'warning nothing-to-track',
  ]);
});

test('arguments are compared on the whole command line, exactly unless said', () => {
  const match = (lines: string) => {
    const found = process(lines);
    return [found?.process.length, found?.match, found?.fullCommand];
  };
  assert.deepEqual(match('process nginx'), [1, 'any', false]);
  assert.deepEqual(match('process "/usr/bin/a b" -x "y z"'), [3, 'exact', true]);
  assert.deepEqual(match('process nginx -g\nparam_match partial'), [2, 'partial', true]);
  assert.deepEqual(match('process nginx -g\nparam_match initial'), [2, 'initial', true]);
  assert.deepEqual(match('process nginx\nparam_match'), [1, 'exact', true]);
  assert.deepEqual(match('process nginx\nfull_command'), [1, 'any', true]);
});

test('a quorum above its maximum: the one that comes second is left out', () => {
  const quorum = (lines: string) => {
    const found = process(`process nginx\n${lines}`);
    return [found?.quorum, found?.quorumMax];
  };
  assert.deepEqual(quorum('quorum 5\nquorum_max 4'), [5, null]);
  assert.deepEqual(quorum('quorum_max 4\nquorum 5'), [1, 4]);
  assert.deepEqual(quorum('quorum 3\nquorum_max 0'), [3, 0]);
  const said = findings(file('', 'vrrp_track_process P {\nprocess a\nquorum 5\nquorum_max 4\n}'));
  assert.deepEqual(said, ['warning quorum-above-max']);
});

test('delay sets both; of delay and its two parts the last one counts', () => {
  const delays = (lines: string) => {
    const found = process(`process nginx\n${lines}`);
    return [found?.forkDelay, found?.terminateDelay];
  };
  assert.deepEqual(delays('delay 2'), [seconds(2), seconds(2)]);
  assert.deepEqual(delays('delay 2\nfork_delay 0.5'), [seconds(0.5), seconds(2)]);
  assert.deepEqual(delays('fork_delay 0.5\ndelay 2'), [seconds(2), seconds(2)]);
  assert.deepEqual(delays('terminate_delay 3'), [seconds(0), seconds(3)]);
});

const objects = `vrrp_script S {\nscript /bin/true\nweight 7 reverse\n}
track_file F { file /f }
vrrp_track_process P { process p }
bfd_instance B {\nneighbor_ip 192.0.2.9\nweight -9\n}
`;
const lists = {
  track_interface: ['trackInterfaces', 'eth9'],
  track_script: ['trackScripts', 'S'],
  track_file: ['trackFiles', 'F'],
  track_process: ['trackProcesses', 'P'],
  track_bfd: ['trackBfds', 'B'],
} as const;
type List = keyof typeof lists;

/** Weight and sense of what the line tracks; null: nothing. */
function tracked(list: List, words: string) {
  const [field, name] = lists[list];
  const [track] = instance(`${list} {\n${name} ${words}\n}`, objects)[field];
  return track === undefined ? null : `${track.weight}${track.reverse ? ' reverse' : ''}`;
}
const said = (list: List, words: string): string | undefined =>
  findings(file(`${list} {\n${lists[list][1]} ${words}\n}`, objects))[0];

test('a line without a weight takes the one of what it names', () => {
  const weights = (Object.keys(lists) as List[]).map((list) => tracked(list, ''));
  assert.deepEqual(weights, ['0', '7 reverse', '1', '0', '-9']);
});

test('±254 is ±253 for links and scripts, allowed for files and processes, too much for BFD', () => {
  const weights = (Object.keys(lists) as List[]).map((list) => tracked(list, 'weight -254'));
  assert.deepEqual(weights, ['-253', '-253', '-254', '-254', '-9']);
  for (const list of ['track_interface', 'track_script', 'track_bfd'] as const) {
    assert.equal(said(list, 'weight -254'), 'warning out-of-range', list);
  }
});

test('beyond that a weight is left out, and what was defined counts', () => {
  for (const text of ['weight 300', 'weight x', 'weight']) {
    const weights = (Object.keys(lists) as List[]).map((list) => tracked(list, text));
    assert.deepEqual(weights, ['0', '7 reverse', '1', '0', '-9'], text);
  }
  assert.equal(said('track_file', 'weight 300'), 'warning out-of-range');
  assert.equal(said('track_script', 'weight x'), 'warning not-a-number');
  assert.equal(said('track_process', 'weight'), 'warning missing-parameter');
});

test('after a weight: reverse everywhere, noreverse where something has a sense of its own', () => {
  for (const list of Object.keys(lists) as List[]) {
    assert.equal(tracked(list, 'weight 5 reverse'), '5 reverse', list);
    assert.equal(tracked(list, 'weight 5 noreverse'), '5', list);
    const known = list === 'track_interface' ? 'warning unknown-option' : undefined;
    assert.equal(said(list, 'weight 5 noreverse'), known, list);
    assert.equal(said(list, 'weight 5 nonsense'), 'warning unknown-option', list);
    assert.equal(said(list, 'reverse'), 'warning unknown-option', list);
  }
});

test('what is not defined is not tracked, and what is defined below is', () => {
  for (const [list, [field]] of Object.entries(lists).slice(2) as [List, (typeof lists)[List]][]) {
    assert.deepEqual(instance(`${list} { X }`, objects)[field], [], list);
    assert.ok(codes(file(`${list} { X }`, objects)).includes('warning unknown-track'), list);
    const below = `${file(`${list} { ${lists[list][1]} }`)}\n${objects}`;
    assert.ok(codes(below).includes('warning late-track'), list);
    assert.equal(accepted(below).instances[0]?.[field].length, 1, list);
  }
});

test('tracking what is not carried out keeps run from starting', () => {
  const text = file('track_file { F }\ntrack_process { P }\ntrack_bfd { B }', objects);
  assert.deepEqual(inactive(text), ["'track_bfd'"]);
});

test('an owner tracks nothing with a weight; a file of weight 1 becomes a fault', () => {
  const lines = `priority 255
track_interface { eth9 weight 5 }
track_script { S }
track_process { P weight 5 }
track_bfd { B }
track_file { F }`;
  const owner = instance(lines, objects);
  assert.deepEqual(
    [owner.trackInterfaces, owner.trackScripts, owner.trackProcesses, owner.trackBfds],
    [[], [], [], []],
  );
  assert.deepEqual(owner.trackFiles, [{ name: 'F', weight: 0, reverse: false }]);
  const others = findings(file(lines, objects));
  assert.deepEqual(new Set(others), new Set(['warning owner-ignores-weight']));
  assert.equal(others.length, 5);
  assert.deepEqual(instance('priority 255\ntrack_file { F weight 2 }', objects).trackFiles, []);
});
