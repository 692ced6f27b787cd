/**
 * Tried as a new user would: one slip at a time in a good file, each answered at its own line by
 * a finding that names the way out. The file is checked by the program itself, as installed.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import type { Finding } from '../../src/config/render-machine';
import { scratch } from '../drivers/scratch';
import { GOOD, type Mistake, mistakes } from './mistake-list';
import { MAIN } from './program';

const files = scratch();
let count = 0;

/** What the program says about a text. */
function check(text: string): Promise<readonly Finding[]> {
  count += 1;
  const file = files.at(`mistake-${count}.conf`);
  writeFileSync(file, text);
  return new Promise((resolve, reject) => {
    const words = [MAIN, 'check', '--format', 'json', file];
    execFile(process.execPath, words, (failure, stdout, stderr) => {
      if (stderr !== '') reject(failure ?? new Error(stderr));
      else resolve((JSON.parse(stdout) as { findings: readonly Finding[] }).findings);
    });
  });
}

const texts = ({ message, label, help, why }: Finding): readonly string[] =>
  [message, label, help, why].filter((text) => text !== null);

const listed = (findings: readonly Finding[]): string =>
  findings.map((one) => `${one.line}: ${one.code}: ${texts(one).join(' / ')}`).join('\n');

test('the good file is good', async () => {
  const findings = await check(GOOD);
  const serious = findings.filter(({ severity }) => severity !== 'info');
  assert.equal(listed(serious), '');
});

test('so it is with tabs, DOS line ends and a byte order mark', async () => {
  const texts = [GOOD.replace(/ {4}/g, '\t'), GOOD.replace(/\n/g, '\r\n'), `\uFEFF${GOOD}`];
  for (const found of await Promise.all(texts.map(check))) {
    const serious = found.filter(({ severity }) => severity !== 'info');
    assert.equal(listed(serious), '');
  }
});

async function isAnswered({ typed, line, code, names }: Mistake): Promise<void> {
  const [good, bad] = typed;
  assert.ok(GOOD.includes(good), `${good} stands in the file`);
  const findings = await check(GOOD.replace(good, () => bad));
  const said = findings.filter((one) => one.line === line && one.code === code);
  assert.ok(said.length > 0, `no ${code} at line ${line}:\n${listed(findings)}`);
  const helps = said.some((one) => texts(one).some((text) => names.test(text)));
  assert.ok(helps, `no word of the way out:\n${listed(findings)}`);
}

describe('one slip at a time', { concurrency: 4 }, () => {
  for (const one of mistakes) test(one.name, () => isAnswered(one));
});

test('UTF-16 is told as such, and no password with it', async () => {
  const file = files.at('utf16.conf');
  writeFileSync(file, Buffer.from(`\uFEFF${GOOD}`, 'utf16le'));
  const { stdout, stderr } = await new Promise<{ stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, [MAIN, 'check', file], (_, stdout, stderr) =>
      resolve({ stdout, stderr }),
    );
  });
  assert.match(stderr, /utf16\.conf:1:1: error\[not-utf-8\]: .*\n.*\n.*\nwhy: .*\nhelp: .*UTF-8/);
  assert.match(stdout, /: 1 error/);
  assert.doesNotMatch(stderr.replace(/\0/g, ''), /k9Tz2qLw/);
});
