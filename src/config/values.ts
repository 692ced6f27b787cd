/**
 * One directive's words as a value of the type its row asks for. A wrong value is reported and
 * gives null: the default stays, as in keepalived. Also the ways to ask a Reading for its values.
 */
import { type Duration, milliseconds, seconds } from '../time';
import { readBare } from './bare-address';
import { splitCommand, splitFields } from './command-line';
import { didYouMean, error, type Report, warning } from './diagnostic';
import type { Ip } from './ip';
import type { Keyword, ValueType } from './keywords';
import type { User } from './model';
import type { Directive, Word } from './parser';
import type { Reading } from './read';
import { type Span, slice } from './source';
import { invalid, readNumber } from './value-number';
import { type Owned, readBoolean, readChoice, readText, readWords } from './value-words';

export type Value =
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'duration'; readonly duration: Duration }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'address'; readonly ip: Ip }
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly user: User | null }
  | { readonly kind: 'user'; readonly user: User }
  | ({ readonly kind: 'owned' } & Owned)
  | { readonly kind: 'numbers'; readonly numbers: readonly number[] }
  | { readonly kind: 'weight'; readonly weight: number; readonly reverse: boolean }
  | { readonly kind: 'prefixed'; readonly prefix: boolean; readonly of: Value }
  | { readonly kind: 'nothing' };

const nothing: Value = { kind: 'nothing' };

export function argumentsMin(type: ValueType): number {
  switch (type.kind) {
    case 'flag':
    case 'boolean':
    case 'lines':
    case 'names':
    case 'optional':
      return 0;
    case 'block':
      return type.named === true ? 1 : 0;
    case 'words':
    case 'section':
      return type.min;
    case 'either':
    case 'prefixed':
    case 'owned':
    case 'integers':
    case 'umask':
    case 'weight':
    case 'integer':
    case 'seconds':
    case 'milliseconds':
    case 'text':
    case 'choice':
    case 'address':
    case 'command':
    case 'user':
      return 1;
  }
}

export function argumentsMax(type: ValueType): number {
  switch (type.kind) {
    case 'flag':
    case 'lines':
    case 'names':
      return 0;
    case 'block':
      return type.named === false ? 0 : 1;
    case 'section':
      return type.max;
    case 'words':
      return type.max ?? Number.POSITIVE_INFINITY;
    // `weight` tells by itself what is too much.
    case 'weight':
    case 'umask':
    case 'integers':
    case 'command':
      return Number.POSITIVE_INFINITY;
    case 'owned':
      return 3;
    case 'user':
      return 2;
    case 'optional':
      return argumentsMax(type.of);
    case 'prefixed':
      return argumentsMax(type.of) + 1;
    case 'either':
      return argumentsMax(type.or);
    case 'boolean':
    case 'integer':
    case 'seconds':
    case 'milliseconds':
    case 'text':
    case 'choice':
    case 'address':
      return 1;
  }
}

export function readValue(row: Keyword, directive: Directive, report: Report): Value | null {
  const [word] = directive.words;
  const type = row.value;
  switch (type.kind) {
    case 'flag':
      return { kind: 'boolean', boolean: true };
    case 'boolean':
      return word === undefined
        ? { kind: 'boolean', boolean: true }
        : readBoolean(row, word, report);
    case 'command':
      return readCommand(row, directive, report);
    case 'optional':
      return word === undefined ? nothing : readAs(row, type.of, directive, report);
    case 'either':
      return readEither(row, type, directive, report);
    case 'prefixed':
      return readPrefixed(row, type, directive, report);
    case 'owned':
    case 'integers':
    case 'umask':
    case 'weight':
      return readWords(row, type, directive.words, report);
    case 'block':
    case 'lines':
    case 'names':
    case 'words':
    case 'section':
      return nothing;
    case 'integer':
    case 'seconds':
    case 'milliseconds':
    case 'text':
    case 'choice':
    case 'address':
    case 'user':
      if (word === undefined) return nothing;
      reportCut(row, directive, report);
      return readWord(row, type, word, directive, report);
  }
}

const readAs = (row: Keyword, value: ValueType, directive: Directive, report: Report) =>
  readValue({ ...row, value }, directive, report);

