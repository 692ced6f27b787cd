/**
 * Two files that are to be the two ends of the same virtual routers: what would not work between
 * them. Places are in the own file, related ones in the other. What is wrong with either file
 * alone is for the rules.
 */
import { type Diagnostic, inFileOrder, onceEach } from './diagnostic';
import type { Loaded } from './load';
import { addressOptions } from './peer/address-options';
import { addresses } from './peer/addresses';
import { authentication } from './peer/authentication';
import { checksum } from './peer/checksum';
import { type Comparison, endsOf, type Pair, pairsOf, sharesAddresses } from './peer/ends';
import { excluded } from './peer/excluded';
import { failures } from './peer/failures';
import { foreignVrid } from './peer/foreign-vrid';
import { interval } from './peer/interval';
import { network } from './peer/network';
import { faultyFile, oneEnd } from './peer/one-end';
import { owners } from './peer/owners';
import { preemption } from './peer/preemption';
import { priority } from './peer/priority';
import { sameFile } from './peer/same-file';
import { source } from './peer/source';
import { state } from './peer/state';
import { syncGroups } from './peer/sync-groups';
import { transport } from './peer/transport';
import { version } from './peer/version';
import { vrid } from './peer/vrid';

/** Asked of each virtual router in this order. */
const comparisons: readonly Comparison[] = [
  version,
  authentication,
  interval,
  checksum,
  transport,
  source,
  addresses,
  excluded,
  addressOptions,
  network,
  owners,
  priority,
  failures,
  preemption,
  state,
];

export function comparePeers(own: Loaded, other: Loaded): readonly Diagnostic[] {
  const broken = faultyFile(own, other);
  const same = sameFile(own.built, other.built);
  if (same !== null) return inFileOrder([...broken, same]);
  const here = endsOf(own.built);
  const there = endsOf(other.built);
  const pairs = pairsOf(here, there);
  const routers = pairs.filter(isOneRouter);
  return onceEach(
    inFileOrder([
      ...broken,
      ...pairs.flatMap((pair) => vrid(pair)),
      ...foreignVrid(here, there, pairs),
      ...routers.flatMap((pair) => comparisons.flatMap((compare) => compare(pair, routers))),
      ...syncGroups(routers),
      ...oneEnd(here, there, pairs, { own, other }),
    ]),
  );
}

/** Meant to be two ends of one router. A name alone, or a number alone, may be chance. */
export function isOneRouter({ own, other }: Pair): boolean {
  if (sharesAddresses(own, other)) return true;
  if (own.instance.vrid !== other.instance.vrid) return false;
  const isEmpty = own.instance.addresses.length === 0 || other.instance.addresses.length === 0;
  return isEmpty || own.instance.name === other.instance.name;
}
