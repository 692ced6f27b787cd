/**
 * Words, lines and blocks as text that reads back as the same words. What each object says is
 * for print-*.ts; here is only how it is written down.
 */

/** A directive: its words, and what stands in its braces (null: no braces). */
export interface Printed {
  readonly words: readonly string[];
  readonly body: readonly Printed[] | null;
}

/** `word value value`; values that are null are left out with the whole line. */
export const line = (
  word: string,
  ...values: readonly (string | number | null)[]
): readonly Printed[] =>
  values.includes(null)
    ? []
    : [{ words: [word, ...values.map((value) => quoted(value ?? ''))], body: null }];

/** `word { … }`, or nothing at all when the body is empty. */
export const block = (words: readonly string[], body: readonly Printed[]): readonly Printed[] =>
  body.length === 0 ? [] : [{ words: words.map(quoted), body }];

/** A command as one quoted word that splits into the same argv again. */
export const commandText = (argv: readonly string[]): string =>
  `"${argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : protect(word))).join(' ')}"`;

/** `word on`, `word off`: for what is on by itself, or when something else is. */
export const onOff = (word: string, isOn: boolean): readonly Printed[] =>
  line(word, isOn ? 'on' : 'off');

/** Null for what need not be said; such a line is left out. */
export const unless = <T>(value: T, usual: T): T | null => (value === usual ? null : value);

/** The word alone, or nothing. */
export const flag = (word: string, isSet: boolean): readonly Printed[] =>
  isSet ? [{ words: [word], body: null }] : [];

/** A line of a list: it begins with what is listed, not with a keyword. */
export const entry = (...words: readonly (string | number)[]): Printed => ({
  words: words.map(quoted),
  body: null,
});

export const entries = (words: readonly string[]): readonly Printed[] =>
  words.map((word) => entry(word));

/** Blocks apart, so that each can be read as a whole. */
export const printFile = (blocks: readonly Printed[]): string =>
  blocks.map((one) => printText([one])).join('\n');

export function printText(lines: readonly Printed[], depth = 0): string {
  const indent = '    '.repeat(depth);
  return lines
    .map(({ words, body }) => {
      const head = `${indent}${words.join(' ')}`;
      return body === null ? `${head}\n` : `${head} {\n${printText(body, depth + 1)}${indent}}\n`;
    })
    .join('');
}

/**
 * Quotes where the language would take the word apart, or take it for something else at the
 * beginning of a line; a word that is quoted already stays.
 */
export function quoted(value: string | number): string {
  const word = String(value);
  if (/^".*"$/s.test(word)) return word;
  const isOdd = word === '' || /[\s{}#!"]/.test(word) || /^([@~$]|include[rmwba]?$)/.test(word);
  return isOdd ? `"${word}"` : word;
}

/**
 * For the tokeniser of commands: single quotes protect, a backslash escapes even in them. What
 * would end the line or the string, or be replaced as a name, is written by its number.
 */
const protect = (word: string): string =>
  `'${word
    .replace(/\\/g, '\\\\')
    .replace(/'/g, "\\'")
    .replace(/["\p{Cc}]|\$(?=\{?_)/gu, numbered)}'`;

const numbered = (letter: string): string =>
  `\\x${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;
