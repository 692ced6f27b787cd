/**
 * Whatever the text: no exception, a place for every finding, in the order of the file, and no
 * model beside an error.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { keywords } from '../../src/config/keywords';
import { holds } from './holds';

const folder = join(process.cwd(), 'test/config');
const files = readdirSync(folder)
  .filter((name) => name.endsWith('.conf'))
  .map((name) => readFileSync(join(folder, name), 'utf8'));

test('any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void holds(text)),
    { numRuns: 500 },
  );
});

test('any row of words of the language', () => {
  const marks = ['{', '}', '\n', '\n', ' ', '"', '#', '!', '\\', '$A=', '${A}', '@a', '~SEQ(a,2)'];
  const values = ['1', '0', '300', '-1', '1.5', '192.0.2.1/24', 'fe80::1', 'MASTER', 'weight'];
  const word = fc.constantFrom(...keywords.map((row) => row.word), ...marks, ...values);
  const joined = fc.array(fc.tuple(word, fc.constantFrom(' ', '\n', ' { ', ' } ', '')));
  fc.assert(
    fc.property(joined, (pairs) => void holds(pairs.flat().join(''))),
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
