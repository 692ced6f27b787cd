/**
 * A virtual address must not be what the host has anyway: keepalived removes it at the start,
 * as a leftover, and then has no address to send adverts from.
 */
import type { Built } from '../build';
import { ownerPriority } from '../build-election';
import { type Diagnostic, warning } from '../diagnostic';
import type { Host } from '../host';
import { isLinkLocal, parseIp } from '../ip';
import type { Address } from '../model';
import { heldBy, instancesOf, interfaceOf, type PlacedInstance, presentOn } from '../places';

export function ownAddress(built: Built, host: Host): readonly Diagnostic[] {
  return instancesOf(built)
    .filter(({ instance }) => instance.priority !== ownerPriority)
    .flatMap((placed) =>
      heldBy(placed).flatMap(({ address, span }) => {
        const where = whose(address, placed, host);
        if (where === null) return [];
        return [
          warning('own-address', span, `${address.address} is ${where}`, {
            label: 'not virtual',
            why:
              address.address === placed.instance.source
                ? 'each router advertises from an address of its own, which it always has'
                : 'keepalived takes it away at the start, as one left behind, and may have ' +
                  'none left to advertise from',
            help: 'a virtual address is one more address, which no host has of its own',
          }),
        ];
      }),
    );
}

function whose(address: Address, placed: PlacedInstance, host: Host): string | null {
  const name = interfaceOf(placed);
  if (address.address === placed.instance.source) return 'the source of the adverts';
  // On another interface a virtual address may be all there is.
  if (name === null || (address.device !== null && address.device !== name)) return null;
  const own = presentOn(placed, host) ?? [];
  return isFirst(address.address, own) ? `what ${name} has of its own` : null;
}

/**
 * A running master has its virtual addresses on the interface too, behind the interface's own;
 * of IPv6 addresses the order says nothing, so only a single link-local one is certain.
 */
function isFirst(address: string, addresses: readonly string[]): boolean {
  const ip = parseIp(address);
  if (ip === null) return false;
  const alike = addresses.filter((one) => {
    const other = parseIp(one);
    return other?.family === ip.family && (ip.family === 4 || isLinkLocal(other));
  });
  return alike[0] === address && (ip.family === 4 || (isLinkLocal(ip) && alike.length === 1));
}
