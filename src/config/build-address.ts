/**
 * One line of virtual_ipaddress or static_ipaddress: an address and the words of `ip address`
 * that keepalived knows. A line that keepalived leaves out is left out, and said so.
 */
import { didYouMean, info, warning } from './diagnostic';
import { formatIp, type Ip, isLinkLocal, parseIp, withHostBits } from './ip';
import type { Address } from './model';
import {
  argument,
  cutOffHelp,
  drop,
  ignore,
  type Line,
  maskHelp,
  once,
  parsePrefixed,
  placeIn,
  readDevice,
  readTrackGroup,
  startLine,
  take,
} from './network-line';
import { readC, readDecimal, scopes } from './network-names';
import type { Directive, Word } from './parser';
import { reportInactive, type Session } from './read';
import type { Span } from './source';

export interface PlacedAddress {
  readonly address: Address;
  readonly span: Span;
}

/** rtnetlink's "for ever". */
const foreverSeconds = 0xffffffff;
/** IFNAMSIZ with its terminator. */
const labelLengthMax = 15;
/** With fewer host bits there is no room for a broadcast address. */
const broadcastPrefixMax = 30;

interface Draft {
  readonly ip: Ip;
  readonly address: { -readonly [K in keyof Address]: Address[K] };
  /** brd + and brd - need the prefix, which `peer` may still change. */
  computed: { readonly sign: string; readonly word: Word } | null;
}

/** `groups`: what a static address may name in track_group; null for those of an instance. */
export function buildAddress(
  directive: Directive,
  groups: ReadonlySet<string> | null,
  session: Session,
): PlacedAddress | null {
  const line = startLine('address', directive, session.report);
  const first = directive.keyword;
  line.at = 0;
  const parsed = parsePrefixed(first, session.report);
  if (parsed === null) {
    return drop(line, first.span, `'${first.text}' is not an IP address`, {
      label: 'ignored',
      why: 'this line is neither advertised nor held',
    });
  }
  const draft: Draft = { ip: parsed.ip, address: fresh(parsed.ip, parsed.prefix), computed: null };
  for (let word = take(line); word !== null && !line.dropped; word = take(line)) {
    const read = options.get(word.text);
    if (read !== undefined) read(line, word, draft);
    else readOwn(line, word, draft, groups, session);
  }
  if (line.dropped) return null;
  settleBroadcast(line, draft);
  settleGroup(line, draft);
  return { address: draft.address, span: first.span };
}

const fresh = (ip: Ip, prefix: number): Draft['address'] => ({
  address: formatIp(ip),
  family: ip.family,
  prefix,
  device: null,
  scope: ip.family === 6 && isLinkLocal(ip) ? 253 : 0,
  broadcast: null,
  label: null,
  peer: null,
  noPrefixRoute: false,
  dad: false,
  home: false,
  manageTemporary: false,
  autoJoin: false,
  useVmac: false,
  preferredSeconds: null,
  track: true,
  trackGroup: null,
});

type Read = (line: Line, word: Word, draft: Draft) => void;

const flag =
  (key: 'noPrefixRoute' | 'dad' | 'track', value: boolean): Read =>
  (_line, _word, { address }) => {
    address[key] = value;
  };

const options: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['dev', readDev],
  ['brd', readBroadcast],
  ['broadcast', readBroadcast],
  ['scope', readScope],
  ['label', readLabel],
  ['peer', readPeer],
  ['preferred_lft', readPreferred],
  ['-nodad', flag('dad', true)],
  ['noprefixroute', flag('noPrefixRoute', true)],
  ['no_track', flag('track', false)],
]);

/** Kept, and no more than a note: nothing that an instance does depends on them. */
const notCarriedOut = new Map([
  ['home', { key: 'home', about: 'marks the home address of mobile IPv6' }],
  ['mngtmpaddr', { key: 'manageTemporary', about: 'makes temporary addresses of its prefix' }],
  ['autojoin', { key: 'autoJoin', about: 'joins the multicast group of the address' }],
] as const);

function readDev(line: Line, of: Word, { address }: Draft): void {
  if (address.device === null) address.device = readDevice(line, of);
  else drop(line, of.span, "'dev' stands twice");
}

function readBroadcast(line: Line, of: Word, draft: Draft): void {
  const word = argument(line, of);
  if (word === null) return;
  if (draft.ip.family === 6) {
    drop(line, of.span, 'an IPv6 address has no broadcast address');
    return;
  }
  once(line, "'brd'", of);
  if (word.text === '+' || word.text === '-') {
    draft.computed = { sign: word.text, word };
    draft.address.broadcast = null;
    return;
  }
  const ip = parseIp(word.text);
  draft.computed = null;
  if (ip?.family === 4) draft.address.broadcast = formatIp(ip);
  else drop(line, word.span, `'${word.text}' is not a broadcast address`);
}

function readScope(line: Line, of: Word, { ip, address }: Draft): void {
  const word = argument(line, of);
  if (word === null) return;
  const scope = scopes.known.get(word.text) ?? readC(word.text);
  if (ip.family === 6 && scope !== 0) {
    ignore(line, of.span, 'the kernel gives an IPv6 address its scope');
  } else if (scope === null || scope > scopes.max) {
    const near = didYouMean(word.text, scopes.known.keys());
    ignore(line, word.span, `'${word.text}' is not a scope`, {
      help: near === null ? null : `did you mean '${near}'?`,
    });
  } else address.scope = scope;
}

