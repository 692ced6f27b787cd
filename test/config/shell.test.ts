/** Shell scripts, read as far as what they certainly do. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readShell } from '../../src/config/shell';

/** The words of each command that can be reached. */
const words = (text: string): readonly (readonly string[])[] =>
  readShell(text)
    .filter(({ unreachable }) => !unreachable)
    .map((one) => one.words);

/** Seconds slept for certain before `here`. */
function sleptBefore(text: string): number | undefined {
  return readShell(text).find((one) => one.words[0] === 'here')?.slept;
}

test('words: quotes, escapes, assignments, redirections, comments, substitutions', () => {
  assert.deepEqual(words(`A=1 B="x y" echo 'a b' "c"d e\\ f >/dev/null 2>&1 </x # no\n`), [
    ['echo', 'a b', 'cd', 'e f'],
  ]);
  assert.deepEqual(words('x=$(ps -C nginx | wc -l)\ny=`a; b`\necho "$(c "d; e")" ${f:-g h}'), [
    ['echo', '$(c "d; e")', '${f:-g h}'],
  ]);
  assert.deepEqual(words('a#b # c\n#d\ne &>/x f\\\ng'), [['a#b'], ['e', 'fg']]);
});

test('here-documents are no commands', () => {
  assert.deepEqual(words('cat <<EOF <<-"B" | a\nsleep 9\nEOF\n\tsleep 9\n\tB\nb <<<word c\n'), [
    ['cat'],
    ['a'],
    ['b', 'c'],
  ]);
});

test('lists, conditions, loops, cases, groups', () => {
  const text =
    'if a; then b; elif c\nthen d; else e; fi; while f; do g; done\nfor x in y z; do h; done\n' +
    'case $x in (p|q) i;; r) j; k;; *) l\nesac; { m; }; (n); ! o && time p || q | r & s';
  assert.equal(
    words(text)
      .map(([first]) => first)
      .join(''),
    'abcdefghijklmnopqrs',
  );
});

test('sleeps add up on the way to a command', () => {
  assert.equal(sleptBefore('sleep 1; sleep 2s; /bin/sleep 0.5\nusleep 250000\nhere'), 3.75);
  assert.equal(sleptBefore('sleep 1m 1h\nhere'), 3660);
  assert.equal(sleptBefore('sleep 1; if sleep 2; then sleep 4; here; fi'), 7);
  assert.equal(sleptBefore('{ sleep 1; (sleep 2); }; here'), 3);
  assert.equal(sleptBefore('a && sleep 3 && here'), 3);
});

test('and only what is certain', () => {
  const nothing = [
    'sleep $N; here',
    'sleep 3 & here',
    '(sleep 3; sleep 1) & here',
    '{ sleep 3; } & here',
    'if a; then sleep 3; fi; here',
    'if a; then sleep 3; else here; fi',
    'while a; do sleep 3; done; here',
    'case $1 in a) sleep 3;; b) here;; esac',
    'a || sleep 3; here',
    'a && { sleep 3; }; here',
    'f() { sleep 3; }; here',
    'function f { sleep 3; }\nhere',
    'function f() { sleep 3; }\nhere',
    'sleep 3; f() { here; }',
  ];
  for (const text of nothing) assert.equal(sleptBefore(text), 0, text);
});

test('behind an exit nothing is reached, unless a branch avoids it', () => {
  assert.deepEqual(words('a; exit 1; b'), [['a'], ['exit', '1']]);
  assert.deepEqual(words('{ exit; }; b'), [['exit']]);
  assert.deepEqual(words('a || exit; b').at(-1), ['b']);
  assert.deepEqual(words('a && { b; exit; }; c').at(-1), ['c']);
  assert.deepEqual(words('if a; then exit; else b; fi; c').slice(-2), [['b'], ['c']]);
  assert.deepEqual(words('f() { return; }; b').at(-1), ['b']);
});

test('any text is read, and soon', () => {
  const piece = fc.constantFrom(
    ...'if then else fi case in esac ;; ( ) { } && || | & ; \n \' " ` $( ${ << EOF # \\ > sleep 3 f() do'.split(
      ' ',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      for (const { start, end, slept } of readShell(pieces.join(' ')))
        assert.ok(start <= end && slept >= 0);
    }),
    { numRuns: 2000 },
  );
  const from = Date.now();
  for (const one of ['case x in a|', '(', 'a|', '$(', '<<A\n', 'if '])
    readShell(one.repeat(65536 / one.length));
  assert.ok(Date.now() - from < 3000);
});
