/** An instance that cannot be opened hears nothing: it has no part in any election until it can. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { step } from '../../src/core/node';
import {
  at,
  config,
  configured,
  instance,
  link,
  play,
  ROUTER_51,
  stateOf,
  surveyed,
} from './fixture';

const alone = config({ instances: [instance('VI_1')] });
const openFailed = (s: number) =>
  ({
    kind: 'open-failed',
    at: at(s),
    instance: ROUTER_51,
    what: 'join 224.0.0.18',
    errno: 19,
  }) as const;

const [backup] = play([configured(at(0), alone), link(at(0)), surveyed(at(0))]);
const [deaf, ordered] = step(backup, openFailed(1));

test('it goes to fault with the reason, and stands down', () => {
  assert.equal(stateOf(backup, 'VI_1'), 'backup');
  assert.equal(stateOf(deaf, 'VI_1'), 'fault');
  assert.match(deaf.units[0]?.reason ?? '', /join 224\.0\.0\.18/);
  assert.deepEqual(
    ordered.filter((c) => c.kind === 'resign').map((c) => c.instance),
    [ROUTER_51],
  );
});

test('a change of its interface lets it try again', () => {
  const [again, commands] = step(deaf, link(at(2), { mtu: 9000 }));
  assert.ok(commands.some((c) => c.kind === 'open'));
  assert.equal(stateOf(again, 'VI_1'), 'backup');
});

test('a change of another interface does not', () => {
  const [still, commands] = step(deaf, link(at(2), { interface: 'eth9', index: 9 }));
  assert.deepEqual(commands, []);
  assert.equal(stateOf(still, 'VI_1'), 'fault');
});

test('so does a reload', () => {
  const [again, commands] = step(deaf, configured(at(2), alone));
  assert.ok(commands.some((c) => c.kind === 'open'));
  assert.equal(stateOf(again, 'VI_1'), 'backup');
});
