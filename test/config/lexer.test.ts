/** Lexical rules: comments, quotes, braces, lines. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../src/config/diagnostic';
import { expand } from '../../src/config/expand';
import { nowhere } from '../../src/config/host';
import { createSource, locate, slice, spanOf } from '../../src/config/source';

function lexed(text: string) {
  const diagnostics: Diagnostic[] = [];
  const report = (one: Diagnostic) => diagnostics.push(one);
  const tokens = expand(createSource('t', text), { host: nowhere, report });
  const words = tokens.flatMap((token) => {
    if (token.kind === 'word') return [token.text];
    if (token.kind === 'open') return ['{'];
    if (token.kind === 'close') return ['}'];
    return [];
  });
  return { tokens, words, codes: diagnostics.map(({ code }) => code) };
}

test('comments begin at # or ! anywhere outside double quotes', () => {
  assert.deepEqual(lexed('a b# c\n! d\ne "f#g!h" i\n').words, ['a', 'b', 'e', 'f#g!h', 'i']);
  assert.deepEqual(lexed('state MASTER ############ 辅机为 BACKUP').words, ['state', 'MASTER']);
  assert.deepEqual(lexed("x 'a # b'").words, ['x', "'a"]);
});

test('a comment glued to a word is known as such', () => {
  const glued = (text: string) =>
    lexed(text).tokens.flatMap((token) => (token.kind === 'comment' ? [token.glued] : []));
  assert.deepEqual(glued('a b#c'), [true]);
  assert.deepEqual(glued('a b #c'), [false]);
  assert.deepEqual(glued('#c'), [false]);
  assert.deepEqual(glued('a {#c'), [false]);
});

test('a backslash makes # and ! letters outside quotes', () => {
  assert.deepEqual(lexed('p a\\#b\\!c').words, ['p', 'a#b!c']);
  assert.deepEqual(lexed('p "a\\#b"').words, ['p', 'a\\#b']);
});

test('braces stand alone wherever they are', () => {
  assert.deepEqual(lexed('a{b}c "{" }').words, ['a', '{', 'b', '}', 'c', '{', '}']);
});

test('${NAME} keeps its braces', () => {
  assert.deepEqual(lexed('a ${X}b { }').words, ['a', '${X}b', '{', '}']);
});

test('a quote in the middle of a word begins another word', () => {
  assert.deepEqual(lexed('abc"d e"f').words, ['abc', 'd e', 'f']);
  assert.deepEqual(lexed('a ""').words, ['a', '']);
});

test('DOS line ends, form feeds and a byte order mark are blanks', () => {
  assert.deepEqual(lexed('\uFEFFa b\r\nc\fd\r\n').words, ['a', 'b', 'c', 'd']);
});

test('an open quote ends with its line and is reported', () => {
  const { words, codes } = lexed('a "b c\nd');
  assert.deepEqual(words, ['a', 'b c', 'd']);
  assert.deepEqual(codes, ['unterminated-quote']);
});

test('long lines and NULs are reported', () => {
  assert.deepEqual(lexed(`a ${'b'.repeat(1100)}`).codes, ['long-line']);
  assert.deepEqual(lexed('a \0b').codes, ['nul-byte']);
});

test('spans cover exactly what was typed', () => {
  const text = 'a\n  "b c" d\\#e\n';
  const words = lexed(text).tokens.filter((token) => token.kind === 'word');
  assert.deepEqual(
    words.map(({ span }) => slice(span)),
    ['a', '"b c"', 'd\\#e'],
  );
  const second = words[1];
  assert.ok(second);
  const { line, column } = locate(second.span);
  assert.deepEqual({ line, column }, { line: 2, column: 3 });
});

test('columns count characters, not UTF-16 units', () => {
  const source = createSource('t', '权\u{1F600} x');
  const { line, column } = locate(spanOf(source, 4, 4));
  assert.deepEqual({ line, column }, { line: 1, column: 4 });
});
