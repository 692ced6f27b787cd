/** What signs adverts: PASS, AH, auth_hmac; and that no finding shows a secret. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import { render } from '../../src/config/render';
import { seconds } from '../../src/time';
import { codes, file, findings, inactive, instance } from './snippet';

const hex = 'ab'.repeat(32);
const hmac = (lines: string): string => `auth_hmac {\n${lines}\n}`;
const good = `key 1 hex:${hex}\nactive_key 1`;
const of = (lines: string) => instance(lines).authentication;

test('auth_hmac: keys by number, the clock against old adverts, everything enforced', () => {
  assert.deepEqual(of(hmac(`${good}\nkey 2 file:/etc/key`)), {
    kind: 'hmac',
    keys: [
      { id: 1, secret: { kind: 'octets', octets: new Array(32).fill(0xab) } },
      { id: 2, secret: { kind: 'file', path: '/etc/key' } },
    ],
    active: 1,
    replay: 'time',
    window: seconds(5),
    mode: 'enforce',
  });
  assert.deepEqual(inactive(file(hmac(good))), ["'auth_hmac'"]);
});

test('its window is three adverts, at least 5 s', () => {
  const window = (lines: string) => {
    const found = of(lines);
    return found.kind === 'hmac' ? found.window : null;
  };
  assert.equal(window(hmac(good)), seconds(5));
  assert.equal(window(`advert_int 4\n${hmac(good)}`), seconds(12));
  assert.equal(window(hmac(`${good}\ntime_window 300`)), seconds(300));
});

test('without a good active key it is off, as in keepalived, and check says what that means', () => {
  const off = [
    `key 1 hex:${hex}`,
    `key 1 hex:${hex}\nactive_key 2`,
    'key 1 short\nactive_key 1',
    `key 0 hex:${hex}\nactive_key 0`,
    `key 1 hex:${hex}a\nactive_key 1`,
  ];
  for (const lines of off) {
    assert.deepEqual(of(hmac(lines)), { kind: 'none' }, lines);
    assert.ok(findings(file(hmac(lines))).includes('warning hmac-without-key'), lines);
  }
});

test('a key has 32 to 64 octets; the first one of a number counts', () => {
  const sizes = [31, 32, 64, 65].map((size) => {
    const found = of(hmac(`key 1 ${'x'.repeat(size)}\nactive_key 1`));
    return found.kind === 'hmac' ? found.keys.length : 0;
  });
  assert.deepEqual(sizes, [0, 1, 1, 0]);
  const twice = of(hmac(`${good}\nkey 1 hex:${'cd'.repeat(32)}`));
  assert.deepEqual(twice, of(hmac(good)));
});

test('strict mode wants all adverts signed; a password beside auth_hmac is dropped', () => {
  const lines = `strict_mode\n${hmac(`${good}\nmode permissive`)}`;
  const found = of(lines);
  assert.equal(found.kind === 'hmac' && found.mode, 'enforce');
  assert.ok(findings(file(lines)).includes('warning strict-hmac'));
  const both = `${hmac(good)}\nauthentication {\nauth_type PASS\nauth_pass 1234\n}`;
  assert.equal(of(both).kind, 'hmac');
  assert.deepEqual(findings(file(both)), ['warning auth-dropped']);
});

test('an unknown type, or a password without one, is no authentication', () => {
  for (const lines of ['auth_type pass\nauth_pass 1', 'auth_pass 1', 'auth_type PASS']) {
    const text = `authentication {\n${lines}\n}`;
    assert.deepEqual(of(text), { kind: 'none' }, lines);
    assert.ok(codes(file(text)).includes('warning auth-dropped'), lines);
  }
});

test('AH: for version 2, and state MASTER has no say in it', () => {
  const ah = 'authentication {\nauth_type AH\nauth_pass 123456789\n}';
  assert.deepEqual(of(ah), { kind: 'header', password: '12345678' });
  assert.deepEqual(of(`version 3\n${ah}`), { kind: 'none' });
  assert.ok(codes(file(`state MASTER\npriority 90\n${ah}`)).includes('info ah-state'));
  assert.ok(!codes(file(`state MASTER\npriority 255\n${ah}`)).includes('info ah-state'));
});

test('no finding shows a key', () => {
  const secrets = ['hex:secret0', 'secret1secret', '"secret2 secret"', 'secret3 secret3'];
  for (const secret of secrets) {
    const keys = `key 1 ${secret} secret9\nkey one ${secret}\nactive_key 1`;
    const { diagnostics } = loadConfig('t', file(hmac(keys)));
    assert.ok(diagnostics.length > 2);
    const text = diagnostics.map((one) => render(one, { color: false })).join('\n');
    assert.doesNotMatch(text, /secret\d/, secret);
  }
});
