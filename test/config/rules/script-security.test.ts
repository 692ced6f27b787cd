/** Commands without enable_script_security. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compatExitCode } from '../../../src/config/compat';
import { loadConfig } from '../../../src/config/load';
import { file, findings, places } from './rule';

const code = 'script-security';
const both = 'track_script { chk }\nnotify "/opt/tell"';

test('is told once, where the first command stands', () => {
  assert.deepEqual(places(code, file(both)), ['info 6:"/opt/tell"']);
  assert.deepEqual(places(code, file('track_script { chk }')), ['info 8:"/opt/chk"']);
  assert.match(findings(code, file(both))[0]?.help ?? '', /enable_script_security and script_user/);
});

test('and gives the exit code that keepalived gives', () => {
  assert.equal(compatExitCode(loadConfig('t', file(both)).diagnostics), 6);
});

test('nothing with it, or without a command that runs', () => {
  assert.deepEqual(places(code, file(both, { global: 'enable_script_security' })), []);
  assert.deepEqual(places(code, file('')), []);
});
