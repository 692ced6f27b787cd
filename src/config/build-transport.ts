/**
 * How adverts travel: from where, to a group or to peers one by one, and who is believed.
 */

import { readBare } from './bare-address';
import type { Defaults } from './build-global';
import { multicastGroup } from './build-global';
import { error, type Report, warning } from './diagnostic';
import { formatIp, isMulticast, parseIp } from './ip';
import type { Family, Instance, Peer } from './model';
import type { Directive, Word } from './parser';
import type { Reading } from './read';
import { directiveOf, ipOf, isSet, linesOf, numberOf, placeOf } from './values';

type Transport = Pick<Instance, 'source' | 'group' | 'peers' | 'unicastTtl' | 'checkUnicastSource'>;

const ttlMax = 255;

export function buildTransport(
  reading: Reading,
  family: Family,
  strict: boolean,
  defaults: Defaults,
  report: Report,
): Transport {
  const placed = linesOf(reading, 'unicast_peer').flatMap((line) =>
    buildPeer(line, family, report),
  );
  const peers = withoutRepeats(placed, report);
  reportUnicast(reading, peers, strict, report);
  const multicastSource = buildSource(reading, 'mcast_src_ip', family, report);
  const unicastSource = buildSource(reading, 'unicast_src_ip', family, report);
  const ttlGiven = placed.some(({ hasTtl }) => hasTtl);
  return {
    source:
      peers.length > 0 ? (unicastSource ?? multicastSource) : (multicastSource ?? unicastSource),
    group: multicastGroup(reading, 'mcast_dst_ip', family, report) ?? defaults.group[family],
    peers,
    unicastTtl: buildTtl(reading, report),
    checkUnicastSource:
      isSet(reading, 'check_unicast_src') || defaults.checkUnicastSource || ttlGiven,
  };
}

function buildTtl(reading: Reading, report: Report): number {
  const ttl = numberOf(reading, 'unicast_ttl');
  if (ttl !== 0) return ttl ?? ttlMax;
  report(
    warning('out-of-range', placeOf(reading, 'unicast_ttl'), 'no packet leaves with a TTL of 0', {
      label: `${ttlMax} counts`,
    }),
  );
  return ttlMax;
}

function buildSource(
  reading: Reading,
  word: string,
  family: Family,
  report: Report,
): string | null {
  const ip = ipOf(reading, word);
  if (ip === null) return null;
  if (ip.family === family && !isMulticast(ip)) return formatIp(ip);
  report(
    warning('bad-address', placeOf(reading, word), `${word} must be an IPv${family} address`, {
      label: 'ignored',
      why: `this is an IPv${family} instance`,
    }),
  );
  return null;
}

function reportUnicast(
  reading: Reading,
  peers: readonly Peer[],
  strict: boolean,
  report: Report,
): void {
  if (peers.length > 0) {
    if (isSet(reading, 'mcast_dst_ip')) {
      report(
        warning('group-with-peers', placeOf(reading, 'mcast_dst_ip'), 'adverts go to the peers', {
          label: 'ignored',
        }),
      );
    }
    if (!strict) return;
    const span = directiveOf(reading, 'unicast_peer')?.keyword.span ?? reading.span;
    report(
      error('strict-unicast', span, 'strict mode does not allow unicast', {
        why: 'RFC 9568 knows only multicast; keepalived does not start with both',
        help: 'remove vrrp_strict (or strict_mode) or unicast_peer',
      }),
    );
    return;
  }
  const fault = isSet(reading, 'unicast_fault_no_peer');
  const word = fault
    ? 'unicast_fault_no_peer'
    : unicastWords.find((keyword) => isSet(reading, keyword));
  if (word === undefined) return;
  report(
    warning(
      'unicast-without-peer',
      directiveOf(reading, word)?.keyword.span ?? reading.span,
      `${word} without a unicast peer`,
      {
        label: fault ? 'it will stay in FAULT' : 'multicast counts',
        help: 'list the other routers in unicast_peer { }, one on each line',
      },
    ),
  );
}

/** Each says that unicast is meant. */
const unicastWords = ['unicast_peer', 'unicast_src_ip', 'unicast_ttl', 'check_unicast_src'].concat(
  'old_unicast_checksum',
);

interface PlacedPeer {
  readonly peer: Peer;
  readonly word: Word;
  readonly hasTtl: boolean;
}

/** `IP [min_ttl n] [max_ttl n]` */
function buildPeer(line: Directive, family: Family, report: Report): readonly PlacedPeer[] {
  const word = line.keyword;
  const ip = readBare(word, report);
  if (ip === null || ip.family !== family || isMulticast(ip)) {
    report(
      warning('bad-address', word.span, `'${word.text}' is not an IPv${family} peer`, {
        label: 'ignored',
        why: 'this router would get no adverts',
      }),
    );
    return [];
  }
  const ttl = { min_ttl: 0, max_ttl: ttlMax };
  let hasTtl = false;
  for (let at = 0; at < line.words.length; at += 2) {
    const option = line.words[at];
    const value = line.words[at + 1];
    if (option === undefined) break;
    if (option.text !== 'min_ttl' && option.text !== 'max_ttl') {
      reportPeerWord(option, report);
      break;
    }
    const number = /^\d{1,3}$/.test(value?.text ?? '') ? Number(value?.text) : Number.NaN;
    if (number >= 0 && number <= ttlMax) {
      ttl[option.text] = number;
      hasTtl = true;
    } else {
      const span = value?.span ?? option.span;
      report(warning('out-of-range', span, `${option.text} must be 0..${ttlMax}`));
    }
  }
  if (ttl.min_ttl > ttl.max_ttl) {
    report(
      warning(
        'ttl-crossed',
        word.span,
        `min_ttl ${ttl.min_ttl} is more than max_ttl ${ttl.max_ttl}`,
        {
          label: 'nothing of this peer is believed',
          help: 'min_ttl is the smaller one',
        },
      ),
    );
  }
  const peer = { address: formatIp(ip), minTtl: ttl.min_ttl, maxTtl: ttl.max_ttl };
  return [{ peer, word, hasTtl }];
}

function reportPeerWord(option: Word, report: Report): void {
  const isAddress = parseIp(option.text) !== null;
  report(
    warning('unknown-option', option.span, `unknown word '${option.text}' after a unicast peer`, {
      label: 'ignored',
      why: isAddress ? 'this router would get no adverts' : null,
      help: isAddress ? 'put each peer on a line of its own' : null,
    }),
  );
}

function withoutRepeats(placed: readonly PlacedPeer[], report: Report): readonly Peer[] {
  const seen = new Map<string, PlacedPeer>();
  for (const one of placed) {
    const before = seen.get(one.peer.address);
    if (before === undefined) {
      seen.set(one.peer.address, one);
      continue;
    }
    report(
      warning('duplicate-peer', one.word.span, `${one.peer.address} is a peer already`, {
        label: 'ignored',
        related: [{ span: before.word.span, what: 'listed here' }],
      }),
    );
  }
  return [...seen.values()].map(({ peer }) => peer);
}
