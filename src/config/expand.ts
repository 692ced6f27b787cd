/**
 * A file into the tokens of everything it says: included files read, names replaced, lines
 * repeated, conditions judged. It goes line by line, as keepalived does, and each part of a line
 * behind a brace counts as a line again. What it makes is a Source of its own that knows where
 * its letters were typed. Bounded: no definition can make it run for ever.
 */
import { define, definitionHead, reportUndefined, type Scope, substitute } from './definitions';
import { error, type Report, warning } from './diagnostic';
import type { Host } from './host';
import {
  allChecks,
  type Checks,
  checksOf,
  isInclude,
  noChecks,
  patternAt,
  readChecks,
  readPattern,
} from './include';
import { lexLine, type Token } from './lexer';
import { braceAt, commentAt, physicalLine, skipBlanks } from './lines';
import { isSequence, readSequence } from './sequence';
import { createSource, type Source, type Span, spanOf } from './source';

export interface Expansion {
  readonly host: Host;
  readonly report: Report;
  /** the option -e: every include must find and read its files. */
  readonly includeChecks?: boolean;
}

/** keepalived drops a line that is longer than this. */
const lineBytesMax = 1023;
/** What definitions and sequences may make of a file: 10,000 instances from a template and more. */
const madeCharactersMax = 16_000_000;
const madeLinesMax = 250_000;
/** Of names within names, and of files within files. */
const depthMax = 64;
const filesMax = 10_000;

interface State extends Scope {
  readonly tokens: Token[];
  /** the files being read, outermost first. */
  readonly open: Source[];
  checks: Checks;
  files: number;
  /** that may still be made. */
  lines: number;
  /** said once. */
  exhausted: boolean;
}

export function expand(source: Source, { host, report, includeChecks }: Expansion): Token[] {
  const state: State = {
    host,
    report,
    defined: new Map(),
    made: 0,
    budget: madeCharactersMax,
    lines: madeLinesMax,
    tokens: [],
    open: [],
    checks: includeChecks === true ? allChecks : noChecks,
    files: 1,
    exhausted: false,
  };
  readFile(source, state);
  return state.tokens;
}

function readFile(source: Source, state: State): void {
  const { text } = source;
  if (reportOtherEncoding(source, state.report)) return;
  state.open.push(source);
  let at = text.startsWith('\uFEFF') ? 1 : 0;
  while (at < text.length) {
    const { end, next } = physicalLine(text, at);
    reportLine(source, at, end, state.report);
    const stop = takeLine(spanOf(source, at, end), state, { depth: 0, repeated: false });
    at = stop === end ? next : physicalLine(text, stop).next;
  }
  state.open.pop();
}

/** Every second octet of a text in UTF-16 is a NUL; nothing can be read in it. */
function reportOtherEncoding(source: Source, report: Report): boolean {
  const head = source.text.slice(0, 400);
  const nuls = head.split('\0').length - 1;
  if (nuls < 4 || nuls * 3 < head.length || nuls * 3 > head.length * 2) return false;
  report(
    error('not-utf-8', spanOf(source, 0, 1), 'this file is not UTF-8', {
      label: 'not read',
      why: 'every second octet is zero, as in UTF-16; keepalived ignores such lines',
      help: 'convert it: iconv -f UTF-16 -t UTF-8',
    }),
  );
  return true;
}

function reportLine(source: Source, start: number, end: number, report: Report): void {
  const line = source.text.slice(start, end);
  const first = spanOf(source, start, Math.min(end, start + 1));
  if (line.length > lineBytesMax / 4 && Buffer.byteLength(line) > lineBytesMax) {
    report(
      warning('long-line', first, 'line is longer than 1023 bytes', {
        why: 'keepalived drops such a line; holdfast reads it',
      }),
    );
  }
  const nul = line.indexOf('\0');
  if (nul === -1) return;
  report(
    warning('nul-byte', spanOf(source, start + nul, start + nul + 1), 'line contains a NUL', {
      why: 'keepalived ignores such a line; holdfast takes the NUL for a letter',
    }),
  );
}

interface Manner {
  readonly depth: number;
  /** made by ~SEQ or ~LST: such a line defines nothing. */
  readonly repeated: boolean;
}

/** Most lines have nothing that this room is for. */
const special = /[$~@]|include/;

/** Reads one logical line. Returns its end, or where a definition over several lines ends. */
function takeLine(line: Span, state: State, manner: Manner): number {
  const { source, start, end } = line;
  let stop = end;
  if (special.test(source.text.slice(start, end))) stop = takeParts(line, state, manner);
  else lexLine(line, state.tokens, state.report);
  state.tokens.push({ kind: 'newline', span: spanOf(source, stop, stop) });
  return stop;
}

