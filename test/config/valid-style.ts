/**
 * One tree of lines as different hands type it: indented or not, braces here and there, comments,
 * names put in, lines repeated, parts in files of their own. What it says stays the same.
 */
import fc, { type Arbitrary } from 'fast-check';
import type { Line } from './valid-file';

export interface Style {
  readonly indent: string;
  readonly newline: string;
  readonly brace: 'same-line' | 'next-line' | 'one-line';
  /** every so many-th line; 0: none. */
  readonly commentEvery: number;
  readonly comment: string;
  /** every so many-th number is put in by a name. */
  readonly nameEvery: number;
  readonly braced: boolean;
  /** every so many-th line is for this host alone, and has a twin for another one. */
  readonly conditionEvery: number;
  /** every so many-th object of the top level is in a file of its own. */
  readonly includeEvery: number;
  /** every so many-th object of the top level is written as a definition of several lines. */
  readonly templateEvery: number;
  /** every so many-th plain word of a value stands in quotes. */
  readonly quoteEvery: number;
}

const rarely = fc.constantFrom(0, 0, 0, 2, 3, 7);

export const style: Arbitrary<Style> = fc.record({
  indent: fc.constantFrom('', '  ', '\t', ' \t '),
  newline: fc.constantFrom('\n', '\n', '\r\n'),
  brace: fc.constantFrom('same-line', 'same-line', 'next-line', 'one-line'),
  commentEvery: rarely,
  comment: fc.constantFrom('# note', '! note', '#{', '!"', '# é 漢字 $X ${Y} ~SEQ(a,1)'),
  nameEvery: rarely,
  braced: fc.boolean(),
  conditionEvery: rarely,
  includeEvery: rarely,
  templateEvery: rarely,
  quoteEvery: rarely,
});

/** What `@id` lines are compared with. */
export const CONFIG_ID = 'box';

export interface Typed {
  readonly main: string;
  /** by name, in the folder of main. */
  readonly parts: ReadonlyMap<string, string>;
}

interface Hand {
  readonly style: Style;
  readonly names: Map<string, string>;
  lines: number;
  words: number;
}

const isNth = (every: number, n: number): boolean => every > 0 && n % every === every - 1;

export function typed(file: readonly Line[], with_: Style): Typed {
  const hand: Hand = { style: with_, names: new Map(), lines: 0, words: 0 };
  const parts = new Map<string, string>();
  const main: string[] = [];
  for (const [index, object] of file.entries()) {
    const lines = write(object, '', hand);
    if (isNth(with_.includeEvery, index)) {
      const name = `part-${index}.inc`;
      parts.set(name, joined(lines, with_));
      main.push(`include ${name}`);
    } else if (isNth(with_.templateEvery, index) && !lines.some(cannotBeInTemplate)) {
      main.push(`$T${index}=\\`, ...lines.map((line) => `${line} \\`), '', `$T${index}`);
    } else main.push(...lines);
  }
  const names = [...hand.names].map(([value, name]) => `$${name}=${value}`);
  return { main: joined([...names, ...main], with_), parts };
}

/** A comment would hide the backslash, and an empty line end the definition. */
const cannotBeInTemplate = (line: string): boolean => line === '' || /[#!]/.test(line);

const joined = (lines: readonly string[], { newline }: Style): string =>
  lines.map((line) => `${line}${newline}`).join('');

function write(one: Line, indent: string, hand: Hand): readonly string[] {
  const { brace } = hand.style;
  const text = `${indent}${worded(one.text, hand)}`;
  if (one.body === undefined) return conditioned(commented(text, hand), hand);
  const inner = one.body.flatMap((line) => write(line, indent + hand.style.indent, hand));
  const [only, ...others] = inner;
  if (brace === 'one-line' && others.length === 0 && !/[#!@]/.test(only ?? '')) {
    return [`${text} { ${(only ?? '').trim()} }`];
  }
  if (brace === 'next-line') return [text, `${indent}{`, ...inner, `${indent}}`];
  return [`${text} {`, ...inner, `${indent}}`];
}

function commented(text: string, hand: Hand): string {
  hand.lines += 1;
  const { commentEvery, comment } = hand.style;
  return isNth(commentEvery, hand.lines) ? `${text} ${comment}` : text;
}

function conditioned(text: string, hand: Hand): readonly string[] {
  if (!isNth(hand.style.conditionEvery, hand.lines)) return [text];
  return [`@${CONFIG_ID} ${text.trim()}`, `@^${CONFIG_ID} ${text.trim()} zork`, '@other zork {'];
}

/** Numbers become names, plain words of a value stand in quotes; commands stay as they are. */
function worded(text: string, hand: Hand): string {
  if (/["'\\]/.test(text)) return text;
  const [keyword = '', ...values] = text.split(' ');
  return [keyword, ...values.map((value) => put(value, keyword, hand))].join(' ');
}

function put(value: string, keyword: string, hand: Hand): string {
  hand.words += 1;
  const { nameEvery, quoteEvery, braced } = hand.style;
  if (/^\d+$/.test(value) && isNth(nameEvery, hand.words)) {
    const name = hand.names.get(value) ?? `N${hand.names.size}`;
    hand.names.set(value, name);
    return braced ? `\${${name}}` : `$${name}`;
  }
  const isQuotable = /^[a-z][\w-]*$/i.test(value) && !/script|notify|path|quorum_/.test(keyword);
  return isQuotable && isNth(quoteEvery, hand.words) ? `"${value}"` : value;
}
