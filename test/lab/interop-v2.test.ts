/**
 * VRRP version 2 with Debian's keepalived, holdfast on either side: with a password, without, to
 * the multicast group and to named peers. Version 2 knows whole seconds only.
 */
import { describe, it } from 'node:test';
import { play, type Story } from './failover-story';
import { vrrpInstance } from './keepalived';
import type { Node } from './lab';

const VIP = '192.0.2.10';

type Terms = { readonly password?: string; readonly unicast?: boolean };

function story(master: Story['master'], { password, unicast }: Terms): Story {
  const config = (_self: Node, peer: Node, priority: number) =>
    vrrpInstance({
      priority,
      addresses: [VIP],
      ...(password === undefined ? {} : { password }),
      ...(unicast === true ? { peers: [peer.address] } : {}),
    });
  return {
    master,
    config,
    instances: [{ name: 'VI_1', vrid: 51, addresses: [VIP] }],
    advert: { version: 2, interval: 1000, ...(password === undefined ? {} : { auth: password }) },
  };
}

describe('VRRP v2 with keepalived', { concurrency: 6 }, () => {
  for (const master of ['holdfast', 'keepalived'] as const) {
    it(`${master} as master, password, multicast`, () => play(story(master, { password: '1111' })));
    it(`${master} as master, no authentication, multicast`, () => play(story(master, {})));
    it(`${master} as master, password, unicast`, () =>
      play(story(master, { password: '1111', unicast: true })));
  }
});
