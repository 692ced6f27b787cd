/**
 * Texts and places in them. A Source is a file, or text that the file had made: a name put in,
 * a line repeated. A Span is two offsets; where its letters were typed, and on which line and
 * column, is worked out only when somebody asks, so that parsing never pays for it.
 */
export interface Source {
  readonly name: string;
  readonly text: string;
  /** null: the file that was asked for. */
  readonly origin: Origin | null;
}

export interface Origin {
  /** the line, or the part of one, whose reading made this text. */
  readonly by: Span;
  /** tells apart what one line made; grows in the order of reading. */
  readonly index: number;
  /** what the text is made of, without gaps; null: a file that was included. */
  readonly pieces: readonly Piece[] | null;
}

export interface Piece {
  /** half-open, in the text. */
  readonly start: number;
  readonly end: number;
  /** the letters as somebody typed them, one for one; null: they were worked out. */
  readonly typed: Span | null;
  /** what they stand for in the line that was expanded. */
  readonly use: Span;
}

/** Half-open: the characters start..end-1 of the source. Offsets are UTF-16 units. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export interface Place {
  /** in a file, where the letters were typed. */
  readonly span: Span;
  /** from 1 */
  readonly line: number;
  /** from 1, in characters (code points) as an editor counts them. */
  readonly column: number;
  /** the places that had them put elsewhere, innermost first. */
  readonly expandedAt: readonly Span[];
}

const lineStarts = new WeakMap<Source, readonly number[]>();

export const createSource = (name: string, text: string, origin: Origin | null = null): Source => ({
  name,
  text,
  origin,
});

export const spanOf = (source: Source, start: number, end: number): Span => ({
  source,
  start,
  end,
});

/** From the beginning of one to the end of the other. */
export const cover = (a: Span, b: Span): Span => spanOf(a.source, a.start, b.end);

export const slice = (span: Span): string => span.source.text.slice(span.start, span.end);

/** Where to look for it: file, line and column of what was typed. */
export function locate(span: Span): Place {
  const { span: at, via } = typedAt(span);
  const starts = startsOf(at.source);
  const line = lineIndex(starts, at.start);
  const start = starts[line] ?? 0;
  // What was put into its own line needs no second place.
  const expandedAt = via.filter(
    (one) => one.source !== at.source || lineIndex(starts, one.start) !== line,
  );
  return { span: at, line: line + 1, column: columnOf(at.source, start, at.start), expandedAt };
}

/** Whether a is read before b. Places in one file, in what it includes and what it repeats. */
export const isBefore = (a: Span, b: Span): boolean => compareSpans(a, b) < 0;

/** In the order of reading: below 0 when a comes first. */
export function compareSpans(a: Span, b: Span): number {
  if (a.source === b.source) return a.start - b.start;
  const left = pathOf(a);
  const right = pathOf(b);
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

/** Offset in the file, number of the text made there, offset in that, … */
function pathOf(span: Span): readonly number[] {
  const { origin } = span.source;
  if (origin === null) return [span.start];
  return [...pathOf(origin.by), origin.index, span.start];
}

interface Typed {
  readonly span: Span;
  readonly via: readonly Span[];
}

function typedAt(span: Span): Typed {
  const pieces = span.source.origin?.pieces;
  if (pieces === null || pieces === undefined) return { span, via: [] };
  const first = pieceAt(pieces, span.start);
  const last = pieceAt(pieces, Math.max(span.start, span.end - 1));
  if (first === last && first.typed !== null) {
    const { source, start, end } = first.typed;
    const from = Math.min(start + span.start - first.start, end);
    const inner = typedAt(spanOf(source, from, Math.min(end, from + span.end - span.start)));
    if (first.use === first.typed) return inner;
    const use = typedAt(first.use);
    return { span: inner.span, via: [...inner.via, use.span, ...use.via] };
  }
  // A word that was put together: the whole of what it was written as.
  return typedAt(first.use.source === last.use.source ? cover(first.use, last.use) : first.use);
}

/** The piece that holds an offset; the last one holds the end, too. */
function pieceAt(pieces: readonly Piece[], offset: number): Piece {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.end ?? 0) > offset) high = middle;
    else low = middle + 1;
  }
  return pieces[low] as Piece;
}

/** Counted once for each line and carried on, or a line of a megabyte would cost minutes. */
const columns = new WeakMap<Source, { start: number; at: number; column: number }>();

function columnOf(source: Source, start: number, at: number): number {
  const known = columns.get(source);
  const from = known?.start === start && known.at <= at ? known : { start, at: start, column: 1 };
  let { column } = from;
  for (let i = from.at; i < at; i++) {
    const unit = source.text.charCodeAt(i);
    // The second half of a pair is no character of its own.
    if (unit < 0xdc00 || unit > 0xdfff) column++;
  }
  columns.set(source, { start, at, column });
  return column;
}

/** The text of a line (from 1) without its ending, and the offset where it begins. */
export function lineOf(source: Source, line: number): { text: string; start: number } {
  const starts = startsOf(source);
  const start = starts[line - 1] ?? source.text.length;
  const end = starts[line] ?? source.text.length;
  return { text: source.text.slice(start, end).replace(/\r?\n$|\r$/, ''), start };
}

function startsOf(source: Source): readonly number[] {
  const known = lineStarts.get(source);
  if (known !== undefined) return known;
  const starts = [0];
  for (let i = source.text.indexOf('\n'); i !== -1; i = source.text.indexOf('\n', i + 1)) {
    starts.push(i + 1);
  }
  lineStarts.set(source, starts);
  return starts;
}

/** The last line that begins at or before the offset. */
function lineIndex(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
