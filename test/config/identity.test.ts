/** Which instance of a new configuration goes on as which of the old one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { successions, virtualRouter } from '../../src/config/identity';
import type { Instance } from '../../src/config/model';
import { address, instance } from '../core/fixture';

const peersOf = (...addresses: readonly string[]): Instance['peers'] =>
  addresses.map((one) => ({ address: one, minTtl: 0, maxTtl: 255 }));

/** 'new ← old' in the order of the new ones. */
function heirs(before: readonly Instance[], after: readonly Instance[]): readonly string[] {
  const found = successions(before, after);
  return after.map((one) => `${one.name} ← ${found.get(one)?.name ?? 'nobody'}`);
}

test('a virtual router is an interface, a family and a VRID', () => {
  const one = instance('A', { interface: 'eth1', vrid: 7 });
  assert.equal(virtualRouter(one), 'eth1/4/7');
  for (const other of [{ interface: 'eth2' }, { family: 6 }, { vrid: 8 }] as const) {
    assert.notEqual(virtualRouter({ ...one, ...other }), virtualRouter(one));
    assert.deepEqual(heirs([one], [{ ...one, ...other }]), ['A ← nobody']);
  }
});

test('everything else may change while it stays the same', () => {
  const one = instance('A');
  const changes: readonly Partial<Instance>[] = [
    { name: 'B' },
    { version: 3 },
    { priority: 7 },
    { addresses: [address('192.0.2.7')] },
    { group: '224.0.0.99' },
    { source: '192.0.2.9' },
    { peers: peersOf('192.0.2.2') },
  ];
  for (const change of changes) {
    const other = { ...one, ...change };
    assert.deepEqual(heirs([one], [other]), [`${other.name} ← A`]);
  }
});

test('two that change names go on as what they were', () => {
  const one = instance('A', { vrid: 1 });
  const two = instance('B', { vrid: 2 });
  const swapped = [
    { ...one, name: 'B' },
    { ...two, name: 'A' },
  ];
  assert.deepEqual(heirs([one, two], swapped), ['B ← A', 'A ← B']);
});

test('of several with one VRID the peers tell, then the name', () => {
  const one = instance('A', { peers: peersOf('192.0.2.2') });
  const two = instance('B', { peers: peersOf('192.0.2.3') });
  const renamed = [
    { ...two, name: 'X' },
    { ...one, name: 'B' },
  ];
  assert.deepEqual(heirs([one, two], renamed), ['X ← B', 'B ← A']);
  const moved = [
    { ...one, peers: peersOf('192.0.2.8') },
    { ...two, peers: peersOf('192.0.2.9') },
  ];
  assert.deepEqual(heirs([two, one], moved), ['A ← A', 'B ← B']);
});

test('nobody is the heir of two, and the nearest comes first', () => {
  const old = instance('A', { peers: peersOf('192.0.2.2') });
  const near = { ...old, name: 'C' };
  const far = { ...old, peers: peersOf('192.0.2.9') };
  assert.deepEqual(heirs([old], [far, near]), ['A ← nobody', 'C ← A']);
  assert.deepEqual(heirs([], [near]), ['C ← nobody']);
  assert.deepEqual(heirs([old], []), []);
});
