/**
 * `$NAME=value` and the text that takes the place of `$NAME` and `${NAME}`. A value counts where
 * it is used, not where it is written, so names in it are looked up then. What nobody has defined
 * stays as it stands, as in keepalived.
 */
import { type Report, warning } from './diagnostic';
import type { Host } from './host';
import { nameLength, physicalLine, skipBlanks, trimmedEnd } from './lines';
import { createSource, type Origin, type Piece, type Source, type Span, spanOf } from './source';

/** What one line may become; keepalived's own bound is far lower. */
const lineMax = 64_000;

/** The lines of a value: one, or those that trailing backslashes add. */
export type Definition = readonly Span[];

export interface Scope {
  readonly defined: Map<string, Definition>;
  readonly host: Host;
  readonly report: Report;
  /** numbers what is made, in the order of reading. */
  made: number;
  /** characters that may still be made. */
  budget: number;
}

/** `$NAME=`, only blanks in front of it. */
export const definitionHead = (text: string): string | null =>
  /^\$([A-Za-z_]\w*)=/.exec(text)?.[1] ?? null;

/**
 * Reads `$NAME=value` at `start`. `codeEnd`: where the comment of the first line begins. Returns
 * the offset behind the last line it took; `end` itself when the value has one line.
 */
export function define(
  source: Source,
  start: number,
  of: { readonly codeEnd: number; readonly end: number },
  readCode: (start: number, end: number) => number,
  scope: Scope,
): number {
  const { text } = source;
  const name = definitionHead(text.slice(start, of.codeEnd)) ?? '';
  const lines: Span[] = [];
  let from = skipBlanks(text, start + name.length + 2, of.codeEnd);
  let to = trimmedEnd(text, from, of.codeEnd);
  let at = of.end;
  // Inside a value that is put in, each line is a text of its own: nothing follows it.
  while (to > from && text.charAt(to - 1) === '\\') {
    lines.push(spanOf(source, from, trimmedEnd(text, from, to - 1)));
    const next = text.indexOf('\n', at) + 1;
    if (next === 0) break;
    const { end } = physicalLine(text, next);
    from = skipBlanks(text, next, end);
    to = trimmedEnd(text, from, readCode(from, end));
    at = end;
    // A line with nothing on it ends the value.
    if (from === end) break;
  }
  if (to > from && text.charAt(to - 1) !== '\\') lines.push(spanOf(source, from, to));
  scope.defined.set(name, lines);
  return at;
}

/**
 * The lines that a text becomes when its names are replaced: one, or more when a value of several
 * lines stands at its end. Null: there is nothing to replace.
 */
export function substitute(line: Span, scope: Scope): readonly Span[] | null {
  const { source, start, end } = line;
  const uses = namesIn(source, start, end, scope);
  if (uses.length === 0) return null;
  const pieces: Text[] = [];
  let more: readonly Span[] = [];
  let from = start;
  for (const { name, use, value } of uses) {
    if (value.length > 1 && use.end < end) {
      reportInside(name, use, scope.report);
      continue;
    }
    pieces.push({ typed: spanOf(source, from, use.start), use: null });
    const [first, ...rest] = value;
    if (first !== undefined) pieces.push({ typed: first, use });
    more = rest;
    from = use.end;
  }
  if (from === start) return null;
  pieces.push({ typed: spanOf(source, from, end), use: null });
  const length = pieces.reduce((sum, { typed }) => sum + typed.end - typed.start, 0);
  // A value that holds its own name twice doubles the line each time.
  if (length > lineMax) scope.budget = -1;
  const last = uses.at(-1)?.use ?? line;
  return [
    assemble(line, pieces, scope),
    ...more.map((typed) => assemble(line, [{ typed, use: last }], scope)),
  ];
}

/** A value that was worked out, such as a number: it stands for `by`. */
export function madeValue(text: string, by: Span, scope: Scope): Span {
  const pieces: Piece[] = [{ start: 0, end: text.length, typed: null, use: by }];
  return whole(text, { by, index: scope.made++, pieces });
}

interface Text {
  readonly typed: Span;
  /** null: it stands where it was typed. */
  readonly use: Span | null;
}

function assemble(by: Span, texts: readonly Text[], scope: Scope): Span {
  const pieces: Piece[] = [];
  let text = '';
  for (const { typed, use } of texts) {
    if (typed.end === typed.start) continue;
    const start = text.length;
    text += typed.source.text.slice(typed.start, typed.end);
    pieces.push({
      start,
      end: text.length,
      typed: isMade(typed) ? null : typed,
      use: use ?? typed,
    });
  }
  if (pieces.length === 0) pieces.push({ start: 0, end: 0, typed: null, use: by });
  scope.budget -= text.length + 1;
  return whole(text, { by, index: scope.made++, pieces });
}

