/** Links that flap, sources that go, and a host that has just been started. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LinkDelay } from '../../src/config/model-tracking';
import { deadline } from '../../src/core/node';
import { seconds } from '../../src/time';
import {
  address,
  at,
  config,
  configured,
  globalWith,
  instance,
  kinds,
  link,
  play,
  started,
  stateOf,
  surveyed,
  woken,
} from './fixture';

const delays = (down: number, up: number): readonly LinkDelay[] => [
  { interface: 'eth0', down: seconds(down), up: seconds(up) },
];

const delayed = config({ instances: [instance('VI_1')], linkDelays: delays(2, 3) });
const down = (s: number) => link(at(s), { up: false });
const up = (s: number) => link(at(s));

test('a link must be down for its delay to be a fault, and up for its delay to recover', () => {
  let node = started(delayed);
  [node] = play([down(10), woken(at(11.9))], node);
  assert.equal(stateOf(node, 'VI_1'), 'backup');
  [node] = play([woken(at(12))], node);
  assert.equal(stateOf(node, 'VI_1'), 'fault');
  [node] = play([up(20), woken(at(22.9))], node);
  assert.equal(stateOf(node, 'VI_1'), 'fault');
  [node] = play([woken(at(23))], node);
  assert.equal(stateOf(node, 'VI_1'), 'backup');
});

test('a flap shorter than its delay has never been', () => {
  const [node, orders] = play([down(10), up(11.9), woken(at(30))], started(delayed));
  assert.equal(stateOf(node, 'VI_1'), 'backup');
  assert.ok(!kinds(orders).includes('resign'));
  const [later] = play([down(31), woken(at(32.5))], node);
  assert.equal(stateOf(later, 'VI_1'), 'backup', 'the delay begins anew');
});

test('more news of a link that is down does not prolong its delay', () => {
  const [node] = play([down(10), link(at(11), { up: false, mtu: 9000 })], started(delayed));
  assert.equal(stateOf(play([woken(at(12))], node)[0], 'VI_1'), 'fault');
});

test('the machine wants to be woken for it', () => {
  const brief = { ...delayed, linkDelays: delays(0.2, 3) };
  const [node] = play([woken(at(10)), down(10)], started(brief));
  assert.deepEqual(deadline(node), { at: at(10.2), why: 'eth0 is believed to be down' });
});

test('an interface that is gone, or another of the same name, waits for nothing', () => {
  const gone = { kind: 'interface-gone', at: at(11), interface: 'eth0' } as const;
  const [missing] = play([down(10), gone], started(delayed));
  assert.equal(missing.units[0]?.reason, 'interface eth0 does not exist');
  assert.equal(stateOf(play([up(12)], missing)[0], 'VI_1'), 'backup');
  const [other] = play([link(at(11), { up: false, index: 7 })], started(delayed));
  assert.equal(stateOf(other, 'VI_1'), 'fault');
});

test('without a delay a link is believed at once; a reload without one believes what is held', () => {
  const plain = config({ instances: [instance('VI_1')] });
  const [node] = play([down(10)], started(plain));
  assert.equal(stateOf(node, 'VI_1'), 'fault');
  const [held] = play([down(10)], started(delayed));
  assert.equal(stateOf(play([configured(at(10.5), plain)], held)[0], 'VI_1'), 'fault');
});

const sourced = (change: Parameters<typeof instance>[1] = {}) =>
  config({ instances: [instance('VI_1', { source: '192.0.2.1', trackSource: true, ...change })] });
const bare = (s: number, addresses: readonly string[]) => link(at(s), { addresses });

test('track_src_ip: without its source address it is in fault, with it again it is not', () => {
  const node = started(sourced());
  const [gone] = play([bare(10, ['192.0.2.7'])], node);
  assert.equal(gone.units[0]?.reason, 'source address 192.0.2.1 is gone');
  assert.equal(stateOf(gone, 'VI_1'), 'fault');
  const [back] = play([bare(20, ['192.0.2.7', '192.0.2.1'])], gone);
  assert.equal(stateOf(back, 'VI_1'), 'backup');
});

test('without track_src_ip a configured source may go', () => {
  const [node] = play([bare(10, [])], started(sourced({ trackSource: false })));
  assert.equal(stateOf(node, 'VI_1'), 'backup');
});

test('the source may stand on another interface, a link-local one may not', () => {
  const lo = link(at(9), { interface: 'lo', index: 1, addresses: ['192.0.2.1', 'fe80::1'] });
  const [elsewhere] = play([lo, bare(10, [])], started(sourced()));
  assert.equal(stateOf(elsewhere, 'VI_1'), 'backup');
  const six = sourced({
    family: 6,
    version: 3,
    source: 'fe80::1',
    addresses: [address('fe80::9')],
  });
  const [node] = play([lo], started(six));
  assert.equal(stateOf(node, 'VI_1'), 'fault');
});

test('a source that is one of its own addresses is not missed while it is not held', () => {
  const owner = sourced({ priority: 255, addresses: [address('192.0.2.1')] });
  const [node] = play([bare(10, [])], started(owner));
  assert.equal(stateOf(node, 'VI_1'), 'master');
});

test('vrrp_delay_after_boot: nobody takes part before the host has been up so long', () => {
  const model = config({
    global: globalWith({ delayAfterBoot: seconds(60) }),
    instances: [instance('VI_1')],
  });
  const begin = (s: number) => play([configured(at(s), model), up(s), surveyed(at(s))])[0];
  const early = begin(20);
  assert.equal(stateOf(early, 'VI_1'), 'init');
  assert.equal(stateOf(play([woken(at(59.9))], early)[0], 'VI_1'), 'init');
  assert.equal(stateOf(play([woken(at(60))], early)[0], 'VI_1'), 'backup');
  assert.equal(stateOf(begin(60), 'VI_1'), 'backup');
});

test('of both delays of the start the longer one counts', () => {
  const global = globalWith({ delayAfterBoot: seconds(60), startupDelay: seconds(5) });
  const model = config({ global, instances: [instance('VI_1')] });
  const begin = (s: number) => play([configured(at(s), model), up(s), surveyed(at(s))])[0];
  assert.equal(stateOf(play([woken(at(59))], begin(10))[0], 'VI_1'), 'init');
  assert.equal(stateOf(play([woken(at(60))], begin(10))[0], 'VI_1'), 'backup');
  assert.equal(stateOf(play([woken(at(64))], begin(59))[0], 'VI_1'), 'backup');
  assert.equal(stateOf(play([woken(at(63.9))], begin(59))[0], 'VI_1'), 'init');
});
