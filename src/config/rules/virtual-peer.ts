/**
 * A unicast peer is another router by an address of its own. The virtual address belongs to
 * whoever is master, so adverts to it come back to the sender.
 */

import { bareIp } from '../bare-address';
import type { Built } from '../build';
import { type Diagnostic, warning } from '../diagnostic';
import { formatIp } from '../ip';
import { instancesOf } from '../places';
import { linesOf } from '../values';

export function virtualPeer(built: Built): readonly Diagnostic[] {
  return instancesOf(built).flatMap(({ instance, reading }) => {
    const held = [...instance.addresses, ...instance.excluded].map(({ address }) => address);
    return linesOf(reading, 'unicast_peer').flatMap(({ keyword: { text, span } }) => {
      const ip = bareIp(text);
      if (ip === null || !held.includes(formatIp(ip))) return [];
      return [
        warning('virtual-peer', span, `'${text}' is an address of ${instance.name} itself`, {
          why: 'whoever is master has it, so its adverts never leave it',
          help: "the peer's own address, the one it has while it is BACKUP",
        }),
      ];
    });
  });
}
