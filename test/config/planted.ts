/** One fault in a good text, of the kinds that hands and editors make. */
import fc, { type Arbitrary } from 'fast-check';

type Edit = (text: string, pick: number) => string;

const onLines =
  (edit: (lines: readonly string[], at: number) => readonly string[]): Edit =>
  (text, pick) => {
    const lines = text.split('\n');
    const written = lines.flatMap((line, index) => (line.trim() === '' ? [] : [index]));
    return edit(lines, written[pick % Math.max(1, written.length)] ?? 0).join('\n');
  };

const onLine = (edit: (line: string) => string): Edit =>
  onLines((lines, at) => lines.map((line, index) => (index === at ? edit(line) : line)));

/** The n-th place that matches, put differently. */
const onMatch =
  (pattern: RegExp, by: (found: string) => string): Edit =>
  (text, pick) => {
    const found = [...text.matchAll(pattern)];
    const chosen = found[pick % Math.max(1, found.length)];
    if (chosen === undefined) return text;
    const at = chosen.index;
    return text.slice(0, at) + by(chosen[0]) + text.slice(at + chosen[0].length);
  };

const number = /(?<=\s)-?\d+(\.\d+)?(?=\s)/g;
const keyword = /(?<=^\s*)[a-z_]{4,}/gm;

export const faults: Readonly<Record<string, Edit>> = {
  'a line is lost': onLines((lines, at) => lines.filter((_, index) => index !== at)),
  'a line is there twice': onLines((lines, at) =>
    lines.flatMap((line, index) => (index === at ? [line, line] : [line])),
  ),
  'two lines are swapped': onLines((lines, at) => {
    const [one = '', two = ''] = lines.slice(at, at + 2);
    return [...lines.slice(0, at), two, one, ...lines.slice(at + 2)];
  }),
  'a letter is lost': onMatch(keyword, (word) => word.slice(1)),
  'a letter is doubled': onMatch(keyword, (word) => word.charAt(0) + word),
  'a capital': onMatch(keyword, (word) => word.charAt(0).toUpperCase() + word.slice(1)),
  'the value is lost': onLine((line) => line.replace(/(\s*[a-z_]+)\s.*/, '$1')),
  'a word too many': onLine((line) => `${line} zork`),
  'an unknown line': onLine((line) => `${line}\nzork 5`),
  'a semicolon': onLine((line) => `${line};`),
  zero: onMatch(number, () => '0'),
  'a large number': onMatch(number, () => '99999999999'),
  'a negative number': onMatch(number, (found) => `-${found}`),
  'no number': onMatch(number, () => 'x'),
  'a fraction': onMatch(number, (found) => `${found}.5`),
  'a unit': onMatch(number, (found) => `${found}s`),
  'a brace is lost': onMatch(/[{}]/g, () => ''),
  'a brace too many': onMatch(/[{}]/g, (brace) => `${brace} ${brace}`),
  'a quote is lost': onMatch(/"/g, () => ''),
  'no address': onMatch(/\d+\.\d+\.\d+\.\d+/g, (found) => `${found}9`),
  'a long prefix': onMatch(/(?<=\s)\d+\.\d+\.\d+\.\d+(?=\s)/g, (found) => `${found}/33`),
  'no interface': onMatch(/\beth\d/g, () => 'eth9'),
  'another script': onMatch(/\bchk_\d/g, () => 'chk_9'),
  'another member': onMatch(/\bVI_\d/g, () => 'VI_9'),
  'another boolean': onMatch(/\b(true|false|yes|no|on|off)\b/g, () => 'maybe'),
};

export interface Fault {
  readonly name: string;
  readonly pick: number;
}

export const fault: Arbitrary<Fault> = fc.record({
  name: fc.constantFrom(...Object.keys(faults)),
  pick: fc.nat(10_000),
});

/** The text with its fault; the same text where there is nothing to get wrong in this way. */
export const planted = (text: string, { name, pick }: Fault): string =>
  faults[name]?.(text, pick) ?? text;