/** Worked out, so nobody typed it. */
const isMade = ({ source }: Span): boolean => source.origin?.pieces?.[0]?.typed === null;

function whole(text: string, origin: Origin): Span {
  return spanOf(createSource(origin.by.source.name, text, origin), 0, text.length);
}

interface Use {
  readonly name: string;
  readonly use: Span;
  readonly value: Definition;
}

/** Every name that has a value. `$NAME` counts before a blank, a comma, a bracket or the end. */
function namesIn(source: Source, start: number, end: number, scope: Scope): readonly Use[] {
  const { text } = source;
  const uses: Use[] = [];
  for (let at = text.indexOf('$', start); at !== -1 && at < end; at = text.indexOf('$', at)) {
    const braced = nameLength(text, at, end);
    const bare = braced > 0 ? 0 : bareLength(text, at, end);
    const length = braced || bare;
    const inner = braced > 0 ? text.slice(at + 2, at + length - 1) : text.slice(at + 1, at + bare);
    if (length > 0) {
      const use = spanOf(source, at, at + length);
      const value = lookUp(inner, use, scope);
      if (value !== null) uses.push({ name: inner, use, value });
    }
    at += Math.max(1, length);
  }
  return uses;
}

function bareLength(text: string, at: number, end: number): number {
  const name = /^\$[A-Za-z_]\w*/.exec(text.slice(at, Math.min(end, at + 256)))?.[0] ?? '';
  const next = at + name.length;
  return name !== '' && (next === end || /[ \t,)]/.test(text.charAt(next))) ? name.length : 0;
}

/** A name of the file's own, else one of those that are always there. */
function lookUp(inner: string, use: Span, scope: Scope): Definition | null {
  const [name = '', ...words] = inner.trim().split(/[ \t]+/);
  const own = words.length === 0 ? scope.defined.get(name) : undefined;
  if (own !== undefined) return own;
  const text = builtIn(name, words, use.source, scope);
  return text === null ? null : [madeValue(text, use, scope)];
}

const randomMax = 32767;

function builtIn(
  name: string,
  words: readonly string[],
  source: Source,
  { host }: Scope,
): string | null {
  switch (name) {
    case '_PWD':
      return host.files.folderOf(source.name);
    case '_INSTANCE':
      return host.configId;
    case '_HASH':
      return '#';
    case '_BANG':
      return '!';
    case '_ENV':
      return words[0] === undefined ? null : host.environment(words[0]);
    case '_RANDOM': {
      const [min = 0, max = randomMax] = words.map(Number);
      const fits = words.every((word) => /^\d{1,9}$/.test(word)) && words.length <= 2 && min <= max;
      return fits ? String(host.random(min, max)) : null;
    }
    default:
      return null;
  }
}

function reportInside(name: string, use: Span, report: Report): void {
  report(
    warning('definition-inside', use, `'$${name}' has several lines, and text follows it`, {
      label: 'not replaced',
      why: 'a definition of several lines counts as a whole line or at the end of one',
      help: 'put what follows on a line of its own',
    }),
  );
}

/** What looks like a name and has no value, once the rest of the line is replaced. */
export function reportUndefined(line: Span, secret: boolean, scope: Scope): void {
  const { source, start, end } = line;
  const seen = new Set<string>();
  for (const match of source.text
    .slice(start, end)
    .matchAll(/\$\{(\w+)[^{}"]*\}|\$([A-Za-z_]\w*)/g)) {
    const name = match[1] ?? match[2] ?? '';
    if (seen.has(name)) continue;
    seen.add(name);
    const at = start + match.index;
    const next = at + match[0].length;
    const endsName = next >= end || /[\s,)]/.test(source.text.charAt(next));
    const isNear = scope.defined.has(name);
    // In quotes it is most likely for a shell; in front of other letters, nobody's name.
    const before = source.text.slice(start, at).split('"').length;
    if (!isNear && (before % 2 === 0 || (match[2] !== undefined && !endsName))) {
      continue;
    }
    // A password that looks like a name is not for the terminal.
    const written = secret ? '$…' : match[0];
    scope.report(
      warning(
        'undefined-name',
        spanOf(source, at, at + match[0].length),
        isNear
          ? `'${written}' is not replaced here`
          : `'${written}' is not defined, so it is plain text`,
        {
          label: 'taken as it stands',
          why: isNear
            ? 'without braces a name ends at a blank, a comma, a bracket or the line'
            : null,
          help: secret
            ? null
            : isNear
              ? `write \${${name}}`
              : `$${name}=value on a line above it defines it`,
        },
      ),
    );
  }
}