type Kind<K extends ValueType['kind']> = Extract<ValueType, { readonly kind: K }>;

function readEither(row: Keyword, type: Kind<'either'>, directive: Directive, report: Report) {
  const text = directive.words[0]?.text ?? '';
  const word = type.words.find((one) => one.toLowerCase() === text.toLowerCase());
  if (word !== undefined) return { kind: 'text', text: word } as const;
  const isNumber = type.or.kind === 'integer' || type.or.kind === 'seconds';
  if (!isNumber || /^[-+.\d]/.test(text)) return readAs(row, type.or, directive, report);
  const near = didYouMean(text, type.words);
  const what = `${row.word} must be ${type.words.join(', ')} or a number, found '${text}'`;
  const help = near === null ? null : `did you mean '${near}'?`;
  const make = row.invalid === 'error' ? error : warning;
  report(make('bad-choice', directive.words[0]?.span ?? directive.keyword.span, what, { help }));
  return null;
}

/** `garp_extra_if all 100`: a word that may stand in front of the value. */
function readPrefixed(row: Keyword, type: Kind<'prefixed'>, directive: Directive, report: Report) {
  const [first, ...rest] = directive.words;
  const prefix = first?.text === type.word;
  if (prefix && rest.length === 0) {
    report(
      warning('missing-parameter', first.span, `'${row.word} ${type.word}' needs a value`, {
        label: 'ignored',
      }),
    );
    return null;
  }
  const surplus = prefix ? undefined : rest[0];
  if (surplus !== undefined) {
    report(
      warning('extra-word', surplus.span, `surplus word '${surplus.text}'`, { label: 'ignored' }),
    );
  }
  const of = readAs(row, type.of, prefix ? { ...directive, words: rest } : directive, report);
  return of === null ? null : ({ kind: 'prefixed', prefix, of } as const);
}

type WordType = Extract<
  ValueType,
  { kind: 'integer' | 'seconds' | 'milliseconds' | 'text' | 'choice' | 'address' | 'user' }
>;

function readWord(
  row: Keyword,
  type: WordType,
  word: Word,
  directive: Directive,
  report: Report,
): Value | null {
  switch (type.kind) {
    case 'integer': {
      const number = readNumber(row, word, type, report);
      return number === null ? null : { kind: 'number', number };
    }
    case 'seconds': {
      const number = readNumber(row, word, type, report);
      return number === null ? null : { kind: 'duration', duration: seconds(number) };
    }
    case 'milliseconds': {
      const number = readNumber(row, word, type, report);
      return number === null ? null : { kind: 'duration', duration: milliseconds(number) };
    }
    case 'text':
      return readText(row, type, word, report);
    case 'choice':
      return readChoice(row, type.of, word, report);
    case 'address': {
      const ip = readBare(word, report);
      if (ip !== null) return { kind: 'address', ip };
      invalid(row, 'bad-address', word.span, `'${word.text}' is not an IP address`, report);
      return null;
    }
    case 'user': {
      const group = directive.words[1]?.text ?? null;
      return { kind: 'user', user: { user: word.text, group } };
    }
    default: {
      const never: never = type;
      return never;
    }
  }
}

/** A comment that begins inside a value has cut it short: `auth_pass pa#ss` is `pa`. */
function reportCut(row: Keyword, directive: Directive, report: Report): void {
  const { gluedComment, words } = directive;
  if (gluedComment === null || words.length > 1 || row.value.kind !== 'text') return;
  if (gluedComment.source.text.startsWith('##', gluedComment.start)) return;
  const mark = gluedComment.source.text.charAt(gluedComment.start);
  report(
    warning(
      'comment-in-word',
      { ...gluedComment, end: gluedComment.start + 1 },
      'the value ends here',
      {
        label: 'a comment begins',
        why: `'${mark}' begins a comment even in the middle of a word`,
        help: `put the value in double quotes, or write '\\${mark}'`,
      },
    ),
  );
}

