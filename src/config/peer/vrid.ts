/**
 * A virtual router is known by its VRID alone. Two numbers at its two ends are two routers, each
 * with a master of its own, and both hold the addresses.
 */
import { type Diagnostic, error, warning } from '../diagnostic';
import { placeOf } from '../values';
import { nameOf, type Pair, sharesAddresses } from './ends';

export function vrid(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  if (own.instance.vrid === other.instance.vrid) return [];
  const span = placeOf(own.reading, 'virtual_router_id');
  const there = other.instance.vrid;
  const related = [
    { span: placeOf(other.reading, 'virtual_router_id'), what: `the other end has VRID ${there}` },
  ];
  if (!sharesAddresses(own, other)) {
    const what = `${nameOf(pair)} has another VRID and other addresses at the other end`;
    return [
      warning('peer-namesake', span, what, {
        label: `${there} there`,
        why: 'these are two virtual routers that share a name; nobody stands by for either',
        help: 'the same virtual_router_id and virtual_ipaddress in both files',
        related,
      }),
    ];
  }
  const what = `${nameOf(pair)} has VRID ${own.instance.vrid} here and ${there} at the other end`;
  return [
    error('peer-vrid', span, what, {
      label: `${there} there`,
      why: `adverts of another VRID are not heard: both ends are master and hold ${both(pair)}`,
      help: 'the same virtual_router_id in both files',
      related,
    }),
  ];
}

function both({ own, other }: Pair): string {
  const shared = [...own.held].filter((address) => other.held.has(address));
  return shared.length === 1 ? (shared[0] ?? '') : `${shared[0]} and ${shared.length - 1} more`;
}
