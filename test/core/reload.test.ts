/**
 * A reload: what is the same virtual router goes on as it was, whatever it is called, and hears
 * only of what differs.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, Instance } from '../../src/config/model';
import type { Command, Open } from '../../src/core/command';
import type { Node } from '../../src/core/node';
import { seconds } from '../../src/time';
import {
  address,
  advertOf,
  advertReceived,
  at,
  config,
  configured,
  fails,
  finished,
  instance,
  kinds,
  play,
  ROUTER_51,
  ROUTER_52,
  script,
  started,
  tookOver,
  track,
  woken,
} from './fixture';

const lone = (change: Partial<Instance> = {}): Config =>
  config({ instances: [instance('VI_1', change)] });

/** Every instance is master. */
function mastersOf(model: Config): Node {
  const node = started(model);
  return node.units.reduce((so, unit) => {
    const keys = unit.members.map(({ key }) => key);
    return play([tookOver(at(4), keys, (unit.members[0]?.turn ?? 0) + 1)], so)[0];
  }, node);
}

const reloaded = (node: Node, model: Config): readonly [Node, readonly Command[]] =>
  play([configured(at(9), model)], node);

/** 'name state' of each unit. */
const states = (node: Node): readonly string[] =>
  node.units.map(({ name, state }) => `${name} ${state}`);

const opensOf = (commands: readonly Command[]): readonly Open[] =>
  commands.flatMap((one) => (one.kind === 'open' ? [one] : []));

test('another name: still master, and the data plane is told nothing', () => {
  const [node, commands] = reloaded(mastersOf(lone()), lone({ name: 'other' }));
  assert.deepEqual(states(node), ['other master']);
  assert.deepEqual(kinds(commands), ['lease']);
  assert.equal(node.units[0]?.members[0]?.key, ROUTER_51);
});

test('another name on a backup: what it has heard stays, and its watch stands', () => {
  const before = started(lone());
  const [heard] = play([advertReceived(at(2), ROUTER_51, advertOf(150))], before);
  const [node, commands] = reloaded(heard, lone({ name: 'other' }));
  assert.deepEqual(states(node), ['other backup']);
  assert.deepEqual(kinds(commands), ['lease']);
  assert.equal(node.units[0]?.members[0]?.heard?.priority, 150);
});

test('two that exchange their names: nobody moves', () => {
  const two = (first: string, second: string): Config =>
    config({ instances: [instance(first), instance(second, { vrid: 52 })] });
  const [first] = play([tookOver(at(4), [ROUTER_51], 1_000_000)], started(two('A', 'B')));
  const [node, commands] = reloaded(first, two('B', 'A'));
  assert.deepEqual(states(node), ['B master', 'A backup']);
  assert.deepEqual(kinds(commands), ['lease']);
});

test('the order of the file means nothing', () => {
  const model = config({ instances: [instance('A'), instance('B', { vrid: 52 })] });
  const [, commands] = reloaded(
    mastersOf(model),
    config({ instances: [...model.instances].reverse() }),
  );
  assert.deepEqual(kinds(commands), ['lease']);
});

test('another list of addresses: one order with the whole list, and no new election', () => {
  const [kept, old, added] = ['192.0.2.10', '192.0.2.11', '192.0.2.12'].map((one) => address(one));
  assert.ok(kept !== undefined && old !== undefined && added !== undefined);
  const before = mastersOf(lone({ addresses: [kept, old] }));
  const [node, commands] = reloaded(before, lone({ addresses: [kept, added] }));
  assert.deepEqual(states(node), ['VI_1 master']);
  assert.deepEqual(kinds(commands), ['lease', 'open']);
  const [order] = opensOf(commands);
  assert.deepEqual(order?.advertised, [kept.address, added.address]);
});

test('terms alone: an advertise for the one they are of', () => {
  const two = (priority: number): Config =>
    config({ instances: [instance('A'), instance('B', { vrid: 52, priority })] });
  const [, commands] = reloaded(mastersOf(two(100)), two(150));
  assert.deepEqual(kinds(commands), ['lease', 'advertise']);
  const [, order] = commands;
  assert.ok(order?.kind === 'advertise' && order.instance === ROUTER_52 && order.priority === 150);
});

