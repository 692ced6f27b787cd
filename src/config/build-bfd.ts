/**
 * bfd_instance: a session with one neighbour (RFC 5880). Without a neighbour of its own there is
 * no session.
 */
import { milliseconds } from '../time';
import { readBare } from './bare-address';
import { type Report, warning } from './diagnostic';
import { formatIp, type Ip } from './ip';
import type { Bfd } from './model-server';
import type { Reading } from './read';
import { readNumber } from './value-number';
import { booleanOf, durationOf, ipOf, isSet, numberOf, placeOf, textOf } from './values';

const nameLengthMax = 31;
const weightMax = 253;
const intervalDefault = milliseconds(10);

export function buildBfd(
  name: string,
  reading: Reading,
  /** by neighbour; this one is added. */
  others: Map<string, Bfd[]>,
  report: Report,
): Bfd | null {
  const leftOut = (what: string, why: string | null = null): null => {
    report(warning('bfd-left-out', reading.span, what, { label: 'left out', why }));
    return null;
  };
  if (name.length > nameLengthMax) {
    return leftOut(`a name of bfd_instance has at most ${nameLengthMax} characters`);
  }
  const neighbor = neighborOf(reading, report);
  if (neighbor === null) {
    return reading.attempted.has('neighbor_ip')
      ? null
      : leftOut(`bfd_instance ${name} has no neighbor_ip`);
  }
  const source = ipOf(reading, 'source_ip');
  if (source !== null && source.family !== neighbor.family) {
    return leftOut(
      `bfd_instance ${name} has addresses of two families`,
      `neighbor_ip is IPv${neighbor.family}, source_ip is IPv${source.family}`,
    );
  }
  const address = formatIp(neighbor);
  const from = source === null ? null : formatIp(source);
  const near = others.get(address) ?? [];
  const twin = near.find(({ source }) => source === from || source === null || from === null);
  if (twin !== undefined) {
    return leftOut(`bfd_instance ${twin.name} has the neighbour ${address} already`);
  }
  const session: Bfd = { name, ...sessionOf(reading, neighbor, from, report) };
  others.set(address, [...near, session]);
  return session;
}

function neighborOf(reading: Reading, report: Report): Ip | null {
  const text = textOf(reading, 'neighbor_ip');
  if (text === null) return null;
  const ip = readBare({ text, span: placeOf(reading, 'neighbor_ip') }, report);
  if (ip !== null) return ip;
  report(
    warning('bad-address', placeOf(reading, 'neighbor_ip'), `'${text}' is not an IP address`, {
      label: 'this bfd_instance is left out',
    }),
  );
  return null;
}

function sessionOf(
  reading: Reading,
  neighbor: Ip,
  source: string | null,
  report: Report,
): Omit<Bfd, 'name'> {
  const ttl = numberOf(reading, 'ttl') ?? (neighbor.family === 4 ? 255 : 64);
  const tellsInstances = isSet(reading, 'vrrp');
  const tellsCheckers = isSet(reading, 'checker');
  return {
    family: neighbor.family,
    neighbor: formatIp(neighbor),
    source,
    minRx: durationOf(reading, 'min_rx') ?? intervalDefault,
    minTx: durationOf(reading, 'min_tx') ?? intervalDefault,
    idleTx: durationOf(reading, 'idle_tx') ?? milliseconds(1000),
    multiplier: numberOf(reading, 'multiplier') ?? 5,
    passive: isSet(reading, 'passive'),
    ttl,
    maxHops: maxHopsOf(reading, ttl, report),
    multihop: booleanOf(reading, 'multihop') ?? false,
    ...weightOf(reading, report),
    tellsInstances: tellsInstances || !tellsCheckers,
    tellsCheckers: tellsCheckers || !tellsInstances,
  };
}

function maxHopsOf(reading: Reading, ttl: number, report: Report): number {
  const hops = numberOf(reading, 'max_hops') ?? 0;
  if (hops >= 0 && hops <= ttl) return hops;
  report(
    warning('out-of-range', placeOf(reading, 'max_hops'), `max_hops is above the TTL of ${ttl}`, {
      label: `${ttl} counts`,
      why: 'a packet cannot lose more than it began with',
    }),
  );
  return ttl;
}

/** `n [reverse]` */
function weightOf(reading: Reading, report: Report): Pick<Bfd, 'weight' | 'reverse'> {
  const entry = reading.entries.get('weight')?.at(-1);
  const [number, option] = entry?.directive.words ?? [];
  if (entry === undefined || number === undefined) return { weight: 0, reverse: false };
  const type = { kind: 'integer', min: -weightMax, max: weightMax, strict: true } as const;
  const weight = readNumber(entry.row, number, type, report) ?? 0;
  if (option !== undefined && option.text !== 'reverse') {
    report(
      warning('bad-option', option.span, `unknown word '${option.text}' after a weight`, {
        label: 'ignored',
      }),
    );
  }
  // `-0` is 0: two zeros would make two equal files differ.
  return { weight: weight === 0 ? 0 : weight, reverse: option?.text === 'reverse' };
}
