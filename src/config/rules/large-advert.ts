/**
 * An advert lists every address, each time, in one packet. keepalived holds those that do not
 * fit into the MTU without advertising them; long before that the list is a burden.
 */
import type { Built } from '../build';
import { type Diagnostic, info, warning } from '../diagnostic';
import { heldBy, instancesOf, type PlacedInstance } from '../places';
import type { Span } from '../source';

/** More than this is rarely needed on the wire; some devices read no more. */
const usualMax = 20;
/** 1500 octets, less headers, in addresses of 16 octets, as keepalived reckons. */
const ipv6Max = 89;

export function largeAdvert(built: Built): readonly Diagnostic[] {
  return instancesOf(built).flatMap((placed) => {
    const { addresses, family } = placed.instance;
    if (family === 6 && addresses.length > ipv6Max) return [overMtu(placed)];
    return addresses.length > usualMax ? [long(placed)] : [];
  });
}

function overMtu(placed: PlacedInstance): Diagnostic {
  const { addresses } = placed.instance;
  const what = `${addresses.length} addresses do not fit into an advert of 1500 octets`;
  return warning('large-advert', spanOf(placed, ipv6Max), what, {
    label: 'from here on',
    why: 'keepalived holds those without advertising them, so the two ends list different ones',
    help: 'virtual_ipaddress_excluded holds addresses without advertising them',
  });
}

function long(placed: PlacedInstance): Diagnostic {
  const { addresses, family } = placed.instance;
  const octets = addresses.length * (family === 4 ? 4 : 16);
  const what = `each advert lists ${addresses.length} addresses`;
  return info('large-advert', spanOf(placed, usualMax), what, {
    label: `${octets} octets`,
    why: 'both ends compare the whole list each time; one address would do to be master of all',
    help: 'virtual_ipaddress_excluded holds addresses without advertising them',
  });
}

/** The advertised ones come first. */
const spanOf = (placed: PlacedInstance, index: number): Span =>
  heldBy(placed)[index]?.span ?? placed.reading.span;
