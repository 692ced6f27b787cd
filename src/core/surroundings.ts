/**
 * What an instance can see around it: links, addresses, and what the trackers have learnt.
 */
import type { Instance } from '../config/model';
import type { InterfaceChanged } from './event';
import type { Surroundings } from './priority';
import { type Trackers, trackedBy } from './trackers';

type Interfaces = ReadonlyMap<string, InterfaceChanged>;

export const surroundingsOf = (interfaces: Interfaces, trackers: Trackers): Surroundings => ({
  ...trackedBy(trackers),
  address: (address, link) =>
    [...interfaces.values()].some(
      (one) => (link === null || one.interface === link) && one.addresses.includes(address),
    ),
  link: (name) => {
    const facts = interfaces.get(name);
    if (facts === undefined) return 'missing';
    return facts.up ? 'up' : 'down';
  },
});

/** Configured, or the interface's first address that is no VIP; for IPv6 its link-local. */
export function sourceOf(instance: Instance, interfaces: Interfaces): string | null {
  if (instance.source !== null) return instance.source;
  const vips = new Set([...instance.addresses, ...instance.excluded].map((a) => a.address));
  const own = interfaces.get(instance.interface ?? '')?.addresses ?? [];
  const fits = (address: string): boolean =>
    instance.family === 6 ? /^fe[89ab]/i.test(address) : !address.includes(':');
  return own.find((address) => fits(address) && !vips.has(address)) ?? null;
}
