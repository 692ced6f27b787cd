/**
 * One VRID for two sets of addresses on one network. An advert is obeyed whatever addresses it
 * lists, so the better of the two routers silences the other, whose addresses nobody holds.
 */
import { type Diagnostic, error, warning } from '../diagnostic';
import { placeOf } from '../values';
import { type End, type Pair, sharesAddresses } from './ends';

/** Asked of every two instances, not only of those that are two ends of one router. */
export function foreignVrid(
  own: readonly End[],
  other: readonly End[],
  pairs: readonly Pair[],
): readonly Diagnostic[] {
  const partner = new Map(pairs.map((pair) => [pair.own, pair.other]));
  const byVrid = new Map<number, End[]>();
  for (const end of other) {
    byVrid.set(end.instance.vrid, [...(byVrid.get(end.instance.vrid) ?? []), end]);
  }
  return own.flatMap((a) =>
    (byVrid.get(a.instance.vrid) ?? []).flatMap((b) => {
      if (!collide(a, b)) return [];
      const isPair = partner.get(a) === b;
      const isSameNetwork = a.instance.interface === b.instance.interface;
      if (!isPair && !isSameNetwork) return [];
      const isSure = isSameNetwork || a.instance.name === b.instance.name;
      return [report(a, b, isSure)];
    }),
  );
}

/** Of one number: nothing else in common, and one can hear the other. */
function collide(a: End, b: End): boolean {
  const { instance: here } = a;
  const { instance: there } = b;
  if (here.family !== there.family) return false;
  if (sharesAddresses(a, b) || here.addresses.length === 0 || there.addresses.length === 0) {
    return false;
  }
  if (here.version !== there.version) return false;
  if (here.peers.length === 0 && there.peers.length === 0) return here.group === there.group;
  return sendsTo(a, b) || sendsTo(b, a);
}

const sendsTo = (a: End, b: End): boolean =>
  b.instance.peers.length > 0 &&
  a.instance.peers.some(({ address }) => address === b.instance.source);

function report(a: End, b: End, isSure: boolean): Diagnostic {
  const { name, vrid, addresses } = b.instance;
  const span = placeOf(a.reading, 'virtual_router_id');
  const make = isSure ? error : warning;
  const proviso = isSure ? '' : 'if both are on one network: ';
  const what = `VRID ${vrid} has other addresses at the other end`;
  return make('peer-foreign-vrid', span, what, {
    label: `${name} with ${addresses[0]?.address} there`,
    why:
      `${proviso}adverts are obeyed whatever addresses they list, so one of the two gives way ` +
      'and nobody holds its addresses',
    help: 'the same addresses at both ends, or a VRID of its own for each router',
    related: [{ span: placeOf(b.reading, 'virtual_router_id'), what: `${name} uses it, too` }],
  });
}
