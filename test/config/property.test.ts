/**
 * Whatever the text: no exception, a place for every finding, in the order of the file, and no
 * model beside an error.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { keywords } from '../../src/config/keywords';
import { loadConfig } from '../../src/config/load';
import { render } from '../../src/config/render';
import { compareSpans, locate, type Span } from '../../src/config/source';

const folder = join(process.cwd(), 'test/config');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.conf'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

function holds(text: string): void {
  const { config, diagnostics } = loadConfig('t', text);
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  assert.equal(config === null, failed);
  let last: Span | null = null;
  for (const diagnostic of diagnostics) {
    const { span } = diagnostic;
    const { line, column, span: typed } = locate(span);
    assert.ok(typed.end >= typed.start && typed.end <= text.length);
    if (last !== null) assert.ok(compareSpans(last, span) <= 0);
    last = span;
    assert.ok(line >= 1 && column >= 1);
    assert.ok(render(diagnostic, { color: false }).startsWith(`t:${line}:${column}: `));
  }
}

test('any text', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), holds), { numRuns: 500 });
});

test('any row of words of the language', () => {
  const marks = ['{', '}', '\n', '\n', ' ', '"', '#', '!', '\\', '$A=', '${A}', '@a', '~SEQ(a,2)'];
  const values = ['1', '0', '300', '-1', '1.5', '192.0.2.1/24', 'fe80::1', 'MASTER', 'weight'];
  const word = fc.constantFrom(...keywords.map((row) => row.word), ...marks, ...values);
  const joined = fc.array(fc.tuple(word, fc.constantFrom(' ', '\n', ' { ', ' } ', '')));
  fc.assert(
    fc.property(joined, (pairs) => holds(pairs.flat().join(''))),
    { numRuns: 1500 },
  );
});

test('a file with something cut out, put in or doubled', () => {
  const place = fc.nat({ max: 10_000 });
  const inserted = fc.constantFrom('{', '}', '"', '\n', '#', '\0', '\r\n', 'virtual_ipaddress');
  fc.assert(
    fc.property(fc.constantFrom(...files), place, place, inserted, (text, from, length, piece) => {
      const at = from % text.length;
      const to = at + (length % 80);
      holds(text.slice(0, at) + text.slice(to));
      holds(text.slice(0, at) + piece + text.slice(at));
      holds(text.slice(0, to) + text.slice(at));
      holds(text.slice(0, at));
    }),
    { numRuns: 500 },
  );
});
