/** The password of the tutorials: told without being repeated. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, places } from './rule';

const auth = (pass: string): string =>
  file(`authentication {\nauth_type PASS\nauth_pass ${pass}\n}`);

test('1111 is told at the word, and not repeated', () => {
  assert.deepEqual(places('tutorial-password', auth('1111')), ['info 7:1111']);
  const { at: _, ...said } = findings('tutorial-password', auth('1111'))[0] ?? { at: '' };
  assert.ok(!JSON.stringify(said).includes('1111'));
});

test('one of your own is fine, and so is one that is not in force', () => {
  assert.deepEqual(places('tutorial-password', auth('b7!kQ')), []);
  assert.deepEqual(
    places('tutorial-password', `${auth('1111').replace('interface', 'version 3\ninterface')}`),
    [],
  );
});

test('one that is cut to eight is told as that alone', () => {
  assert.deepEqual(places('tutorial-password', auth('123456789')), []);
  assert.deepEqual(places('password-cut', auth('123456789')), ['warning 7:123456789']);
});
