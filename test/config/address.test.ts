/** Lines of virtual_ipaddress and static_ipaddress, as keepalived 2.2.7 was seen to take them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import { address, clean, staticAddress, virtualFile } from './network-fixture';

test('the address, its prefix, its scope', () => {
  const of = (line: string) => {
    const { address: text, family, prefix, scope } = clean(address(line), line);
    return [text, family, prefix, scope];
  };
  assert.deepEqual(of('192.0.2.1'), ['192.0.2.1', 4, 32, 0]);
  assert.deepEqual(of('192.0.2.1/024'), ['192.0.2.1', 4, 24, 0]);
  assert.deepEqual(of('2001:DB8:0::1'), ['2001:db8::1', 6, 128, 0]);
  assert.deepEqual(of('fe80::1/64'), ['fe80::1', 6, 64, 253]);
  assert.deepEqual(of('169.254.0.1/16'), ['169.254.0.1', 4, 16, 0]);
  assert.deepEqual(of('192.0.2.1 scope host'), ['192.0.2.1', 4, 32, 254]);
  assert.deepEqual(of('192.0.2.1 scope 0x10'), ['192.0.2.1', 4, 32, 16]);
});

test('every option has its field', () => {
  const read = clean(
    address('192.0.2.1/24 dev eth1 brd + label eth1:v noprefixroute no_track preferred_lft 7'),
  );
  assert.deepEqual(
    [read.device, read.broadcast, read.label, read.noPrefixRoute, read.track],
    ['eth1', '192.0.2.255', 'eth1:v', true, false],
  );
  assert.equal(read.preferredSeconds, 7);
  assert.equal(clean(address('192.0.2.1/24 brd -')).broadcast, '192.0.2.0');
  assert.equal(clean(address('192.0.2.1 broadcast 192.0.2.9')).broadcast, '192.0.2.9');
  const other = clean(address('2001:db8::1 -nodad preferred_lft forever peer 2001:db8::2'));
  assert.deepEqual(
    [other.dad, other.preferredSeconds, other.peer, other.prefix],
    [true, 0xffffffff, '2001:db8::2', 128],
  );
});

test('what is not carried out is kept, and said once', () => {
  const { read, said } = address('2001:db8::1 home mngtmpaddr autojoin');
  assert.deepEqual([read?.home, read?.manageTemporary, read?.autoJoin], [true, true, true]);
  assert.deepEqual(said, [
    "info not-yet-active at 'home'",
    "info not-yet-active at 'mngtmpaddr'",
    "info not-yet-active at 'autojoin'",
  ]);
  assert.equal(address('192.0.2.1 home\n192.0.2.2 home').said.length, 1);
});

test('use_vmac is decisive: run does not start', () => {
  const { config, inactive } = loadConfig('t', virtualFile('address', '192.0.2.1 use_vmac'));
  assert.equal(config?.instances[0]?.excluded[0]?.useVmac, true);
  assert.deepEqual(inactive.at(-1)?.what, "'use_vmac'");
  assert.deepEqual(staticAddress('192.0.2.1 use_vmac').said, [
    "warning bad-address-option at 'use_vmac'",
  ]);
});

test('a peer with a prefix length is read as meant, which keepalived ignores', () => {
  const { read, said } = address('192.0.2.1 peer 192.0.2.2/30');
  assert.deepEqual([read?.address, read?.peer, read?.prefix], ['192.0.2.1', '192.0.2.2', 30]);
  assert.deepEqual(said, ["warning peer-length at '192.0.2.2/30'"]);
});

const leftOut: readonly (readonly [line: string, at: string])[] = [
  ['192.0.2', '192.0.2'],
  ['default', 'default'],
  ['2001:db8::1%eth0', '2001:db8::1%eth0'],
  ['192.0.2.01', '192.0.2.01'],
  ['192.0.2.1 dev', 'dev'],
  ['192.0.2.1 label', 'label'],
  ['192.0.2.1 dev eth0 dev eth1', 'dev'],
  ['192.0.2.1 dev an-interface-that-is-too-long', 'an-interface-that-is-too-long'],
  ['192.0.2.1 brd x', 'x'],
  ['2001:db8::1 brd 192.0.2.9', 'brd'],
  ['192.0.2.1 label eth0:56789012345', 'eth0:56789012345'],
];

test('what keepalived leaves out is left out, with a warning at the word', () => {
  for (const [line, at] of leftOut) {
    const { read, said } = address(line);
    assert.deepEqual([read, said], [null, [`warning bad-address at '${at}'`]], line);
  }
});

const optionLost: readonly (readonly [line: string, at: string])[] = [
  ['192.0.2.1/31 brd +', '+'],
  ['192.0.2.1 brd +', '+'],
  ['192.0.2.1 brd 192.0.2.9 peer 192.0.2.2', 'brd'],
  ['192.0.2.1/24 peer 192.0.2.2', '192.0.2.2'],
  ['192.0.2.1 peer 192.0.2.2 peer 192.0.2.3', '192.0.2.3'],
  ['192.0.2.1 peer x', 'x'],
  ['192.0.2.1 peer fe80::1', 'fe80::1'],
  ['192.0.2.1 scope lnik', 'lnik'],
  ['192.0.2.1 scope 256', '256'],
  ['2001:db8::1 scope link', 'scope'],
  ['2001:db8::1 label x', 'label'],
  ['192.0.2.1 preferred_lft 5x', '5x'],
  ['192.0.2.1 preferred_lft 4294967296', '4294967296'],
  ['192.0.2.1 track_group G1', 'track_group'],
  ['192.0.2.1 foo', 'foo'],
  ['192.0.2.1 192.0.2.2', '192.0.2.2'],
];

test('where keepalived ignores an option, so do we', () => {
  for (const [line, at] of optionLost) {
    const { read, said } = address(line);
    assert.deepEqual(said, [`warning bad-address-option at '${at}'`], line);
    assert.ok(read, line);
    const { broadcast, scope, label, preferredSeconds } = read;
    assert.deepEqual([broadcast, scope, label, preferredSeconds], [null, 0, null, null], line);
  }
});

test('the value of a misspelt word is not reported on its own, an option behind it counts', () => {
  const of = (line: string) => {
    const { read, said } = address(line);
    return [read?.device, ...said];
  };
  for (const [line, at] of [
    ['192.0.2.1 lable x dev eth1', 'lable'],
    ['192.0.2.1 lable dev eth1', 'lable'],
    ['192.0.2.1 netmask 255.255.255.0 dev eth1', 'netmask'],
  ] as const) {
    assert.deepEqual(of(line), ['eth1', `warning bad-address-option at '${at}'`], line);
  }
});

test('a bad length gives the longest prefix', () => {
  for (const length of ['33', 'x', '', '24/3', '255.255.255.0']) {
    const { read, said } = address(`192.0.2.1/${length}`);
    assert.equal(read?.prefix, 32, length);
    assert.deepEqual(said, [`warning out-of-range at '192.0.2.1/${length}'`]);
  }
});

test('a static address has an interface, and may have a track_group', () => {
  const of = (line: string) => {
    const { read, said } = staticAddress(line);
    return [read?.device, read?.trackGroup, ...said];
  };
  assert.deepEqual(of('192.0.2.1'), ['eth0', null]);
  assert.deepEqual(of('192.0.2.1 dev eth1 track_group G1'), ['eth1', 'G1']);
  assert.deepEqual(of('192.0.2.1 track_group G2'), [
    'eth0',
    null,
    "warning bad-address-option at 'G2'",
  ]);
  assert.deepEqual(of('192.0.2.1 track_group G1 no_track'), [
    'eth0',
    null,
    "warning bad-address-option at 'track_group'",
  ]);
  const text = 'global_defs { default_interface eth7 }\nstatic_ipaddress { 192.0.2.1 }';
  assert.equal(loadConfig('t', text).config?.staticAddresses[0]?.device, 'eth7');
});

test('100,000 lines: processor time, so that a busy machine does not matter', () => {
  const lines = Array.from(
    { length: 100_000 },
    (_, i) => `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}/24 dev eth0 label eth0:v`,
  );
  const text = virtualFile('address', lines.join('\n'));
  const before = process.cpuUsage();
  const { config } = loadConfig('t', text);
  const { user, system } = process.cpuUsage(before);
  assert.equal(config?.instances[0]?.excluded.length, 100_000);
  assert.ok(user + system < 3_000_000, `${user + system} µs`);
});
