/** The words for reasons and outcomes that logs and people share. Pure. */
import type { Version } from '../config/model';
import type { AdvertRejected, Outcome, Rejection } from '../core/event';
import { formatDuration, microseconds } from '../time';

export function outcomeText(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'exited':
      return `exited with status ${outcome.status}${statusHint(outcome.status)}`;
    case 'signalled':
      return `was killed by ${outcome.signal}`;
    case 'timed-out':
      return 'timed out';
    case 'not-started':
      return `could not be started: ${outcome.why}`;
  }
}

/** What shells mean by these two. */
function statusHint(status: number): string {
  if (status === 126) return ': could not be executed';
  return status === 127 ? ': not found' : '';
}

const REJECTIONS: Readonly<Record<Rejection, (e: AdvertRejected, version: Version) => string>> = {
  'too-short': (e) => `vrrp packet too short, length ${e.got} and expect ${e.expected}`,
  length: (e) => {
    const word = e.got < e.expected ? 'short' : 'long';
    return `vrrp packet too ${word}, length ${e.got} and expect ${e.expected}`;
  },
  ttl: (e) => `invalid TTL/HL. Received ${e.got} and expect ${e.expected}`,
  version: (e) => `wrong version. Received ${e.got} and expect ${e.expected}`,
  type: (e) => `Invalid packet type. ${e.got} and expect ${e.expected}`,
  checksum: (_, version) => `Invalid VRRPv${version} checksum`,
  vrid: (e) => `Unknown VRID(${e.vrid})`,
  'auth-type-unknown': (e) => `Invalid auth type: ${e.got}`,
  'auth-type-mismatch': (e) => `received a ${e.got} auth, expecting ${e.expected}!`,
  'auth-failure': () => 'received an invalid passwd!',
  interval: (e) =>
    `advertisement interval mismatch mine=${e.expected} sec rcv'd=${e.got} sec: ` +
    'two masters, until both say the same advert_int',
  'interval-zero': () => 'advertisement interval 0 (RFC 9568 erratum 8301)',
  'count-zero': () => 'advert without addresses (RFC 9568 erratum 8299)',
  'not-link-local': () => 'the first address is not link-local (RFC 9568 erratum 8300)',
  destination: () => 'unicast advert to a multicast instance, or the reverse',
  source: () => 'the sender is none of the unicast peers',
  'own-source': () => 'an advert from our own address: another router has it, or it was looped',
  carp: () => 'CARP, which shares protocol and group with VRRP',
};

/** `version`: that of the instance. */
export const rejectionText = (event: AdvertRejected, version: Version): string =>
  REJECTIONS[event.reason](event, version);

export const spanText = (us: number): string => formatDuration(microseconds(us));
