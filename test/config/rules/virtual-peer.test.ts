/** A peer that is the virtual address. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'virtual-peer';

test('is told, and not as oneself too', () => {
  const text = file('unicast_peer {\n192.0.2.100\n}');
  const host = machine({ interfaces: { eth0: ['192.0.2.1', '192.0.2.100'] } });
  assert.deepEqual(places(code, text, host), ['warning 6:192.0.2.100']);
  assert.deepEqual(places('self-peer', text, host), []);
  assert.match(findings(code, text)[0]?.help ?? '', /own address/);
});

test('a router is none', () => {
  assert.deepEqual(places(code, file('unicast_peer { 192.0.2.2 }')), []);
});
