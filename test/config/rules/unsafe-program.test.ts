/** Programs that others than root can change, under enable_script_security. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'unsafe-program';
const host = machine({
  programs: { '/opt/chk': { kind: 'unsafe', component: '/opt', text: null } },
});
const text = (global: string, script = ''): string =>
  file('track_script { chk }', { global, script });

test('is told with the part of the path', () => {
  const secure = text('enable_script_security');
  assert.deepEqual(places(code, secure, host), ['warning 8:/opt/chk']);
  assert.match(findings(code, secure, host)[0]?.what ?? '', /can change '\/opt'/);
  assert.match(findings(code, secure, host)[0]?.help ?? '', /chmod go-w \/opt/);
});

test('nothing without the keyword, as another user, or where it is safe', () => {
  assert.deepEqual(places(code, text(''), host), []);
  assert.deepEqual(places(code, text('enable_script_security', 'user nobody'), host), []);
  const safe = machine({ scripts: { '/opt/chk': '' } });
  assert.deepEqual(places(code, text('enable_script_security'), safe), []);
});
