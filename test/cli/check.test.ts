/** holdfast check, and the program's first words: what a person or a script sees and gets. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { scratch } from '../drivers/scratch';
import { holdfast, MAIN } from './program';

const files = scratch();

const CLEAN = `
vrrp_instance VI_1 {
    interface lo
    virtual_router_id 7
    priority 100
    virtual_ipaddress {
        192.0.2.100/24
    }
}
`;
const THREE_ERRORS = `vrrp_instance VI_1 {
    interface lo
    virtual_router_id 300
    priority 999
}
vrrp_instance VI_2 {
    virtual_router_id 7
}
vrrp_instance VI_3 {
    interface lo
    virtual_router_id 0
}
`;
const WARNING = CLEAN.replace('priority 100', 'priority 100\n    nopreempt false');

const written = (name: string, text: string): string => files.script(name, text);

test('--version is that of package.json', () => {
  const file = path.resolve(__dirname, '..', '..', '..', 'package.json');
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  const { code, stdout, stderr } = holdfast('--version');
  assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${version}\n`, stderr: '' });
});

test('--help names the commands', () => {
  const { code, stdout } = holdfast('--help');
  assert.equal(code, 0);
  for (const word of ['run', 'check', '--version']) assert.ok(stdout.includes(word), word);
});

test('an unknown command or option is refused and named', () => {
  for (const words of [['chekc'], ['check', '--strikt', 'f'], ['--nonsense']]) {
    const { code, stdout, stderr } = holdfast(...words);
    assert.equal(code, 1, words.join(' '));
    assert.equal(stdout, '');
    assert.match(stderr, /^error: unknown (command|option)/);
    assert.doesNotMatch(stderr, /\n\s+at /, 'no stack trace');
  }
});

test('a clean file is ok', () => {
  const file = written('clean.conf', CLEAN);
  const { code, stdout, stderr } = holdfast('check', file);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(stdout, `${file}: ok\n`);
  assert.equal(holdfast('check', '--strict', file).code, 0);
});

test('all errors come at once, in the order of the file, each with its place', () => {
  const file = written('errors.conf', THREE_ERRORS);
  const { code, stdout, stderr } = holdfast('check', file);
  assert.equal(code, 1);
  const form = /^(.+):(\d+):(\d+): (error|warning|info)\[([a-z0-9-]+)\]: (.+)$/gm;
  const found = [...stderr.matchAll(form)].filter((match) => match[4] === 'error');
  assert.deepEqual(
    found.map(([, name, line, column]) => [name, line, column]),
    [
      [file, '3', '23'],
      [file, '6', '15'],
      [file, '11', '23'],
    ],
  );
  const lines = [...stderr.matchAll(form)].map((match) => Number(match[2]));
  assert.deepEqual(
    lines,
    [...lines].sort((a, b) => a - b),
  );
  // The line itself, and a mark below the wrong word.
  assert.match(stderr, /3 \| +virtual_router_id 300\n[ |]+\^\^\^/);
  assert.equal(stdout.split(',')[0]?.trim(), `${file}: 3 errors`);
  assert.ok(!stderr.includes('\u001b'), 'no colour where nobody looks');
});

test('warnings pass, but not with --strict', () => {
  const file = written('warning.conf', WARNING);
  const lenient = holdfast('check', file);
  assert.equal(lenient.code, 0, lenient.stderr);
  assert.match(lenient.stderr, /:6:\d+: warning\[/);
  assert.match(lenient.stdout, /: ok, 1 warning/);
  assert.equal(holdfast('check', '--strict', file).code, 2);
});

test('a file that cannot be read is told as such', () => {
  const missing = files.at('missing.conf');
  const { code, stdout, stderr } = holdfast('check', missing);
  assert.deepEqual({ code, stdout }, { code: 1, stdout: '' });
  assert.match(stderr, /missing\.conf: error\[unreadable\]: .*ENOENT/);
  assert.doesNotMatch(stderr, /\n\s+at /);
  const directory = holdfast('check', path.dirname(missing));
  assert.equal(directory.code, 1);
  assert.match(directory.stderr, /error\[unreadable\]: .*EISDIR/);
});

test('an empty file and one that is no text are answered, not died of', () => {
  for (const [name, text] of [
    ['empty.conf', ''],
    ['binary.conf', '\0\u0001{{{}}}"\\\u{10FFFF}'],
    ['open.conf', 'vrrp_instance VI {\n'],
  ] as const) {
    const { code, stdout, stderr } = holdfast('check', written(name, text));
    assert.ok(code === 0 || code === 1, `${name}: code ${code}\n${stderr}`);
    assert.ok(stdout.includes(name), stdout);
    assert.doesNotMatch(stderr, /\n\s+at /, name);
  }
});

test('--format json: one document, with every place', () => {
  const file = written('json.conf', THREE_ERRORS);
  const { code, stdout, stderr } = holdfast('check', '--format', 'json', file);
  assert.deepEqual([code, stderr], [1, '']);
  const { accepted, counts, findings } = JSON.parse(stdout);
  assert.deepEqual([accepted, counts.error], [false, 3]);
  const [first] = findings.filter((one: { severity: string }) => one.severity === 'error');
  const { code: name, line, column, endLine, endColumn } = first;
  assert.deepEqual([name, line, column, endLine, endColumn], ['out-of-range', 3, 23, 3, 26]);
});

test('--format github: annotations', () => {
  const file = written('github.conf', WARNING.replace('nopreempt false', 'nopreempt a%b,c'));
  const { stdout } = holdfast('check', '--format', 'github', file);
  const place = `file=${file},line=6,endLine=6,col=15,endColumn=19,title=extra-word`;
  assert.ok(
    stdout.startsWith(`::warning ${place}::'nopreempt' takes no value, found 'a%25b,c'%0A`),
  );
});

test('-i decides about @id lines, and - reads what comes in', () => {
  const file = written(
    'id.conf',
    CLEAN.replace('priority 100', '@lb1 priority 100\n@lb2 priority x'),
  );
  assert.equal(holdfast('check', '-i', 'lb1', file).stdout, `${file}: ok\n`);
  assert.match(holdfast('check', '-i', 'lb2', file).stderr, /:6:15: warning\[not-a-number\]/);
  const piped = spawnSync(process.execPath, [MAIN, 'check', '-'], {
    input: CLEAN,
    encoding: 'utf8',
  });
  assert.equal(piped.stdout, '<stdin>: ok\n');
});

test('an included file is read, and its faults are its own', () => {
  const part = written('part.inc', 'vrrp_instance VI_2 {\n    interface lo\n}\n');
  const file = written('main.conf', `${CLEAN}include part.inc\n`);
  // The scratch files are executable, which keepalived takes for a script.
  assert.match(holdfast('check', file).stderr, /warning\[include-unreadable\]/);
  chmodSync(part, 0o644);
  const { code, stderr } = holdfast('check', file);
  assert.equal(code, 1);
  assert.ok(stderr.includes(`${part}:1:15: error[missing-vrid]`), stderr);
});

test('--compat exits as keepalived -t does', () => {
  const code = (text: string): number | null =>
    holdfast('check', '--compat', written('compat.conf', text)).code;
  assert.equal(code(CLEAN), 0);
  assert.equal(code(WARNING), 0);
  assert.equal(code(CLEAN.replace('priority 100', 'priority 1000')), 5);
  assert.equal(code(`includem /nonexistent\n${CLEAN}`), 6);
});

test('--peer compares with the other router, under its own id', () => {
  const shared = CLEAN.replace('priority 100', '@lb1 priority 110\n@lb2 priority 100');
  const own = written('lb1.conf', shared);
  const good = holdfast('check', '-i', 'lb1', '--peer', own, '--peer-id', 'lb2', own);
  assert.equal(good.code, 0, good.stderr);
  const other = written(
    'lb2.conf',
    shared.replace(/virtual_router_id \d+/, 'virtual_router_id 99'),
  );
  const bad = holdfast('check', '-i', 'lb1', '--peer', other, '--peer-id', 'lb2', own);
  assert.equal(bad.code, 1);
  assert.match(bad.stderr, /lb1\.conf:4:23: error\[peer-vrid\]/);
  assert.match(bad.stderr, /see: {2}.*lb2\.conf:4:23/);
  assert.equal(holdfast('check', '--peer', files.at('missing'), own).code, 1);
});
