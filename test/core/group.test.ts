/**
 * Sync groups that a reload puts together or takes apart: as gently as is safe. Nobody becomes
 * master unheard, nobody stands down who need not, and a group is of one mind in the end.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, Instance } from '../../src/config/model';
import type { Command } from '../../src/core/command';
import type { Node } from '../../src/core/node';
import {
  advertOf,
  advertReceived,
  at,
  config,
  configured,
  instance,
  kinds,
  link,
  play,
  ROUTER_51,
  ROUTER_52,
  started,
  syncGroup,
  tookOver,
  yielded,
} from './fixture';

const A = instance('A');
const B = instance('B', { vrid: 52 });

const lone = (...instances: readonly Instance[]): Config => config({ instances });
const group = (...instances: readonly Instance[]): Config =>
  config({
    instances,
    groups: [
      syncGroup(
        'G',
        instances.map(({ name }) => name),
      ),
    ],
  });

/** Above all that the policy has set aside. */
let turns = 1_000_000;
const takes = (s: number, ...keys: readonly string[]) => {
  turns += 10_000;
  return tookOver(at(s), keys, turns);
};
const yields = (s: number, ...keys: readonly string[]) => {
  turns += 10_000;
  return yielded(at(s), keys, turns, advertOf(200));
};

const reloaded = (node: Node, model: Config, s = 9): readonly [Node, readonly Command[]] =>
  play([configured(at(s), model)], node);

const states = (node: Node): readonly string[] =>
  node.units.map(({ members, state }) => `${members.map((m) => m.key).join('+')} ${state}`);

/** The orders and what is told, in short. */
const said = (commands: readonly Command[]): readonly string[] =>
  commands.map((one) => {
    switch (one.kind) {
      case 'advertise':
        return `advertise ${one.instance} with ${one.fellows.join('+') || 'nobody'}`;
      case 'watch':
        return `watch ${one.members.map((m) => m.instance).join('+')}`;
      case 'notify':
        return `${one.scope} ${one.name} ${one.state}`;
      case 'resign':
      case 'close':
      case 'open':
        return `${one.kind} ${one.instance}`;
      default:
        return one.kind;
    }
  });

const BOTH = `${ROUTER_51}+${ROUTER_52}`;

test('a group that falls apart: each goes on as it was, and alone', () => {
  const [master] = play([takes(4, ROUTER_51, ROUTER_52)], started(group(A, B)));
  const [node, commands] = reloaded(master, lone(A, B));
  assert.deepEqual(states(node), [`${ROUTER_51} master`, `${ROUTER_52} master`]);
  assert.deepEqual(said(commands), [
    'lease',
    `advertise ${ROUTER_51} with nobody`,
    `advertise ${ROUTER_52} with nobody`,
  ]);
});

test('backups that part measure a silence each', () => {
  const [node, commands] = reloaded(started(group(A, B)), lone(A, B));
  assert.deepEqual(states(node), [`${ROUTER_51} backup`, `${ROUTER_52} backup`]);
  assert.deepEqual(said(commands), ['lease', `watch ${ROUTER_51}`, `watch ${ROUTER_52}`]);
});

test('masters that become a group stay masters', () => {
  const [masters] = play([takes(4, ROUTER_51), takes(4, ROUTER_52)], started(lone(A, B)));
  const [node, commands] = reloaded(masters, group(A, B));
  assert.deepEqual(states(node), [`${BOTH} master`]);
  assert.deepEqual(said(commands), [
    'lease',
    `advertise ${ROUTER_51} with ${BOTH}`,
    `advertise ${ROUTER_52} with ${BOTH}`,
  ]);
});

test('a group of another name is the same group', () => {
  const [master] = play([takes(4, ROUTER_51, ROUTER_52)], started(group(A, B)));
  const renamed = { ...group(A, B), groups: [syncGroup('H', ['B', 'A'])] };
  const [node, commands] = reloaded(master, renamed);
  assert.equal(node.units[0]?.name, 'H');
  assert.deepEqual(states(node), [`${ROUTER_52}+${ROUTER_51} master`]);
  assert.ok(kinds(commands).every((kind) => kind === 'lease' || kind === 'advertise'));
});

test('a new member of a group that is master listens first; the others stay', () => {
  const [master] = play([takes(4, ROUTER_51)], started(group(A)));
  const [waiting, commands] = reloaded(master, group(A, B));
  assert.deepEqual(states(waiting), [`${ROUTER_51} master`, `${ROUTER_52} backup`]);
  assert.deepEqual(said(commands), [
    'lease',
    `open ${ROUTER_52}`,
    `watch ${ROUTER_52}`,
    'INSTANCE B BACKUP',
  ]);
  const [whole, joined] = play([takes(13, ROUTER_52)], waiting);
  assert.deepEqual(states(whole), [`${BOTH} master`]);
  assert.deepEqual(said(joined), [
    `advertise ${ROUTER_52} with nobody`,
    'INSTANCE B MASTER',
    `advertise ${ROUTER_51} with ${BOTH}`,
    `advertise ${ROUTER_52} with ${BOTH}`,
  ]);
});

test('a new member that hears a master: the group gives way as one', () => {
  const [master] = play([takes(4, ROUTER_51)], started(group(A)));
  const [waiting] = reloaded(master, group(A, B));
  const [node, commands] = play([advertReceived(at(10), ROUTER_52, advertOf(200))], waiting);
  assert.deepEqual(states(node), [`${BOTH} backup`]);
  assert.deepEqual(said(commands), [
    `resign ${ROUTER_51}`,
    `watch ${BOTH}`,
    'INSTANCE A BACKUP',
    'GROUP G BACKUP',
  ]);
});

