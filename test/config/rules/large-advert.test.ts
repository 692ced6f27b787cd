/** Lists of addresses that make an advert long, or too long. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, places } from './rule';

const code = 'large-advert';
const v4 = (n: number): string => Array.from({ length: n }, (_, i) => `10.0.0.${i}`).join('\n');
const v6 = (n: number): string => Array.from({ length: n }, (_, i) => `fe80::${i + 1}`).join('\n');

test('more than twenty are a note, at the first beyond', () => {
  const text = file('', { addresses: v4(30) });
  assert.deepEqual(places(code, text), ['info 24:10.0.0.20']);
  assert.equal(findings(code, text)[0]?.label, '120 octets');
  assert.match(findings(code, text)[0]?.help ?? '', /virtual_ipaddress_excluded/);
});

test('more IPv6 ones than fit are a warning', () => {
  const text = file('', { addresses: v6(90) });
  assert.deepEqual(places(code, text), ['warning 93:fe80::90']);
  assert.deepEqual(places(code, file('', { addresses: v6(89) })), ['info 24:fe80::21']);
});

test('twenty are fine, and so are more that are not advertised', () => {
  assert.deepEqual(places(code, file('', { addresses: v4(20) })), []);
  assert.deepEqual(places(code, file(`virtual_ipaddress_excluded {\n${v4(99)}\n}`)), []);
});
