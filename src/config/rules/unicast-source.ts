/**
 * Peers know a unicast router by its source address. Left to the interface it is the first one
 * there, which is another one after the next change to the network's configuration.
 */
import type { Built } from '../build';
import { type Diagnostic, info } from '../diagnostic';
import type { Host } from '../host';
import { parseIp } from '../ip';
import { instancesOf, interfaceOf, type PlacedInstance, presentOn } from '../places';
import { directiveOf } from '../values';

export function unicastSource(built: Built, host: Host): readonly Diagnostic[] {
  return instancesOf(built)
    .filter(({ instance }) => instance.peers.length > 0 && instance.source === null)
    .filter((placed) => interfaceOf(placed) !== null && !hasOnlyOne(placed, host))
    .map((placed) => {
      const { reading } = placed;
      const span = directiveOf(reading, 'unicast_peer')?.keyword.span ?? reading.span;
      return info('unicast-source', span, 'unicast without unicast_src_ip', {
        label: `sent from the first address of ${interfaceOf(placed) ?? ''}`,
        why: 'the other end expects adverts from one address, its unicast_peer',
        help: 'unicast_src_ip and the address of this router that the peers list',
      });
    });
}

/** Then there is nothing to choose. */
function hasOnlyOne(placed: PlacedInstance, host: Host): boolean {
  const { instance } = placed;
  const held = [...instance.addresses, ...instance.excluded].map(({ address }) => address);
  const own = presentOn(placed, host)?.filter(
    (one) => parseIp(one)?.family === instance.family && !held.includes(one),
  );
  return own?.length === 1;
}
