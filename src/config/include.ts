/**
 * `include` and its stricter sisters: which files a pattern names, relative to the file that
 * includes them, and what must hold for each. Reads through the Host, so it stays pure.
 */
import { type Diagnostic, error, info, type Report, warning } from './diagnostic';
import type { Files } from './host';
import { isBlank, skipBlanks } from './lines';
import { type Source, type Span, spanOf } from './source';

/** What must hold, or keepalived does not start. */
export interface Checks {
  /** every file found can be read. */
  readonly read: boolean;
  /** a pattern without wildcards finds its file. */
  readonly match: boolean;
  /** a pattern with wildcards finds something. */
  readonly wildcard: boolean;
  /** every alternative in braces finds something. */
  readonly brace: boolean;
}

export const noChecks: Checks = { read: false, match: false, wildcard: false, brace: false };
export const allChecks: Checks = { read: true, match: true, wildcard: true, brace: true };

export const isInclude = (text: string): boolean => /^include[rmwba]?(?=[ \t]|$)/.test(text);

/** The checks of `include`, `includer`, … beside those that `include_check` made the rule. */
export function checksOf(word: string, always: Checks): Checks {
  switch (word) {
    case 'includer':
      return { ...always, read: true };
    case 'includem':
      return { ...always, match: true };
    case 'includew':
      return { ...always, wildcard: true };
    case 'includeb':
      return { ...always, brace: true };
    case 'includea':
      return allChecks;
    default:
      return always;
  }
}

const checkNames: Readonly<Record<string, keyof Checks>> = {
  read: 'read',
  readable: 'read',
  match: 'match',
  wildcard: 'wildcard',
  wildcard_match: 'wildcard',
  brace: 'brace',
  brace_match: 'brace',
};

/** The words of `include_check` replace what was; those with + add to it, with - take away. */
export function readChecks(words: readonly string[], before: Checks): Checks {
  if (words.length === 0) return allChecks;
  let checks = words.some((word) => /^[+-]/.test(word)) ? before : noChecks;
  for (const word of words) {
    const name = word.replace(/^[+-]/, '');
    const on = !word.startsWith('-');
    if (name === 'all') checks = on ? allChecks : noChecks;
    const key = checkNames[name];
    if (key !== undefined) checks = { ...checks, [key]: on };
  }
  return checks;
}

export interface Pattern {
  readonly span: Span;
  readonly text: string;
}

/** The first word behind `include`; its own braces belong to it, another `}` does not. */
export function patternAt(source: Source, start: number, end: number): Pattern {
  const { text } = source;
  const from = skipBlanks(text, start, end);
  if (text.charAt(from) === '"') {
    const closing = text.indexOf('"', from + 1);
    const to = closing === -1 || closing >= end ? end : closing;
    return { span: spanOf(source, from, Math.min(end, to + 1)), text: text.slice(from + 1, to) };
  }
  let depth = 0;
  let to = from;
  for (; to < end && !isBlank(text.charAt(to)); to++) {
    if (text.charAt(to) === '{') depth++;
    if (text.charAt(to) === '}' && --depth < 0) break;
  }
  return { span: spanOf(source, from, to), text: text.slice(from, to) };
}

export interface Found {
  readonly path: string;
  readonly text: string;
}

/** The files that a pattern names, in order, each with its text. */
export function readPattern(
  word: string,
  { span, text }: Pattern,
  of: { readonly folder: string; readonly checks: Checks; readonly files: Files },
  report: Report,
): readonly Found[] {
  if (text === '') {
    report(
      warning('missing-parameter', span, `'${word}' needs the name of a file`, {
        label: 'ignored',
      }),
    );
    return [];
  }
  const alternatives = withoutBraces(text);
  const found = alternatives.map((pattern) => of.files.glob(pattern, of.folder));
  for (const [index, pattern] of alternatives.entries()) {
    if ((found[index] ?? []).length > 0) continue;
    const isNone = found.every((paths) => paths.length === 0);
    const finding = reportNone(
      span,
      { pattern, isBrace: alternatives.length > 1, isNone },
      of.checks,
    );
    if (finding !== null) report(finding);
  }
  const paths = [...new Set(found.flat())];
  return paths.flatMap((path) => readFound(path, span, of, report));
}

function reportNone(
  span: Span,
  of: { readonly pattern: string; readonly isBrace: boolean; readonly isNone: boolean },
  checks: Checks,
): Diagnostic | null {
  const isWild = /[*?[]/.test(of.pattern);
  const isWrong = of.isBrace ? checks.brace : isWild ? checks.wildcard : checks.match;
  const what = `no file is found for '${of.pattern}'`;
  if (isWrong || (of.isNone && !isWild && checks.match)) {
    return error('include-nothing', span, what, {
      why: 'the include asks for it; keepalived ends with exit code 6',
    });
  }
  const extra = { label: 'nothing is included', why: 'include never fails; includea would' };
  return isWild
    ? info('include-nothing', span, what, extra)
    : warning('include-nothing', span, what, extra);
}

function readFound(
  path: string,
  span: Span,
  of: { readonly checks: Checks; readonly files: Files },
  report: Report,
): readonly Found[] {
  const read = of.files.read(path);
  if (read.kind === 'text') return [{ path, text: read.text }];
  const extra = {
    label: 'skipped',
    why:
      read.kind === 'irregular'
        ? 'keepalived reads only regular files that are not executable'
        : null,
    help: read.kind === 'irregular' ? `chmod a-x ${path}, if it is configuration` : null,
  };
  const what = `cannot include ${path}: ${read.why}`;
  const isWrong = read.kind === 'unreadable' && of.checks.read;
  report(
    isWrong
      ? error('include-unreadable', span, what, { ...extra, label: null })
      : warning('include-unreadable', span, what, extra),
  );
  return [];
}

/** Nobody needs more; `{a,b}{a,b}…` doubles each time. */
const alternativesMax = 1024;

/** `x{a,{b,c}}y` → xay, xby, xcy. A pattern whose braces do not match stays as it is. */
function withoutBraces(pattern: string): readonly string[] {
  const done: string[] = [];
  const waiting = [pattern];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const group = firstGroup(next);
    if (group === null || done.length + waiting.length >= alternativesMax) {
      done.push(next);
      continue;
    }
    const { open, close, parts } = group;
    const head = next.slice(0, open);
    const tail = next.slice(close + 1);
    waiting.unshift(...parts.map((part) => head + part + tail));
  }
  return done;
}

function firstGroup(pattern: string): { open: number; close: number; parts: string[] } | null {
  const open = pattern.indexOf('{');
  if (open === -1) return null;
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < pattern.length; at++) {
    const c = pattern.charAt(at);
    if (c === '{') depth++;
    else if (c === ',' && depth === 1) {
      parts.push(pattern.slice(from, at));
      from = at + 1;
    } else if (c === '}' && --depth === 0) {
      return { open, close: at, parts: [...parts, pattern.slice(from, at)] };
    }
  }
  return null;
}
