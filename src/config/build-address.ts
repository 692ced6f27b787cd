/**
 * One line of virtual_ipaddress: an address and the words iproute2 would take for it.
 * A line that names no address is left out, as in keepalived, and said so.
 */
import { error, type Report, warning } from './diagnostic';
import { formatIp, type Ip, isLinkLocal, parseIp, withHostBits } from './ip';
import type { Address } from './model';
import type { Directive, Word } from './parser';
import type { Span } from './source';

export interface PlacedAddress {
  readonly address: Address;
  readonly span: Span;
}

/** rtnetlink's "for ever". */
const foreverSeconds = 0xffffffff;
/** IFNAMSIZ with its terminator. */
const labelLengthMax = 15;

const scopes: ReadonlyMap<string, number> = new Map([
  ['global', 0],
  ['site', 200],
  ['link', 253],
  ['host', 254],
  ['nowhere', 255],
]);

/** keepalived takes these; the data plane does not know them. */
const unsupported: ReadonlySet<string> = new Set(['home', 'mngtmpaddr', 'autojoin']);

type Draft = { -readonly [K in keyof Address]: Address[K] };

interface Line {
  readonly ip: Ip;
  readonly words: readonly Word[];
  readonly report: Report;
  readonly draft: Draft;
  at: number;
  /** brd + and brd - need the prefix, which `peer` may still change. */
  computedBroadcast: '+' | '-' | null;
}

export function buildAddress(directive: Directive, report: Report): PlacedAddress | null {
  const { keyword, words } = directive;
  const parsed = parsePrefixed(keyword, report);
  if (parsed === null) {
    report(
      warning('bad-address', keyword.span, `'${keyword.text}' is not an IP address`, {
        label: 'ignored',
        why: 'this line is neither advertised nor held',
      }),
    );
    return null;
  }
  const line: Line = {
    ip: parsed.ip,
    words,
    report,
    draft: fresh(parsed.ip, parsed.prefix),
    at: 0,
    computedBroadcast: null,
  };
  while (line.at < words.length) readOption(line);
  if (line.computedBroadcast !== null) {
    const ones = line.computedBroadcast === '+';
    line.draft.broadcast = formatIp(withHostBits(line.ip, line.draft.prefix, ones));
  }
  return { address: line.draft, span: keyword.span };
}

function fresh(ip: Ip, prefix: number): Draft {
  return {
    address: formatIp(ip),
    family: ip.family,
    prefix,
    device: null,
    scope: isLinkLocal(ip) ? 253 : 0,
    broadcast: null,
    label: null,
    peer: null,
    noPrefixRoute: false,
    dad: false,
    preferredSeconds: null,
    track: true,
  };
}

function readOption(line: Line): void {
  const word = line.words[line.at];
  if (word === undefined) return;
  line.at++;
  switch (word.text) {
    case 'dev':
      line.draft.device = argument(line, word)?.text ?? line.draft.device;
      return;
    case 'brd':
    case 'broadcast':
      readBroadcast(line, word);
      return;
    case 'scope':
      readScope(line, word);
      return;
    case 'label':
      readLabel(line, word);
      return;
    case 'peer':
      readPeer(line, word);
      return;
    case 'preferred_lft':
      readPreferred(line, word);
      return;
    case '-nodad':
      line.draft.dad = true;
      return;
    case 'noprefixroute':
      line.draft.noPrefixRoute = true;
      return;
    case 'no_track':
      line.draft.track = false;
      return;
    default:
      readOther(line, word);
  }
}

function argument(line: Line, of: Word): Word | null {
  const word = line.words[line.at];
  if (word === undefined) {
    line.report(error('missing-parameter', of.span, `'${of.text}' needs a value`));
    return null;
  }
  line.at++;
  return word;
}

function readBroadcast(line: Line, of: Word): void {
  const word = argument(line, of);
  if (word === null) return;
  const ip = parseIp(word.text);
  if (line.ip.family === 6) {
    line.report(
      warning('bad-address-option', of.span, 'an IPv6 address has no broadcast address', {
        label: 'ignored',
      }),
    );
  } else if (word.text === '+' || word.text === '-') {
    line.computedBroadcast = word.text;
  } else if (ip === null || ip.family !== 4) {
    ignored(line, word, `'${word.text}' is not a broadcast address`);
  } else {
    line.draft.broadcast = formatIp(ip);
  }
}

