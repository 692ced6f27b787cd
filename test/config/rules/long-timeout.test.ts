/** A timeout above the interval. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, places } from './rule';

const code = 'long-timeout';
const text = (script: string): string => file('track_script { chk }', { script });

test('is told with the rhythm that is left', () => {
  const long = text('interval 2\ntimeout 5');
  assert.deepEqual(places(code, long), ['info 10:5']);
  assert.match(findings(code, long)[0]?.why ?? '', /judged every 6 s only/);
  assert.match(findings(code, long)[0]?.help ?? '', /below the interval/);
});

test('up to the interval is fine', () => {
  assert.deepEqual(places(code, text('interval 5\ntimeout 5')), []);
  assert.deepEqual(places(code, text('interval 5')), []);
});
