/** What only a shell would understand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const command = (words: string): string => file('track_script { chk }').replace('/opt/chk', words);

test('operators are arguments', () => {
  for (const [words, operator] of [
    ['/bin/pidof nginx || exit 1', '||'],
    ['/bin/ps -C nginx | wc -l', '|'],
    ['/usr/bin/curl -s http://127.0.0.1/ > /dev/null', '>'],
    ['/usr/bin/curl -s http://127.0.0.1/ 2>&1', '2>&1'],
    ['/bin/test $(pidof nginx)', '$(pidof'],
  ] as const) {
    const [said] = findings('shell-syntax', command(words));
    assert.equal(said?.at, `8:${operator}`);
    assert.ok(said?.what.startsWith(`'${operator}' is passed`), said?.what);
    assert.match(said?.help ?? '', /\/bin\/sh -c|leave it out/);
  }
});

test('a builtin is no program', () => {
  const missing = machine({ programs: { exit: { kind: 'missing' } } });
  for (const host of [undefined, missing]) {
    assert.deepEqual(places('shell-builtin', command('exit 1'), host), ['warning 8:exit']);
  }
  const there = machine({ programs: { command: { kind: 'program', text: null } } });
  assert.deepEqual(places('shell-builtin', command('command -v nginx'), there), []);
});

test('a shell may have them, and so may an argument that is one by chance', () => {
  for (const words of [
    "/bin/sh -c 'pidof nginx || exit 1'",
    '/usr/bin/grep -q <a> /x',
    '/bin/test 1 -gt 0',
  ]) {
    assert.deepEqual(places('shell-syntax', command(words)), [], words);
  }
});