function readScope(line: Line, of: Word): void {
  const word = argument(line, of);
  if (word === null) return;
  const number = /^\d+$/.test(word.text) ? Number(word.text) : null;
  const scope = scopes.get(word.text) ?? number;
  if (scope === null || scope > 255) ignored(line, word, `'${word.text}' is not a scope`);
  else line.draft.scope = scope;
}

function readLabel(line: Line, of: Word): void {
  const word = argument(line, of);
  if (word === null) return;
  if (Buffer.byteLength(word.text) > labelLengthMax) {
    ignored(line, word, `a label has at most ${labelLengthMax} characters`);
  } else {
    line.draft.label = word.text;
  }
}

function readPeer(line: Line, of: Word): void {
  const word = argument(line, of);
  if (word === null) return;
  const parsed = parsePrefixed(word, line.report);
  if (parsed === null || parsed.ip.family !== line.ip.family) {
    ignored(line, word, `'${word.text}' is not the address of a peer`);
    return;
  }
  line.draft.peer = formatIp(parsed.ip);
  line.draft.prefix = parsed.prefix;
}

function readPreferred(line: Line, of: Word): void {
  const word = argument(line, of);
  if (word === null) return;
  const value = word.text === 'forever' ? foreverSeconds : Number(word.text);
  if (!/^(forever|\d+)$/.test(word.text) || value > foreverSeconds) {
    ignored(line, word, `'${word.text}' is not a lifetime`);
  } else {
    line.draft.preferredSeconds = value;
  }
}

function readOther(line: Line, word: Word): void {
  if (word.text === 'use_vmac') {
    line.report(
      error('not-yet-supported', word.span, "'use_vmac' is not supported yet", {
        label: 'cannot be left out',
        why: 'the address would be held with another MAC address',
      }),
    );
  } else if (word.text === 'track_group') {
    argument(line, word);
    ignored(line, word, "'track_group' is for static addresses");
  } else if (unsupported.has(word.text)) {
    line.report(
      warning('not-yet-supported', word.span, `'${word.text}' is not supported yet`, {
        label: 'left out',
      }),
    );
  } else if (word.text.startsWith('//')) {
    // The words of what was meant as a comment are not worth a line each.
    line.at = line.words.length;
    ignoredComment(line, word);
  } else {
    const isAddress = parseIp(word.text.split('/')[0] ?? '') !== null;
    line.report(
      warning('bad-address-option', word.span, `unknown word '${word.text}' after an address`, {
        label: 'ignored',
        why: isAddress ? 'this address is neither advertised nor held' : null,
        help: isAddress ? 'put each address on a line of its own' : null,
      }),
    );
  }
}

const ignoredComment = (line: Line, word: Word): void => {
  line.report(
    warning('bad-address-option', word.span, `'${word.text}' does not begin a comment`, {
      label: 'ignored from here on',
      help: "a comment begins with '#' or '!'",
    }),
  );
};

const ignored = (line: Line, word: Word, what: string): void => {
  line.report(warning('bad-address-option', word.span, what, { label: 'ignored' }));
};

/** `A` or `A/len`; a bad length is reported and replaced by the longest. */
function parsePrefixed(word: Word, report: Report): { ip: Ip; prefix: number } | null {
  const [address = '', length] = word.text.split('/', 2);
  const ip = parseIp(address);
  if (ip === null) return null;
  const longest = ip.family === 4 ? 32 : 128;
  if (length === undefined) return { ip, prefix: longest };
  if (/^\d{1,3}$/.test(length) && Number(length) <= longest) return { ip, prefix: Number(length) };
  report(
    warning('out-of-range', word.span, `a prefix length must be 0..${longest}, found '${length}'`, {
      label: `/${longest} counts`,
    }),
  );
  return { ip, prefix: longest };
}