function readLabel(line: Line, of: Word, { ip, address }: Draft): void {
  const word = argument(line, of);
  if (word === null) return;
  if (Buffer.byteLength(word.text) > labelLengthMax) {
    drop(line, word.span, `a label has at most ${labelLengthMax} characters`);
  } else if (ip.family === 6) ignore(line, of.span, 'an IPv6 address has no label');
  else address.label = word.text;
}

function readPeer(line: Line, of: Word, { ip, address }: Draft): void {
  const word = argument(line, of);
  if (word === null) return;
  if (address.peer !== null) {
    ignore(line, word.span, 'there is a peer already');
    return;
  }
  const parsed = parsePrefixed(word, line.report);
  if (parsed === null || parsed.ip.family !== ip.family) {
    ignore(line, word.span, `'${word.text}' is not the address of a peer`, {
      why: parsed === null ? null : `this is an IPv${ip.family} address`,
    });
    return;
  }
  if (address.prefix !== (ip.family === 4 ? 32 : 128)) {
    const what = `the prefix length is that of the peer, not /${address.prefix}`;
    ignore(line, word.span, what, { label: `/${parsed.prefix} counts` });
  }
  if (word.text.includes('/')) {
    line.report(
      warning('peer-length', word.span, 'keepalived ignores a peer with a prefix length', {
        label: 'read as meant',
        help: 'write the peer without one if keepalived has to read it too',
      }),
    );
  }
  address.peer = formatIp(parsed.ip);
  address.prefix = parsed.prefix;
}

function readPreferred(line: Line, of: Word, { address }: Draft): void {
  const word = argument(line, of);
  if (word === null) return;
  const value = word.text === 'forever' ? foreverSeconds : readDecimal(word.text);
  if (value === null || value > foreverSeconds) {
    ignore(line, word.span, `'${word.text}' is not a lifetime`, {
      help: "a number of seconds, or 'forever'",
    });
  } else address.preferredSeconds = value;
}

/** What is not the same for every address, and what is no option at all. */
function readOwn(
  line: Line,
  word: Word,
  { address }: Draft,
  groups: ReadonlySet<string> | null,
  session: Session,
): void {
  const note = notCarriedOut.get(word.text as 'home');
  if (note !== undefined) {
    address[note.key] = true;
    noteInactive(word, note.about, session);
  } else if (word.text === 'use_vmac' && groups === null) {
    if (address.useVmac) return;
    address.useVmac = true;
    const why = 'it holds the address on an interface with a MAC address of its own';
    reportInactive("'use_vmac'", word.span, why, session);
  } else if (word.text === 'track_group' && groups !== null) {
    address.trackGroup = readTrackGroup(line, word, groups);
  } else if (word.text === 'track_group') {
    take(line);
    ignore(line, word.span, "'track_group' is for static addresses");
  } else if (word.text.startsWith('//')) {
    // The words of what was meant as a comment are not worth a line each.
    line.at = line.words.length;
    ignore(line, word.span, `'${word.text}' does not begin a comment`, {
      label: 'ignored from here on',
      help: "a comment begins with '#' or '!'",
    });
  } else ignoreUnknown(line, word);
}

const flags: ReadonlySet<string> = new Set(['-nodad', 'noprefixroute', 'no_track']);

function ignoreUnknown(line: Line, word: Word): void {
  const what = `unknown word '${word.text}' after an address`;
  if (parseIp(word.text.split('/')[0] ?? '') !== null) {
    ignore(line, word.span, what, {
      why: 'this address is neither advertised nor held',
      help: 'put each address on a line of its own',
    });
    return;
  }
  const mask = /mask/i.test(word.text) ? maskHelp(line.words[line.at]?.text ?? '') : null;
  const near = didYouMean(word.text, [...options.keys(), ...notCarriedOut.keys()]);
  const takesValue = mask !== null || (near !== null && options.has(near) && !flags.has(near));
  // The value of the word that was meant is not worth a line of its own.
  if (takesValue && !options.has(line.words[line.at]?.text ?? '')) take(line);
  const meant = near === null ? null : `did you mean '${near}'?`;
  ignore(line, word.span, what, { help: mask ?? cutOffHelp(word.text) ?? meant });
}

function noteInactive(word: Word, about: string, session: Session): void {
  const key = `address ${word.text}`;
  if (session.notYetActive.has(key)) return;
  session.notYetActive.add(key);
  session.report(
    info('not-yet-active', word.span, `'${word.text}' is read but has no effect yet`, {
      why: `it ${about}`,
    }),
  );
}

function settleBroadcast(line: Line, { ip, address, computed }: Draft): void {
  const span = placeIn(line, "'brd'");
  if (span === null) return;
  if (address.peer !== null) {
    address.broadcast = null;
    ignore(line, span, 'an address with a peer has no broadcast address');
  } else if (computed !== null && address.prefix > broadcastPrefixMax) {
    ignore(line, computed.word.span, `/${address.prefix} leaves no room for a broadcast address`, {
      help: 'give the address the prefix length of its network',
    });
  } else if (computed !== null) {
    address.broadcast = formatIp(withHostBits(ip, address.prefix, computed.sign === '+'));
  }
}

function settleGroup(line: Line, { address }: Draft): void {
  const span = placeIn(line, "'track_group'");
  if (address.trackGroup === null || address.track || span === null) return;
  address.trackGroup = null;
  ignore(line, span, 'no_track stands beside track_group', {
    label: 'nothing tracks this address',
  });
}
