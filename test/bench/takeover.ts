/**
 * A capture of a takeover → how long each instance was without a master, and until the neighbours
 * knew. From the wire alone; microseconds in, milliseconds out.
 */
import type { Sighting } from './pcap';
import { advertsOf } from './rhythm';
import { greatest, least } from './statistics';

export type Party = { readonly address: string; readonly mac: string };

export type InstanceTakeover = {
  readonly vrid: number;
  /** From the old master's last advert to the new one's first; NaN when it never came. */
  readonly advert: number;
  /** From there to the first announcement of the address that got it last. */
  readonly announced: number;
  /** From the new master's first advert to the same. */
  readonly fromAdvert: number;
};

export type Takeover = {
  readonly instances: readonly InstanceTakeover[];
  /** Instances of which the new master had sent adverts while the old one still did. */
  readonly early: number;
  /** Addresses never announced. */
  readonly unannounced: number;
  /** From the first advert of any instance to the last first-round announcement of all. */
  readonly span: number;
  /** The same to the last announcement of the whole first burst (keepalived's are of five). */
  readonly burst: number;
};

const MICROSECONDS = 1000;
/** The second burst is five seconds after the first; what is nearer belongs to the first. */
const BURST_MICROSECONDS = 2.5e6;

/** `addresses`: what each virtual router is to announce. */
export function takeover(
  sightings: readonly Sighting[],
  from: Party,
  to: Party,
  addresses: ReadonlyMap<number, readonly string[]>,
): Takeover {
  const last = new Map<number, number>();
  for (const advert of advertsOf(sightings, from.address)) last.set(advert.vrid, advert.at);
  const first = new Map<number, number>();
  const early = new Set<number>();
  for (const { vrid, at } of advertsOf(sightings, to.address)) {
    if (at < (last.get(vrid) ?? 0)) early.add(vrid);
    else if (!first.has(vrid)) first.set(vrid, at);
  }
  const garps = announcements(sightings, to.mac);
  const instances: InstanceTakeover[] = [];
  const announced: number[] = [];
  const bursts: number[] = [];
  let unannounced = 0;
  for (const [vrid, wanted] of addresses) {
    const [before, after] = [last.get(vrid), first.get(vrid)];
    if (early.has(vrid) || before === undefined) continue;
    const firsts: number[] = [];
    for (const address of wanted) {
      const stamps = (garps.get(address) ?? []).filter((at) => at >= (after ?? before));
      const [start] = stamps;
      if (start === undefined) {
        unannounced += 1;
        continue;
      }
      firsts.push(start);
      bursts.push(greatest(stamps.filter((at) => at - start < BURST_MICROSECONDS)));
    }
    const known = firsts.length === wanted.length ? greatest(firsts) : Number.NaN;
    announced.push(...firsts);
    instances.push({
      vrid,
      advert: ((after ?? Number.NaN) - before) / MICROSECONDS,
      announced: (known - before) / MICROSECONDS,
      fromAdvert: (known - (after ?? Number.NaN)) / MICROSECONDS,
    });
  }
  const begin = least([...first.values()]);
  return {
    instances,
    early: early.size,
    unannounced,
    span: (greatest(announced) - begin) / MICROSECONDS,
    burst: (greatest(bursts) - begin) / MICROSECONDS,
  };
}

function announcements(
  sightings: readonly Sighting[],
  mac: string,
): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (const one of sightings) {
    if (one.kind !== 'garp' || one.mac !== mac) continue;
    const known = found.get(one.address);
    if (known === undefined) found.set(one.address, [one.at]);
    else known.push(one.at);
  }
  return found;
}
