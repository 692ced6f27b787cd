/** Supervised nginxes and the election: what a dead, a waiting and a leaving one do to instances. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config } from '../../src/config/model';
import type { Nginx } from '../../src/config/model-nginx';
import type { Command } from '../../src/core/command';
import { type Node, step } from '../../src/core/node';
import type { ServiceEvent } from '../../src/core/service-terms';
import { servicesDeadline } from '../../src/core/services';
import { milliseconds, seconds } from '../../src/time';
import {
  advertOf,
  at,
  config,
  instance,
  ROUTER_51,
  started,
  stateOf,
  syncGroup,
  tookOver,
  woken,
  yielded,
} from './fixture';

const nginx: Nginx = {
  name: 'web',
  binary: '/usr/sbin/nginx',
  config: null,
  pidFile: '/run/nginx.pid',
  systemdUnit: null,
  probe: null,
  workersMin: 1,
  weight: 0,
  grace: milliseconds(200),
  restart: { attempts: 3, within: seconds(60), backoff: seconds(1) },
  masterOnly: false,
  instances: null,
};

const model = (change: Partial<Nginx> = {}, more: Partial<Config> = {}): Config =>
  config({ instances: [instance('A')], services: [{ ...nginx, ...change }], ...more });

type Told = ServiceEvent extends infer E
  ? E extends ServiceEvent
    ? Omit<E, 'at' | 'nginx'>
    : never
  : never;

const tell = (node: Node, s: number, told: Told): readonly [Node, readonly Command[]] =>
  step(node, { ...told, at: at(s), nginx: 'web' } as ServiceEvent);

const priorityOf = (node: Node, name: string): number | undefined =>
  node.units.flatMap(({ members }) => members).find((m) => m.instance.name === name)?.priority;

const running = (node: Node): Node => tell(node, 1, { kind: 'nginx-found', pid: 7, why: '' })[0];
const mastered = (node: Node): Node => step(node, tookOver(at(5), [ROUTER_51], 1 << 20))[0];
const invalid = { kind: 'nginx-started', outcome: { kind: 'config-invalid', why: 'bad' } } as const;

test('an instance waits until it is known how its nginx is', () => {
  const node = started(model());
  assert.equal(stateOf(node, 'A'), 'init');
  assert.equal(stateOf(running(node), 'A'), 'backup');
});

test('a death is met in the same step, and only what does not help is a fault', () => {
  const master = mastered(running(started(model())));
  assert.equal(stateOf(master, 'A'), 'master');
  const [dead, commands] = tell(master, 6, { kind: 'nginx-gone', pid: 7 });
  assert.deepEqual(commands, [{ kind: 'nginx-start', nginx: 'web', kill: false }]);
  assert.equal(stateOf(dead, 'A'), 'master');
  const [gone, orders] = tell(dead, 6.05, invalid);
  assert.equal(stateOf(gone, 'A'), 'fault');
  assert.deepEqual(orders[0], { kind: 'resign', instance: ROUTER_51 });
  assert.match(gone.units[0]?.reason ?? '', /nginx web is down: its configuration is invalid: bad/);
  const [back] = tell(gone, 8, { kind: 'nginx-started', outcome: { kind: 'started', pid: 8 } });
  assert.equal(stateOf(back, 'A'), 'backup');
});

test('the grace is a deadline of the node', () => {
  const [dead] = tell(mastered(running(started(model()))), 6, { kind: 'nginx-gone', pid: 7 });
  assert.deepEqual(servicesDeadline(dead.services), { at: at(6.2), why: 'the grace of web ends' });
  assert.equal(stateOf(step(dead, woken(at(6.1)))[0], 'A'), 'master');
  assert.equal(stateOf(step(dead, woken(at(6.2)))[0], 'A'), 'fault');
});

test('with a weight it moves the priority, and an instance does not wait for it', () => {
  const node = started(model({ weight: 20 }));
  assert.equal(stateOf(node, 'A'), 'backup');
  const [gone] = tell(running(node), 2, { kind: 'nginx-gone', pid: 7 });
  const [down] = tell(gone, 3, invalid);
  assert.deepEqual([stateOf(down, 'A'), priorityOf(down, 'A')], ['backup', 80]);
});

test('what it concerns is named, and a group is concerned as a whole', () => {
  const instances = [instance('A'), instance('B', { vrid: 52 }), instance('C', { vrid: 53 })];
  const groups = [syncGroup('G', ['A', 'B'])];
  const node = started(model({ instances: ['A'], weight: 20 }, { instances, groups }));
  const [gone] = tell(running(node), 2, { kind: 'nginx-gone', pid: 7 });
  const [down] = tell(gone, 3, invalid);
  assert.deepEqual(
    ['A', 'B', 'C'].map((name) => priorityOf(down, name)),
    [80, 80, 100],
  );
});

test('a planned stop hands over at priority 1 and stops when the peer has taken over', () => {
  const asked = { kind: 'nginx-asked', ask: 'q', want: 'stop' } as const;
  const [leaving, commands] = tell(mastered(running(started(model()))), 6, asked);
  assert.deepEqual([stateOf(leaving, 'A'), priorityOf(leaving, 'A')], ['master', 1]);
  assert.ok(commands.some((one) => one.kind === 'advertise' && one.priority === 1));
  const better = yielded(at(9), [ROUTER_51], (1 << 20) + 1, advertOf(100));
  const [left, orders] = step(leaving, better);
  assert.ok(orders.some(({ kind }) => kind === 'nginx-stop'));
  assert.equal(stateOf(left, 'A'), 'fault');
  const [done, answer] = tell(left, 9.1, { kind: 'nginx-stopped' });
  assert.deepEqual(answer, [{ kind: 'nginx-answer', ask: 'q', ok: true, said: 'stopped' }]);
  assert.match(done.units[0]?.reason ?? '', /the operator stopped it/);
});

test('an owner cannot fall to 1, so it lets go', () => {
  const owner = started(model({}, { instances: [instance('A', { priority: 255 })] }));
  const master = running(owner);
  assert.equal(stateOf(master, 'A'), 'master');
  const [left] = tell(master, 6, { kind: 'nginx-asked', ask: 'q', want: 'stop' });
  assert.equal(stateOf(left, 'A'), 'fault');
});

test('a reload keeps what is known of the same nginx and forgets what is gone', () => {
  const node = mastered(running(started(model())));
  const [same, kept] = step(node, { kind: 'configured', at: at(7), config: model({ weight: 5 }) });
  assert.ok(!kept.some(({ kind }) => kind === 'nginx-look'));
  assert.equal(same.services.get('web')?.phase, 'up');
  const other = model({ pidFile: '/run/other.pid' });
  const [, anew] = step(node, { kind: 'configured', at: at(7), config: other });
  assert.deepEqual(
    anew.flatMap(({ kind }) => (kind.startsWith('nginx') ? [kind] : [])),
    ['nginx-forget', 'nginx-look'],
  );
  const none = config({ instances: [instance('A')] });
  const [gone, orders] = step(node, { kind: 'configured', at: at(7), config: none });
  assert.deepEqual(orders.at(-1), { kind: 'nginx-forget', nginx: 'web' });
  assert.deepEqual([gone.services.size, stateOf(gone, 'A')], [0, 'master']);
});
