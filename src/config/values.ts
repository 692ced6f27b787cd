/**
 * One directive's words as a value of the type its row asks for. A wrong value is reported and
 * gives null: the default stays, as in keepalived. Also the ways to ask a Reading for its values.
 */
import { type Duration, milliseconds, seconds } from '../time';
import { splitCommand, splitFields } from './command-line';
import { didYouMean, error, type Report, warning } from './diagnostic';
import { type Ip, parseIp } from './ip';
import type { Keyword, ValueType } from './keywords';
import type { User } from './model';
import type { Directive, Word } from './parser';
import type { Reading } from './read';
import { type Span, slice } from './source';

export type Value =
  | { readonly kind: 'boolean'; readonly boolean: boolean }
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'duration'; readonly duration: Duration }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'address'; readonly ip: Ip }
  | { readonly kind: 'command'; readonly argv: readonly string[]; readonly user: User | null }
  | { readonly kind: 'user'; readonly user: User }
  | { readonly kind: 'nothing' };

const nothing: Value = { kind: 'nothing' };

export function argumentsMin(type: ValueType): number {
  switch (type.kind) {
    case 'flag':
    case 'boolean':
    case 'lines':
    case 'names':
      return 0;
    case 'block':
      return type.named ? 1 : 0;
    case 'words':
    case 'section':
      return type.min;
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
      return type.named ? 1 : 0;
    case 'section':
      return type.max;
    case 'words':
    case 'command':
      return Number.POSITIVE_INFINITY;
    case 'user':
      return 2;
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
      const number = readNumber(row, word, { ...type, strict: false }, report);
      return number === null ? null : { kind: 'duration', duration: seconds(number) };
    }
    case 'milliseconds': {
      const number = readNumber(row, word, type, report);
      return number === null ? null : { kind: 'duration', duration: milliseconds(number) };
    }
    case 'text':
      return { kind: 'text', text: word.text };
    case 'choice':
      return readChoice(row, type.of, word, report);
    case 'address': {
      const ip = parseIp(word.text);
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

function invalid(row: Keyword, code: string, span: Span, what: string, report: Report): void {
  const why = row.reference.startsWith('RFC') ? `it ${row.about} (${row.reference})` : null;
  const label = row.default === null ? 'ignored' : `the default counts: ${row.default}`;
  if (row.invalid === 'error') report(error(code, span, what, { why }));
  else report(warning(code, span, what, { label, why }));
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['on', true],
  ['yes', true],
  ['false', false],
  ['off', false],
  ['no', false],
]);

function readBoolean(row: Keyword, word: Word, report: Report): Value | null {
  const boolean = booleans.get(word.text);
  if (boolean !== undefined) return { kind: 'boolean', boolean };
  const what = `${row.word} must be true, on, yes, false, off or no, found '${word.text}'`;
  invalid(row, 'bad-boolean', word.span, what, report);
  return null;
}

/** More than these are for the help, not for the first line. */
const choicesShown = 4;

function readChoice(row: Keyword, of: readonly string[], word: Word, report: Report): Value | null {
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

interface NumberType {
  readonly kind: 'integer' | 'seconds' | 'milliseconds';
  readonly min: number;
  readonly max: number;
  readonly strict: boolean;
  readonly whole?: boolean;
}

export function readNumber(
  row: Keyword,
  word: Word,
  type: NumberType,
  report: Report,
): number | null {
  const decimal = type.kind !== 'integer' && type.whole !== true;
  const match = (decimal ? /^[+-]?(\d+\.?\d*|\.\d+)/ : /^[+-]?\d+/).exec(word.text);
  const rest = word.text.slice(match?.[0].length ?? 0);
  if (match === null || (rest !== '' && type.strict)) {
    const noun = decimal ? 'a number' : 'a whole number';
    invalid(
      row,
      'not-a-number',
      word.span,
      `${row.word} must be ${noun}, found '${word.text}'`,
      report,
    );
    return null;
  }
  const number = Number(match[0]);
  const range = `${type.min}..${type.max}${type.kind === 'integer' ? '' : ` ${type.kind}`}`;
  if (number < type.min || number > type.max) {
    const what = `${row.word} must be ${range}, found ${match[0]}`;
    invalid(row, 'out-of-range', word.span, what, report);
    return null;
  }
  if (rest !== '') {
    const what = `'${word.text}' is read as ${match[0]}`;
    const help = type.kind === 'seconds' ? 'seconds are meant; units are not known' : null;
    report(warning('trailing-junk', word.span, what, { label: `'${rest}' is ignored`, help }));
  }
  return number;
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
      error('bad-command', raw, `${row.word} is not a command that can be run`, {
        why: program === undefined ? 'a quote does not match' : 'the first word is empty',
      }),
    );
    return null;
  }
  if (program.startsWith('<')) {
    report(
      error('not-yet-supported', raw, "a command that begins with '<' is not supported yet", {
        why: 'keepalived only opens that file and runs nothing',
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

// What a builder asks. The last entry counts, as in keepalived.

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
