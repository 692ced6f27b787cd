/**
 * A word as a number: its digits, its range, what comes of junk behind it. And how a wrong value
 * of any type is told: keepalived keeps its default, or does not start.
 */
import { error, type Report, warning } from './diagnostic';
import type { IntegerType, Keyword, ValueType } from './keywords';
import type { Word } from './parser';
import type { Span } from './source';

export type NumberType =
  | IntegerType
  | Extract<ValueType, { readonly kind: 'seconds' | 'milliseconds' }>;

/** Timers count microseconds. */
const fractionMax = 6;

export function invalid(row: Keyword, code: string, span: Span, what: string, report: Report) {
  const why = row.reference.startsWith('RFC') ? `it ${row.about} (${row.reference})` : null;
  const label = row.default === null ? 'ignored' : `the default counts: ${row.default}`;
  if (row.invalid === 'error') report(error(code, span, what, { why }));
  else report(warning(code, span, what, { label, why }));
}

export function readNumber(
  row: Keyword,
  word: Word,
  type: NumberType,
  report: Report,
): number | null {
  const decimal = type.kind === 'milliseconds' || (type.kind === 'seconds' && !type.whole);
  const strict = type.kind !== 'seconds' && type.strict;
  const match = (decimal ? /^[+-]?(\d+\.?\d*|\.\d+)/ : /^[+-]?\d+/).exec(word.text);
  const rest = word.text.slice(match?.[0].length ?? 0);
  if (match === null || (rest !== '' && strict)) {
    const noun = decimal ? 'a number' : 'a whole number';
    const what = `${row.word} must be ${noun}, found '${word.text}'`;
    invalid(row, 'not-a-number', word.span, what, report);
    return null;
  }
  const number = rounded(row, match[0], word, type, report);
  if (number < type.min || number > type.max) return outside(row, match[0], word, type, report);
  if (rest !== '') {
    const what = `'${word.text}' is read as ${match[0]}`;
    const help = type.kind === 'seconds' ? 'seconds are meant; units are not known' : null;
    report(warning('trailing-junk', word.span, what, { label: `'${rest}' is ignored`, help }));
  }
  // `-0` is 0: two zeros would make two equal files differ.
  return number === 0 ? 0 : number;
}

function rounded(
  row: Keyword,
  digits: string,
  word: Word,
  type: NumberType,
  report: Report,
): number {
  const number = Number(digits);
  const places = type.kind === 'milliseconds' ? fractionMax - 3 : fractionMax;
  if ((digits.split('.')[1] ?? '').length <= places) return number;
  const nearest = Number(number.toFixed(places));
  report(
    warning('too-precise', word.span, `${row.word} has more than ${places} decimal places`, {
      label: `${nearest} counts`,
      why: 'time is counted in microseconds',
    }),
  );
  return nearest;
}

function unitOf(type: NumberType): string {
  const unit = type.kind === 'integer' ? type.unit : type.kind;
  return unit === undefined ? '' : ` ${unit}`;
}

function outside(
  row: Keyword,
  digits: string,
  word: Word,
  type: NumberType,
  report: Report,
): number | null {
  const what = `${row.word} must be ${type.min}..${type.max}${unitOf(type)}, found ${digits}`;
  if (type.kind !== 'integer' || type.clamp !== true) {
    invalid(row, 'out-of-range', word.span, what, report);
    return null;
  }
  const nearest = Math.min(type.max, Math.max(type.min, Number(digits)));
  report(warning('out-of-range', word.span, what, { label: `${nearest} counts` }));
  return nearest;
}
