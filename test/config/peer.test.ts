/** What would not work between two ends: each comparison, with its places in both files. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '../../src/config/render';
import { bothWays, compare, instance, only, shown } from './peer-ends';

const vips = 'virtual_ipaddress {\n 192.0.2.1\n }';
const here = (lines: string, name?: string) =>
  instance(`virtual_router_id 51\n priority 110\n ${vips}\n ${lines}`, name);
const there = (lines: string, name?: string) =>
  instance(`virtual_router_id 51\n priority 100\n ${vips}\n ${lines}`, name);

test('two VRIDs for the same addresses', () => {
  const other = there('').replace('51', '52');
  assert.deepEqual(bothWays(here(''), other), [
    ['error peer-vrid @51 @52'],
    ['error peer-vrid @52 @51'],
  ]);
  const text = render(only(compare(here(''), other)), { color: false });
  assert.match(text, /^own\.conf:3:21: error\[peer-vrid\]: VI_1 has VRID 51 here and 52 at /);
  assert.match(text, /^see: {2}other\.conf:3:21: the other end has VRID 52$/m);
});

test('another VRID is found by the addresses, whatever the instance is called there', () => {
  const other = there('', 'web').replace('51', '52');
  assert.match(only(compare(here(''), other)).what, /^VI_1 \(web there\) has VRID 51 here/);
});

test('a name alone in common: two routers', () => {
  const other = there('').replace('51', '52').replace('192.0.2.1', '192.0.2.9');
  const [found] = bothWays(here(''), other);
  assert.deepEqual(found, ['warning peer-namesake @51 @52']);
});

test('a VRID with nothing in common is obeyed all the same', () => {
  const other = there('', 'other').replace('192.0.2.1', '192.0.2.9');
  const found = compare(here('', 'own'), other);
  assert.deepEqual(shown(found), ['error peer-foreign-vrid @51 @51']);
  assert.equal(only(found).label, 'other with 192.0.2.9 there');
  const elsewhere = compare(here('', 'own'), other.replace('eth0', 'ens4'));
  assert.equal(only(elsewhere).severity, 'warning');
  const unheard = compare(here('', 'own'), `${other.replace('interface', 'version 3\ninterface')}`);
  assert.deepEqual(shown(unheard), []);
});

test('a foreign VRID beside the right other end', () => {
  const other = `${there('').replace('51', '52')}${there('', 'B').replace('192.0.2.1', '192.0.2.9')}`;
  assert.deepEqual(shown(compare(here(''), other)).slice(0, 2), [
    'info peer-one-end @ @B',
    'error peer-vrid @51 @52',
  ]);
  assert.equal(shown(compare(here(''), other))[2], 'error peer-foreign-vrid @51 @51');
});

test('one number on two networks of each end is no foreigner', () => {
  const lan = (priority: number) =>
    instance(
      `virtual_router_id 51\n priority ${priority}\n virtual_ipaddress { 192.0.2.1 }`,
      'LAN',
    );
  const wan = (priority: number) =>
    instance(
      `virtual_router_id 51\n priority ${priority}\n virtual_ipaddress { 198.51.100.1 }`,
      'WAN',
    ).replace('eth0', 'eth1');
  assert.deepEqual(shown(compare(lan(110) + wan(110), wan(100) + lan(100))), []);
});

test('two versions', () => {
  const other = there('version 3');
  assert.deepEqual(bothWays(here(''), other), [
    ['error peer-version @VI_1 @3'],
    ['error peer-version @3 @VI_1'],
  ]);
  const global = compare(here(''), `global_defs {\n vrrp_version 3\n}\n${there('')}`);
  assert.deepEqual(shown(global), ['error peer-version @VI_1 @VI_1']);
});

const password = (word: string) => `authentication {\n auth_type PASS\n auth_pass ${word}\n }`;

test('a password at one end', () => {
  assert.deepEqual(bothWays(here(password('secret')), there('')), [
    ['error peer-authentication @authentication @VI_1'],
    ['error peer-authentication @VI_1 @authentication'],
  ]);
});

test('two passwords, of which none is printed', () => {
  const found = compare(here(password('alphaXY')), there(password('omegaXY')));
  assert.deepEqual(shown(found), ['error peer-password @alphaXY @omegaXY']);
  const all = found.map(
    (one) =>
      `${render(one, { color: false })}${JSON.stringify(one.related.map(({ what }) => what))}`,
  );
  assert.doesNotMatch(all.join(), /XY/);
});

test('passwords are the same when their first eight octets are', () => {
  assert.deepEqual(shown(compare(here(password('12345678ab')), there(password('12345678')))), []);
});

test('version 3 knows no password', () => {
  const own = here(`version 3\n ${password('one')}`);
  assert.deepEqual(shown(compare(own, there(`version 3\n ${password('two')}`))), []);
});

test('advert_int: two masters under version 2', () => {
  assert.deepEqual(bothWays(here('advert_int 2'), there('')), [
    ['error peer-interval @2 @VI_1'],
    ['error peer-interval @VI_1 @2'],
  ]);
});

test('advert_int: under version 3 that of the master counts', () => {
  const found = only(compare(here('version 3\n advert_int 0.25'), there('version 3')));
  assert.equal(found.severity, 'info');
  // 3 × 0.25 s + 156/256 × 0.25 s, and 3 × 1 s + 146/256 × 1 s.
  assert.match(
    found.why ?? '',
    /takes over after 902\.34 ms of silence here, this end after 3\.57 s/,
  );
});

test('the form of the checksum', () => {
  const plain = 'version 3\n v3_checksum_as_v2';
  assert.deepEqual(bothWays(here(plain), there('version 3')), [
    ['warning peer-checksum @v3_checksum_as_v2 @VI_1'],
    ['warning peer-checksum @VI_1 @v3_checksum_as_v2'],
  ]);
  const strict = shown(compare(here(plain), there('version 3\n strict_mode true')));
  assert.deepEqual(strict, ['error peer-checksum @v3_checksum_as_v2 @VI_1']);
  const alike = shown(compare(here('v3_checksum_as_v2'), there('')));
  assert.deepEqual(alike, [], 'version 2 has one form');
});

test('unicast and multicast', () => {
  const own = here('unicast_src_ip 192.0.2.11\n unicast_peer { 192.0.2.12 }');
  assert.deepEqual(bothWays(own, there('')), [
    ['error peer-transport @unicast_peer @VI_1'],
    ['error peer-transport @VI_1 @unicast_peer'],
  ]);
});

test('two multicast groups', () => {
  assert.deepEqual(bothWays(here('mcast_dst_ip 224.0.0.19'), there('')), [
    ['error peer-multicast-group @224.0.0.19 @VI_1'],
    ['error peer-multicast-group @VI_1 @224.0.0.19'],
  ]);
});

const unicast = (source: string, ...peers: readonly string[]) =>
  `unicast_src_ip 192.0.2.${source}\n unicast_peer {\n${peers.map((n) => `192.0.2.${n}`).join('\n')}\n}`;

test('unicast: each end lists the other', () => {
  assert.deepEqual(shown(compare(here(unicast('11', '12')), there(unicast('12', '11')))), []);
  assert.deepEqual(bothWays(here(unicast('11', '12')), there(unicast('13', '11'))), [
    ['error peer-unlisted @unicast_peer @192.0.2.13'],
    ['error peer-unlisted @192.0.2.13 @unicast_peer'],
  ]);
  const neither = shown(compare(here(unicast('11', '12')), there(unicast('13', '14'))));
  assert.equal(neither.length, 2);
});

test('unicast: lists of three routers, with or without oneself', () => {
  const other = there(unicast('12', '11', '12', '13'));
  assert.deepEqual(shown(compare(here(unicast('11', '12', '13')), other)), []);
});

test('unicast: the address of the other end is not known', () => {
  const own = here(unicast('11', '12', '13'));
  const found = only(compare(own, there('unicast_peer { 192.0.2.11 }')));
  assert.equal(found.code, 'peer-source-unknown');
  assert.equal(found.severity, 'info');
  assert.equal(found.label, 'one of 192.0.2.12, 192.0.2.13 is expected there');
  const deaf = shown(compare(own, there('unicast_peer { 192.0.2.14 }')));
  assert.deepEqual(deaf, [
    'error peer-unlisted @192.0.2.11 @unicast_peer',
    'info peer-source-unknown @unicast_peer @unicast_peer',
  ]);
});

test('one source at both ends, unicast or multicast', () => {
  const same = shown(compare(here(unicast('11', '12')), there(unicast('11', '12'))));
  assert.deepEqual(same, ['error peer-source @192.0.2.11 @192.0.2.11']);
  const group = shown(compare(here('mcast_src_ip 192.0.2.11'), there('mcast_src_ip 192.0.2.11')));
  assert.deepEqual(group, ['error peer-source @192.0.2.11 @192.0.2.11']);
});

test('a TTL that cannot arrive', () => {
  const own = here(unicast('11', '12 min_ttl 255'));
  const other = there(`${unicast('12', '11')}\n unicast_ttl 64`);
  assert.deepEqual(bothWays(own, other), [
    ['warning peer-ttl @192.0.2.12 @64'],
    ['warning peer-ttl @64 @192.0.2.12'],
  ]);
});

test('addresses that one end lacks, all in one finding', () => {
  const own = here('').replace('192.0.2.1', '192.0.2.1\n192.0.2.2\n192.0.2.3');
  assert.deepEqual(bothWays(own, there('')), [
    ['warning peer-addresses @192.0.2.2 @virtual_ipaddress'],
    ['warning peer-addresses @virtual_ipaddress @192.0.2.2 @192.0.2.3'],
  ]);
  const { what } = only(compare(own, there('')));
  assert.equal(what, '2 addresses of VI_1 are not in the list of the other end');
});

test('the order of addresses does not matter', () => {
  const own = here('').replace('192.0.2.1', '192.0.2.1\n192.0.2.2');
  const other = there('').replace('192.0.2.1', '192.0.2.2\n192.0.2.1');
  assert.deepEqual(shown(compare(own, other)), []);
});

test('version 3 without addresses at one end', () => {
  const other = there('version 3\n no_virtual_ipaddress').replace(vips, '');
  assert.deepEqual(shown(compare(here('version 3'), other)), [
    'error peer-addresses @virtual_ipaddress @VI_1',
  ]);
});

test('IPv6: a list that does not begin with a link-local address is dropped', () => {
  const own = here('').replace('192.0.2.1', 'fe80::1\n2001:db8::1');
  const other = there('').replace('192.0.2.1', '2001:db8::1\nfe80::1');
  assert.deepEqual(bothWays(own, other), [
    ['error peer-first-address @fe80::1 @2001:db8::1'],
    ['error peer-first-address @2001:db8::1 @fe80::1'],
  ]);
});

const excluded = (...addresses: readonly string[]) =>
  `virtual_ipaddress_excluded {\n${addresses.join('\n')}\n}`;

test('excluded lists', () => {
  const own = here(excluded('192.0.2.7', '192.0.2.8'));
  assert.deepEqual(bothWays(own, there(excluded('192.0.2.8'))), [
    ['warning peer-excluded @192.0.2.7 @virtual_ipaddress_excluded'],
    ['warning peer-excluded @virtual_ipaddress_excluded @192.0.2.7'],
  ]);
});

test('advertised at one end, only held at the other', () => {
  const own = here('').replace('192.0.2.1', '192.0.2.1\n192.0.2.7');
  assert.deepEqual(bothWays(own, there(excluded('192.0.2.7'))), [
    ['info peer-advertised @192.0.2.7 @192.0.2.7'],
    ['info peer-advertised @192.0.2.7 @192.0.2.7'],
  ]);
});

test('prefixes and interfaces of addresses are notes', () => {
  const own = here('').replace('192.0.2.1', '192.0.2.1/24');
  const found = only(compare(own, there('').replace('192.0.2.1', '192.0.2.1/24 dev br0')));
  assert.deepEqual([found.code, found.severity], ['peer-device', 'info']);
  assert.equal(found.label, 'on the interface of the instance here, dev br0 there');
  const { label } = only(compare(own, there('')));
  assert.equal(label, '/24 here, /32 there');
});

test('interfaces may be called something else on another machine', () => {
  const own = here('').replace('192.0.2.1', '192.0.2.1 dev eth0');
  const renamed = there('').replace('eth0', 'ens3').replace('192.0.2.1', '192.0.2.1 dev ens3');
  assert.deepEqual(shown(compare(own, renamed)), []);
});

test('routes and rules that go with the master', () => {
  const routes = (gateway: string, ...more: readonly string[]) =>
    `virtual_routes {\n${[`default via ${gateway}`, ...more].join('\n')}\n}`;
  assert.deepEqual(shown(compare(here(routes('192.0.2.8')), there(routes('192.0.2.9')))), []);
  const more = routes('192.0.2.8', '198.51.100.0/24 via 192.0.2.7 table 5');
  const found = only(compare(here(more), there(routes('192.0.2.8'))));
  assert.equal(found.code, 'peer-routes');
  assert.equal(found.label, '198.51.100.0/24 table 5');
  const rule = 'virtual_rules {\n from 192.0.2.1 table 5 iif IF priority 100\n}';
  const twin = rule.replace('IF', 'eth1').replace('100', '200');
  assert.deepEqual(shown(compare(here(rule.replace('IF', 'eth0')), there(twin))), []);
  assert.deepEqual(bothWays(here(twin), there('')), [
    ['warning peer-rules @virtual_rules @VI_1'],
    ['warning peer-rules @VI_1 @virtual_rules'],
  ]);
  assert.equal(only(compare(here(twin), there(''))).label, 'from 192.0.2.1/32 table 5');
});

test('instances of one end alone', () => {
  const lonely = instance('virtual_router_id 9\n virtual_ipaddress { 192.0.2.9 }', 'B');
  assert.deepEqual(bothWays(here('') + lonely, there('')), [
    ['info peer-one-end @B'],
    ['info peer-one-end @ @B'],
  ]);
});

test('a file with errors is compared as far as it goes, and it is said', () => {
  const broken = there('').replace('virtual_router_id 51', '');
  const found = only(compare(here(''), broken));
  assert.equal(found.code, 'peer-errors');
  assert.match(found.related[0]?.what ?? '', /^vrrp_instance VI_1 has no virtual_router_id$/);
  assert.deepEqual(shown(compare(broken, here(''))), [], 'the own errors are told anyway');
});

test('nothing to compare', () => {
  assert.deepEqual(compare('', ''), []);
  assert.deepEqual(shown(compare('', there(''))), ['info peer-one-end @ @VI_1']);
});
