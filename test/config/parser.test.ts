/** Blocks and directives, and how the parser recovers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../src/config/diagnostic';
import { expand } from '../../src/config/expand';
import { nowhere } from '../../src/config/host';
import { type Directive, parse } from '../../src/config/parser';
import { createSource, slice } from '../../src/config/source';

function parsed(text: string) {
  const diagnostics: Diagnostic[] = [];
  const report = (one: Diagnostic) => diagnostics.push(one);
  const source = createSource('t', text);
  const tree = parse(source, expand(source, { host: nowhere, report }), report);
  return { tree, shape: tree.map(shape), codes: diagnostics.map(({ code }) => code) };
}

function shape({ keyword, words, block }: Directive): unknown {
  const line = [keyword.text, ...words.map(({ text }) => text)].join(' ');
  return block === null ? line : { [line]: block.body.map(shape) };
}

test('a block belongs to the line before its brace', () => {
  const expected = [{ 'a b': ['c d', { e: ['f'] }] }, 'g'];
  assert.deepEqual(parsed('a b {\nc d\ne { f }\n}\ng').shape, expected);
  assert.deepEqual(parsed('a b\n\n# comment\n{ c d\ne\n{\nf } } g').shape, expected);
});

test('what follows a brace on its line is a line of its own', () => {
  assert.deepEqual(parsed('a { b } c { d }').shape, [{ a: ['b'] }, { c: ['d'] }]);
});

test('an extra brace is reported and passed over', () => {
  const { shape: tree, codes } = parsed('a { b } }\nc');
  assert.deepEqual(tree, [{ a: ['b'] }, 'c']);
  assert.deepEqual(codes, ['extra-brace']);
});

test('a missing brace is reported at the one that was opened', () => {
  const { shape: tree, codes } = parsed('a {\nb {\nc\n}');
  assert.deepEqual(tree, [{ a: [{ b: ['c'] }] }]);
  assert.deepEqual(codes, ['missing-brace']);
});

test('a brace without a keyword is skipped whole', () => {
  const { shape: tree, codes } = parsed('{ a { b } }\nc { { d } e }');
  assert.deepEqual(tree, [{ c: ['e'] }]);
  assert.deepEqual(codes, ['unexpected-brace', 'unexpected-brace']);
});

test('deep nesting is bounded', () => {
  const { codes } = parsed(`${'a {\n'.repeat(100_000)}${'}\n'.repeat(100_000)} b`);
  assert.deepEqual(new Set(codes), new Set(['too-deep']));
});

test('the raw text of a line is kept as it was typed', () => {
  const [directive] = parsed('script "/p/n.sh \'a  b\' \\"c\\"" user # comment').tree;
  assert.ok(directive?.raw);
  assert.equal(slice(directive.raw), '"/p/n.sh \'a  b\' \\"c\\"" user');
});
