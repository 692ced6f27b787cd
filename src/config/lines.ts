/**
 * What a line of keepalived.conf is made of before any word counts: its end, its comment, its
 * braces, its names in `${…}`. Shared by whoever reads lines, so that all agree on quotes.
 */

export const isBlank = (c: string): boolean =>
  c === ' ' || c === '\t' || c === '\r' || c === '\f' || c === '\v';
export const isComment = (c: string): boolean => c === '#' || c === '!';

export interface PhysicalLine {
  /** without trailing blanks and line ends. */
  readonly end: number;
  /** where the next line begins. */
  readonly next: number;
}

export function physicalLine(text: string, start: number): PhysicalLine {
  const newline = text.indexOf('\n', start);
  const next = newline === -1 ? text.length : newline + 1;
  return { end: trimmedEnd(text, start, newline === -1 ? text.length : newline), next };
}

export function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text.charAt(at - 1))) at--;
  return at;
}

export function skipBlanks(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isBlank(text.charAt(at))) at++;
  return at;
}

/** Where the comment begins, else `end`. Only double quotes protect; `\#` is a letter. */
export function commentAt(text: string, start: number, end: number): number {
  return find(text, start, end, isComment);
}

/** The first brace outside quotes and `${NAME}` before `end`, where a comment may begin; or -1. */
export function braceAt(text: string, start: number, end: number): number {
  const at = find(text, start, end, (c) => c === '{' || c === '}');
  return at === end ? -1 : at;
}

function find(text: string, start: number, end: number, wanted: (c: string) => boolean): number {
  let at = start;
  while (at < end) {
    const c = text.charAt(at);
    if (c === '"') {
      const closing = text.indexOf('"', at + 1);
      at = closing === -1 || closing >= end ? end : closing + 1;
    } else if (c === '\\' && isComment(text.charAt(at + 1))) {
      at += 2;
    } else if (c === '$') {
      at += Math.max(1, nameLength(text, at, end));
    } else if (wanted(c)) {
      return at;
    } else at++;
  }
  return end;
}

/** Nobody writes a longer name; a bound keeps a line of dollars from being read over and over. */
const nameLengthMax = 256;

/** The length of `${NAME}` or `${NAME words}` at `at`, braces included; 0 for anything else. */
export function nameLength(text: string, at: number, end: number): number {
  if (text.charAt(at) !== '$' || text.charAt(at + 1) !== '{') return 0;
  const match = /^\$\{[A-Za-z_]\w*(?:[ \t][^{}"]*)?\}/.exec(
    text.slice(at, Math.min(end, at + nameLengthMax)),
  );
  return match?.[0].length ?? 0;
}
