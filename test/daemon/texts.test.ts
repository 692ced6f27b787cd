/** The words for how a script ended, and for spans of time. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { outcomeText, spanText } from '../../src/daemon/texts';

test('every outcome has its words', () => {
  assert.equal(outcomeText({ kind: 'exited', status: 3 }), 'exited with status 3');
  assert.equal(outcomeText({ kind: 'signalled', signal: 'SIGSEGV' }), 'was killed by SIGSEGV');
  assert.equal(outcomeText({ kind: 'timed-out' }), 'timed out');
  assert.equal(
    outcomeText({ kind: 'not-started', why: 'spawn /x ENOENT' }),
    'could not be started: spawn /x ENOENT',
  );
});

test('a span is told in the unit that people would use', () => {
  assert.equal(spanText(250), '250 us');
  assert.equal(spanText(36_090), '36.09 ms');
  assert.equal(spanText(1_500_000), '1.5 s');
});
