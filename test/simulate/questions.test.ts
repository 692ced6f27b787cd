/**
 * Typical questions and the whole answer, as in a terminal: questions/NAME.txt holds commands and
 * what they print, with the exit code where it is not 0. To accept a new text:
 * HOLDFAST_REWRITE=1, then read the difference.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { MAIN } from '../cli/program';

const folder = join(process.cwd(), 'test/simulate/questions');
const files = join(process.cwd(), 'test/simulate/files');
const names = readdirSync(folder).sort();

assert.ok(names.length >= 10, 'the questions are found');

function answer(line: string): string {
  const command = line.replace(/^\$ holdfast/, `"$0" "$1"`);
  const { stdout, stderr, status } = spawnSync('/bin/sh', ['-c', command, process.execPath, MAIN], {
    cwd: files,
    encoding: 'utf8',
    timeout: 60_000,
  });
  return `${line}\n${stdout}${stderr}${status === 0 ? '' : `exit ${status}\n`}`;
}

for (const name of names) {
  test(name.replace('.txt', ''), () => {
    const file = join(folder, name);
    const expected = readFileSync(file, 'utf8');
    const said = expected.split('\n').filter((line) => /^[$#] /.test(line));
    const actual = said
      .map((line) => (line.startsWith('#') ? `${line}\n` : answer(line)))
      .join('\n');
    if (process.env['HOLDFAST_REWRITE'] === '1') writeFileSync(file, actual);
    else assert.equal(actual, expected);
  });
}
