/**
 * The gateways of a route: `via`, the old `or`, and `nexthop … weight …` up to the end of the
 * line.
 */
import { warning } from './diagnostic';
import type { NextHop, Realms } from './model-network';
import {
  argument,
  claim,
  drop,
  ignore,
  type Line,
  once,
  readAddress,
  readCount,
  readDevice,
  readNamed,
  take,
  takes,
} from './network-line';
import { realms as realmNames } from './network-names';
import type { Word } from './parser';
import { readEncap } from './route-encap';

const weightMax = 256;

type Draft = { -readonly [K in keyof NextHop]: NextHop[K] };

export const nextHop = (via: string | null): NextHop => ({
  via,
  device: null,
  weight: 1,
  onlink: false,
  realms: null,
  encap: null,
});

/** `[inet|inet6] A` behind via. */
export function readGateway(line: Line, of: Word): string | null {
  once(line, "'via'", of);
  let word = argument(line, of);
  if (word?.text === 'inet' || word?.text === 'inet6') {
    if (!claim(line, word.text === 'inet' ? 4 : 6, word)) return null;
    word = argument(line, word);
  }
  return word === null ? null : readAddress(line, word, 'the address of a gateway');
}

/** `[FROM/]TO`, of IPv4 alone. */
export function readRealms(line: Line, of: Word): Realms | null {
  once(line, "'realms'", of);
  const word = argument(line, of);
  if (word === null) return null;
  const slash = word.text.indexOf('/');
  const part = (text: string) => readNamed(line, { ...word, text }, realmNames);
  const from = slash === -1 ? null : part(word.text.slice(0, slash));
  const to = line.dropped ? null : part(word.text.slice(slash + 1));
  return to === null || !claim(line, 4, of) ? null : { from, to };
}

/** Every nexthop from the word `first` on. Nothing but nexthops may follow. */
export function readNextHops(line: Line, first: Word): readonly NextHop[] {
  const hops: NextHop[] = [];
  for (let word: Word | null = first; word !== null; word = take(line)) {
    if (word.text !== 'nexthop') {
      ignore(line, word.span, `'${word.text}' stands behind the nexthops`, {
        label: 'ignored from here on',
        help: "put it in front of the first 'nexthop'",
      });
      line.at = line.words.length;
      return hops;
    }
    const hop = readNextHop(line, word);
    if (hop === null) {
      line.at = line.words.length;
      return hops;
    }
    hops.push(hop);
  }
  return hops;
}

/** A bad one is left out with all that follow; the route is kept. */
function readNextHop(line: Line, of: Word): NextHop | null {
  const own: Line = { ...line, noun: 'nexthop', seen: [] };
  const draft: Draft = { ...nextHop(null) };
  while (!own.dropped && readOption(own, draft));
  line.at = own.at;
  line.family = own.family;
  if (own.dropped) return null;
  if (draft.via === null && draft.device === null) {
    line.report(
      warning('kernel-refuses', of.span, "'nexthop' leads nowhere", {
        why: 'the kernel refuses the route',
        help: 'nexthop via ADDRESS, or dev INTERFACE',
      }),
    );
  }
  return draft;
}

/** False at the first word that is not about the nexthop. */
function readOption(line: Line, draft: Draft): boolean {
  const word = line.words[line.at];
  if (word === undefined) return false;
  line.at++;
  switch (word.text) {
    case 'via':
      draft.via = readGateway(line, word);
      return true;
    case 'dev':
      once(line, "'dev'", word);
      draft.device = readDevice(line, word);
      return true;
    case 'weight':
      once(line, "'weight'", word);
      draft.weight = readCount(line, word, weightMax, 1) ?? 1;
      return true;
    case 'onlink':
      draft.onlink = true;
      return true;
    case 'encap':
      draft.encap = readEncap(line, word);
      return true;
    case 'realms':
      draft.realms = readRealms(line, word);
      return true;
    case 'as': {
      takes(line, 'to');
      drop(line, word.span, "'as' is not for nexthops");
      return true;
    }
    default:
      line.at--;
      return false;
  }
}
