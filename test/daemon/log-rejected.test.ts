/** Refused adverts in the log: keepalived's words, a number for many, and quiet about strangers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AdvertRejected, Event, Rejection } from '../../src/core/event';
import type { Instant } from '../../src/time';
import { config, instance, ROUTER_51 } from '../core/fixture';
import { begun } from './journal';

type Make = (when: Instant) => Event;

const lone = () => config({ instances: [instance('VI_1')] });

const rejected =
  (reason: Rejection, change: Partial<AdvertRejected> = {}): Make =>
  (t) => ({
    kind: 'advert-rejected',
    at: t,
    interface: 'eth0',
    instance: ROUTER_51,
    vrid: 51,
    source: '192.0.2.9',
    reason,
    got: 3,
    expected: 2,
    count: 1,
    ...change,
  });

const REJECTED: readonly (readonly [Rejection, Partial<AdvertRejected>, RegExp])[] = [
  ['ttl', { got: 254, expected: 255 }, /^\(VI_1\) invalid TTL\/HL\. Received 254 and expect 255/],
  ['version', {}, /^\(VI_1\) wrong version\. Received 3 and expect 2/],
  ['type', { got: 2, expected: 1 }, /^\(VI_1\) Invalid packet type\. 2 and expect 1/],
  ['length', { got: 12, expected: 20 }, /^\(VI_1\) vrrp packet too short, length 12 and expect 20/],
  ['length', { got: 40, expected: 20 }, /^\(VI_1\) vrrp packet too long, length 40 and expect 20/],
  ['checksum', {}, /^\(VI_1\) Invalid VRRPv2 checksum/],
  ['auth-type-mismatch', { got: 0, expected: 1 }, /^\(VI_1\) received a 0 auth, expecting 1!/],
  ['auth-failure', {}, /^\(VI_1\) received an invalid passwd!/],
  [
    'interval',
    { got: 3, expected: 1 },
    /^\(VI_1\) advertisement interval mismatch mine=1 sec rcv'd=3 sec/,
  ],
];

for (const [reason, change, wording] of REJECTED) {
  test(`a rejected advert in keepalived's words: ${reason} ${change.got ?? ''}`, () => {
    const [record, ...more] = begun(lone()).tell(rejected(reason, change));
    assert.match(record?.msg ?? '', wording);
    assert.equal(record?.level, 'warn');
    assert.equal(record?.['source'], '192.0.2.9');
    assert.equal(record?.['reason'], reason);
    assert.deepEqual(more, []);
  });
}

test('every rejection has words of its own, with the sender', () => {
  const reasons: readonly Rejection[] = [
    ...REJECTED.map(([reason]) => reason),
    'too-short',
    'vrid',
    'auth-type-unknown',
    'interval-zero',
    'count-zero',
    'not-link-local',
    'destination',
    'source',
    'own-source',
    'carp',
  ];
  const said = [...new Set(reasons)].map((reason) => {
    const [record] = begun(lone()).tell(rejected(reason));
    assert.match(record?.msg ?? '', /192\.0\.2\.9/, reason);
    assert.doesNotMatch(record?.msg ?? '', /undefined|NaN|null/, reason);
    return record?.msg;
  });
  assert.equal(new Set(said).size, said.length);
});

test('many equal rejections are one record with their number', () => {
  const [record] = begun(lone()).tell(rejected('ttl', { count: 17 }));
  assert.match(record?.msg ?? '', /\(17 times\)$/);
  assert.equal(record?.['count'], 17);
});

test('strangers on the wire are no warning', () => {
  const one = begun(lone());
  const stranger = one.tell(rejected('vrid', { instance: null, vrid: 7 }));
  assert.equal(stranger[0]?.level, 'debug');
  assert.match(stranger[0]?.msg ?? '', /Unknown VRID\(7\)/);
  assert.match(stranger[0]?.msg ?? '', /eth0/);
  assert.equal(one.tell(rejected('carp', { instance: null }))[0]?.level, 'debug');
});
