/** One election, scenario by scenario: arrange, step, look at [state, commands]. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instance } from '../../src/config/model';
import type { Advertise, Command, Watch } from '../../src/core/command';
import { type Node, step } from '../../src/core/node';
import { seconds } from '../../src/time';
import {
  advertOf,
  advertReceived,
  at,
  config,
  configured,
  fails,
  finished,
  globalWith,
  instance,
  kinds,
  link,
  play,
  ROUTER_51,
  script,
  started,
  stateOf,
  succeeds,
  surveyed,
  tookOver,
  track,
  woken,
  yielded,
} from './fixture';

const lone = (change: Partial<Instance> = {}) => config({ instances: [instance('VI_1', change)] });

const turnOf = (node: Node): number => node.units[0]?.members[0]?.turn ?? -1;

/** A backup that has taken over with the next turn. */
function master(change: Partial<Instance> = {}): Node {
  const backup = started(lone(change));
  const [node] = play([tookOver(at(4), [ROUTER_51], turnOf(backup) + 1)], backup);
  return node;
}

function watchIn(commands: readonly Command[]): Watch {
  const watch = commands.find((command) => command.kind === 'watch');
  assert.ok(watch?.kind === 'watch', `no watch among ${kinds(commands).join(' ')}`);
  return watch;
}

function advertiseIn(commands: readonly Command[]): Advertise {
  const order = commands.find((command) => command.kind === 'advertise');
  assert.ok(order?.kind === 'advertise', `no advertise among ${kinds(commands).join(' ')}`);
  return order;
}

test('start: everybody but an owner is backup first, with a watch from that instant', () => {
  const [node, commands] = play([configured(at(0), lone()), link(at(0)), surveyed(at(0))]);
  assert.equal(stateOf(node, 'VI_1'), 'backup');
  assert.deepEqual(kinds(commands), ['open', 'watch', 'notify']);
  const watch = watchIn(commands);
  assert.equal(watch.since, at(0));
  const [member] = watch.members;
  assert.equal(member?.minPriority, 100);
  assert.equal(member?.factor, 3);
  assert.equal(member?.plus, 609_375);
  assert.equal(member?.onSilence.priority, 100);
  assert.equal(member?.onSilence.down, 3_609_375);
});

test('start: nobody takes part before the interfaces are known', () => {
  const [node, commands] = play([configured(at(0), lone()), link(at(0))]);
  assert.equal(stateOf(node, 'VI_1'), 'init');
  assert.deepEqual(commands, []);
});

test('start: an owner is master at once', () => {
  const [node, commands] = play([
    configured(at(0), lone({ priority: 255 })),
    link(at(0)),
    surveyed(at(0)),
  ]);
  assert.equal(stateOf(node, 'VI_1'), 'master');
  assert.deepEqual(kinds(commands), ['open', 'advertise', 'notify']);
  assert.equal(advertiseIn(commands).priority, 255);
});

test('start: without a source address it is a fault, which ends with the address', () => {
  const [node] = play([
    configured(at(0), lone()),
    link(at(0), { addresses: ['fe80::1'] }),
    surveyed(at(0)),
  ]);
  assert.equal(stateOf(node, 'VI_1'), 'fault');
  assert.equal(node.units[0]?.reason, 'no IPv4 address for interface eth0');
  const [after] = play([link(at(1))], node);
  assert.equal(stateOf(after, 'VI_1'), 'backup');
});

test('the own VIP on the interface is no source address', () => {
  const [node] = play([
    configured(at(0), lone()),
    link(at(0), { addresses: ['192.0.2.100'] }),
    surveyed(at(0)),
  ]);
  assert.equal(stateOf(node, 'VI_1'), 'fault');
});

