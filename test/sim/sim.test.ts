/**
 * Ten thousand seeds on every run of the tests, and the same seed twice is the same run.
 * More: npm run sim -- --seeds N --start S.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain, simulate, transcript } from './simulation';

const SEEDS = 10_000;

test(`${SEEDS} seeds keep every rule`, () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const failure = simulate(seed);
    if (failure !== null) assert.fail(explain(failure));
  }
});

test('the same seed is the same run, another is another', () => {
  for (let seed = 1; seed <= 5; seed++) {
    assert.equal(transcript(seed), transcript(seed));
    assert.notEqual(transcript(seed), transcript(seed + 1));
  }
});
