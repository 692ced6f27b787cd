/** Weights that only move the sum beyond 1 or 254. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, places } from './rule';

const code = 'weight-without-effect';

test('two weights of which one is enough for 254', () => {
  const text = file(
    'priority 200\ntrack_script { chk weight 60 }\ntrack_interface { eth1 weight 70 }',
  );
  assert.deepEqual(places(code, text), ['warning 6:60', 'warning 7:70']);
  assert.match(findings(code, text)[0]?.why ?? '', /above 254/);
  assert.match(findings(code, text)[0]?.help ?? '', /smaller weights/);
});

test('below 1', () => {
  const text = file('priority 1\ntrack_script { chk weight -20 }');
  assert.deepEqual(places(code, text), ['warning 6:-20']);
  assert.match(findings(code, text)[0]?.why ?? '', /below 1/);
});

test('room for the difference is fine, and a fault needs none', () => {
  assert.deepEqual(places(code, file('priority 200\ntrack_script { chk weight 50 }')), []);
  assert.deepEqual(places(code, file('priority 254\ntrack_script { chk }')), []);
});
