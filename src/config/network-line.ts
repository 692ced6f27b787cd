/**
 * One line of addresses, routes or rules while it is read word by word. keepalived leaves out a
 * single option or the whole line; either is said at the word that is to blame, and reading goes
 * on with the next option or stops.
 */
import { didYouMean, error, info, type Report, warning } from './diagnostic';
import { formatIp, type Ip, parseIp } from './ip';
import type { Family } from './model';
import type { Named, Prefix } from './model-network';
import { isInterfaceName, type Names, named, readDecimal } from './network-names';
import type { Directive, Word } from './parser';
import type { Span } from './source';

export interface Line {
  readonly noun: 'address' | 'route' | 'nexthop' | 'rule';
  readonly keyword: Word;
  readonly words: readonly Word[];
  readonly report: Report;
  /** the next word to read; -1 is the keyword. */
  at: number;
  /** leave the whole line out. */
  dropped: boolean;
  /** what has said which family it is, or null so far. */
  family: Family | null;
  /** where options stand that count once; a line is short. */
  readonly seen: { readonly what: string; readonly word: Word }[];
}

interface Extra {
  readonly label?: string;
  readonly why?: string | null;
  readonly help?: string | null;
}

export const startLine = (noun: Line['noun'], directive: Directive, report: Report): Line => ({
  noun,
  keyword: directive.keyword,
  words: directive.words,
  report,
  at: -1,
  dropped: false,
  family: null,
  seen: [],
});

/** The next word, taken; null at the end. */
export function take(line: Line): Word | null {
  const word = line.at < 0 ? line.keyword : line.words[line.at];
  if (word === undefined) return null;
  line.at++;
  return word;
}

/** Takes the next word if it is this one. */
export function takes(line: Line, text: string): boolean {
  if (line.words[line.at]?.text !== text) return false;
  line.at++;
  return true;
}

/** The word behind `of`. keepalived does not start where a route or rule lacks it. */
export function argument(line: Line, of: Word): Word | null {
  const word = take(line);
  if (word !== null) return word;
  if (line.noun === 'address') return drop(line, of.span, `'${of.text}' needs a value`);
  line.dropped = true;
  line.report(
    error('missing-parameter', of.span, `'${of.text}' needs a value`, {
      why: 'keepalived does not start without it',
    }),
  );
  return null;
}

/** Says why keepalived leaves the whole line out. Null, for the convenience of readers. */
export function drop(line: Line, span: Span, what: string, extra: Extra = {}): null {
  line.dropped = true;
  const nested = line.noun === 'nexthop';
  const label = nested ? 'left out, and what follows' : `this ${line.noun} is left out`;
  line.report(warning(`bad-${line.noun}`, span, what, { label, ...extra }));
  return null;
}

/** Says why keepalived leaves an option out and keeps the line. */
export function ignore(line: Line, span: Span, what: string, extra: Extra = {}): null {
  const label = 'ignored';
  line.report(warning(`bad-${line.noun}-option`, span, what, { label, ...extra }));
  return null;
}

/** Where an option stands; null where it does not. */
export const placeIn = (line: Line, what: string): Span | null =>
  line.seen.filter((one) => one.what === what).at(-1)?.word.span ?? null;

/** The last of several counts, as in keepalived, which does not say so. */
export function once(line: Line, what: string, word: Word, help: string | null = null): void {
  const before = placeIn(line, what);
  line.seen.push({ what, word });
  if (before === null) return;
  line.report(
    warning('repeated', word.span, `${what} is set again`, {
      label: 'this one counts',
      why: 'keepalived takes the last one without a word',
      help,
      related: [{ span: before, what: 'set here before' }],
    }),
  );
}

/** A line has one family; false when it had the other one already. */
export function claim(line: Line, family: Family, word: Word): boolean {
  if (line.family === null || line.family === family) {
    line.family = family;
    return true;
  }
  drop(
    line,
    word.span,
    `'${word.text}' is IPv${family}, this is an IPv${line.family} ${line.noun}`,
    {
      why: 'what stands in front of it has decided the family',
    },
  );
  return false;
}

/** A plain address of the line's family. */
export function readAddress(line: Line, word: Word, what: string): string | null {
  const ip = parseIp(word.text);
  if (ip === null) {
    const bare = word.text.includes('/') && parseIp(word.text.split('/')[0] ?? '') !== null;
    const help = bare ? 'leave the prefix length out' : null;
    return drop(line, word.span, `'${word.text}' is not ${what}`, { help });
  }
  return claim(line, ip.family, word) ? formatIp(ip) : null;
}

/** `A` or `A/len`; a bad length is reported and replaced by the longest. */
export function parsePrefixed(word: Word, report: Report): { ip: Ip; prefix: number } | null {
  const slash = word.text.indexOf('/');
  const ip = parseIp(slash === -1 ? word.text : word.text.slice(0, slash));
  if (ip === null) return null;
  const longest = ip.family === 4 ? 32 : 128;
  if (slash === -1) return { ip, prefix: longest };
  const length = word.text.slice(slash + 1);
  if (/^\+?\d+$/.test(length) && Number(length) <= longest) return { ip, prefix: Number(length) };
  report(
    warning('out-of-range', word.span, `a prefix length must be 0..${longest}, found '${length}'`, {
      label: `/${longest} counts`,
      why: length === '' ? 'keepalived takes the missing length for /0' : null,
      help: maskHelp(length),
    }),
  );
  return { ip, prefix: longest };
}

