/**
 * From which address each end sends, and whether unicast reaches it: each must list the other.
 */
import { type Diagnostic, error, info, warning } from '../diagnostic';
import { formatIp, parseIp } from '../ip';
import type { Span } from '../source';
import { linesOf, placeOf } from '../values';
import { type End, keywordPlace, nameOf, type Pair } from './ends';

export function source(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const here = own.instance.source;
  const there = other.instance.source;
  if (here !== null && here === there) return [oneSource(pair, here)];
  if (own.instance.peers.length === 0 || other.instance.peers.length === 0) return [];
  return [...unknownSource(pair), ...unlistedThere(pair), ...unlistedHere(pair), ...ttl(pair)];
}

function oneSource(pair: Pair, address: string): Diagnostic {
  const { own, other } = pair;
  return error(
    'peer-source',
    sourcePlace(own),
    `both ends of ${nameOf(pair)} send from ${address}`,
    {
      label: 'this is the source at the other end, too',
      why: 'one of the two does not have it, and nobody believes adverts from an own address',
      help: 'each file names the address of its own machine',
      related: [{ span: sourcePlace(other), what: 'the same source' }],
    },
  );
}

function unknownSource(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const here = own.instance.source;
  const there = other.instance.source;
  if (here !== null && there !== null) return [];
  const whose = here === there ? 'either end' : here === null ? 'this end' : 'the other end';
  const what = `${nameOf(pair)} does not say from which address ${whose} sends`;
  const expected = [
    there === null ? `${listOf(own)} is expected there` : null,
    here === null ? `${listOf(other)} is expected here` : null,
  ];
  return [
    info('peer-source-unknown', keywordPlace(own, 'unicast_peer'), what, {
      label: expected.filter((one) => one !== null).join(', '),
      why: 'the first address of the interface counts then, which cannot be compared',
      help: 'unicast_src_ip in both files',
      related: [{ span: keywordPlace(other, 'unicast_peer'), what: 'the list of the other end' }],
    }),
  ];
}

function listOf({ instance: { peers } }: End): string {
  const all = peers.map(({ address }) => address).join(', ');
  return peers.length === 1 ? all : `one of ${all}`;
}

function unlistedHere(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const { source: there } = other.instance;
  if (there === null || lists(own, there)) return [];
  const what = `${nameOf(pair)} does not send to ${there}, where the other end is`;
  return [
    error('peer-unlisted', keywordPlace(own, 'unicast_peer'), what, {
      label: `${there} is missing`,
      why: 'the other end hears nothing and is master as well',
      help: `a line with ${there} in unicast_peer`,
      related: [{ span: sourcePlace(other), what: 'the other end sends from here' }],
    }),
  ];
}

function unlistedThere(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const { source: here } = own.instance;
  if (here === null || lists(other, here)) return [];
  const what = `the other end of ${nameOf(pair)} does not send to ${here}, where this one is`;
  return [
    error('peer-unlisted', sourcePlace(own), what, {
      label: 'no peer of the other end',
      why: 'this end hears nothing and is master as well',
      help: `a line with ${here} in unicast_peer of the other end`,
      related: [{ span: keywordPlace(other, 'unicast_peer'), what: `${here} is missing` }],
    }),
  ];
}

const lists = ({ instance }: End, address: string): boolean =>
  instance.peers.some((peer) => peer.address === address);

/** A packet only loses TTL on its way, so less than min_ttl at the start never arrives. */
function ttl({ own, other }: Pair): readonly Diagnostic[] {
  const { source: here } = own.instance;
  const { source: there } = other.instance;
  if (here === null || there === null) return [];
  const minHere = minTtl(own, there);
  const minThere = minTtl(other, here);
  const found: Diagnostic[] = [];
  const why = 'keepalived drops what arrives with less, and both ends are master';
  if (other.instance.unicastTtl < minHere) {
    const sent = other.instance.unicastTtl;
    const what = `the other end sends with TTL ${sent}, below min_ttl ${minHere}`;
    const related = [{ span: placeOf(other.reading, 'unicast_ttl'), what: 'sent with this TTL' }];
    found.push(warning('peer-ttl', peerPlace(own, there), what, { why, related }));
  }
  if (own.instance.unicastTtl < minThere) {
    const what = `TTL ${own.instance.unicastTtl} is below min_ttl ${minThere} of the other end`;
    const related = [{ span: peerPlace(other, here), what: `min_ttl ${minThere} is asked for` }];
    found.push(warning('peer-ttl', placeOf(own.reading, 'unicast_ttl'), what, { why, related }));
  }
  return found;
}

const minTtl = ({ instance }: End, address: string): number =>
  instance.peers.find((peer) => peer.address === address)?.minTtl ?? 0;

function peerPlace(end: End, address: string): Span {
  const line = linesOf(end.reading, 'unicast_peer').find(({ keyword }) => {
    const ip = parseIp(keyword.text);
    return ip !== null && formatIp(ip) === address;
  });
  return line?.keyword.span ?? keywordPlace(end, 'unicast_peer');
}

/** The word that counts for unicast or multicast, whichever there is. */
function sourcePlace(end: End): Span {
  const words = ['unicast_src_ip', 'mcast_src_ip'] as const;
  const [first, second] = end.instance.peers.length > 0 ? words : [words[1], words[0]];
  const isThere = end.reading.entries.has(first);
  return placeOf(end.reading, isThere ? first : second);
}
