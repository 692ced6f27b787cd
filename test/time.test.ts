/** Units convert here only, and always to whole microseconds. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  after,
  between,
  centiseconds,
  earliest,
  formatDuration,
  instantAt,
  microseconds,
  milliseconds,
  seconds,
  toCentiseconds,
  toMilliseconds,
  toSeconds,
} from '../src/time';

test('units convert to whole microseconds', () => {
  assert.equal(seconds(1), 1_000_000);
  assert.equal(seconds(0.01), 10_000);
  assert.equal(seconds(40.95), 40_950_000);
  assert.equal(centiseconds(4095), 40_950_000);
  assert.equal(milliseconds(0.5), 500);
  assert.equal(microseconds(1.9), 1);
});

test('every advert interval of VRRPv3 survives the way there and back', () => {
  for (let cs = 1; cs <= 4095; cs++) {
    assert.equal(toCentiseconds(centiseconds(cs)), cs);
    assert.equal(seconds(cs / 100), centiseconds(cs));
  }
});

test('after and between are each other’s inverse', () => {
  const whole = fc.integer({ min: 0, max: 2 ** 50 });
  fc.assert(
    fc.property(whole, whole, (start, span) => {
      const at = instantAt(start);
      assert.equal(between(at, after(at, microseconds(span))), span);
    }),
  );
});

test('earliest is the smaller of two', () => {
  assert.equal(earliest(instantAt(1), instantAt(2)), 1);
  assert.equal(earliest(instantAt(2), instantAt(1)), 1);
});

test('durations are printed for people', () => {
  assert.equal(formatDuration(seconds(1.5)), '1.5 s');
  assert.equal(formatDuration(microseconds(36_093)), '36.09 ms');
  assert.equal(formatDuration(microseconds(250)), '250 us');
  assert.equal(formatDuration(microseconds(-2_000_000)), '-2 s');
  assert.equal(toMilliseconds(microseconds(1500)), 1.5);
  assert.equal(toSeconds(seconds(3)), 3);
});
