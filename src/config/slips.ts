/**
 * What a word that could not be read was probably meant as: habits from other languages, marks
 * of editors and merges, characters that only look right. Gives the help of findings that have
 * none; changes nothing about how the file is read.
 */
import { type Diagnostic, type Report, warning } from './diagnostic';
import { parseIp } from './ip';
import { homesOf, type Keyword, type ValueType } from './keywords';
import type { Word } from './parser';
import { type Span, slice } from './source';

/** A finding with the way out, where the word itself tells it. */
export function withHelp(diagnostic: Diagnostic): Diagnostic {
  const { help, severity, span, code } = diagnostic;
  const length = span.end - span.start;
  if (help !== null || severity === 'info' || length === 0 || length > lengthMax) return diagnostic;
  // The first mark of a merge has told the way out for all of them.
  if (isSecret(span) || code === 'merge-conflict') return diagnostic;
  const slip = slipOf(slice(span), code);
  return slip === null ? diagnostic : { ...diagnostic, help: slip };
}

/** No help repeats a password. */
function isSecret({ source: { text }, start }: Span): boolean {
  const line = text.slice(Math.max(0, text.lastIndexOf('\n', start - 1), start - 256), start);
  return /\b(auth_pass|key|(smtp_)?password|webhook_bearer)\b/.test(line);
}

/** What a text would keep as a part of itself: `interface eth0;`, `router_id = lb1`, `“/bin/x”`. */
export function reportStray(row: Keyword, words: readonly Word[], report: Report): void {
  const stray = straySigns.get(row.value.kind);
  const word = words.find(({ text, quoted }) => !quoted && stray?.test(text));
  const sign = stray?.exec(word?.text ?? '')?.[0];
  if (word === undefined || sign === undefined) return;
  report(
    warning('stray-sign', word.span, `'${sign}' is no sign of this language`, {
      label: `it belongs to the value of ${row.word}`,
      help: isSecret(word.span)
        ? null
        : (firstOf(strangers, word.text) ?? firstOf(clothes, word.text)),
    }),
  );
}

const straySigns: ReadonlyMap<ValueType['kind'], RegExp> = new Map([
  ['text', /^=$|(?<=.);$|[“”„]/],
  ['user', /^=$|(?<=.);$/],
  ['command', /^=$|[“”„]/],
]);

/** Nobody means a longer word. */
const lengthMax = 200;

export const comment = "a comment begins with '#' or '!'";

type Slip = readonly [pattern: RegExp, help: string | ((match: RegExpExecArray) => string)];