test('from a group to peers, and to another version: still master', () => {
  const peers = [{ address: '192.0.2.2', minTtl: 0, maxTtl: 255 }];
  for (const change of [{ peers }, { version: 3 }] as const) {
    const [node, commands] = reloaded(mastersOf(lone()), lone(change));
    assert.deepEqual(states(node), ['VI_1 master']);
    assert.equal(opensOf(commands).length, 1);
    assert.ok(!kinds(commands).includes('resign') && !kinds(commands).includes('close'));
  }
});

test('another VRID: the old one lets go first, the new one listens', () => {
  const [node, commands] = reloaded(mastersOf(lone()), lone({ vrid: 52 }));
  assert.deepEqual(states(node), ['VI_1 backup']);
  assert.deepEqual(kinds(commands), [
    'lease',
    'resign',
    'close',
    'notify',
    'open',
    'watch',
    'notify',
  ]);
  const keys = commands.flatMap((one) => ('instance' in one ? [one.instance] : []));
  assert.deepEqual(keys, [ROUTER_51, ROUTER_51, ROUTER_52]);
});

test('two that exchange their VRIDs are the same two, with other names and addresses', () => {
  const [a, b] = [address('192.0.2.10'), address('192.0.2.11')];
  const two = (first: number, second: number): Config =>
    config({
      instances: [
        instance('A', { vrid: first, addresses: [a] }),
        instance('B', { vrid: second, addresses: [b] }),
      ],
    });
  const [node, commands] = reloaded(mastersOf(two(51, 52)), two(52, 51));
  assert.deepEqual(states(node), ['A master', 'B master']);
  assert.deepEqual(
    opensOf(commands).map((one) => `${one.instance} ${one.advertised.join()}`),
    [`${ROUTER_52} ${a.address}`, `${ROUTER_51} ${b.address}`],
  );
  assert.ok(!kinds(commands).includes('resign'));
});

test('several of one VRID keep keys of their own', () => {
  const apart = (name: string, peer: string): Instance =>
    instance(name, { peers: [{ address: peer, minTtl: 0, maxTtl: 255 }] });
  const [one, two] = [apart('A', '192.0.2.2'), apart('B', '192.0.2.3')];
  const keysOf = (node: Node): readonly string[] =>
    node.units.flatMap(({ members }) => members.map((m) => `${m.instance.name} ${m.key}`));
  const before = started(config({ instances: [one, two] }));
  assert.deepEqual(keysOf(before), [`A ${ROUTER_51}`, `B ${ROUTER_51}#2`]);
  const [node] = reloaded(before, config({ instances: [{ ...two, name: 'X' }] }));
  assert.deepEqual(keysOf(node), [`X ${ROUTER_51}#2`]);
});

test('what could not be opened is tried again, under whatever name', () => {
  const [deaf] = play(
    [{ kind: 'open-failed', at: at(2), instance: ROUTER_51, what: 'no', errno: 19 }],
    started(lone()),
  );
  assert.deepEqual(states(deaf), ['VI_1 fault']);
  const [node, commands] = reloaded(deaf, lone({ name: 'other' }));
  assert.deepEqual(states(node), ['other backup']);
  assert.ok(kinds(commands).includes('open'));
});

test('a script of the same name and command keeps its verdict', () => {
  const checked = (change: Parameters<typeof script>[1] = {}): Config =>
    config({
      scripts: [script('chk', change)],
      instances: [instance('VI_1', { trackScripts: [track('chk')] })],
    });
  const [failed] = play([finished(at(1), 'chk', fails)], started(checked()));
  assert.deepEqual(states(failed), ['VI_1 fault']);
  const [same] = reloaded(failed, checked({ interval: seconds(7), fall: 3 }));
  assert.deepEqual(states(same), ['VI_1 fault']);
  const [other] = reloaded(failed, checked({ command: ['/bin/other'] }));
  assert.equal(other.trackers.scripts.get('chk')?.last, null);
});

test('what an old command still has to say does not count for a new one', () => {
  const checked = (command: string): Config =>
    config({
      scripts: [script('chk', { command: [command] })],
      instances: [instance('VI_1', { trackScripts: [track('chk')] })],
    });
  const running = started(checked('/bin/old'));
  const [after, commands] = reloaded(running, checked('/bin/new'));
  assert.ok(!kinds(commands).includes('run-script'), 'one at a time');
  const [old] = play([finished(at(9.5), 'chk', fails)], after);
  assert.deepEqual(states(old), ['VI_1 init']);
  assert.equal(old.trackers.scripts.get('chk')?.last, null);
  const [, next] = play([woken(at(10))], old);
  assert.ok(kinds(next).includes('run-script'), 'the new one when it is due');
});
