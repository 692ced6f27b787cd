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

export function printText(lines: readonly Printed[], depth = 0): string {
  const indent = '    '.repeat(depth);
  return lines
    .map(({ words, body }) => {
      const head = `${indent}${words.join(' ')}`;
      return body === null ? `${head}\n` : `${head} {\n${printText(body, depth + 1)}${indent}}\n`;
    })
    .join(depth === 0 ? '\n' : '');
}

/** Quotes where the language would take the word apart; a word that is quoted already stays. */
export function quoted(value: string | number): string {
  const word = String(value);
  if (/^".*"$/.test(word)) return word;
  return word === '' || /[\s{}#!"]/.test(word) ? `"${word}"` : word;
}

/** For the tokeniser of commands: single quotes protect, `'` itself needs a backslash. */
const protect = (word: string): string =>
  `'${word.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/"/g, '\\x22')}'`;
