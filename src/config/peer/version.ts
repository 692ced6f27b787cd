/**
 * Routers of different versions of VRRP drop each other's adverts.
 */
import { type Diagnostic, error } from '../diagnostic';
import { placeOf } from '../values';
import { nameOf, type Pair } from './ends';

export function version(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const here = own.instance.version;
  const there = other.instance.version;
  if (here === there) return [];
  const span = placeOf(own.reading, 'version');
  const what = `${nameOf(pair)} speaks VRRP version ${here} here and ${there} at the other end`;
  return [
    error('peer-version', span, what, {
      label: `${there} there`,
      why: 'each end drops adverts of the other version (RFC 9568 §7.1), so both are master',
      help: 'the same version in both instances, or the same vrrp_version in both global_defs',
      related: [{ span: placeOf(other.reading, 'version'), what: `version ${there}` }],
    }),
  ];
}
