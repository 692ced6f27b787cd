/**
 * `~SEQ(var, [start, [step,]] end) text`, `~SEQx(…)` and `~LST(…)`: the text once for each value.
 * A variable is a definition like any other, set anew for each repetition.
 */

import { type Definition, madeValue, type Scope } from './definitions';
import { error, type Report } from './diagnostic';
import { isBlank } from './lines';
import { type Source, type Span, spanOf } from './source';

export interface Repetition {
  /** what is set for each round; null: the specification is wrong, and that has been said. */
  readonly rounds: readonly ReadonlyMap<string, Definition>[] | null;
  /** where the text to repeat begins. */
  readonly rest: number;
}

/** One line may not become more than this many. */
const roundsMax = 100_000;

export const isSequence = (text: string): boolean => /^~(SEQx?|LST)\(/.test(text);

export function readSequence(source: Source, start: number, end: number, scope: Scope): Repetition {
  const line = source.text.slice(start, end);
  const kind = /^~(SEQx?|LST)\(/.exec(line)?.[1] ?? '';
  const close = closing(line, kind.length + 2);
  const spec = spanOf(source, start, close === -1 ? end : start + close + 1);
  if (close === -1) {
    return { rounds: fail(spec, `'~${kind}(' is never closed`, scope.report), rest: end };
  }
  const items = split(line.slice(kind.length + 2, close));
  const rounds = kind === 'LST' ? listed(items, spec, scope) : counted(items, kind, spec, scope);
  return { rounds, rest: start + close + 1 };
}

function counted(
  [name = '', ...words]: readonly string[],
  kind: string,
  spec: Span,
  scope: Scope,
): Repetition['rounds'] {
  const numbers = words.map(readInteger);
  if (!isName(name) || words.length < 1 || words.length > 3 || numbers.includes(null)) {
    return fail(spec, `~${kind} needs a variable and one to three whole numbers`, scope.report);
  }
  const end = numbers.at(-1) ?? 0;
  const start = numbers.length > 1 ? (numbers[0] ?? 0) : end < 0 ? -1 : 1;
  const step = numbers.length === 3 ? (numbers[1] ?? 0) : end < start ? -1 : 1;
  if (step === 0 || (end - start) * step < 0) {
    return fail(spec, `steps of ${step} never lead from ${start} to ${end}`, scope.report);
  }
  const count = Math.floor((end - start) / step) + 1;
  if (count > roundsMax) return fail(spec, `that is ${count} lines`, scope.report);
  return Array.from({ length: count }, (_, round) => {
    const number = start + round * step;
    const text = kind === 'SEQx' ? hexadecimal(number) : String(number);
    return new Map([[name, [madeValue(text, spec, scope)]]]);
  });
}

/** As C prints it: a negative number is its two's complement. */
const hexadecimal = (number: number): string => BigInt.asUintN(64, BigInt(number)).toString(16);

function listed(items: readonly string[], spec: Span, scope: Scope): Repetition['rounds'] {
  const [first = '', ...rest] = items;
  const names = members(first);
  if (!names.every(isName) || rest.length === 0) {
    return fail(spec, '~LST needs a variable and its values', scope.report);
  }
  const rounds = rest.map((item) => (names.length > 1 || isGroup(first) ? members(item) : [item]));
  const wrong = rounds.find((round) => round.length > names.length || round.some(hasBlank));
  if (wrong !== undefined) {
    const what = wrong.some(hasBlank)
      ? `a value of ~LST has no blanks, found '${wrong.find(hasBlank)}'`
      : `'${wrong.join(',')}' has more values than there are variables`;
    return fail(spec, what, scope.report);
  }
  return rounds.map(
    (round) =>
      new Map(names.map((name, at) => [name, [madeValue(round[at] ?? '', spec, scope)]] as const)),
  );
}

const isGroup = (item: string): boolean => item.startsWith('{') && item.endsWith('}');
const members = (item: string): readonly string[] =>
  isGroup(item) ? item.slice(1, -1).split(',').map(trim) : [item];
const hasBlank = (value: string): boolean => /\s/.test(value);
const trim = (value: string): string => value.trim();
const isName = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name);

/** As C reads it with base 0: 0x is hexadecimal, a leading 0 octal. */
function readInteger(word: string): number | null {
  const match = /^([+-]?)(0[xX][0-9a-fA-F]{1,12}|[0-9]{1,15})$/.exec(word);
  if (match === null) return null;
  const [, sign = '', digits = ''] = match;
  const isOctal = /^0[0-7]+$/.test(digits);
  if (/^0[0-9]*[89]/.test(digits)) return null;
  const number = isOctal ? Number.parseInt(digits, 8) : Number(digits);
  return sign === '-' ? -number : number;
}

/** The bracket that closes; braces in between may hold commas, nothing else. */
function closing(line: string, from: number): number {
  for (let at = from; at < line.length; at++) if (line.charAt(at) === ')') return at;
  return -1;
}

/** At commas outside braces; blanks around a value do not count. */
function split(text: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let item = '';
  for (const c of text) {
    if (c === '{') depth++;
    if (c === '}') depth--;
    if (c === ',' && depth === 0) {
      items.push(item);
      item = '';
    } else item += c;
  }
  items.push(item);
  return items.map((one) => (one.split('').every(isBlank) ? '' : one.trim()));
}

function fail(spec: Span, what: string, report: Report): null {
  report(
    error('bad-sequence', spec, what, {
      label: 'the line is left out',
      help: '~SEQ(VAR, 1, 10) text ${VAR}, or ~LST(VAR, a, b) text ${VAR}',
    }),
  );
  return null;
}