test('a new member that hears only what it will replace goes on listening', () => {
  const [master] = play([takes(4, ROUTER_51)], started(group(A)));
  const [waiting] = reloaded(master, group(A, B));
  const [node] = play([advertReceived(at(10), ROUTER_52, advertOf(50))], waiting);
  assert.deepEqual(states(node), [`${ROUTER_51} master`, `${ROUTER_52} backup`]);
});

test('an owner among the new ones does not begin as master in a group', () => {
  const owner = instance('B', { vrid: 52, priority: 255 });
  const [node] = reloaded(started(group(A)), group(A, owner));
  assert.deepEqual(states(node), [`${BOTH} backup`]);
});

test('a fault of the new member is the fault of the group', () => {
  const elsewhere = instance('B', { vrid: 52, interface: 'eth9' });
  const [master] = play([takes(4, ROUTER_51)], started(group(A)));
  const [node, commands] = reloaded(master, group(A, elsewhere));
  assert.deepEqual(states(node), [`${ROUTER_51}+eth9/4/52 fault`]);
  assert.match(node.units[0]?.reason ?? '', /eth9 does not exist/);
  assert.ok(said(commands).includes(`resign ${ROUTER_51}`));
  assert.deepEqual(
    said(commands).filter((one) => /FAULT/.test(one)),
    ['INSTANCE B FAULT', 'INSTANCE A FAULT', 'GROUP G FAULT'],
  );
  const up = link(at(12), { interface: 'eth9', index: 9, addresses: ['198.51.100.1'] });
  const [well] = play([up], node);
  assert.deepEqual(states(well), [`${ROUTER_51}+eth9/4/52 backup`]);
});

test('a lone backup that follows a master comes into a group of masters: all give way', () => {
  const before = started(lone(A, B));
  const [mixed] = play(
    [takes(4, ROUTER_51), advertReceived(at(5), ROUTER_52, advertOf(200))],
    before,
  );
  const [node, commands] = reloaded(mixed, group(A, B));
  assert.deepEqual(states(node), [`${BOTH} backup`]);
  assert.deepEqual(said(commands), [
    'lease',
    `resign ${ROUTER_51}`,
    `watch ${BOTH}`,
    'INSTANCE A BACKUP',
    'GROUP G BACKUP',
  ]);
});

test('the master part yields while the other listens: one backup', () => {
  const [master] = play([takes(4, ROUTER_51)], started(group(A)));
  const [waiting] = reloaded(master, group(A, B));
  const [node, commands] = play([yields(10, ROUTER_51)], waiting);
  assert.deepEqual(states(node), [`${BOTH} backup`]);
  assert.equal(said(commands).at(-1), `watch ${BOTH}`);
  assert.equal(said(commands).filter((one) => one === 'GROUP G BACKUP').length, 1);
});

test('two new ones of a group that is master come in one after the other', () => {
  const C = instance('C', { vrid: 53, interface: 'eth1' });
  const eth1 = link(at(0), { interface: 'eth1', index: 3, addresses: ['198.51.100.1'] });
  const [master] = play([eth1, takes(4, ROUTER_51)], started(group(A)));
  const [waiting] = reloaded(master, group(A, B, C));
  assert.deepEqual(states(waiting), [`${ROUTER_51} master`, `${ROUTER_52}+eth1/4/53 backup`]);
  const [whole] = play([takes(13, ROUTER_52, 'eth1/4/53')], waiting);
  assert.deepEqual(states(whole), [`${BOTH}+eth1/4/53 master`]);
});

test('the same reload once more while one listens changes nothing', () => {
  const [master] = play([takes(4, ROUTER_51)], started(group(A)));
  const [waiting] = reloaded(master, group(A, B));
  const [again, commands] = reloaded(waiting, group(A, B), 10);
  assert.deepEqual(states(again), states(waiting));
  assert.deepEqual(kinds(commands), ['lease']);
});

test('the member that listens is left alone when the others leave', () => {
  const [master] = play([takes(4, ROUTER_51)], started(group(A)));
  const [waiting] = reloaded(master, group(A, B));
  const [node, commands] = reloaded(waiting, group(B), 10);
  assert.deepEqual(states(node), [`${ROUTER_52} backup`]);
  assert.deepEqual(said(commands), [
    'lease',
    `resign ${ROUTER_51}`,
    `close ${ROUTER_51}`,
    'INSTANCE A FAULT',
  ]);
});

// ---- what the data plane did by the orders of before

test('one that took over alone by an older order lets go and waits for the others', () => {
  const [node] = reloaded(started(lone(A, B)), group(A, B));
  const [still, commands] = play([takes(9.1, ROUTER_51)], node);
  assert.deepEqual(states(still), [`${BOTH} backup`]);
  assert.deepEqual(said(commands), [`resign ${ROUTER_51}`, `watch ${BOTH}`]);
});

test('one that yielded alone by an older order takes the others along', () => {
  const [masters] = play([takes(4, ROUTER_51), takes(4, ROUTER_52)], started(lone(A, B)));
  const [node] = reloaded(masters, group(A, B));
  const [backup, commands] = play([yields(9.1, ROUTER_52)], node);
  assert.deepEqual(states(backup), [`${BOTH} backup`]);
  assert.deepEqual(said(commands).slice(0, 2), [`resign ${ROUTER_51}`, `watch ${BOTH}`]);
});

test('those that parted and yet took over together by an older order are both master', () => {
  const [node] = reloaded(started(group(A, B)), lone(A, B));
  const [masters] = play([takes(9.1, ROUTER_51, ROUTER_52)], node);
  assert.deepEqual(states(masters), [`${ROUTER_51} master`, `${ROUTER_52} master`]);
});
