/** The whole machine: sync groups, reload, the lease, stop, and alarms that are only rumours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../src/config/model';
import type { Command } from '../../src/core/command';
import { deadline, type Node, newNode, step } from '../../src/core/node';
import { instantAt, seconds } from '../../src/time';
import {
  advertOf,
  at,
  config,
  configured,
  finished,
  globalWith,
  instance,
  kinds,
  link,
  play,
  ROUTER_51,
  ROUTER_52,
  script,
  started,
  stateOf,
  succeeds,
  surveyed,
  syncGroup,
  tookOver,
  track,
  woken,
  yielded,
} from './fixture';

const pair: Config = config({
  instances: [
    instance('VI_1', { vrid: 51 }),
    instance('VI_2', { vrid: 52, interface: 'eth1', priority: 90 }),
  ],
  groups: [syncGroup('G', ['VI_1', 'VI_2'])],
});

const ON_ETH1 = 'eth1/4/52';

const eth1 = (s: number, up = true) =>
  link(at(s), { interface: 'eth1', index: 3, up, addresses: ['198.51.100.1'] });

const startedPair = (): Node =>
  play([configured(at(0), pair), link(at(0)), eth1(0), surveyed(at(0))])[0];

const turnOf = (node: Node, unit = 0): number => node.units[unit]?.members[0]?.turn ?? -1;

const named = (commands: readonly Command[], kind: Command['kind']): string[] =>
  commands.flatMap((c) => (c.kind === kind && 'instance' in c ? [c.instance] : []));

const notified = (commands: readonly Command[]): string[] =>
  commands.flatMap((c) => (c.kind === 'notify' ? [`${c.scope} ${c.name} ${c.state}`] : []));

test('sync group: one watch over all members, each the fellow of the others', () => {
  const [, commands] = play([configured(at(0), pair), link(at(0)), eth1(0), surveyed(at(0))]);
  const watches = commands.filter((c) => c.kind === 'watch');
  assert.equal(watches.length, 1);
  const members = watches.flatMap((c) => (c.kind === 'watch' ? c.members : []));
  assert.deepEqual(
    members.map((m) => [m.instance, m.onSilence.priority, m.onSilence.fellows]),
    [
      [ROUTER_51, 100, [ROUTER_51, ON_ETH1]],
      [ON_ETH1, 90, [ROUTER_51, ON_ETH1]],
    ],
  );
});

test('sync group: master and backup together, members notified before the group', () => {
  const node = startedPair();
  const turn = turnOf(node) + 1;
  const [master, taken] = play([tookOver(at(4), [ROUTER_51, ON_ETH1], turn)], node);
  assert.equal(stateOf(master, 'G'), 'master');
  assert.deepEqual(notified(taken), [
    'INSTANCE VI_1 MASTER',
    'INSTANCE VI_2 MASTER',
    'GROUP G MASTER',
  ]);
  const [backup] = play([yielded(at(8), [ON_ETH1, ROUTER_51], turn + 1, advertOf(150))], master);
  assert.equal(stateOf(backup, 'G'), 'backup');
});

test('sync group: the fault of one member is the fault of all', () => {
  const node = startedPair();
  const [master] = play([tookOver(at(4), [ROUTER_51, ON_ETH1], turnOf(node) + 1)], node);
  const [fault, commands] = play([eth1(6, false)], master);
  assert.equal(stateOf(fault, 'G'), 'fault');
  assert.deepEqual(named(commands, 'resign'), [ROUTER_51, ON_ETH1]);
  assert.equal(fault.units[0]?.reason, 'VI_2: interface eth1 is down');
});

test('a group and a lone instance may share a name', () => {
  const model = config({
    instances: [instance('VI_1'), instance('VI_2', { vrid: 52 })],
    groups: [syncGroup('VI_1', ['VI_2'])],
  });
  const node = started(model);
  const [again, commands] = play([configured(at(5), model)], node);
  assert.deepEqual(named(commands, 'close'), []);
  assert.equal(again.units.length, 2);
});

test('reload: the same configuration closes, opens and resigns nothing', () => {
  const model = config({ instances: [instance('VI_1')] });
  const node = started(model);
  const [master] = play([tookOver(at(4), [ROUTER_51], turnOf(node) + 1)], node);
  const [again, commands] = play([configured(at(9), model)], master);
  assert.equal(stateOf(again, 'VI_1'), 'master');
  assert.deepEqual(kinds(commands), ['lease']);
  assert.equal(turnOf(again), turnOf(master));
});

test('reload: a new priority reaches the master in place', () => {
  const node = started(config({ instances: [instance('VI_1')] }));
  const [master] = play([tookOver(at(4), [ROUTER_51], turnOf(node) + 1)], node);
  const model = config({ instances: [instance('VI_1', { priority: 150 })] });
  const [again, commands] = play([configured(at(9), model)], master);
  assert.equal(stateOf(again, 'VI_1'), 'master');
  const orders = commands.filter((c) => c.kind === 'advertise');
  assert.ok(orders.length > 0);
  assert.ok(orders.every((c) => c.kind === 'advertise' && c.priority === 150));
});

test('reload: what is gone resigns, then closes', () => {
  const node = started(config({ instances: [instance('VI_1'), instance('VI_2', { vrid: 52 })] }));
  const [, commands] = play([configured(at(9), config({ instances: [instance('VI_1')] }))], node);
  const about = commands.filter((c) => 'instance' in c && c.instance === ROUTER_52);
  assert.deepEqual(kinds(about), ['resign', 'close']);
});

test('reload: another VRID is another instance, which starts with a turn of its own', () => {
  const node = started(config({ instances: [instance('VI_1')] }));
  const [master] = play([tookOver(at(4), [ROUTER_51], turnOf(node) + 1)], node);
  const other = config({ instances: [instance('VI_1', { vrid: 99 })] });
  const [again, commands] = play([configured(at(9), other)], master);
  assert.deepEqual(named(commands, 'close'), [ROUTER_51]);
  assert.deepEqual(named(commands, 'open'), ['eth0/4/99']);
  assert.equal(stateOf(again, 'VI_1'), 'backup');
  assert.ok(turnOf(again) > turnOf(master));
  const [late] = play([tookOver(at(9), [ROUTER_51], turnOf(master) + 1)], again);
  assert.equal(stateOf(late, 'VI_1'), 'backup');
});

test('reload: an undecided script added to a backup does not hide a new priority', () => {
  const weighed = [script('w', { weight: 20 })];
  const tracks = [track('w', 20)];
  const node = started(
    config({ scripts: weighed, instances: [instance('VI_1', { trackScripts: tracks })] }),
  );
  const more = config({
    scripts: [...weighed, script('f')],
    instances: [instance('VI_1', { trackScripts: [...tracks, track('f')] })],
  });
  const [reloaded] = play([configured(at(5), more)], node);
  const [, commands] = play([finished(at(6), 'w', succeeds)], reloaded);
  const watch = commands.find((c) => c.kind === 'watch');
  assert.ok(watch?.kind === 'watch');
  assert.equal(watch.members[0]?.onSilence.priority, 120);
});

test('what is told of an instance says what made its priority; a group has none', () => {
  const tracks = [track('w', 20)];
  const model = config({
    scripts: [script('w')],
    instances: [instance('VI_1', { trackScripts: tracks })],
    groups: [syncGroup('G', ['VI_1'], { trackingWeight: true })],
  });
  const [ready] = play([finished(at(1), 'w', succeeds)], started(model));
  const [, commands] = play([{ kind: 'stopped', at: at(2) }], ready);
  const told = commands.flatMap((c) => (c.kind === 'notify' ? [[c.priority, c.arithmetic]] : []));
  assert.deepEqual(told, [
    [120, '100 + 20 (script w)'],
    [0, undefined],
  ]);
});

test('stop: resign first, then STOP for every instance, then for every group', () => {
  const [node, commands] = play([{ kind: 'stopped', at: at(9) }], startedPair());
  assert.deepEqual(kinds(commands), ['resign', 'resign', 'notify', 'notify', 'notify']);
  assert.deepEqual(notified(commands), [
    'INSTANCE VI_1 STOP',
    'INSTANCE VI_2 STOP',
    'GROUP G STOP',
  ]);
  assert.equal(deadline(node), null);
  assert.deepEqual(step(node, link(at(10)))[1], []);
});

test('the lease is renewed when a sixth of it is gone, and only by its alarm', () => {
  const node = started(config({ instances: [instance('VI_1')] }));
  assert.equal(deadline(node)?.at, at(0.5));
  const [same, nothing] = play([woken(instantAt(at(0.5) - 1))], node);
  assert.deepEqual(nothing, []);
  const [renewed, commands] = play([woken(at(0.5))], same);
  assert.deepEqual(commands, [{ kind: 'lease', until: at(3.5) }]);
  assert.equal(deadline(renewed)?.at, at(1));
});

test('a stale alarm changes nothing', () => {
  const node = started(config({ instances: [instance('VI_1')] }));
  const [after, commands] = step(node, woken(instantAt(at(0) + 1)));
  assert.deepEqual(commands, []);
  assert.equal(deadline(after)?.at, deadline(node)?.at);
  assert.equal(stateOf(after, 'VI_1'), 'backup');
});

function lapsed(
  onStall: 'offer' | 'resign',
  asMaster: boolean,
): readonly [Node, readonly Command[]] {
  const model = config({ global: globalWith({ onStall }), instances: [instance('VI_1')] });
  let node = started(model);
  if (asMaster) [node] = play([tookOver(at(4), [ROUTER_51], turnOf(node) + 1)], node);
  return step(node, { kind: 'lease-lapsed', at: at(20) });
}

test('lease lapsed: a backup is given its watch again, silence counted from then', () => {
  const [node, commands] = lapsed('offer', false);
  assert.equal(stateOf(node, 'VI_1'), 'backup');
  assert.deepEqual(kinds(commands), ['lease', 'watch']);
  const watch = commands[1];
  assert.equal(watch?.kind === 'watch' ? watch.since : null, at(20));
});

test('lease lapsed: a master that offers is ordered to advertise again', () => {
  const [node, commands] = lapsed('offer', true);
  assert.equal(stateOf(node, 'VI_1'), 'master');
  assert.deepEqual(kinds(commands), ['lease', 'advertise']);
});

test('lease lapsed: on_stall resign makes it backup and resigns what was ordered since', () => {
  const [node, commands] = lapsed('resign', true);
  assert.equal(stateOf(node, 'VI_1'), 'backup');
  assert.deepEqual(kinds(commands), ['lease', 'resign', 'watch', 'notify']);
});

test('scripts run from start to start; one that still runs is skipped', () => {
  const model = config({
    global: globalWith({ stallLease: seconds(600) }),
    scripts: [script('chk', { interval: seconds(2), weight: 2 })],
    instances: [instance('VI_1', { trackScripts: [track('chk', 2)] })],
  });
  const [node, first] = play([configured(at(0), model)]);
  assert.ok(kinds(first).includes('run-script'));
  assert.equal(deadline(node)?.at, at(2));
  const [skipped, none] = play([woken(at(2))], node);
  assert.deepEqual(none, []);
  assert.equal(skipped.trackers.scripts.get('chk')?.skipped, 1);
  const [, again] = play([finished(at(3), 'chk', succeeds), woken(at(4))], skipped);
  assert.deepEqual(kinds(again), ['run-script']);
});

test('an interface that comes back with another index is opened again', () => {
  const node = started(config({ instances: [instance('VI_1')] }));
  const [gone] = play([{ kind: 'interface-gone', at: at(1), interface: 'eth0' }], node);
  assert.equal(stateOf(gone, 'VI_1'), 'fault');
  const [back, commands] = play([link(at(2), { index: 7 })], gone);
  assert.equal(stateOf(back, 'VI_1'), 'backup');
  assert.deepEqual(kinds(commands).slice(0, 2), ['open', 'watch']);
});

test('nothing is ordered before there is a configuration', () => {
  const [, commands] = play([link(at(0)), surveyed(at(0)), woken(at(1))], newNode);
  assert.deepEqual(commands, []);
});
