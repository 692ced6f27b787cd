/** Users that the host does not know. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'unknown-user';
const host = machine({
  files: { '/etc/passwd': 'root:x:0:0::/:/bin/sh\nnobody:x:65534:65534::/:/\n' },
});
const text = (global: string, script = ''): string =>
  file('track_script { chk }', { global, script });

test('a user that is unknown, at the word', () => {
  assert.deepEqual(places(code, text('', 'user nginxx'), host), ['warning 9:nginxx']);
  assert.match(findings(code, text('', 'user nginxx'), host)[0]?.why ?? '', /goes on without/);
});

test('script_user, where it stands, once for all who would run as it', () => {
  const lines = 'track_script { chk }\nnotify "/opt/tell"';
  assert.deepEqual(places(code, file(lines, { global: 'script_user nobdy' }), host), [
    'warning 12:nobdy',
  ]);
});

test('arguments that became a user', () => {
  const text = file('notify_master /opt/tell master');
  assert.deepEqual(places(code, text, host), ['warning 5:master']);
  assert.match(findings(code, text, host)[0]?.help ?? '', /in double quotes/);
});

test('enable_script_security without script_user', () => {
  const secure = text('enable_script_security');
  assert.deepEqual(places(code, secure, host), ['warning 8:"/opt/chk"']);
  assert.match(findings(code, secure, host)[0]?.help ?? '', /script_user root/);
  assert.match(findings(code, secure, host)[0]?.why ?? '', /runs this as keepalived_script/);
});

test('nothing where the user is known, a number, not needed, or nobody can tell', () => {
  for (const fine of [
    text('enable_script_security', 'user nobody'),
    text('', 'user 1000'),
    text(''),
  ]) {
    assert.deepEqual(places(code, fine, host), []);
  }
  assert.deepEqual(places(code, text('enable_script_security')), []);
});
