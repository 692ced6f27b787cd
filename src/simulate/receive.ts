/**
 * Whether an advert passes the receive checks of an instance, as native/wire does them on real
 * packets: RFC 9568 §7.1 and its errata, RFC 3768 §7.1. Of what two files can make different.
 */
import type { Open } from '../core/command';
import type { Rejection } from '../core/event';
import type { Packet } from './lan';

export interface Refused {
  readonly reason: Rejection;
  readonly got: number;
  readonly expected: number;
}

const refused = (reason: Rejection, got = 0, expected = 0): Refused => ({ reason, got, expected });

/** Whether it gets as far as this instance at all: its interface, family, VRID and group. */
export function reaches({ terms, ...packet }: Packet, station: Open): boolean {
  if (terms.vrid !== station.vrid || terms.family !== station.family) return false;
  if (packet.interface !== station.interface) return false;
  return terms.unicast || station.unicast || station.destinations.includes(packet.destination);
}

/** Null: it counts. */
export function refusal({ terms, ...packet }: Packet, station: Open): Refused | null {
  if (terms.unicast !== station.unicast) return refused('destination');
  if (packet.source === station.source) return refused('own-source');
  if (station.checkSource && station.unicast && !station.destinations.includes(packet.source)) {
    return refused('source');
  }
  if (terms.version !== station.version) {
    return refused('version', terms.version, station.version);
  }
  return station.version === 2
    ? refusal2(packet.interval, terms, station)
    : refusal3(terms, station);
}

const authType = ({ authentication }: Open): number => (authentication.kind === 'pass' ? 1 : 0);

function refusal2(interval: number, terms: Open, station: Open): Refused | null {
  if (authType(terms) !== authType(station)) {
    return refused('auth-type-mismatch', authType(terms), authType(station));
  }
  const { authentication: theirs } = terms;
  const { authentication: ours } = station;
  if (ours.kind === 'pass' && theirs.kind === 'pass' && ours.password !== theirs.password) {
    return refused('auth-failure');
  }
  // RFC 3768 §7.1: version 2 never learns the interval.
  if (interval === station.interval) return null;
  return refused('interval', interval / 1_000_000, station.interval / 1_000_000);
}

function refusal3({ advertised }: Open, station: Open): Refused | null {
  const own = station.advertised;
  if (advertised.length === 0 && (station.strict || own.length > 0)) {
    return refused('count-zero', 0, own.length);
  }
  const [first = ''] = advertised;
  const beginsRight = own.length === 0 || isLinkLocal(own[0] ?? '');
  const wants = station.family === 6 && advertised.length > 0 && (station.strict || beginsRight);
  return wants && !isLinkLocal(first) ? refused('not-link-local') : null;
}

const isLinkLocal = (address: string): boolean => /^fe[89ab]/i.test(address);

/** In any order. */
export const listsMatch = (one: readonly string[], other: readonly string[]): boolean =>
  one.length === other.length && [...one].sort().join() === [...other].sort().join();
