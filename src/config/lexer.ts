/**
 * Text into words, braces and line ends, by keepalived's own rules: a comment begins at any
 * '#' or '!' outside double quotes, braces stand alone wherever they are, a quoted string is
 * one word. Nothing here knows a keyword. Never throws: what is wrong is reported and kept.
 */
import { error, type Report, warning } from './diagnostic';
import { type Source, type Span, spanOf } from './source';

export type Token =
  | { readonly kind: 'word'; readonly span: Span; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'open'; readonly span: Span }
  | { readonly kind: 'close'; readonly span: Span }
  | { readonly kind: 'newline'; readonly span: Span }
  /** `glued`: no blank in front, so it has cut a word in two. */
  | { readonly kind: 'comment'; readonly span: Span; readonly glued: boolean }
  /** `$NAME=value` with the lines that a trailing backslash adds to it. */
  | { readonly kind: 'definition'; readonly span: Span; readonly name: string };

/** keepalived drops a line that is longer than this. */
const lineBytesMax = 1023;

const isBlank = (c: string): boolean => c === ' ' || c === '\t' || c === '\f' || c === '\v';
const isComment = (c: string): boolean => c === '#' || c === '!';

export function lex(source: Source, report: Report): readonly Token[] {
  const tokens: Token[] = [];
  const { text } = source;
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const newline = text.indexOf('\n', at);
    const next = newline === -1 ? text.length : newline + 1;
    const end = trimmedEnd(text, at, newline === -1 ? text.length : newline);
    at = lexLine(source, at, end, next, tokens, report);
  }
  return tokens;
}

/** Lexes one physical line, or a definition over several; returns where to go on. */
function lexLine(
  source: Source,
  start: number,
  end: number,
  next: number,
  tokens: Token[],
  report: Report,
): number {
  const line = source.text.slice(start, end);
  const definition = /^[ \t]*\$([A-Za-z_]\w*)=/.exec(line);
  if (definition !== null) {
    const stop = definitionEnd(source.text, start);
    const span = spanOf(source, start + line.search(/\S/), stop.end);
    tokens.push({ kind: 'definition', span, name: definition[1] ?? '' });
    tokens.push({ kind: 'newline', span: spanOf(source, stop.end, stop.next) });
    return stop.next;
  }
  reportLine(source, start, line, report);
  lexWords(source, start, end, tokens, report);
  tokens.push({ kind: 'newline', span: spanOf(source, end, next) });
  return next;
}

function reportLine(source: Source, start: number, line: string, report: Report) {
  if (line.length > lineBytesMax / 4 && Buffer.byteLength(line) > lineBytesMax) {
    report(
      warning('long-line', spanOf(source, start, start + 1), 'line is longer than 1023 bytes', {
        why: 'keepalived drops such a line; holdfast reads it',
      }),
    );
  }
  const nul = line.indexOf('\0');
  if (nul !== -1) {
    report(
      warning('nul-byte', spanOf(source, start + nul, start + nul + 1), 'line contains a NUL', {
        why: 'keepalived ignores such a line; holdfast takes the NUL for a letter',
      }),
    );
  }
}

function lexWords(source: Source, start: number, end: number, tokens: Token[], report: Report) {
  const { text } = source;
  let at = start;
  while (at < end) {
    const c = text.charAt(at);
    if (isBlank(c) || c === '\r') {
      at++;
    } else if (isComment(c)) {
      const glued = at > start && tokens.at(-1)?.kind === 'word' && !isBlank(text.charAt(at - 1));
      tokens.push({ kind: 'comment', span: spanOf(source, at, end), glued });
      return;
    } else if (c === '{' || c === '}') {
      const span = spanOf(source, at, at + 1);
      tokens.push(c === '{' ? { kind: 'open', span } : { kind: 'close', span });
      at++;
    } else if (c === '"') {
      at = lexQuoted(source, at, end, tokens, report);
    } else {
      at = lexPlain(source, at, end, tokens);
    }
  }
}

/** A backslash does not protect a quote here: keepalived finds comments and braces first. */
function lexQuoted(
  source: Source,
  start: number,
  end: number,
  tokens: Token[],
  report: Report,
): number {
  const closing = source.text.indexOf('"', start + 1);
  const closed = closing !== -1 && closing < end;
  const stop = closed ? closing : end;
  const span = spanOf(source, start, closed ? stop + 1 : stop);
  tokens.push({ kind: 'word', span, text: source.text.slice(start + 1, stop), quoted: true });
  if (!closed) {
    report(
      error('unterminated-quote', span, 'this quote is never closed', {
        label: 'opened here',
        why: 'a string ends on the line where it begins',
        help: 'add the closing "',
      }),
    );
  }
  return span.end;
}

function lexPlain(source: Source, start: number, end: number, tokens: Token[]): number {
  const { text } = source;
  let at = start;
  let word = '';
  while (at < end) {
    const c = text.charAt(at);
    if (c === '\\' && at + 1 < end && isComment(text.charAt(at + 1))) {
      word += text.charAt(at + 1);
      at += 2;
      continue;
    }
    // ${NAME} stays whole, so that whoever expands names can still see it.
    const name = c === '$' ? /^\$\{\w+\}/.exec(text.slice(at, Math.min(end, at + 256))) : null;
    if (name !== null) {
      word += name[0];
      at += name[0].length;
      continue;
    }
    if (isBlank(c) || isComment(c) || c === '"' || c === '{' || c === '}' || c === '\r') break;
    word += c;
    at++;
  }
  tokens.push({ kind: 'word', span: spanOf(source, start, at), text: word, quoted: false });
  return at;
}

/** A definition goes on until a line that does not end in a backslash, or an empty one. */
function definitionEnd(text: string, start: number): { end: number; next: number } {
  let from = start;
  for (;;) {
    const newline = text.indexOf('\n', from);
    const next = newline === -1 ? text.length : newline + 1;
    const end = trimmedEnd(text, from, newline === -1 ? text.length : newline);
    if (end === from || text.charAt(end - 1) !== '\\' || next >= text.length) return { end, next };
    from = next;
  }
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && (isBlank(text.charAt(at - 1)) || text.charAt(at - 1) === '\r')) at--;
  return at;
}
