/** Virtual addresses that bring a large network along. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, places } from './rule';

const code = 'wide-mask';
const held = (addresses: string): string => file('', { addresses });

test('a /16 or wider is told at the address', () => {
  assert.deepEqual(places(code, held('10.1.2.3/8')), ['info 4:10.1.2.3/8']);
  assert.match(
    findings(code, held('10.1.2.3/8'))[0]?.why ?? '',
    /all of 10\.0\.0\.0\/8 through eth0/,
  );
  assert.match(findings(code, held('10.1.2.3/8'))[0]?.help ?? '', /\/32/);
  assert.equal(places(code, held('fe80::1\nfd00::1/48')).length, 1);
});

test('a network of one segment is fine, and so is a wide one without a route', () => {
  for (const addresses of [
    '10.1.2.3/24',
    '10.1.2.3',
    '10.1.2.3/8 noprefixroute',
    'fe80::1/10',
    '169.254.0.1/16',
  ]) {
    assert.deepEqual(places(code, held(addresses)), [], addresses);
  }
});
