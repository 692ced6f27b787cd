/** Strict mode without accept. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, places } from './rule';

const code = 'strict-accept';

test('is told at strict_mode, or at the instance', () => {
  assert.deepEqual(places(code, file('strict_mode')), ['warning 5:strict_mode']);
  const global = file('', { global: 'vrrp_strict' });
  assert.deepEqual(places(code, global), ['warning 1:VI_1']);
  assert.match(findings(code, global)[0]?.help ?? '', /^version 3 and accept, or/);
  assert.match(findings(code, file('version 3\nstrict_mode'))[0]?.help ?? '', /^accept, or/);
});

test('nothing with accept or no_accept, for an owner, or without strict mode', () => {
  for (const lines of [
    'strict_mode\naccept',
    'strict_mode\nno_accept',
    'strict_mode\npriority 255',
    '',
  ]) {
    assert.deepEqual(places(code, file(lines)), [], lines);
  }
});