/** Part by part: what stands at the beginning of each decides what it is. */
function takeParts({ source, start, end }: Span, state: State, manner: Manner): number {
  const { text } = source;
  const codeEnd = commentAt(text, start, end);
  let isReplaced = false;
  let at = skipBlanks(text, start, codeEnd);
  while (at < codeEnd) {
    const rest = text.slice(at, Math.min(codeEnd, at + 300));
    const part = spanOf(source, at, codeEnd);
    if (rest.startsWith('@')) {
      const condition = /^@(\^?)([^\s]*)/.exec(rest);
      const isOurs = condition?.[2] === state.host.configId;
      if (isOurs === (condition?.[1] === '^')) return end;
      at = skipBlanks(text, at + (condition?.[0].length ?? 1), codeEnd);
    } else if (!manner.repeated && definitionHead(rest) !== null) {
      return define(source, at, { codeEnd, end }, (a, b) => commentAt(text, a, b), state);
    } else if (isSequence(rest)) {
      repeat(part, state, manner);
      return end;
    } else if (isInclude(rest)) {
      at = skipBlanks(text, include(part, state), codeEnd);
    } else if (!isReplaced && replaced(part, state, manner)) {
      return end;
    } else {
      isReplaced = true;
      noteChecks(rest, state);
      const brace = braceAt(text, at, codeEnd);
      // The comment goes to the lexer with the last part: it may have cut a word in two.
      const to = brace === -1 ? end : brace + 1;
      lexLine(spanOf(source, at, to), state.tokens, state.report);
      at = brace === -1 ? codeEnd : skipBlanks(text, to, codeEnd);
    }
  }
  return end;
}

/** `include_check` counts for the includes that follow. */
function noteChecks(rest: string, state: State): void {
  const words = /^include_check(?:[ \t]+(.*))?$/.exec(rest);
  if (words !== null)
    state.checks = readChecks((words[1] ?? '').split(/\s+/).filter(Boolean), state.checks);
}

/** Reads the line again with its names replaced; false: it has none. */
function replaced(part: Span, state: State, manner: Manner): boolean {
  const lines = substitute(part, state);
  if (lines === null) {
    const text = part.source.text.slice(part.start, part.end);
    if (text.includes('$'))
      reportUndefined(part, /\b(auth_pass|smtp_password|webhook_bearer)\b/.test(text), state);
    return false;
  }
  takeMade(lines, part, state, manner);
  return true;
}

function repeat(part: Span, state: State, manner: Manner): void {
  const { rounds, rest } = readSequence(part.source, part.start, part.end, state);
  const text = spanOf(part.source, rest, part.end);
  for (const round of rounds ?? []) {
    for (const [name, value] of round) state.defined.set(name, value);
    takeMade([text], part, state, { ...manner, repeated: true });
    if (state.exhausted) return;
  }
}

function takeMade(lines: readonly Span[], by: Span, state: State, manner: Manner): void {
  if (manner.depth >= depthMax || state.budget < 0 || state.lines < 0) {
    exhaust(by, manner.depth >= depthMax, state);
    return;
  }
  for (const line of lines) {
    state.lines--;
    // Lines of a definition may define; only what a sequence itself repeats may not.
    const repeated = manner.repeated && lines.length === 1;
    takeLine(line, state, { depth: manner.depth + 1, repeated });
    if (state.exhausted) return;
  }
}

function exhaust(by: Span, isDeep: boolean, state: State): void {
  if (state.exhausted) return;
  state.exhausted = true;
  state.report(
    error('endless-definition', by, 'this line never ends being replaced', {
      label: 'left out, and so is what would follow from it',
      why: isDeep
        ? `names stand in the values of names ${depthMax} times over`
        : `it would become more than ${madeLinesMax} lines or ${madeCharactersMax} characters`,
      help: 'a value must not contain its own name',
    }),
  );
}

/** Reads the files that are named; returns the offset behind the pattern. */
function include(part: Span, state: State): number {
  const { source, start, end } = part;
  const word = /^\w+/.exec(source.text.slice(start, Math.min(end, start + 10)))?.[0] ?? '';
  const pattern = patternAt(source, start + word.length, end);
  const { host, report } = state;
  const including = state.open.at(-1) ?? source;
  const folder = host.files.folderOf(including.name);
  const of = { folder, checks: checksOf(word, state.checks), files: host.files };
  // What was open on this line ends in front of the other file.
  state.tokens.push({ kind: 'newline', span: spanOf(source, start, start) });
  for (const { path, text } of readPattern(word, pattern, of, report)) {
    const loop = state.open.some(({ name }) => name === path);
    if (loop || state.open.length >= depthMax || ++state.files > filesMax) {
      reportLoop(pattern.span, path, loop, report);
      continue;
    }
    const by = spanOf(source, start, pattern.span.end);
    readFile(createSource(path, text, { by, index: state.made++, pieces: null }), state);
  }
  return pattern.span.end;
}

function reportLoop(span: Span, path: string, loop: boolean, report: Report): void {
  report(
    error('include-loop', span, loop ? `${path} includes itself` : `too many files: ${path}`, {
      label: 'not read again',
      why: loop
        ? 'keepalived would read it over and over'
        : `at most ${filesMax} files, ${depthMax} deep`,
    }),
  );
}
