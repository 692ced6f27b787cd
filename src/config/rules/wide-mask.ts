/**
 * The length of a virtual address is a route: whoever holds 10.0.0.9/8 sends everything for
 * 10.0.0.0/8 out of that interface, and may use the address as source for it.
 */
import type { Built } from '../build';
import { type Diagnostic, info } from '../diagnostic';
import { formatIp, isLinkLocal, parseIp, withHostBits } from '../ip';
import type { Address } from '../model';
import { heldBy, instancesOf, interfaceOf } from '../places';

/** As wide as this, or wider, is rarely a network that ends at one interface. */
const wide = { 4: 16, 6: 56 } as const;

export function wideMask(built: Built): readonly Diagnostic[] {
  return instancesOf(built).flatMap((placed) =>
    heldBy(placed)
      .filter(({ address }) => isWide(address))
      .map(({ address, span }) => {
        const { prefix, family } = address;
        const whole = family === 4 ? 32 : 128;
        return info('wide-mask', span, `/${prefix} is wide for a virtual address`, {
          why: `a master reaches all of ${networkOf(address)} through ${
            address.device ?? interfaceOf(placed) ?? 'it'
          } alone`,
          help: `/${whole} is usual: the network is there through the interface's own address`,
        });
      }),
  );
}

/** The link-local network of IPv4 is a /16 and ends at the interface. */
function isWide({ address, family, prefix, peer, noPrefixRoute }: Address): boolean {
  const ip = parseIp(address);
  if (ip === null || isLinkLocal(ip) || peer !== null || noPrefixRoute) return false;
  return prefix <= wide[family];
}

function networkOf({ address, prefix }: Address): string {
  const ip = parseIp(address);
  return ip === null ? address : `${formatIp(withHostBits(ip, prefix, false))}/${prefix}`;
}
