/** The rise and fall counter, against a plain model of "so many in a row", for all small limits. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Health, judge, relimit, unknownHealth, verdict } from '../../src/core/health';

const LENGTH = 9;

/** Up after `rise` successes in a row, down after `fall` failures; the first result decides. */
function expected(results: readonly boolean[], rise: number, fall: number): 'up' | 'down' {
  let up = results[0] ?? false;
  let streak = 0;
  for (const ok of results.slice(1)) {
    streak = ok === up ? 0 : streak + 1;
    if (streak === (up ? fall : rise)) {
      up = !up;
      streak = 0;
    }
  }
  return up ? 'up' : 'down';
}

for (let rise = 1; rise <= 4; rise++) {
  for (let fall = 1; fall <= 4; fall++) {
    test(`rise ${rise}, fall ${fall}: every sequence of ${LENGTH} results`, () => {
      for (let bits = 0; bits < 1 << LENGTH; bits++) {
        const results = Array.from({ length: LENGTH }, (_, i) => ((bits >> i) & 1) === 1);
        let health: Health = unknownHealth(rise, fall);
        assert.equal(verdict(health), 'unknown');
        results.forEach((ok, i) => {
          health = judge(health, ok);
          const counter = health.counter ?? -1;
          assert.ok(counter >= 0 && counter <= rise + fall - 1);
          assert.equal(verdict(health), expected(results.slice(0, i + 1), rise, fall));
        });
      }
    });
  }
}

test('new limits keep the side', () => {
  const up = judge(unknownHealth(3, 3), true);
  assert.equal(verdict(relimit(up, 1, 5)), 'up');
  assert.equal(verdict(relimit(judge(unknownHealth(3, 3), false), 2, 1)), 'down');
  assert.equal(verdict(relimit(unknownHealth(3, 3), 1, 1)), 'unknown');
});
