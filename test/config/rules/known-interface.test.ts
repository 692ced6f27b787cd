/** Interfaces that this host does not have. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'unknown-interface';
const host = machine({ interfaces: { lo: [], ens33: [], eth1: [] } });
const only = machine({ interfaces: { eth0: [] } });

test('of the instance, with what there is', () => {
  const text = file('').replace('eth0', 'enp3s0');
  assert.deepEqual(places(code, text, host), ['warning 2:enp3s0']);
  assert.match(findings(code, text, host)[0]?.help ?? '', /there is lo, ens33, eth1/);
  const slip = file('').replace('eth0', 'ens3');
  assert.equal(findings(code, slip, host)[0]?.help, "did you mean 'ens33'?");
});

test('tracked, and of an address; each name once', () => {
  const text = file('track_interface { eth7 }', {
    addresses: '192.0.2.100 dev eth8\n192.0.2.101 dev eth8',
  });
  assert.deepEqual(places(code, text, only), ['warning 4:eth8', 'warning 6:eth7']);
});

test('nothing when it may come later, is made by the instance, or nobody can tell', () => {
  assert.deepEqual(places(code, file('', { global: 'dynamic_interfaces' }), host), []);
  const made = file('use_vmac my.7\ntrack_interface { my.7 }');
  assert.deepEqual(places(code, made, only), []);
  assert.deepEqual(places(code, file('')), []);
  assert.deepEqual(places(code, file(''), only), []);
});
