/**
 * Both address lists of an instance: which family it is, what is advertised, what is only held.
 */

import { bareIp } from './bare-address';
import { buildAddress, type PlacedAddress } from './build-address';
import { error, type Report, warning } from './diagnostic';
import { isLinkLocal, parseIp } from './ip';
import type { Address, Family } from './model';
import type { Directive } from './parser';
import type { Reading, Session } from './read';
import { directiveOf, ipOf, isSet, linesOf, placeOf } from './values';

/** RFC 9568 §5.2.5: the count of addresses is one octet. */
const advertisedMax = 255;

export interface Lists {
  readonly advertised: readonly PlacedAddress[];
  readonly excluded: readonly PlacedAddress[];
}

/** Every address that can be read, whatever its family, each once. */
export function readAddresses(reading: Reading, session: Session): Lists {
  const { report } = session;
  const seen = new Map<string, PlacedAddress>();
  const read = (lines: readonly Directive[]): readonly PlacedAddress[] =>
    lines.flatMap((line) => {
      const placed = buildAddress(line, null, session);
      if (placed === null) return [];
      const before = seen.get(placed.address.address);
      if (before !== undefined) {
        report(
          warning('duplicate', placed.span, `${placed.address.address} is listed already`, {
            label: 'ignored',
            related: [{ span: before.span, what: 'listed here' }],
          }),
        );
        return [];
      }
      seen.set(placed.address.address, placed);
      return [placed];
    });
  return {
    advertised: read(linesOf(reading, 'virtual_ipaddress')),
    excluded: read(linesOf(reading, 'virtual_ipaddress_excluded')),
  };
}

/** The first address decides, then the unicast peers, then the source, else IPv4. */
export function familyOf(reading: Reading, lists: Lists, report: Report): Family {
  const first = lists.advertised[0]?.address.family;
  if (first === 4 && isSet(reading, 'native_ipv6')) {
    report(
      warning('native-ipv6', placeOf(reading, 'native_ipv6'), 'the addresses are IPv4', {
        label: 'ignored',
      }),
    );
  }
  const peer = linesOf(reading, 'unicast_peer').map((line) => bareIp(line.keyword.text));
  return (
    first ??
    peer.find((ip) => ip !== null)?.family ??
    ipOf(reading, 'unicast_src_ip')?.family ??
    (isSet(reading, 'native_ipv6') ? 6 : 4)
  );
}

/** What of the lists the instance can advertise; the rest is dropped or held without a word. */
export function settleAddresses(
  reading: Reading,
  lists: Lists,
  of: { readonly family: Family; readonly strict: boolean; readonly version: number },
  report: Report,
): { addresses: readonly Address[]; excluded: readonly Address[] } {
  const own = lists.advertised.filter(({ address, span }) => {
    if (address.family === of.family) return true;
    report(
      warning('mixed-families', span, `this is an IPv${of.family} instance`, {
        label: 'ignored',
        why: 'an advert carries addresses of one family; the first one decides',
        help: 'virtual_ipaddress_excluded may hold both families',
      }),
    );
    return false;
  });
  reportEmpty(reading, own, of, report);
  reportLinkLocal(own, of, report);
  const surplus = own[advertisedMax];
  if (surplus !== undefined) {
    report(
      warning('too-many-addresses', surplus.span, `an advert holds ${advertisedMax} addresses`, {
        label: 'from here on held, not advertised',
      }),
    );
  }
  const addresses = own.map(({ address }) => address);
  return {
    addresses: addresses.slice(0, advertisedMax),
    excluded: [...addresses.slice(advertisedMax), ...lists.excluded.map(({ address }) => address)],
  };
}

function reportEmpty(
  reading: Reading,
  own: readonly PlacedAddress[],
  of: { readonly strict: boolean; readonly version: number },
  report: Report,
): void {
  if (own.length > 0 || isSet(reading, 'no_virtual_ipaddress')) return;
  const span = directiveOf(reading, 'virtual_ipaddress')?.keyword.span ?? reading.span;
  const make = of.version === 3 || of.strict ? error : warning;
  report(
    make('no-addresses', span, 'no virtual IP address is advertised', {
      why:
        of.version === 3
          ? 'an advert of VRRP version 3 carries at least one address (RFC 9568 §5.2.5)'
          : null,
      help: 'no_virtual_ipaddress says that this is meant',
    }),
  );
}

/** RFC 9568 §5.2.9: the first IPv6 address is the router's link-local one. */
function reportLinkLocal(
  own: readonly PlacedAddress[],
  of: { readonly family: Family; readonly strict: boolean },
  report: Report,
): void {
  const first = own[0];
  const ip = first === undefined ? null : parseIp(first.address.address);
  if (of.family !== 6 || first === undefined || ip === null || isLinkLocal(ip)) return;
  const make = of.strict ? error : warning;
  report(
    make('first-not-link-local', first.span, 'the first IPv6 address is not link-local', {
      label: 'fe80::… comes first',
      why: 'RFC 9568 §5.2.9 asks for it; routers that check drop these adverts',
    }),
  );
}
