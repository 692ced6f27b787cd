/**
 * Nothing that a file can hold makes the reader throw, hang or say something at no place: random
 * bytes, broken files, nests, loops, endless lines. Times are measured in `npm run bench`; here
 * only what would be a hang to a person fails.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { createHost } from '../../src/drivers/host';
import { holdfast } from '../cli/program';
import { scratch } from '../drivers/scratch';
import { holds } from './holds';
import { manyLines } from './large';

const folder = join(process.cwd(), 'test/config');
const corpus = process.env['HOLDFAST_CORPUS'];
const fixtures = readdirSync(folder)
  .filter((name) => name.endsWith('.conf'))
  .map((name) => readFileSync(join(folder, name)));

/** Whoever waits for an answer gives up about then. */
const patienceMs = 20_000;

function answersInTime(what: string, text: string): ReturnType<typeof holds> {
  const began = performance.now();
  const loaded = holds(text);
  const took = performance.now() - began;
  assert.ok(took < patienceMs, `${what}: ${took.toFixed(0)} ms`);
  return loaded;
}

const utf8 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

test('random bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 400 });
  fc.assert(
    fc.property(bytes, (one) => void holds(utf8(one))),
    { numRuns: 500 },
  );
});

interface Damage {
  readonly at: number;
  readonly length: number;
  readonly bytes: Uint8Array;
}

/** Some places of a file overwritten, cut out or filled: what a bad disk or a bad editor leaves. */
function damaged(file: Buffer, damages: readonly Damage[]): string {
  let bytes = file;
  for (const { at, length, bytes: put } of damages) {
    const from = at % (bytes.length + 1);
    bytes = Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + length)]);
  }
  return utf8(bytes);
}

const structure = ['{', '}', '"', '\n', '#', '\\', '$', '${', '~SEQ(a,9)', '@x ', '\0', '\r', '!'];
const put = fc.oneof(
  fc.uint8Array({ maxLength: 4 }),
  fc.constantFrom(...structure).map((text) => new Uint8Array(Buffer.from(text))),
);
const damages = fc.array(fc.record({ at: fc.nat(100_000), length: fc.nat(60), bytes: put }), {
  minLength: 1,
  maxLength: 6,
});

function survivesDamage(files: readonly Buffer[], numRuns: number): void {
  const whole = fc.constantFrom(...files.map((_, index) => index));
  fc.assert(
    fc.property(whole, damages, (index, list) => void holds(damaged(files[index] as Buffer, list))),
    { numRuns },
  );
}

test('damaged fixtures', () => survivesDamage(fixtures, 800));

test('damaged files of real operators', { skip: corpus === undefined }, () => {
  const files = readdirSync(corpus ?? '', { recursive: true, encoding: 'utf8' })
    .map((name) => join(corpus ?? '', name))
    .filter((file) => statSync(file).isFile());
  assert.ok(files.length > 0, 'there are files');
  survivesDamage(
    files.map((file) => readFileSync(file)),
    800,
  );
});

test('10,000 nested braces, open, closed and in pairs', () => {
  const n = 10_000;
  const open = answersInTime('open', 'a {\n'.repeat(n));
  assert.ok(open.diagnostics.some(({ code }) => code === 'too-deep'));
  const shapes = [
    '{'.repeat(n),
    '}'.repeat(n),
    `${'a {'.repeat(n)}${'}'.repeat(n)}`,
    `${'a {\n'.repeat(n)}${'}\n'.repeat(n)}`,
    `vrrp_instance A {\n${'virtual_ipaddress {\n'.repeat(n)}`,
    `virtual_server 192.0.2.1 80 {\n${'real_server 192.0.2.2 80 {\n'.repeat(n)}`,
  ];
  for (const text of shapes) answersInTime(text.slice(0, 30), text);
});

test('100,000 lines of every kind', () => {
  for (const [what, text] of manyLines(100_000)) {
    assert.ok(text.split('\n').length >= 100_000, what);
    answersInTime(what, text);
  }
});

test('a megabyte on one line, of every character that means something', () => {
  const units = ['{', '}', '"', "'", '\\', '#', '!', '$', '~', '@', '\t', '\r', '\0', '\f', 'a'];
  const pairs = ['${', '${A', '$A ', '}{', '""', '~SEQ(', '~LST({', '@a ', 'include ', '1 ', '//'];
  const wide = ['é', '💥', '\ud800', '\uFEFF', '\u2028'];
  const megabyte = (unit: string) => unit.repeat(Math.ceil(1_000_000 / unit.length));
  for (const unit of [...units, ...pairs, ...wide]) {
    answersInTime(JSON.stringify(unit), megabyte(unit));
  }
  for (const unit of ['a ', '"a" ', '192.0.2.1 ', '$A', '~SEQ(a,1) ', '/']) {
    const head = '$A=x\nvrrp_instance A {\nvirtual_ipaddress {\n192.0.2.1 ';
    answersInTime(`addresses ${unit}`, `${head}${megabyte(unit)}\n}\n}\n`);
  }
});

test('definitions within definitions, and such as never end', () => {
  const chain = Array.from({ length: 1000 }, (_, i) => `$A${i + 1}=\${A${i}}`).join('\n');
  answersInTime('a chain', `$A0=x\n${chain}\n$A1000`);
  for (const text of [
    '$A=$A $A\n$A\n'.repeat(10),
    '$M=\\\n$M\\\n$M\n\n$M\n',
    `$M=\\\n${'a \\\n'.repeat(50_000)}\n$M\n`,
    '~SEQ(a,1,500) ~SEQ(b,1,501) foo $a $b\n',
    '$L=~SEQ(i,1,999) $L\n$L\n',
  ]) {
    answersInTime(text.slice(0, 30), text);
  }
});

test('files that include each other, on a real disk', () => {
  const files = scratch();
  const write = (name: string, text: string) => {
    writeFileSync(files.at(name), text, { mode: 0o644 });
    return files.at(name);
  };
  mkdirSync(files.at('d'));
  const main = write('main.conf', 'include d/a.inc\ninclude main.conf\ninclude .\ninclude *\n');
  write('d/a.inc', 'include b.inc\nvrrp_instance A {\n');
  write('d/b.inc', 'include ../main.conf\ninclude a.inc\ninclude {a,b,c}.inc\n');
  const loaded = holds(readFileSync(main, 'utf8'), createHost(), main);
  const loops = loaded.diagnostics.filter(({ code }) => code === 'include-loop');
  assert.ok(loops.length >= 3, `${loops.length} loops`);
});

test('bytes that are no text, through the program itself', () => {
  const files = scratch();
  const file = files.at('bytes.conf');
  for (const bytes of [
    Buffer.from([0xff, 0xfe, 0x80, 0x0a, 0xc3, 0x28, 0x22, 0x7b, 0x0a, 0xed, 0xa0, 0x80]),
    Buffer.from('vrrp_instance \xe9t\xe9 {\n interface \xff\n}\n', 'latin1'),
    Buffer.from('vrrp_instance A {\n}\n', 'utf16le'),
    Buffer.alloc(100_000, 0),
  ]) {
    writeFileSync(file, bytes);
    const { code, stdout, stderr } = holdfast('check', file);
    assert.ok(code === 0 || code === 1, `code ${code}\n${stderr}`);
    assert.ok(stdout.startsWith(`${file}: `), stdout);
    assert.doesNotMatch(stderr, /\n\s+at /, 'no stack trace');
  }
});
