/**
 * Two instances with one VRID on one interface cannot tell their adverts apart.
 */
import type { Built } from '../build';
import { type Diagnostic, error } from '../diagnostic';
import type { Instance } from '../model';
import { placeOf } from '../values';

export function uniqueVrid(built: Built): readonly Diagnostic[] {
  const { instances } = built.config;
  return instances.flatMap((instance, index) => {
    const other = instances.slice(0, index).find((before) => collide(before, instance));
    const reading = built.instances.get(instance.name);
    const before = other && built.instances.get(other.name);
    if (other === undefined || reading === undefined || before === undefined) return [];
    const span = placeOf(reading, 'virtual_router_id');
    return [
      error('duplicate-vrid', span, `VRID ${instance.vrid} is in use on ${instance.interface}`, {
        why: `adverts of ${other.name} and ${instance.name} could not be told apart`,
        help: 'give each instance on an interface a number of its own',
        related: [{ span: placeOf(before, 'virtual_router_id'), what: `${other.name} uses it` }],
      }),
    ];
  });
}

/** Unicast instances are apart when they have no peer in common. */
function collide(a: Instance, b: Instance): boolean {
  if (a.vrid !== b.vrid || a.interface !== b.interface || a.family !== b.family) return false;
  if (a.peers.length === 0 && b.peers.length === 0) return a.group === b.group;
  return a.peers.some((peer) => b.peers.some(({ address }) => address === peer.address));
}
