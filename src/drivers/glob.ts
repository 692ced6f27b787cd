/**
 * glob(3) over the file system: * ? [a-z] [!a] [[:digit:]] and backslash, segment by segment;
 * hidden files only where the pattern begins with a dot. Sorted by bytes. Braces are the caller's.
 */
import { lstatSync, readdirSync, statSync } from 'node:fs';

/** Paths that match; relative patterns are looked up from the folder. Nothing is normalised. */
export function glob(pattern: string, folder: string): readonly string[] {
  const absolute = pattern.startsWith('/');
  const segments = pattern
    .split('/')
    .filter((segment, i, all) => segment !== '' || i === all.length - 1);
  if (pattern === '') return [];
  let found: readonly string[] = [absolute ? '/' : withSlash(folder)];
  for (const [index, segment] of segments.entries()) {
    const last = index === segments.length - 1;
    found = found.flatMap((base) => step(base, segment).map((one) => (last ? one : `${one}/`)));
  }
  return found.filter(exists).sort(byBytes);
}

const withSlash = (folder: string): string => (folder.endsWith('/') ? folder : `${folder}/`);

/** `base` ends in a slash. */
function step(base: string, segment: string): readonly string[] {
  const pattern = parse(segment);
  if (pattern.every((part) => typeof part === 'string')) return [base + pattern.join('')];
  const hidden = segment.startsWith('.');
  return entriesOf(base)
    .filter((name) => (hidden || !name.startsWith('.')) && matches(pattern, [...name]))
    .map((name) => base + name);
}

/** Of what is no folder there are none. */
function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** A link that leads nowhere matches, as in glob(3); reading it will say why it cannot be. */
function exists(file: string): boolean {
  try {
    return file.endsWith('/') ? statSync(file).isDirectory() : lstatSync(file) !== undefined;
  } catch {
    return false;
  }
}

const byBytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));

/** One character of a segment, or what may stand for some; `star`: for any number of them. */
type Part = string | { readonly star: true } | { readonly one: (c: string) => boolean };

/** Goes back to the last star only: each earlier one has taken as little as it can. */
function matches(pattern: readonly Part[], name: readonly string[]): boolean {
  let at = 0;
  let part = 0;
  let retry: { part: number; at: number } | null = null;
  while (at < name.length) {
    const wanted = pattern[part];
    if (typeof wanted === 'object' && 'star' in wanted) {
      retry = { part: ++part, at };
    } else if (wanted !== undefined && fits(wanted, name[at] ?? '')) {
      part++;
      at++;
    } else if (retry !== null) {
      retry = { part: retry.part, at: retry.at + 1 };
      ({ part, at } = retry);
    } else {
      return false;
    }
  }
  return pattern.slice(part).every((left) => typeof left === 'object' && 'star' in left);
}

const fits = (part: Exclude<Part, { readonly star: true }>, c: string): boolean =>
  typeof part === 'string' ? part === c : part.one(c);

function parse(segment: string): readonly Part[] {
  const letters = [...segment];
  const parts: Part[] = [];
  let at = 0;
  while (at < letters.length) {
    const c = letters[at] ?? '';
    const set = c === '[' ? setAt(letters, at) : null;
    if (set !== null) {
      parts.push({ one: set.one });
      at = set.end;
      continue;
    }
    if (c === '\\' && at + 1 < letters.length) parts.push(letters[++at] ?? '');
    else if (c === '*') parts.push({ star: true });
    else parts.push(c === '?' ? { one: () => true } : c);
    at++;
  }
  return parts;
}

const classes: Readonly<Record<string, RegExp>> = {
  alpha: /\p{L}/u,
  digit: /\d/,
  alnum: /[\p{L}\d]/u,
  lower: /\p{Ll}/u,
  upper: /\p{Lu}/u,
  space: /\s/,
  blank: /[ \t]/,
  punct: /[!-/:-@[-`{-~]/,
  xdigit: /[\dA-Fa-f]/,
  cntrl: /\p{Cc}/u,
  print: /\P{Cc}/u,
  graph: /[^\p{Cc}\s]/u,
};

interface CharacterSet {
  readonly one: (c: string) => boolean;
  readonly end: number;
}

/** A bracket expression; null when it is never closed: then '[' is a letter. */
function setAt(letters: readonly string[], start: number): CharacterSet | null {
  let at = start + 1;
  const negated = letters[at] === '!' || letters[at] === '^';
  if (negated) at++;
  const first = at;
  const members: ((c: string) => boolean)[] = [];
  while (at < letters.length) {
    if (letters[at] === ']' && at > first) {
      return { one: (c) => members.some((has) => has(c)) !== negated, end: at + 1 };
    }
    const named = /^\[:(\w+):\]/.exec(letters.slice(at, at + 12).join(''));
    if (named !== null) {
      const wanted = classes[named[1] ?? ''];
      members.push((c) => wanted?.test(c) ?? false);
      at += named[0].length;
      continue;
    }
    const low = letters[at] === '\\' ? letters[++at] : letters[at];
    const isRange = letters[at + 1] === '-' && letters[at + 2] !== ']';
    const high = isRange ? letters[at + 2] : low;
    members.push((c) => low !== undefined && high !== undefined && c >= low && c <= high);
    at += isRange ? 3 : 1;
  }
  return null;
}