/** The mark of something that is no configuration at all; whatever the word was read as. */
const strangers: readonly Slip[] = [
  [/^(\/[/*]|\*\/|--|;|<!--|rem$)/i, comment],
  [/^:(q|w|wq|x)!?$/, 'a command of an editor: remove it'],
  [/^[\w.-]+@[\w.-]+:/, 'a line of a terminal: remove it'],
  [/^[-+*]$/, 'the mark of a list or of a patch: remove it'],
  [/^(<[^<>]*>|\{\{|\}\}|__\w+__$|%[\w.]+%$|@@?\w+@@?$)/, 'a gap to fill in: put the value here'],
  [/[“”„«»‘’]/, 'these are typographic quotes: use "'],
  [/^[–—−](?=\d)/, "this is a dash: the sign of a negative number is '-'"],
  [/[\u00a0\u2000-\u200d\u202f\u205f\u3000\ufeff]/, 'it contains a blank of another kind: type it'],
  [/[\uff01-\uff5e]/, (match) => `write it in ASCII: ${match.input.normalize('NFKC')}`],
];

const perUnit: ReadonlyMap<string, number> = new Map([
  ['us', 1e-6],
  ['µs', 1e-6],
  ['ms', 1e-3],
  ['msec', 1e-3],
  ['s', 1],
  ['sec', 1],
  ['secs', 1],
  ['second', 1],
  ['seconds', 1],
  ['m', 60],
  ['min', 60],
  ['minutes', 60],
  ['h', 3600],
]);

/** A value in another language's clothes. */
const clothes: readonly Slip[] = [
  [/^=$/, "the value follows after a blank, without '='"],
  [/^(.+);$/, ([, word]) => `no ';' ends a line: write ${word}`],
  [/^(.+):$/, ([, word]) => `no ':' follows a keyword: write ${word}`],
  [/^([\d.]+),(\d+)$/, ([, whole, part]) => `a fraction begins with a point: ${whole}.${part}`],
  [/^(.+),$/, ([, word]) => `no ',' stands between values: write ${word}`],
  [/^'(.*)'$/, ([, word]) => `write it without quotes: ${word}`],
  [/^0x[\da-f]+$/i, ({ input }) => `write it in decimal: ${Number(input)}`],
  [/^(-?[\d.]+)%$/, ([, number]) => `write it without the sign: ${number}`],
  [/^\.{3}$/, 'a gap to fill in: put the value here'],
];

export function slipOf(text: string, code: string): string | null {
  return (
    firstOf(strangers, text) ??
    inSeconds(text) ??
    (code === 'extra-word' && perUnit.has(text) ? 'seconds are meant, without a unit' : null) ??
    assigned(text) ??
    aboutMask(text) ??
    (isAboutAddress.has(code) ? aboutAddress(text) : null) ??
    firstOf(clothes, text) ??
    aboutKeyword(text, code)
  );
}

function firstOf(slips: readonly Slip[], text: string): string | null {
  for (const [pattern, help] of slips) {
    const match = pattern.exec(text);
    if (match !== null) return typeof help === 'string' ? help : help(match);
  }
  return null;
}

function inSeconds(text: string): string | null {
  const [, number = '', unit = ''] = /^([\d.]+)([a-zµ]+)$/.exec(text) ?? [];
  const factor = perUnit.get(unit);
  if (factor === undefined) return null;
  const seconds = Number((Number(number) * factor).toPrecision(12));
  return Number.isNaN(seconds) ? null : `seconds are meant, without a unit: ${seconds}`;
}

/** `priority=100` */
function assigned(text: string): string | null {
  const [, word = '', value = ''] = /^(\w+)[=:](.+)$/.exec(text) ?? [];
  return homesOf(word).length > 0 ? `write '${word} ${value}'` : null;
}

/** 255.255.255.0 → 24; null for what is no mask. */
function prefixOf(mask: string): number | null {
  const ip = parseIp(mask);
  if (ip === null || ip.family !== 4) return null;
  const bits = mask
    .split('.')
    .map((octet) => Number(octet).toString(2).padStart(8, '0'))
    .join('');
  return /^1+0*$/.test(bits) ? bits.lastIndexOf('1') + 1 : null;
}

function aboutMask(text: string): string | null {
  const [, address = '', mask = ''] = /^(?:([^/]*)\/)?(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
  const prefix = prefixOf(mask);
  if (prefix !== null) return `a mask is written as its length: ${address}/${prefix}`;
  if (/^net_?mask$/i.test(text)) return 'a mask is written behind its address: 192.0.2.1/24';
  return /^\/\d+$/.test(text) ? `no blank stands in front of ${text}` : null;
}

const isAboutAddress: ReadonlySet<string> = new Set(['bad-address', 'not-link-local']);

function aboutAddress(text: string): string | null {
  const [, before = '', after = ''] = /^([\d.]+|[\da-f:]+)\/(\d+)$/i.exec(text) ?? [];
  if (parseIp(before) !== null && after !== '') return `an address alone is meant: ${before}`;
  const [, address = ''] = /^([\d.]+):\d+$/.exec(text) ?? [];
  if (parseIp(address) !== null) return `an address alone is meant, without a port: ${address}`;
  return /^[a-z][\w-]*(\.[\w-]+)+$/i.test(text)
    ? 'names are not looked up: write the address itself'
    : null;
}

/** A word of the language where a value is meant: the block above goes on for too long. */
function aboutKeyword(text: string, code: string): string | null {
  if (code === 'unknown-keyword' || code === 'repeated' || homesOf(text).length === 0) return null;
  return isAboutAddress.has(code) || code === 'unknown-script'
    ? `it is a keyword: is a '}' missing above?`
    : null;
}
