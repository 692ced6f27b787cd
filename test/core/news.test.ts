/** What is told beside the changes of state: who is gone, lower masters, priorities, repeats. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, Instance } from '../../src/config/model';
import { type Command, type Notify, wordOf } from '../../src/core/command';
import type { Node } from '../../src/core/node';
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
  link,
  play,
  ROUTER_51,
  ROUTER_52,
  script,
  started,
  succeeds,
  syncGroup,
  tookOver,
  track,
  yielded,
} from './fixture';
import { silent, system } from './fixture-plain';

const told = (commands: readonly Command[]): readonly Notify[] =>
  commands.flatMap((one) => (one.kind === 'notify' ? [one] : []));

/** As a pipe would say it, and what is not in the line. */
const lines = (commands: readonly Command[]): readonly string[] =>
  told(commands).map((one) => {
    const extra = one.gone === true ? ' gone' : '';
    return `${one.scope} ${one.name} ${wordOf(one)} ${one.priority}${extra}`;
  });

const priorities = { notify: { ...silent, priorities: true } };

const master = (model: Config): Node => {
  const keys = model.instances.map(({ vrid }) => (vrid === 51 ? ROUTER_51 : ROUTER_52));
  return play([tookOver(at(4), keys, 1_000_000)], started(model))[0];
};

const lone = (change: Partial<Instance> = {}): Config =>
  config({ instances: [instance('VI_1', change)] });

test('a lower master that is heard is told each time it is reported', () => {
  const heard = (priority: number) =>
    play([advertReceived(at(5), ROUTER_51, advertOf(priority))], master(lone()))[1];
  assert.deepEqual(lines(heard(50)), ['INSTANCE VI_1 MASTER_RX_LOWER_PRI 100']);
  assert.deepEqual(lines(heard(100)), ['INSTANCE VI_1 MASTER_RX_LOWER_PRI 100']);
  const [one] = told(heard(50));
  assert.deepEqual([one?.state, one?.previous], ['MASTER', 'MASTER']);
  assert.equal(one?.reason, '192.0.2.2 advertises priority 50');
  // A resignation claims nothing, and who gives way has its own news.
  assert.deepEqual(lines(heard(0)), []);
  const [, commands] = play(
    [yielded(at(5), [ROUTER_51], 2_000_000, advertOf(150))],
    master(lone()),
  );
  assert.deepEqual(lines(commands), ['INSTANCE VI_1 BACKUP 100']);
  // Nor is it news to a backup.
  const backup = play([advertReceived(at(5), ROUTER_51, advertOf(50))], started(lone()));
  assert.deepEqual(lines(backup[1]), []);
});

const weighed = (change: Partial<Instance> = {}): Config =>
  config({
    scripts: [script('chk')],
    instances: [instance('VI_1', { trackScripts: [track('chk', 10)], ...change })],
  });

test('another priority is told where notify_priority_changes asks for it', () => {
  const scene = (model: Config, node: (model: Config) => Node) => {
    const up = play([finished(at(5), 'chk', succeeds)], node(model))[0];
    return lines(play([finished(at(6), 'chk', fails)], up)[1]);
  };
  const wanted = weighed(priorities);
  assert.deepEqual(scene(wanted, master), ['INSTANCE VI_1 MASTER_PRIORITY 100']);
  assert.deepEqual(scene(wanted, started), ['INSTANCE VI_1 BACKUP_PRIORITY 100']);
  assert.deepEqual(scene(weighed(), master), []);
  const group = syncGroup('G', ['VI_1'], { ...priorities, trackingWeight: true });
  assert.deepEqual(scene({ ...weighed(), groups: [group] }, master), [
    'INSTANCE VI_1 MASTER_PRIORITY 100',
  ]);
});

test('why the priority is what it is stands in the reason', () => {
  const [, commands] = play([finished(at(5), 'chk', succeeds)], master(weighed(priorities)));
  assert.deepEqual(
    told(commands).map(({ reason }) => reason),
    ['priority 100 + 10 (script chk)'],
  );
});

test('a new state tells its priority by itself, and a start has none to compare', () => {
  const model = weighed(priorities);
  const first = play(
    [configured(at(0), model), finished(at(0.1), 'chk', succeeds), link(at(0.2))],
    undefined,
  )[0];
  const [, commands] = play([{ kind: 'surveyed', at: at(0.3) }], first);
  assert.deepEqual(lines(commands), ['INSTANCE VI_1 BACKUP 110']);
  const up = play([finished(at(5), 'chk', succeeds)], master(model))[0];
  const [, fault] = play([link(at(6), { up: false })], up);
  assert.deepEqual(lines(fault), ['INSTANCE VI_1 FAULT 110']);
});

test('who a reload removes is told FAULT, or DELETED if it asks for it; a group is not', () => {
  const two = (change: Partial<Instance>): Config => ({
    ...config({ instances: [instance('A'), instance('B', { vrid: 52, ...change })] }),
    groups: [syncGroup('G', ['B'])],
  });
  const rest = config({ instances: [instance('A')] });
  const removed = (change: Partial<Instance>) =>
    play([configured(at(9), rest)], master(two(change)))[1];
  assert.deepEqual(lines(removed({})), ['INSTANCE B FAULT 100 gone']);
  const telling = { notify: { ...silent, tellsDeleted: true } };
  const [one] = told(removed(telling));
  assert.deepEqual(lines(removed(telling)), ['INSTANCE B DELETED 100 gone']);
  assert.deepEqual([one?.previous, one?.reason], ['MASTER', 'a reload removed it']);
});

test('another VRID is another instance: the old one is told gone, whatever it is called', () => {
  const [, commands] = play([configured(at(9), lone({ vrid: 52 }))], master(lone()));
  assert.deepEqual(lines(commands)[0], 'INSTANCE VI_1 FAULT 100 gone');
});

test('a rename tells nothing', () => {
  const [, commands] = play([configured(at(9), lone({ name: 'other' }))], master(lone()));
  assert.deepEqual(lines(commands), []);
});

test('a reload repeats the states that it leaves, where that is asked for', () => {
  const fifos = { ...system.fifos, repeatOnReload: true };
  const asks = (model: Config): Config => ({
    ...model,
    global: globalWith({ system: { ...system, fifos } }),
  });
  const model: Config = {
    ...config({ instances: [instance('A'), instance('B', { vrid: 52 })] }),
    groups: [syncGroup('G', ['B'])],
  };
  const node = master(model);
  const [again, commands] = play([configured(at(9), asks(model))], node);
  assert.deepEqual(lines(commands), [
    'INSTANCE A MASTER 100',
    'INSTANCE B MASTER 100',
    'GROUP G MASTER 0',
  ]);
  assert.ok(told(commands).every(({ remark }) => remark === 'repeated'));
  assert.deepEqual(lines(play([configured(at(10), model)], again)[1]), []);
  // What the reload changes tells that by itself.
  const added = asks(lone({ vrid: 52, name: 'B' }));
  const fresh = play([configured(at(9), added)], master(lone({ name: 'A' })))[1];
  assert.deepEqual(lines(fresh), ['INSTANCE A FAULT 100 gone', 'INSTANCE B BACKUP 100']);
});
