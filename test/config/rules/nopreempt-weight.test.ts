/** nopreempt beside a weight. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, places } from './rule';

const code = 'nopreempt-weight';
const track = 'track_script { chk weight 20 }';

test('is told once, at nopreempt, with the weight', () => {
  const text = file(`state BACKUP\nnopreempt\n${track}`);
  assert.deepEqual(places(code, text), ['warning 6:nopreempt']);
  assert.deepEqual(findings(code, text)[0]?.see, ['t:7:20']);
  assert.match(findings(code, text)[0]?.help ?? '', /weight 0/);
  assert.deepEqual(places('small-weight', text.replace('20', '2')), []);
});

test('each alone is fine, and so is a nopreempt that does not count', () => {
  assert.deepEqual(places(code, file(track)), []);
  assert.deepEqual(places(code, file('nopreempt\ntrack_script { chk }')), []);
  assert.deepEqual(places(code, file(`state MASTER\npriority 100\nnopreempt\n${track}`)), []);
});
