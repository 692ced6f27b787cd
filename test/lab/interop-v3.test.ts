/**
 * VRRP version 3 with Debian's keepalived, holdfast on either side: IPv4 and IPv6, to the multicast
 * group and to named peers, and a sync group of two instances that move together.
 */
import { describe, it } from 'node:test';
import { play, type Story, type Told } from './failover-story';
import { vrrpInstance } from './keepalived';
import type { Node } from './lab';

const INTERVAL = 0.1;
const VIP: Told = { name: 'VI_1', vrid: 51, addresses: ['192.0.2.10'] };
const SECOND: Told = { name: 'VI_2', vrid: 52, addresses: ['192.0.2.20', '192.0.2.21'] };
// RFC 9568 §5.2.9: the first address of an IPv6 virtual router is its link-local one.
const VIP6: Told = { name: 'VI_1', vrid: 61, addresses: ['fe80::10', '2001:db8::10'] };

const advert = { version: 3, interval: INTERVAL * 1000 } as const;

function instance({ name, vrid, addresses }: Told, priority: number, peer?: string): string {
  const terms = { name, vrid, addresses, priority, version: 3, interval: INTERVAL } as const;
  return vrrpInstance(peer === undefined ? terms : { ...terms, peers: [peer] });
}

type Terms = { readonly family: 4 | 6; readonly unicast: boolean };

function single(master: Story['master'], { family, unicast }: Terms): Story {
  const told = family === 4 ? VIP : VIP6;
  const config = (_self: Node, peer: Node, priority: number) => {
    const address = family === 4 ? peer.address : peer.linkLocal;
    return instance(told, priority, unicast ? address : undefined);
  };
  return { master, config, instances: [told], advert };
}

function group(master: Story['master']): Story {
  const instances = [VIP, SECOND];
  const config = (_self: Node, _peer: Node, priority: number) =>
    [
      'vrrp_sync_group G1 {',
      '  group {',
      ...instances.map(({ name }) => `    ${name}`),
      '  }',
      '}',
      ...instances.map((told) => instance(told, priority)),
    ].join('\n');
  return { master, config, instances, advert };
}

describe('VRRP v3 with keepalived', { concurrency: 4 }, () => {
  for (const master of ['holdfast', 'keepalived'] as const) {
    for (const family of [4, 6] as const) {
      for (const unicast of [false, true]) {
        const how = unicast ? 'unicast' : 'multicast';
        it(`${master} as master, IPv${family}, ${how}`, () =>
          play(single(master, { family, unicast })));
      }
    }
    it(`${master} as master, a sync group of two`, () => play(group(master)));
  }
});
