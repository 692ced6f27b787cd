/**
 * bfd_instance: values, defaults, and what leaves one out.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { milliseconds } from '../../src/time';
import { accepted, said } from './server-fixture';

const neighbor = 'neighbor_ip 192.0.2.50';
const block = (lines: string, name = 'b') => `bfd_instance ${name} {\n${lines}\n}`;
const bfd = (lines: string) => accepted(block(lines)).bfd[0];

test('defaults', () => {
  assert.deepEqual(said(block(neighbor)), []);
  assert.deepEqual(bfd(neighbor), {
    name: 'b',
    family: 4,
    neighbor: '192.0.2.50',
    source: null,
    minRx: milliseconds(10),
    minTx: milliseconds(10),
    idleTx: milliseconds(1000),
    multiplier: 5,
    passive: false,
    ttl: 255,
    maxHops: 0,
    multihop: false,
    weight: 0,
    reverse: false,
    tellsInstances: true,
    tellsCheckers: true,
  });
});

test('values, in milliseconds with a fraction', () => {
  const one = bfd(
    `neighbour_ip 2001:db8::1\nsource_ip 2001:db8::2\nmin_rx 3.312\nidle_tx 2000
    multiplier 3\npassive\nhoplimit 70\nmax_hops 9\nmultihop\nweight -5 reverse\nchecker`,
  );
  assert.ok(one);
  assert.deepEqual([one.family, one.source], [6, '2001:db8::2']);
  assert.deepEqual([one.minRx, one.idleTx], [milliseconds(3.312), milliseconds(2000)]);
  assert.deepEqual([one.multiplier, one.ttl, one.maxHops, one.multihop], [3, 70, 9, true]);
  assert.deepEqual([one.weight, one.reverse, one.passive], [-5, true, true]);
  assert.deepEqual([one.tellsInstances, one.tellsCheckers], [false, true]);
  assert.equal(bfd('neighbor_ip 2001:db8::1')?.ttl, 64);
});

test('vrrp and checker together are both', () => {
  const one = bfd(`${neighbor}\nvrrp\nchecker`);
  assert.deepEqual([one?.tellsInstances, one?.tellsCheckers], [true, true]);
});

test('what is out of range leaves the default', () => {
  for (const line of ['min_rx 0', 'min_tx 4294968', 'idle_tx 999', 'multiplier 0', 'ttl 256']) {
    assert.deepEqual(said(block(`${neighbor}\n${line}`)), ['warning out-of-range'], line);
  }
  for (const line of ['min_rx 5x', 'weight 5x']) {
    assert.deepEqual(said(block(`${neighbor}\n${line}`)), ['warning not-a-number'], line);
  }
  assert.equal(bfd(`${neighbor}\nweight 254`)?.weight, 0);
  assert.equal(bfd(`${neighbor}\nttl 10\nmax_hops 20`)?.maxHops, 10);
  assert.deepEqual(said(block(`${neighbor}\nttl 10\nmax_hops 20`)), ['warning out-of-range']);
});

test('no neighbour, no session', () => {
  const leftOut = (text: string, codes: readonly string[], kept = 0) => {
    assert.deepEqual(said(text), codes, text);
    assert.equal(accepted(text).bfd.length, kept, text);
  };
  leftOut(block(''), ['warning bfd-left-out']);
  leftOut(block('neighbor_ip x'), ['warning bad-address']);
  leftOut(block(`${neighbor}\nsource_ip 2001:db8::1`), ['warning bfd-left-out']);
  leftOut(block(neighbor, 'b'.repeat(32)), ['warning bfd-left-out']);
  leftOut(block(neighbor) + block(neighbor, 'c'), ['warning bfd-left-out'], 1);
  leftOut(
    block(neighbor) + block(`${neighbor}\nsource_ip 192.0.2.1`, 'c'),
    ['warning bfd-left-out'],
    1,
  );
  const apart = ['192.0.2.1', '192.0.2.2'].map((ip) =>
    block(`${neighbor}\nsource_ip ${ip}`, `b${ip}`),
  );
  leftOut(apart.join('\n'), [], 2);
});

test('one note for all of BFD', () => {
  assert.deepEqual(said(block(`${neighbor}\nmin_rx 20\npassive`)), []);
});
