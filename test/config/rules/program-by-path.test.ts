/** A command without a path. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'program-by-path';
const command = (words: string): string => file('track_script { chk }').replace('/opt/chk', words);
const host = machine({ programs: { killall: { kind: 'program', text: null } } });

test('is told where it is found', () => {
  assert.deepEqual(places(code, command('killall -0 nginx'), host), ['info 8:killall']);
  assert.match(
    findings(code, command('killall -0 nginx'), host)[0]?.help ?? '',
    /command -v killall/,
  );
});

test('nothing for a path, or where nothing is known', () => {
  assert.deepEqual(places(code, file('track_script { chk }'), host), []);
  assert.deepEqual(places(code, command('killall -0 nginx')), []);
});
