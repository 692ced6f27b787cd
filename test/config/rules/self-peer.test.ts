/** A router among its own peers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'self-peer';
const peers = (...list: string[]): string => `unicast_peer {\n${list.join('\n')}\n}`;
const host = machine({
  interfaces: { eth0: ['192.0.2.1', '192.0.2.100'], eth1: ['198.51.100.1'] },
});

test('alone, it is told by the source or by the host', () => {
  const bySource = file(`unicast_src_ip 192.0.2.1\n${peers('192.0.2.1')}`);
  assert.deepEqual(places(code, bySource), ['warning 7:192.0.2.1']);
  assert.match(findings(code, bySource)[0]?.why ?? '', /each of them is master/);
  assert.deepEqual(places(code, file(peers('198.51.100.1')), host), ['warning 6:198.51.100.1']);
});

test('beside others it is a note', () => {
  const list = file(peers('192.0.2.1', '192.0.2.2'));
  assert.deepEqual(places(code, list, host), ['info 6:192.0.2.1']);
});

test('nothing for others, or for nobody known', () => {
  assert.deepEqual(places(code, file(peers('192.0.2.2')), host), []);
  assert.deepEqual(places(code, file(peers('192.0.2.1'))), []);
});
