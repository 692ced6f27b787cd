/**
 * virtual_server_group: every form of an entry, and what leaves one or the whole group out.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import { accepted, file, said } from './server-fixture';

test('groups: every form of an address, and marks', () => {
  const [group] = accepted(`virtual_server_group g {
    192.0.2.1
    192.0.2.1-5 80
    192.0.2.1-192.0.3.1 80
    192.0.2.8/29 81
    2001:db8::1-ff 80
    fwmark 3 inet
  }`).serverGroups;
  assert.deepEqual(
    group?.entries.map((one) =>
      one.kind === 'addresses'
        ? `${one.first} ${one.last} ${one.port}`
        : `${one.mark} ${one.family}`,
    ),
    [
      '192.0.2.1 192.0.2.1 0',
      '192.0.2.1 192.0.2.5 80',
      '192.0.2.1 192.0.3.1 80',
      '192.0.2.8 192.0.2.15 81',
      '2001:db8::1 2001:db8::ff 80',
      '3 4',
    ],
  );
});

test('groups: a line that cannot be read is left out', () => {
  for (const line of [
    '192.0.2.5-1 80',
    '192.0.2.5-5 80',
    '192.0.2.5-300',
    '192.0.2.5-x',
    '192.0.3.5-192.0.2.1',
    '192.0.2.1/24',
    '192.0.2.0/33',
    '192.0.2.0/0',
    '192.0.2.1 70000',
    '2001:db8::1-10000',
    '192.0.2.1-2001:db8::1',
    'zork',
    'fwmark x',
    'fwmark 3 zork',
  ]) {
    const text = `virtual_server_group g {\n${line}\n192.0.2.1\n}`;
    assert.deepEqual(said(text), ['warning bad-server'], line);
    assert.equal(accepted(text).serverGroups[0]?.entries.length, 1, line);
  }
});

test('groups: a fwmark without its value is an error, as in keepalived', () => {
  assert.deepEqual(said('virtual_server_group g {\nfwmark\n192.0.2.1\n}'), [
    'error missing-parameter',
  ]);
});

test('groups: empty, mixed without a family, unknown, twice', () => {
  const mixed = 'virtual_server_group g {\n192.0.2.1\n2001:db8::1\nfwmark 3\n}';
  assert.deepEqual(said('virtual_server_group g { }'), ['warning group-left-out']);
  assert.deepEqual(said(mixed), ['warning group-left-out']);
  assert.deepEqual(said(mixed.replace('mark 3', 'mark 3 inet6')), []);
  const unknown = loadConfig(
    't',
    `virtual_server_group web { 192.0.2.1 }\n${file('').replace('192.0.2.100 80', 'group wep')}`,
  ).diagnostics.find(({ code }) => code === 'unknown-group');
  assert.equal(unknown?.help, "did you mean 'web'?");
  assert.deepEqual(
    said('virtual_server_group g { 192.0.2.1 }\nvirtual_server_group g { 192.0.2.2 }'),
    ['warning duplicate-name'],
  );
});