/** The command line, and the user and group that may follow it. */
function readCommand(row: Keyword, directive: Directive, report: Report): Value | null {
  const { raw } = directive;
  const text = rawText(directive);
  if (raw === null || text === null) return null;
  const [command, user, group] = splitFields(text) ?? [];
  const argv = command === undefined ? null : splitCommand(command);
  const program = argv?.[0];
  if (argv === null || program === undefined || program === '') {
    report(
      warning('bad-command', raw, `${row.word} is not a command that can be run`, {
        label: 'left out',
        why: argv === null ? 'a quote does not match' : 'the first word is empty',
      }),
    );
    return null;
  }
  if (program.startsWith('<')) {
    report(
      warning('bad-command', raw, "a command that begins with '<' runs nothing", {
        label: 'left out',
        why: 'keepalived only opens that file',
      }),
    );
    return null;
  }
  return {
    kind: 'command',
    argv,
    user: user === undefined ? null : { user, group: group ?? null },
  };
}

/** The words as they were typed. A double quote that does not close was reported by the lexer. */
export const rawText = ({ raw }: Directive): string | null =>
  raw === null || slice(raw).split('"').length % 2 === 0 ? null : slice(raw);

// What a builder asks. The last entry counts, as in keepalived; where the first one does, the
// reader has left the others out.

const lastOf = (reading: Reading, word: string): Value | null =>
  reading.entries.get(word)?.at(-1)?.value ?? null;

export function numberOf(reading: Reading, word: string): number | null {
  const value = lastOf(reading, word);
  return value?.kind === 'number' ? value.number : null;
}

export function durationOf(reading: Reading, word: string): Duration | null {
  const value = lastOf(reading, word);
  return value?.kind === 'duration' ? value.duration : null;
}

export function textOf(reading: Reading, word: string): string | null {
  const value = lastOf(reading, word);
  return value?.kind === 'text' ? value.text : null;
}

export function booleanOf(reading: Reading, word: string): boolean | null {
  const value = lastOf(reading, word);
  return value?.kind === 'boolean' ? value.boolean : null;
}

export function ipOf(reading: Reading, word: string): Ip | null {
  const value = lastOf(reading, word);
  return value?.kind === 'address' ? value.ip : null;
}

export function userOf(reading: Reading, word: string): User | null {
  const value = lastOf(reading, word);
  return value?.kind === 'user' ? value.user : null;
}

export function commandOf(
  reading: Reading,
  word: string,
): { readonly argv: readonly string[]; readonly user: User | null } | null {
  const value = lastOf(reading, word);
  return value?.kind === 'command' ? value : null;
}

export function ownedOf(reading: Reading, word: string): Owned | null {
  const value = lastOf(reading, word);
  return value?.kind === 'owned' ? { path: value.path, user: value.user } : null;
}

export function numbersOf(reading: Reading, word: string): readonly number[] | null {
  const value = lastOf(reading, word);
  return value?.kind === 'numbers' ? value.numbers : null;
}

export function weightOf(
  reading: Reading,
  word: string,
): { readonly weight: number; readonly reverse: boolean } | null {
  const value = lastOf(reading, word);
  return value?.kind === 'weight' ? { weight: value.weight, reverse: value.reverse } : null;
}

/** The value behind a word that may stand in front of it. */
export function prefixedOf(
  reading: Reading,
  word: string,
): { readonly prefix: boolean; readonly of: Value } | null {
  const value = lastOf(reading, word);
  return value?.kind === 'prefixed' ? value : null;
}

export const isSet = (reading: Reading, word: string): boolean => reading.entries.has(word);

/** The directive that counts, for its place and words. */
export const directiveOf = (reading: Reading, word: string): Directive | null =>
  reading.entries.get(word)?.at(-1)?.directive ?? null;

/** Where a value stands: its first word, the keyword if there is none, else the block's name. */
export function placeOf(reading: Reading, word: string): Span {
  const directive = directiveOf(reading, word);
  if (directive === null) return reading.span;
  return directive.words[0]?.span ?? directive.keyword.span;
}

/** The lines inside every block of that name, in the order of the file. */
export const linesOf = (reading: Reading, word: string): readonly Directive[] =>
  (reading.entries.get(word) ?? []).flatMap(({ directive }) => directive.block?.body ?? []);

/** The words inside every block of that name, wherever the lines end. */
export const namesOf = (reading: Reading, word: string): readonly Word[] =>
  linesOf(reading, word).flatMap((line) => [line.keyword, ...line.words]);
