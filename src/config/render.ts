/**
 * A diagnostic as text for people: place, excerpt, carets, why, help. Colour only when asked.
 * The excerpt hides passwords: what `check` prints ends up in tickets.
 */
import type { Diagnostic, Severity } from './diagnostic';
import { lineOf, locate, type Source, type Span, slice } from './source';

export interface RenderOptions {
  readonly color: boolean;
}

const excerptWidthMax = 160;
const tabWidth = 4;

const colors: Readonly<Record<Severity | 'dim' | 'bold', string>> = {
  error: '\x1b[1;31m',
  warning: '\x1b[1;33m',
  info: '\x1b[1;36m',
  dim: '\x1b[2m',
  bold: '\x1b[1m',
};

export function render(diagnostic: Diagnostic, options: RenderOptions): string {
  const paint = (color: keyof typeof colors, text: string): string =>
    options.color ? `${colors[color]}${text}\x1b[0m` : text;
  const { span, severity, code, what } = diagnostic;
  const place = locate(span);
  const { line, column } = place;
  const where = `${place.span.source.name}:${line}:${column}`;
  const head = `${paint('bold', where)}: ${paint(severity, `${severity}[${code}]`)}: ${show(what)}`;
  const excerpt = excerptOf(diagnostic, place.span, line);
  const lines = [
    head,
    `${paint('dim', `${excerpt.gutter} |`)} ${excerpt.text}`,
    `${paint('dim', `${' '.repeat(excerpt.gutter.length)} |`)} ${paint(severity, excerpt.carets)}`,
  ];
  if (diagnostic.why !== null) lines.push(`why:  ${show(diagnostic.why)}`);
  if (diagnostic.help !== null) lines.push(`help: ${indented(diagnostic.help)}`);
  for (const at of place.expandedAt) lines.push(seeLine(at, 'expanded here'));
  for (const { span: other, what: says } of diagnostic.related) lines.push(seeLine(other, says));
  return lines.map((text, index) => (index === 0 ? text : text.trimEnd())).join('\n');
}

/** A proposal may have lines of its own: they stand below each other. */
const indented = (text: string): string => text.split('\n').map(show).join('\n      ');

function seeLine(span: Span, says: string): string {
  const { span: at, line, column } = locate(span);
  return `see:  ${at.source.name}:${line}:${column}: ${show(says)}`;
}

interface Excerpt {
  readonly gutter: string;
  readonly text: string;
  readonly carets: string;
}

function excerptOf(diagnostic: Diagnostic, { source, start, end }: Span, line: number): Excerpt {
  const { text: visible, start: lineStart } = visibleLine(source, line);
  // A password that a name stands for is written on the line of its definition.
  const text = holdsSecret(diagnostic.span)
    ? visible.replace(/=.*/, (s) => s.replace(/\S/g, '*'))
    : visible;
  const from = Math.min(start - lineStart, text.length);
  const to = Math.max(from, Math.min(end - lineStart, text.length));
  const clipped = clip(text, from);
  const before = show(text.slice(clipped.start, from));
  const under = show(text.slice(from, Math.min(to, clipped.end)));
  const label = diagnostic.label === null ? '' : ` ${show(diagnostic.label)}`;
  const lead = clipped.start > 0 ? '…' : '';
  const tail = clipped.end < text.length ? '…' : '';
  return {
    gutter: String(line).padStart(4),
    text: `${lead}${show(text.slice(clipped.start, clipped.end))}${tail}`,
    carets: `${' '.repeat(width(lead + before))}${'^'.repeat(Math.max(1, width(under)))}${label}`,
  };
}

/** The window of a long line that shows the place. */
function clip(text: string, from: number): { start: number; end: number } {
  if (text.length <= excerptWidthMax) return { start: 0, end: text.length };
  const start = Math.max(0, from - excerptWidthMax / 2);
  return { start, end: Math.min(text.length, start + excerptWidthMax) };
}

/** The words behind auth_pass, password, webhook_bearer, and key with its number, with the secret
 * replaced letter for letter; what a comment cut off (`pa#ss`) was meant to belong to it. */
function visibleLine(source: Source, line: number): { text: string; start: number } {
  const { text, start } = lineOf(source, line);
  const hide = (_: string, keyword: string, secret: string): string =>
    keyword + secret.replace(/\S/g, '*');
  return { text: text.replace(secretWords, hide), start };
}

const keyword = String.raw`\b(?:auth_pass|(?:smtp_)?password|webhook_bearer)\s`;
const secretWord = new RegExp(String.raw`${keyword}|\bkey\s+\S+\s`);
const secretWords = new RegExp(
  String.raw`(${keyword}\s*|\bkey\s+[^\s{}]+\s+)((?:"[^"]*"?|[^{}#!"]|(?<=\S)[#!]\S*)+)`,
  'g',
);

/** Whether the words come from another line and a password is among them. */
function holdsSecret({ source, start, end }: Span): boolean {
  if (source.origin?.pieces == null) return false;
  const text = slice({ source, start: 0, end: source.text.length });
  return secretWord.test(text) && end > start;
}

/** Tabs become blanks, control characters a dot: no text of the user reaches a terminal raw. */
function show(text: string): string {
  return text.replace(/\t/g, ' '.repeat(tabWidth)).replace(/\p{Cc}/gu, '\u00b7');
}

/** Columns on a terminal: two for East Asian wide characters, none for combining marks. */
function width(text: string): number {
  let columns = 0;
  for (const character of text) columns += characterWidth(character);
  return columns;
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(character)) return 0;
  const wide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf && code !== 0x303f) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0xffe0 && code <= 0xffe6) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return wide ? 2 : 1;
}
