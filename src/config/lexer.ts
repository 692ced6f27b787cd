/**
 * One line into words and braces, by keepalived's own rules: a comment begins at any '#' or '!'
 * outside double quotes, braces stand alone wherever they are, a quoted string is one word.
 * Nothing here knows a keyword. Never throws: what is wrong is reported and kept.
 */
import { error, type Report } from './diagnostic';
import { isBlank, isComment, nameLength } from './lines';
import { type Source, type Span, spanOf } from './source';

export type Token =
  | { readonly kind: 'word'; readonly span: Span; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'open'; readonly span: Span }
  | { readonly kind: 'close'; readonly span: Span }
  | { readonly kind: 'newline'; readonly span: Span }
  /** `glued`: no blank in front, so it has cut a word in two. */
  | { readonly kind: 'comment'; readonly span: Span; readonly glued: boolean };

/** Appends the tokens of a line, or of a part of one; no newline. */
export function lexLine(line: Span, tokens: Token[], report: Report): void {
  lexWords(line.source, line.start, line.end, tokens, report);
}

function lexWords(source: Source, start: number, end: number, tokens: Token[], report: Report) {
  const { text } = source;
  let at = start;
  while (at < end) {
    const c = text.charAt(at);
    if (isBlank(c)) {
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
    // ${NAME} that nobody has defined stays whole.
    const name = c === '$' ? nameLength(text, at, end) : 0;
    if (name > 0) {
      word += text.slice(at, at + name);
      at += name;
      continue;
    }
    if (isBlank(c) || isComment(c) || c === '"' || c === '{' || c === '}') break;
    word += c;
    at++;
  }
  tokens.push({ kind: 'word', span: spanOf(source, start, at), text: word, quoted: false });
  return at;
}
