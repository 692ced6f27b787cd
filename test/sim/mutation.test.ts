/**
 * The simulator can fail: every broken model is caught, and by the rule that it breaks.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mutations } from './mutations';
import { explain, type Failure, simulate } from './simulation';

const SEEDS_MAX = 1500;

function firstCaught(index: number): Failure | null {
  const entry = mutations[index];
  if (entry === undefined) return null;
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const failure = simulate(seed, entry.mutation);
    if (failure?.rule === entry.caughtBy) return failure;
  }
  return null;
}

mutations.forEach(({ mutation, caughtBy }, index) => {
  test(`${mutation.name}: ${caughtBy}`, () => {
    const failure = firstCaught(index);
    assert.notEqual(failure, null, `not caught in ${SEEDS_MAX} seeds`);
  });
});

test('a failure is told with its seed, the command that repeats it, and a column per node', () => {
  const failure = firstCaught(0);
  assert.ok(failure !== null);
  const text = explain(failure, mutations[0]?.mutation ?? null);
  assert.match(text, new RegExp(`npm run sim -- --seed ${failure.seed}\\b`));
  assert.match(text, /ms \| lan +\| n1 +\| n2/);
  assert.match(text, /HOLDS eth0\/[46]\/51/);
});
