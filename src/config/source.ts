/**
 * A file's text and places in it. A Span is two offsets; lines and columns are worked out
 * only when somebody asks, so that parsing never pays for them.
 */
export interface Source {
  readonly name: string;
  readonly text: string;
}

/** Half-open: the characters start..end-1 of the source. Offsets are UTF-16 units. */
export interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

export interface Position {
  /** from 1 */
  readonly line: number;
  /** from 1, in characters (code points) as an editor counts them. */
  readonly column: number;
}

const lineStarts = new WeakMap<Source, readonly number[]>();

export const createSource = (name: string, text: string): Source => ({ name, text });

export const spanOf = (source: Source, start: number, end: number): Span => ({
  source,
  start,
  end,
});

/** From the beginning of one to the end of the other. */
export const cover = (a: Span, b: Span): Span => spanOf(a.source, a.start, b.end);

export const slice = (span: Span): string => span.source.text.slice(span.start, span.end);

export function positionOf(source: Source, offset: number): Position {
  const starts = startsOf(source);
  const line = lineIndex(starts, offset);
  const before = source.text.slice(starts[line] ?? 0, offset);
  return { line: line + 1, column: [...before].length + 1 };
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
