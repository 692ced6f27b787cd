/** Unicast whose source is left to the interface. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'unicast-source';
const peer = 'unicast_peer {\n192.0.2.2\n}';
const host = (...eth0: string[]) => machine({ interfaces: { eth0 } });

test('is told where there is a choice, or nobody knows', () => {
  assert.deepEqual(places(code, file(peer)), ['info 5:unicast_peer']);
  assert.match(findings(code, file(peer))[0]?.help ?? '', /unicast_src_ip/);
  assert.equal(places(code, file(peer), host('192.0.2.1', '192.0.2.3')).length, 1);
});

test('nothing with a source, with one address alone, or for multicast', () => {
  assert.deepEqual(places(code, file(`unicast_src_ip 192.0.2.1\n${peer}`)), []);
  assert.deepEqual(places(code, file(peer), host('192.0.2.1', '192.0.2.100', 'fe80::1')), []);
  assert.deepEqual(places(code, file('')), []);
});
