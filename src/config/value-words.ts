/**
 * Words as values of the small types: yes and no, one of several, a weight, and what only a few
 * keywords take: a umask, CPU numbers, a path with its owner. Each gives null when nothing of it
 * can be used, after saying why.
 */
import { didYouMean, error, type Report, warning } from './diagnostic';
import type { IntegerType, Keyword, ValueType } from './keywords';
import type { User } from './model';
import type { Word } from './parser';
import { invalid, readNumber } from './value-number';
import type { Value } from './values';
import { objectTerms, readWeight, scriptTerms } from './weight';

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['yes', true],
  ['false', false],
  ['off', false],
  ['no', false],
]);

export function readBoolean(row: Keyword, word: Word, report: Report): Value | null {
  const boolean = booleans.get(word.text);
  if (boolean !== undefined) return { kind: 'boolean', boolean };
  const what = `${row.word} must be true, on, yes, false, off or no, found '${word.text}'`;
  invalid(row, 'bad-boolean', word.span, what, report);
  return null;
}

/** More than these are for the help, not for the first line. */
const choicesShown = 4;

export function readChoice(
  row: Keyword,
  of: readonly string[],
  word: Word,
  report: Report,
): Value | null {
  if (of.includes(word.text)) return { kind: 'text', text: word.text };
  const near = didYouMean(word.text, of);
  const isShort = of.length <= choicesShown;
  const what = isShort
    ? `${row.word} must be ${of.join(' or ')}, found '${word.text}'`
    : `${row.word} does not know '${word.text}'`;
  const help =
    near !== null ? `did you mean '${near}'?` : isShort ? null : `one of ${of.join(' ')}`;
  const label = row.default === null ? 'ignored' : `the default counts: ${row.default}`;
  if (row.invalid === 'error') report(error('bad-choice', word.span, what, { help }));
  else report(warning('bad-choice', word.span, what, { label, help }));
  return null;
}

type TextType = Extract<ValueType, { readonly kind: 'text' }>;

export function readText(row: Keyword, type: TextType, word: Word, report: Report): Value | null {
  if (type.noun === 'path') reportRelative(row, word, report);
  if (type.max !== undefined && Buffer.byteLength(word.text) > type.max) {
    const what = `${row.word} has at most ${type.max} characters`;
    invalid(row, 'too-long', word.span, what, report);
    return null;
  }
  return { kind: 'text', text: word.text };
}

type WordsType = Extract<ValueType, { readonly kind: 'owned' | 'integers' | 'umask' | 'weight' }>;

/** The types that take as many words as there are. */
export function readWords(
  row: Keyword,
  type: WordsType,
  words: readonly Word[],
  report: Report,
): Value | null {
  switch (type.kind) {
    case 'owned': {
      const owned = readOwned(row, words, report);
      return owned && { kind: 'owned', ...owned };
    }
    case 'integers': {
      const numbers = readIntegers(row, type.of, words, report);
      return numbers && { kind: 'numbers', numbers };
    }
    case 'umask': {
      const number = readUmask(row, words, report);
      return number === null ? null : { kind: 'number', number };
    }
    case 'weight': {
      const owner = `this ${row.within}`;
      const terms = type.clips ? scriptTerms(owner) : objectTerms(owner, type.max);
      const { weight, reverse } = readWeight(terms, words, report);
      return weight === null ? null : { kind: 'weight', weight, reverse };
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

const permissionsMax = 0o777;

const bitNames: ReadonlyMap<string, number> = new Map(
  ['USR', 'GRP', 'OTH'].flatMap((who, index) =>
    ['R', 'W', 'X'].map((what, bit): [string, number] => [
      `I${what}${who}`,
      (0o4 >> bit) << (6 - 3 * index),
    ]),
  ),
);

/** `022`, `0x12`, `18`, or names joined by `|`, with or without blanks. */
export function readUmask(row: Keyword, words: readonly Word[], report: Report): number | null {
  const [first] = words;
  if (first === undefined) return null;
  if (/^\d/.test(first.text)) {
    const bits = bitsFrom(first.text);
    if (bits !== null && bits <= permissionsMax) return bits;
    const what = `a umask has nine bits, found '${first.text}'`;
    invalid(row, bits === null ? 'not-a-number' : 'out-of-range', first.span, what, report);
    return null;
  }
  const names = words.flatMap(({ text, span }) =>
    text
      .split('|')
      .filter((name) => name !== '')
      .map((name) => ({ name, span })),
  );
  let bits = 0;
  for (const { name, span } of names) {
    const bit = bitNames.get(name);
    if (bit === undefined) {
      const near = didYouMean(name, bitNames.keys());
      report(
        warning('bad-choice', span, `there is no umask bit '${name}'`, {
          label: 'the whole umask is ignored',
          help: near === null ? 'write it in octal: 022' : `did you mean '${near}'?`,
        }),
      );
      return null;
    }
    bits |= bit;
  }
  return bits;
}

/** As C reads a number: 0x… is hexadecimal, 0… octal. */
function bitsFrom(text: string): number | null {
  if (/^0[xX][0-9A-Fa-f]+$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  return /^[1-9]\d*$/.test(text) ? Number(text) : null;
}

/** Those that can be read; null when none can. */
export function readIntegers(
  row: Keyword,
  type: IntegerType,
  words: readonly Word[],
  report: Report,
): readonly number[] | null {
  const numbers = words.flatMap((word) => readNumber(row, word, type, report) ?? []);
  return numbers.length === 0 ? null : [...new Set(numbers)];
}

export interface Owned {
  readonly path: string;
  readonly user: User | null;
}

/** A path, then perhaps a user and a group. */
export function readOwned(row: Keyword, words: readonly Word[], report: Report): Owned | null {
  const [path, user, group] = words;
  if (path === undefined) return null;
  reportRelative(row, path, report);
  return {
    path: path.text,
    user: user === undefined ? null : { user: user.text, group: group?.text ?? null },
  };
}

/** keepalived takes it, and means whatever folder the daemon happens to run in. */
function reportRelative(row: Keyword, word: Word, report: Report): void {
  if (word.text.startsWith('/')) return;
  report(
    warning('relative-path', word.span, `'${word.text}' is not an absolute path`, {
      label: 'looked for from wherever the daemon runs',
      help: `${row.word} /…/${word.text}`,
    }),
  );
}
