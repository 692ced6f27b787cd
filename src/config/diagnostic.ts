/**
 * What the reader of a configuration has to tell: one finding each, with its place, its own
 * severity, the reason and the way out. A diagnostic never holds a password.
 */
import { compareSpans, locate, type Source, type Span } from './source';

export type Severity = 'error' | 'warning' | 'info';

export interface Diagnostic {
  /** kebab-case, stable: scripts may match it. */
  readonly code: string;
  readonly severity: Severity;
  readonly span: Span;
  /** lower case, no full stop, the user's own words in quotes. */
  readonly what: string;
  /** printed behind the carets. */
  readonly label: string | null;
  readonly why: string | null;
  readonly help: string | null;
  readonly related: readonly Related[];
}

export interface Related {
  readonly span: Span;
  readonly what: string;
}

/** Where the rooms of this folder hand in their findings. */
export type Report = (diagnostic: Diagnostic) => void;

interface Extra {
  readonly label?: string | null;
  readonly why?: string | null;
  readonly help?: string | null;
  readonly related?: readonly Related[];
}

const make =
  (severity: Severity) =>
  (code: string, span: Span, what: string, extra: Extra = {}): Diagnostic => ({
    code,
    severity,
    span,
    what,
    label: extra.label ?? null,
    why: extra.why ?? null,
    help: extra.help ?? null,
    related: extra.related ?? [],
  });

export const error = make('error');
export const warning = make('warning');
export const info = make('info');

/** In the order of the file; findings at one place stay in the order they were made. */
export const inFileOrder = (diagnostics: readonly Diagnostic[]): readonly Diagnostic[] =>
  [...diagnostics].sort((a, b) => compareSpans(a.span, b.span));

/** A line of a million braces has one thing to say, not a million. */
const perLineMax = 20;

/**
 * A line that is repeated or used many times says the same at one place many times; the first
 * one speaks for all and counts the others.
 */
export function onceEach(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const said = new Map<Source, Said>();
  const order: Diagnostic[][] = [];
  for (const one of diagnostics) {
    const { span, line } = locate(one.span);
    const here = said.get(span.source) ?? { places: new Map(), lines: new Map() };
    said.set(span.source, here);
    // Only what was put together can be said twice.
    const isMade = one.span.source.origin?.pieces != null;
    const place = `${one.code} ${span.start} ${isMade ? '' : one.what}`;
    const onLine = here.lines.get(`${one.code} ${line}`) ?? [];
    const full = onLine.length >= perLineMax ? onLine.at(-1) : undefined;
    const group = here.places.get(place) ?? full;
    if (group !== undefined) {
      group.push(one);
      continue;
    }
    const fresh = [one];
    here.places.set(place, fresh);
    here.lines.set(`${one.code} ${line}`, [...onLine, fresh]);
    order.push(fresh);
  }
  return order.map(spokenFor);
}

/** The groups of findings that one speaks for: by place, and by line. */
interface Said {
  readonly places: Map<string, Diagnostic[]>;
  readonly lines: Map<string, readonly Diagnostic[][]>;
}

function spokenFor(group: readonly Diagnostic[]): Diagnostic {
  const [first, ...others] = group;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return first as Diagnostic;
  const what = `and ${others.length === 1 ? 'once' : `${others.length} times`} more, last here`;
  return { ...first, related: [...first.related, { span: last.span, what }] };
}

/** The nearest candidate when it is near enough to be a slip of the finger, else null. */
export function didYouMean(word: string, candidates: Iterable<string>): string | null {
  const limit = Math.min(3, Math.max(1, Math.floor(word.length / 3)));
  let best: string | null = null;
  let bestDistance = limit + 1;
  const lower = word.toLowerCase();
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) > limit) continue;
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Insertions, deletions, replacements and swaps of neighbours that turn a into b; `enough` when
 * there are as many or more.
 */
function editDistance(a: string, b: string, enough: number): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  let leastBefore = 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      }
      row.push(cost);
      least = Math.min(least, cost);
    }
    // A swap reaches two rows back, nothing further: it cannot become less than these.
    if (least >= enough && leastBefore >= enough) return enough;
    leastBefore = least;
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? 0;