/** How to write a netmask such as 255.255.255.0; null: it is none. */
export function maskHelp(text: string): string | null {
  const octets = parseIp(text)?.octets ?? [];
  const bits = octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
  return octets.length === 4 && /^1+0*$/.test(bits)
    ? `write the mask as a length: /${bits.indexOf('0') === -1 ? 32 : bits.indexOf('0')}`
    : null;
}

/** A prefix length that a blank has cut off; null: it is none. */
export const cutOffHelp = (text: string): string | null =>
  /^\/\d+$/.test(text) ? `write '${text}' without a blank in front of it` : null;

/** As `readPrefix` leaves it: every address, of a family that is not known yet. */
export const everything = 'everything';

/** A prefix, or one of the words for every address. */
export function readPrefix(
  line: Line,
  word: Word,
  what: string,
): Prefix | typeof everything | null {
  if (word.text === 'default' || word.text === 'any' || word.text === 'all') {
    const before = line.words[line.at - 2] ?? line.keyword;
    // What keepalived skips it does not miss either.
    if (line.family !== null && !before.text.startsWith('inet')) reportLate(line, word);
    return everything;
  }
  if (word.text === 'default6') {
    deprecated(line, word, 'inet6');
    return claim(line, 6, word) ? everything : null;
  }
  const parsed = parsePrefixed(word, line.report);
  if (parsed === null) return drop(line, word.span, `'${word.text}' is not ${what}`);
  if (!claim(line, parsed.ip.family, word)) return null;
  return { address: formatIp(parsed.ip), length: parsed.prefix };
}

function reportLate(line: Line, word: Word): void {
  const what = `keepalived leaves the ${line.noun} out: '${word.text}' comes late`;
  line.report(
    warning('late-default', word.span, what, {
      label: 'read all the same',
      why: 'behind an address it takes the two for different families',
      help: `put '${word.text}' in front of every address`,
    }),
  );
}

export function deprecated(line: Line, word: Word, instead: string): void {
  line.report(
    warning('deprecated', word.span, `'${word.text}' is an old word`, {
      help: `write '${instead}' in its place`,
    }),
  );
}

/** A number or a name, the latter perhaps one that only the machine knows. */
export function readNamed(
  line: Line,
  word: Word,
  names: Names,
  lost = `leaves the ${line.noun} out`,
): Named | null {
  const value = named(word.text, names);
  if (value === null) {
    return drop(line, word.span, `'${word.text}' is not a ${names.noun}`, {
      why: `it is a name or a number, 0..${names.max}`,
    });
  }
  if (typeof value === 'string') reportName(line, word, names, lost);
  return value;
}

function reportName(line: Line, word: Word, names: Names, lost: string): void {
  const near = didYouMean(word.text, names.known.keys());
  line.report(
    info('unknown-name', word.span, `'${word.text}' is no ${names.noun} known here`, {
      label: `looked up in ${names.file}`,
      why: `where it is not in that file, keepalived ${lost}`,
      help: near === null ? null : `did you mean '${near}'?`,
    }),
  );
}

/** The name of an interface; one that cannot be is one that does not exist. */
export function readDevice(line: Line, of: Word): string | null {
  const word = argument(line, of);
  if (word === null) return null;
  if (isInterfaceName(word.text)) return word.text;
  return drop(line, word.span, `'${word.text}' cannot be an interface`, {
    why: 'the name of an interface has 1 to 15 characters',
  });
}

/** A decimal number in range, or the line is left out. */
export function readCount(line: Line, of: Word, max: number, min = 0): number | null {
  const word = argument(line, of);
  if (word === null) return null;
  const number = readDecimal(word.text);
  if (number !== null && number >= min && number <= max) return number;
  return drop(line, word.span, `${of.text} must be ${min}..${max}, found '${word.text}'`, {
    help: /^0x[0-9a-f]+$/i.test(word.text) ? `write it as ${Number(word.text)}` : null,
  });
}

/** One of the groups that are defined; null, and said so, when there is none of that name. */
export function readTrackGroup(
  line: Line,
  of: Word,
  groups: ReadonlySet<string> | null,
): string | null {
  if (groups === null) {
    return drop(line, of.span, `'track_group' is for a static ${line.noun}`, {
      why: 'the instance follows its own without it',
    });
  }
  const word = argument(line, of);
  if (word === null) return null;
  once(line, "'track_group'", of);
  if (groups.has(word.text)) return word.text;
  const near = didYouMean(word.text, groups);
  return ignore(line, word.span, `there is no track_group '${word.text}'`, {
    help: near === null ? null : `did you mean '${near}'?`,
  });
}

/** A word that stands for nothing in this place; `hints`: the help for some such words. */
export function dropUnknown(
  line: Line,
  word: Word,
  known: Iterable<string>,
  hints: ReadonlyMap<string, string>,
): void {
  if (word.text.startsWith('//')) {
    drop(line, word.span, `'${word.text}' does not begin a comment`, {
      help: "a comment begins with '#' or '!'",
    });
    return;
  }
  const near = didYouMean(word.text, known);
  const meant = near === null ? null : `did you mean '${near}'?`;
  drop(line, word.span, `unknown word '${word.text}' in a ${line.noun}`, {
    help: hints.get(word.text) ?? cutOffHelp(word.text) ?? meant,
  });
}

/** keepalived 2.2.7 loses the word behind `inet` and `inet6`; only at the end it does no harm. */
export function readFamily(line: Line, word: Word): void {
  if (!claim(line, word.text === 'inet' ? 4 : 6, word)) return;
  const next = line.words[line.at];
  if (next === undefined) return;
  line.report(
    warning('skipped-word', next.span, `keepalived skips the word after '${word.text}'`, {
      label: 'read all the same',
      help: `put '${word.text}' at the end of the line`,
    }),
  );
}
