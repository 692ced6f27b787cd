/**
 * Both ends must send the same way: to one multicast group, or from address to address.
 */
import { type Diagnostic, error } from '../diagnostic';
import { placeOf } from '../values';
import { keywordPlace, nameOf, type Pair } from './ends';

export function transport(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const isUnicast = own.instance.peers.length > 0;
  const otherIsUnicast = other.instance.peers.length > 0;
  if (isUnicast !== otherIsUnicast) {
    const [here, there] = isUnicast ? ['unicast', 'multicast'] : ['multicast', 'unicast'];
    const what = `${nameOf(pair)} sends ${here} here and ${there} at the other end`;
    return [
      error('peer-transport', keywordPlace(own, 'unicast_peer'), what, {
        label: `${there} there`,
        why: 'an end of one kind drops the adverts of the other kind: two masters',
        help: 'unicast_peer with the address of the other end in both files, or in neither',
        related: [{ span: keywordPlace(other, 'unicast_peer'), what: `${there} is sent here` }],
      }),
    ];
  }
  const there = other.instance.group;
  if (isUnicast || own.instance.group === there) return [];
  const what = `${nameOf(pair)} sends to ${own.instance.group} here and ${there} at the other end`;
  return [
    error('peer-multicast-group', placeOf(own.reading, 'mcast_dst_ip'), what, {
      label: `${there} there`,
      why: 'an end hears the group that it sends to and no other: two masters',
      help: 'the same mcast_dst_ip, or vrrp_mcast_group4 or 6, in both files',
      related: [{ span: placeOf(other.reading, 'mcast_dst_ip'), what: `sends to ${there}` }],
    }),
  ];
}
