/** Priority 255 where the addresses are not the router's own. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'not-the-owner';
const host = (...eth0: string[]) => machine({ interfaces: { eth0 } });

test('is told at the number', () => {
  assert.deepEqual(places(code, file('priority 255'), host('192.0.2.1')), ['warning 5:255']);
  assert.match(findings(code, file('priority 255'), host('192.0.2.1'))[0]?.help ?? '', /below 255/);
});

test('nothing for an owner, for others, for one by accident, or when nobody can tell', () => {
  assert.deepEqual(places(code, file('priority 255'), host('192.0.2.100')), []);
  assert.deepEqual(places(code, file('priority 254'), host('192.0.2.1')), []);
  assert.deepEqual(places(code, file('state MASTER'), host('192.0.2.1')), []);
  assert.deepEqual(places(code, file('priority 255')), []);
});
