/**
 * Skew and master-down in whole microseconds, as keepalived computes them: every row of the table
 * that was checked against its dumps.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { masterDown, silence, skew } from '../../src/core/timing';
import { centiseconds } from '../../src/time';

/** version, priority, interval in centiseconds, master-down in microseconds. */
const TABLE = [
  [2, 1, 100, 3_996_093],
  [2, 100, 100, 3_609_375],
  [2, 150, 100, 3_414_062],
  [2, 200, 100, 3_218_750],
  [2, 254, 100, 3_007_812],
  [2, 255, 100, 3_003_906],
  [2, 100, 500, 15_609_375],
  [3, 1, 100, 3_996_093],
  [3, 100, 100, 3_609_375],
  [3, 150, 100, 3_414_062],
  [3, 200, 100, 3_218_750],
  [3, 254, 100, 3_007_812],
  [3, 255, 100, 3_003_906],
  [3, 100, 10, 360_937],
  [3, 200, 10, 321_875],
  [3, 254, 10, 300_781],
  [3, 100, 1, 36_093],
  [3, 200, 1, 32_187],
  [3, 254, 1, 30_078],
  [3, 1, 1, 39_960],
  [3, 100, 4095, 147_803_906],
  [3, 1, 4095, 163_640_039],
  [3, 254, 4095, 123_169_921],
  [3, 100, 33, 1_191_093],
] as const;

for (const [version, priority, cs, down] of TABLE) {
  test(`v${version}, priority ${priority}, ${cs} cs: master-down ${down} us`, () => {
    const terms = silence(version, priority, 3);
    const interval = centiseconds(cs);
    assert.equal(masterDown(terms, interval), down);
    assert.equal(skew(terms, interval), down - 3 * interval);
  });
}

test('the skew of VRRPv2 does not depend on the interval, that of VRRPv3 is a share of it', () => {
  const v2 = silence(2, 100, 3);
  assert.equal(skew(v2, centiseconds(100)), skew(v2, centiseconds(25500)));
  const v3 = silence(3, 100, 3);
  assert.equal(skew(v3, centiseconds(200)), 2 * skew(v3, centiseconds(100)));
});

test('no two priorities share a skew at 10 ms', () => {
  const skews = new Set<number>();
  for (let priority = 1; priority <= 255; priority++) {
    skews.add(skew(silence(3, priority, 3), centiseconds(1)));
  }
  assert.equal(skews.size, 255);
});

test('down_timer_adverts replaces the three', () => {
  assert.equal(masterDown(silence(2, 100, 5), centiseconds(100)), 5_609_375);
  assert.equal(masterDown(silence(3, 100, 1), centiseconds(100)), 1_609_375);
});