test('vrrp_startup_delay: no part before, then a watch from its end', () => {
  const model = config({
    instances: [instance('VI_1')],
    global: globalWith({ startupDelay: seconds(5) }),
  });
  const node = started(model);
  assert.equal(stateOf(node, 'VI_1'), 'init');
  const [early] = play([woken(at(4))], node);
  assert.equal(stateOf(early, 'VI_1'), 'init');
  const [late, commands] = play([woken(at(5))], early);
  assert.equal(stateOf(late, 'VI_1'), 'backup');
  assert.equal(watchIn(commands).since, at(5));
});

test('took-over: master, the orders with the new turn, MASTER to whoever wants to know', () => {
  const backup = started(lone());
  const turn = turnOf(backup) + 1;
  const [node, commands] = play([tookOver(at(4), [ROUTER_51], turn)], backup);
  assert.equal(stateOf(node, 'VI_1'), 'master');
  assert.deepEqual(kinds(commands), ['advertise', 'notify']);
  assert.equal(advertiseIn(commands).turn, turn);
  assert.equal(node.units[0]?.since, at(4));
});

test('took-over while in fault: the policy wins and resigns', () => {
  const backup = started(lone());
  const [fault] = play([link(at(2), { up: false })], backup);
  const [node, commands] = play([tookOver(at(3), [ROUTER_51], turnOf(backup) + 1)], fault);
  assert.equal(stateOf(node, 'VI_1'), 'fault');
  assert.deepEqual(commands, [{ kind: 'resign', instance: ROUTER_51 }]);
});

test('took-over of an earlier life of the same name is none of ours', () => {
  const backup = started(lone());
  const [node, commands] = play([tookOver(at(3), [ROUTER_51], turnOf(backup))], backup);
  assert.equal(stateOf(node, 'VI_1'), 'backup');
  assert.deepEqual(commands, []);
});

test('yielded: backup, and the watch names the new turn', () => {
  const node = master();
  const turn = turnOf(node) + 1;
  const [backup, commands] = play([yielded(at(9), [ROUTER_51], turn, advertOf(150))], node);
  assert.equal(stateOf(backup, 'VI_1'), 'backup');
  assert.equal(backup.units[0]?.reason, '192.0.2.2 advertises priority 150');
  const watch = watchIn(commands);
  assert.equal(watch.since, at(9));
  assert.equal(watch.members[0]?.turn, turn);
});

test('yielded after a fault that came and went: the watch is given again with the new turn', () => {
  const node = master();
  const turn = turnOf(node) + 1;
  const [backup] = play([link(at(8), { up: false }), link(at(8))], node);
  const [, commands] = play([yielded(at(8), [ROUTER_51], turn, advertOf(150))], backup);
  assert.equal(watchIn(commands).members[0]?.turn, turn);
});

test('link down: resign before anything else, FAULT; link up: backup with a full silence', () => {
  const [fault, commands] = play([link(at(9), { up: false })], master());
  assert.equal(stateOf(fault, 'VI_1'), 'fault');
  assert.deepEqual(kinds(commands), ['resign', 'notify']);
  const [backup, more] = play([link(at(12))], fault);
  assert.equal(stateOf(backup, 'VI_1'), 'backup');
  assert.equal(watchIn(more).since, at(12));
});

test('silence never begins in the past', () => {
  const [fault] = play([link(at(20), { up: false })], master());
  const [, commands] = play([link(at(10))], fault);
  assert.equal(watchIn(commands).since, at(20));
});

test('nopreempt: every master re-arms the watch, and ours relents after oversleeping', () => {
  const node = started(lone({ preempt: false }));
  const [, commands] = play([link(at(1), { up: false }), link(at(2))], node);
  const [member] = watchIn(commands).members;
  assert.equal(member?.minPriority, 1);
  assert.equal(member?.onSilence.relents, true);
});

test('preempt_delay: runs from the first lower advert, then lower masters are ignored', () => {
  const node = started(lone({ preemptDelay: seconds(10) }));
  const lower = advertReceived(at(1), ROUTER_51, advertOf(50));
  const [waiting, none] = play([lower], node);
  assert.deepEqual(none, []);
  const [early, nothing] = play([woken(at(10))], waiting);
  assert.equal(nothing.filter((c) => c.kind === 'watch').length, 0);
  const [, commands] = play([woken(at(11))], early);
  assert.equal(watchIn(commands).members[0]?.minPriority, 100);
});

