/**
 * Adverts to oneself tell nobody anything. With other peers beside it that is a list copied to
 * every router, and harmless; alone it means that no router hears this one.
 */

import { bareIp } from '../bare-address';
import type { Built } from '../build';
import { type Diagnostic, info, warning } from '../diagnostic';
import type { Host } from '../host';
import { formatIp } from '../ip';
import { instancesOf } from '../places';
import { linesOf } from '../values';

export function selfPeer(built: Built, host: Host): readonly Diagnostic[] {
  const ofHost = new Set([...(host.interfaces?.values() ?? [])].flat());
  return instancesOf(built).flatMap(({ instance, reading }) => {
    const virtual = new Set([...instance.addresses, ...instance.excluded].map((a) => a.address));
    const isSelf = (address: string): boolean =>
      address === instance.source || (ofHost.has(address) && !virtual.has(address));
    const alone = instance.peers.every(({ address }) => isSelf(address));
    return linesOf(reading, 'unicast_peer').flatMap(({ keyword: { text, span } }) => {
      const ip = bareIp(text);
      if (ip === null || !isSelf(formatIp(ip))) return [];
      const make = alone ? warning : info;
      return [
        make('self-peer', span, `'${text}' is this router itself`, {
          why: alone ? 'no other router hears it, so each of them is master' : null,
          help: 'unicast_peer lists the other routers',
        }),
      ];
    });
  });
}
