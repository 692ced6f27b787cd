/**
 * Two instances with one VRID on one interface cannot tell their adverts apart.
 */
import type { Built } from '../build';
import { type Diagnostic, error } from '../diagnostic';
import type { Instance } from '../model';
import { placeOf } from '../values';

export function uniqueVrid(built: Built): readonly Diagnostic[] {
  const earlier = new Map<string, Instance[]>();
  return built.config.instances.flatMap((instance) => {
    const key = `${instance.interface} ${instance.family} ${instance.vrid}`;
    const alike = earlier.get(key) ?? [];
    const other = alike.find((before) => collide(before, instance));
    alike.push(instance);
    earlier.set(key, alike);
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

/** Of one VRID: unicast instances are apart when they have no peer in common. */
function collide(a: Instance, b: Instance): boolean {
  if (a.peers.length === 0 && b.peers.length === 0) return a.group === b.group;
  return a.peers.some((peer) => b.peers.some(({ address }) => address === peer.address));
}