test('preempt_delay: a better master ends it, and it begins anew', () => {
  const node = started(lone({ preemptDelay: seconds(10) }));
  const [reset] = play(
    [
      advertReceived(at(1), ROUTER_51, advertOf(50)),
      advertReceived(at(5), ROUTER_51, advertOf(150)),
      advertReceived(at(6), ROUTER_51, advertOf(50)),
    ],
    node,
  );
  assert.equal(reset.units[0]?.preemptAt, at(16));
});

test('preempt_delay: starts when our own priority rises over that of a master heard before', () => {
  const model = config({
    scripts: [script('chk', { weight: 20 })],
    instances: [
      instance('VI_1', {
        priority: 90,
        preemptDelay: seconds(10),
        trackScripts: [track('chk', 20)],
      }),
    ],
  });
  const [node] = play(
    [advertReceived(at(1), ROUTER_51, advertOf(100)), finished(at(2), 'chk', succeeds)],
    started(model),
  );
  assert.equal(node.units[0]?.preemptAt, at(12));
});

test('preempt_delay taken out by a reload: preempts at once', () => {
  const node = started(lone({ preemptDelay: seconds(10) }));
  const [, commands] = play([configured(at(5), lone())], node);
  assert.equal(watchIn(commands).members[0]?.minPriority, 100);
});

test('a resignation that is reported starts no preempt_delay', () => {
  const node = started(lone({ preemptDelay: seconds(10) }));
  const [heard] = play([advertReceived(at(1), ROUTER_51, advertOf(0))], node);
  assert.equal(heard.units[0]?.preemptAt, null);
});

function weighed(weight: number, priority: number): Node {
  return started(
    config({
      scripts: [script('chk', { weight })],
      instances: [instance('VI_1', { priority, trackScripts: [track('chk', weight)] })],
    }),
  );
}

test('weight: a backup’s new priority goes into its watch', () => {
  const [, commands] = play([finished(at(1), 'chk', succeeds)], weighed(2, 100));
  const [member] = watchIn(commands).members;
  assert.equal(member?.minPriority, 102);
  assert.equal(member?.onSilence.priority, 102);
});

test('weight: a master’s new priority goes into its next advert', () => {
  const backup = weighed(-2, 102);
  const [node] = play([tookOver(at(4), [ROUTER_51], turnOf(backup) + 1)], backup);
  const [, commands] = play([finished(at(5), 'chk', fails)], node);
  assert.deepEqual(kinds(commands), ['advertise']);
  assert.equal(advertiseIn(commands).priority, 100);
});

test('weight 0: nobody takes part before the first result; failing is a fault', () => {
  const model = config({
    scripts: [script('chk')],
    instances: [instance('VI_1', { trackScripts: [track('chk')] })],
  });
  const node = started(model);
  assert.equal(stateOf(node, 'VI_1'), 'init');
  const [up] = play([finished(at(1), 'chk', succeeds)], node);
  assert.equal(stateOf(up, 'VI_1'), 'backup');
  const [down, commands] = play([finished(at(2), 'chk', fails)], up);
  assert.equal(stateOf(down, 'VI_1'), 'fault');
  assert.deepEqual(kinds(commands), ['resign', 'notify']);
  const [again] = play([finished(at(3), 'chk', succeeds)], down);
  assert.equal(stateOf(again, 'VI_1'), 'backup');
});

test('adverts outside backup change nothing but what was heard', () => {
  const [fault] = play([link(at(1), { up: false })], started(lone()));
  const [node, commands] = step(fault, advertReceived(at(2), ROUTER_51, advertOf(50)));
  assert.equal(stateOf(node, 'VI_1'), 'fault');
  assert.deepEqual(commands, []);
});
