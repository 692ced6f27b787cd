/** A virtual address that the host has of its own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'own-address';
const host = (...addresses: string[]) =>
  machine({ interfaces: { eth0: addresses, eth1: ['192.0.2.100'] } });

test('the first address of the interface is its own', () => {
  assert.deepEqual(places(code, file(''), host('192.0.2.100')), ['warning 4:192.0.2.100']);
  assert.match(
    findings(code, file(''), host('192.0.2.100'))[0]?.why ?? '',
    /keepalived takes it away/,
  );
  const v6 = file('', { addresses: 'fe80::5' });
  assert.deepEqual(places(code, v6, host('fe80::5')), ['warning 4:fe80::5']);
});

test('the source of the adverts is, whatever the host', () => {
  assert.deepEqual(places(code, file('mcast_src_ip 192.0.2.100')), ['warning 4:192.0.2.100']);
});

test('a master that is running has its virtual addresses, behind its own', () => {
  assert.deepEqual(places(code, file(''), host('192.0.2.1', '192.0.2.100')), []);
  const v6 = file('', { addresses: 'fe80::5\n2001:db8::5' });
  assert.deepEqual(places(code, v6, host('2001:db8::5', 'fe80::5', 'fe80::9')), []);
  assert.deepEqual(
    places(code, file('', { addresses: '192.0.2.100 dev eth1' }), host('192.0.2.1')),
    [],
  );
});

test('an owner is meant to have it, and nothing is known of nowhere', () => {
  assert.deepEqual(places(code, file('priority 255'), host('192.0.2.100')), []);
  assert.deepEqual(places(code, file('')), []);
});
