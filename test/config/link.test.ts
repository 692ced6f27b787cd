/** The interface of an instance: its own one, one on top of it, or none. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import { accepted, codes, file, findings, inactive, instance } from './snippet';

const own = (lines: string, addresses?: string) => instance(lines, '', addresses).ownInterface;
const without = (lines: string): string => file(lines).replace('interface eth0', '');

test('use_vmac: name, MAC address, group, in whatever order', () => {
  const plain = { kind: 'vmac', name: null, group: 0, mac: null, notifies: false };
  assert.deepEqual(own('use_vmac'), plain);
  assert.deepEqual(own('use_vmac vrrp.51'), { ...plain, name: 'vrrp.51' });
  assert.deepEqual(own('use_vmac name vm0 netlink_notify_msg group 3'), {
    ...plain,
    name: 'vm0',
    group: 3,
    notifies: true,
  });
  assert.deepEqual(own('use_vmac 2:0:0:0:0:1 vm0'), {
    ...plain,
    name: 'vm0',
    mac: '02:00:00:00:00:01',
  });
  assert.deepEqual(own('use_vmac 02:00:00:00:01'), { ...plain, mac: '02:00:00:00:01' });
  assert.deepEqual(inactive(file('use_vmac')), ["'use_vmac'"]);
});

test('use_vmac: words that it cannot use are left out and told', () => {
  const bad = [
    'vm0 vm1',
    '01:00:5e:00:01:05',
    '00:00:5e:00:01:05',
    '00:00:5e:00:01',
    '02:00:00:00:zz:05',
    '02:00:00:00',
    'an-interface-name-of-many',
    'a/b',
    'group x',
    'group',
    '02:00:00:00:00:01 02:00:00:00:00:02',
  ];
  for (const words of bad) {
    const said = findings(file(`use_vmac ${words}`));
    assert.deepEqual(said, ['warning bad-own-interface'], words);
    assert.equal(own(`use_vmac ${words}`)?.kind, 'vmac');
  }
});

test('use_ipvlan: name, address, mode; IPv4 needs an address of its own', () => {
  const plain = { kind: 'ipvlan', name: null, group: 0, address: '192.0.2.5', mode: 'bridge' };
  assert.deepEqual(own('use_ipvlan 192.0.2.5'), plain);
  assert.deepEqual(own('use_ipvlan iv0 192.0.2.5/24 vepa group 7'), {
    ...plain,
    name: 'iv0',
    group: 7,
    address: '192.0.2.5/24',
    mode: 'vepa',
  });
  assert.deepEqual(findings(file('use_ipvlan iv0')), ['warning ipvlan-without-address']);
  assert.deepEqual(findings(file('use_ipvlan iv0', '', 'fe80::1')), []);
  for (const words of ['fe80::1 192.0.2.5', '192.0.2.5 private vepa', '192.0.2.5 192.0.2.6']) {
    assert.deepEqual(findings(file(`use_ipvlan ${words}`)), ['warning bad-own-interface'], words);
  }
  assert.equal(own('use_vmac\nuse_ipvlan 192.0.2.5')?.kind, 'vmac');
  assert.ok(findings(file('use_ipvlan 192.0.2.5\nuse_vmac')).includes('warning one-own-interface'));
});

test('vmac_xmit_base: only for use_vmac, not in strict mode, by itself with unicast', () => {
  const base = (lines: string) => instance(lines).xmitBase;
  assert.equal(base('use_vmac'), false);
  assert.equal(base('use_vmac\nvmac_xmit_base'), true);
  assert.equal(base('use_vmac\nunicast_peer { 192.0.2.9 }'), true);
  assert.deepEqual(findings(file('use_vmac\nunicast_peer { 192.0.2.9 }')), [
    'warning xmit-base-set',
  ]);
  for (const lines of ['', 'use_vmac_addr', 'use_ipvlan 192.0.2.5', 'use_vmac\nstrict_mode']) {
    assert.equal(base(`vmac_xmit_base\n${lines}`), false, lines);
    assert.ok(findings(file(`vmac_xmit_base\n${lines}`)).includes('warning xmit-base-cleared'));
  }
});

test('vrf is for an instance without an interface', () => {
  assert.equal(instance('vrf blue').vrf, null);
  assert.ok(findings(file('vrf blue')).includes('warning vrf-with-interface'));
  const text = without('vrf blue\nunicast_src_ip 192.0.2.8\nunicast_peer { 192.0.2.9 }');
  assert.equal(accepted(text).instances[0]?.vrf, 'blue');
});

test('unicast from a given source needs no interface, and run does not start with that', () => {
  const text = without('unicast_src_ip 192.0.2.8\nunicast_peer { 192.0.2.9 }');
  assert.equal(accepted(text).instances[0]?.interface, null);
  assert.deepEqual(inactive(text), ['unicast without an interface']);
});

test('anything else needs one', () => {
  const local = 'unicast_src_ip fe80::8\nunicast_peer { fe80::9 }';
  const six = without(local).replace('192.0.2.1', '2001:db8::1');
  for (const text of [without(''), without('unicast_peer { 192.0.2.9 }'), six]) {
    assert.equal(loadConfig('t', text).config, null);
    assert.ok(codes(text).includes('error missing-interface'), text);
  }
  const vmac = without('unicast_src_ip 192.0.2.8\nunicast_peer { 192.0.2.9 }\nuse_vmac');
  assert.ok(codes(vmac).includes('warning needs-interface'));
  assert.equal(accepted(vmac).instances[0]?.ownInterface, null);
});
