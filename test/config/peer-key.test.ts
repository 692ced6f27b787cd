/** Two ends that sign their adverts: the receiver must have the key that the sender uses. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bothWays, compare, instance, only, shown } from './peer-ends';

const key = (id: number, digits: string): string => `key ${id} hex:${digits.repeat(32)}\n`;
const end = (lines: string, address: number): string =>
  instance(`virtual_router_id 7
  priority ${100 + address}
  virtual_ipaddress { 192.0.2.100 }
  ${lines}`);
const signed = (keys: string, active: number, more = ''): string =>
  `auth_hmac {\n${keys}active_key ${active}\n${more}\n}`;
const codes = (own: string, other: string): readonly string[] =>
  shown(compare(end(own, 1), end(other, 2))).filter((one) => /key|authentication/.test(one));

test('the same keys, whichever of them is active', () => {
  const both = key(1, 'ab') + key(2, 'cd');
  assert.deepEqual(codes(signed(both, 1), signed(both, 2)), []);
});

test('a key that the other end lacks, or has with other octets', () => {
  const [one, two] = [signed(key(1, 'ab'), 1), signed(key(1, 'cd'), 1)];
  assert.deepEqual(codes(one, two), ['error peer-key @auth_hmac @auth_hmac']);
  const both = signed(key(1, 'ab') + key(2, 'cd'), 2);
  assert.deepEqual(codes(one, both), ['error peer-key @auth_hmac @auth_hmac']);
  const found = only(compare(end(one, 1), end(both, 2)).filter(({ code }) => code === 'peer-key'));
  assert.equal(found.what, 'VI_1 signs with key 2 at the other end, which is missing here');
});

test('an end that does not enforce, or a key in a file, is not judged', () => {
  const one = signed(key(1, 'ab'), 1, 'mode permissive');
  assert.deepEqual(codes(one, signed(key(2, 'ab'), 2, 'mode permissive')), []);
  const file = signed('key 1 file:/etc/key\n', 1);
  assert.deepEqual(codes(signed(key(1, 'ab'), 1), file), []);
});

test('a signature at one end, or AH against PASS', () => {
  assert.deepEqual(
    bothWays(end(signed(key(1, 'ab'), 1), 1), end('', 2)).map(([first]) => first),
    ['error peer-authentication @auth_hmac @VI_1', 'error peer-authentication @VI_1 @auth_hmac'],
  );
  const legacy = (type: string) => `authentication {\nauth_type ${type}\nauth_pass x\n}`;
  assert.deepEqual(codes(legacy('AH'), legacy('PASS')), [
    'error peer-authentication @authentication @authentication',
  ]);
});
