/**
 * `encap …` of a route or a nexthop: what is wrapped around the packets that take it.
 */
import { formatIp, parseIp } from './ip';
import type { Family } from './model';
import type { Encap } from './model-network';
import { drop, type Line, once, readCount, readNamed, take } from './network-line';
import { readC, services } from './network-names';
import type { Word } from './parser';

/** What iproute2 takes; keepalived 2.2.7 stops at two. */
const labelsMax = 16;
const labelMax = 0xfffff;
const idMax = 0xffffffffffffffffn;

type Tunnel = Extract<Encap, { kind: 'ip' | 'ip6' }>;
type Draft = { -readonly [K in keyof Tunnel]: Tunnel[K] };

/** Null when the line is left out for it: the kernel takes no half an encapsulation. */
export function readEncap(line: Line, of: Word): Encap | null {
  once(line, "'encap'", of);
  const kind = take(line);
  switch (kind?.text) {
    case 'ip':
    case 'ip6':
      return readTunnel(line, kind, kind.text);
    case 'mpls':
      return readLabels(line, kind);
    case 'ila':
      return readLocator(line, kind);
    default:
      return kind === null
        ? drop(line, of.span, "'encap' needs a kind", { help: 'ip, ip6, mpls or ila' })
        : drop(line, kind.span, `'${kind.text}' is not a kind of encapsulation`, {
            help: 'ip, ip6, mpls or ila',
          });
  }
}

function readTunnel(line: Line, of: Word, kind: Tunnel['kind']): Encap | null {
  const draft: Draft = {
    kind,
    id: null,
    destination: null,
    source: null,
    tos: null,
    ttl: null,
    flags: null,
  };
  while (!line.dropped && readTunnelOption(line, draft));
  if (line.dropped) return null;
  if (draft.id !== null || draft.destination !== null) return draft;
  return drop(line, of.span, `'encap ${kind}' needs a dst or an id`);
}

/** False at the first word that is not about the tunnel. */
function readTunnelOption(line: Line, draft: Draft): boolean {
  const word = line.words[line.at];
  if (word === undefined || line.words[line.at + 1] === undefined) return false;
  const [tos, ttl] = draft.kind === 'ip' ? ['tos', 'ttl'] : ['tc', 'hoplimit'];
  switch (word.text) {
    case 'id':
      take(line);
      draft.id = readId(line, word);
      return true;
    case 'dst':
      take(line);
      draft.destination = readEnd(line, draft.kind === 'ip' ? 4 : 6);
      return true;
    case 'src':
      take(line);
      draft.source = readEnd(line, draft.kind === 'ip' ? 4 : 6);
      return true;
    case 'flags':
      take(line);
      draft.flags = readCount(line, word, 0xffff);
      return true;
    case tos: {
      take(line);
      const value = take(line);
      draft.tos = value === null ? null : readNamed(line, value, services);
      return true;
    }
    case ttl:
      take(line);
      draft.ttl = readCount(line, word, 255);
      return true;
    default:
      return false;
  }
}

/** The ends of the tunnel have the family of the tunnel, not that of the route. */
function readEnd(line: Line, family: Family): string | null {
  const word = take(line);
  const ip = word === null ? null : parseIp(word.text);
  if (ip?.family === family) return formatIp(ip);
  return word && drop(line, word.span, `'${word.text}' is not an IPv${family} address`);
}

function readId(line: Line, of: Word): string | null {
  const word = take(line);
  if (word === null) return null;
  return idOf(word.text) ?? drop(line, word.span, `${of.text} must be 0..2^64-1`);
}

/** A number of 64 bits in its shortest form; null: not one. */
export function idOf(text: string): string | null {
  if (!/^\+?\d{1,40}$/.test(text)) return null;
  const id = BigInt(text.replace('+', ''));
  return id <= idMax ? String(id) : null;
}

function readLabels(line: Line, of: Word): Encap | null {
  const word = take(line);
  if (word === null) return drop(line, of.span, "'encap mpls' needs a label");
  const labels = word.text.split('/').map(readC);
  const good = labels.filter((label) => label !== null && label <= labelMax);
  if (labels.length <= labelsMax && good.length === labels.length) {
    return { kind: 'mpls', labels: good as readonly number[] };
  }
  return drop(line, word.span, `'${word.text}' is not a stack of MPLS labels`, {
    why: `1 to ${labelsMax} labels, 0..${labelMax}, with slashes between them`,
  });
}

function readLocator(line: Line, of: Word): Encap | null {
  const word = take(line);
  if (word === null) return drop(line, of.span, "'encap ila' needs a locator");
  const groups = word.text.split(':');
  if (groups.length === 4 && groups.every((group) => /^(0x)?[0-9a-f]{1,4}$/i.test(group))) {
    const locator = groups.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
    return { kind: 'ila', locator };
  }
  return drop(line, word.span, `'${word.text}' is not a locator`, {
    why: 'it is four groups of hexadecimal digits, as in 1:2:3:4',
  });
}
