/**
 * From text to model: the values, the defaults and the completion rules.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import type { Config, Instance } from '../../src/config/model';
import { milliseconds, seconds } from '../../src/time';
import { silent } from '../core/fixture-plain';

const codes = (text: string): readonly string[] =>
  loadConfig('t', text).diagnostics.map(({ code, severity }) => `${severity} ${code}`);

function accepted(text: string): Config {
  const { config, diagnostics } = loadConfig('t', text);
  assert.ok(config, JSON.stringify(diagnostics.map(({ code, what }) => [code, what])));
  return config;
}

/** An instance that is complete, with more lines in it and around it. */
function file(lines: string, around = '', addresses = '192.0.2.1'): string {
  return `${around}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 7
  virtual_ipaddress {
    ${addresses}
  }
  ${lines}
}`;
}

function instance(lines: string, around = '', addresses?: string): Instance {
  const [first] = accepted(file(lines, around, addresses)).instances;
  assert.ok(first);
  return first;
}

test('the classic file of a thousand tutorials loads without error or warning', () => {
  const text = readFileSync(join(process.cwd(), 'test/config/classic.conf'), 'utf8');
  const config = accepted(text);
  assert.deepEqual(
    codes(text).filter((code) => !code.startsWith('info ')),
    [],
  );
  assert.equal(config.global.routerId, 'LVS_DEVEL');
  assert.deepEqual(config.global.mail, {
    to: ['admin@centos.bz'],
    from: 'keepalived@domain.com',
    server: { host: '127.0.0.1', port: 25 },
    connectTimeout: seconds(30),
    heloName: null,
    faults: true,
    checkers: null,
    eachChecker: true,
    tls: 'off',
    tlsAuthorities: null,
    login: null,
  });
  const [script] = config.scripts;
  assert.deepEqual(script?.command, ['/opt/nginx_pid.sh']);
  assert.equal(script?.interval, seconds(2));
  assert.equal(script?.timeout, seconds(2));
  const [vi] = config.instances;
  assert.ok(vi);
  assert.deepEqual(
    [vi.name, vi.interface, vi.family, vi.version, vi.vrid, vi.priority, vi.source, vi.group],
    ['VI_1', 'eth0', 4, 2, 51, 102, '192.168.1.103', '224.0.0.18'],
  );
  assert.equal(vi.interval, seconds(1));
  assert.deepEqual(vi.authentication, { kind: 'pass', password: '1111' });
  assert.deepEqual(vi.trackScripts, [{ name: 'chk_http_port', weight: 2, reverse: false }]);
  assert.deepEqual(
    vi.addresses.map(({ address, prefix }) => [address, prefix]),
    [['192.168.1.110', 32]],
  );
  assert.ok(Object.isFrozen(config) && Object.isFrozen(vi.addresses[0]));
});

test('defaults', () => {
  const { global } = accepted(file(''));
  assert.deepEqual(
    [global.vipLease, global.onStall, global.stallLease, global.realtime, global.startupDelay],
    [seconds(10), 'offer', seconds(3), true, seconds(0)],
  );
  const vi = instance('');
  assert.deepEqual(
    [vi.priority, vi.interval, vi.preempt, vi.preemptDelay, vi.version, vi.downTimerAdverts],
    [100, seconds(1), true, seconds(0), 2, 3],
  );
  assert.deepEqual(vi.garp, {
    repeat: 5,
    delay: seconds(5),
    refresh: seconds(0),
    refreshRepeat: 1,
    lowerPriorityRepeat: 5,
    lowerPriorityDelay: seconds(5),
  });
  assert.deepEqual([vi.trackPrimary, vi.unicastTtl, vi.source, vi.peers], [true, 255, null, []]);
});

test('things keepalived does not start with are errors', () => {
  const lacking = (line: string) => codes(file('').replace(line, ''));
  assert.deepEqual(lacking('virtual_router_id 7'), ['error missing-vrid']);
  assert.deepEqual(lacking('interface eth0'), ['error missing-interface']);
  assert.deepEqual(lacking('192.0.2.1'), ['warning no-addresses']);
  assert.deepEqual(codes(file('version 3', '', '')), ['error no-addresses']);
  assert.deepEqual(codes(file('version 3\nno_virtual_ipaddress', '', '')), []);
  assert.deepEqual(codes(file('priority')), ['error missing-parameter']);
  assert.deepEqual(
    codes(file('debug')).filter((c) => c.startsWith('error')),
    ['error missing-parameter'],
  );
  assert.ok(codes(file('virtual_router_id 0')).includes('error out-of-range'));
  assert.ok(codes(file('virtual_router_id 7;')).includes('error not-a-number'));
  assert.ok(
    codes(file('strict_mode\nunicast_peer { 192.0.2.9 }')).includes('error strict-unicast'),
  );
});

test('priority: 255 by state MASTER, 100 otherwise or when it cannot be read', () => {
  assert.equal(instance('state MASTER').priority, 255);
  assert.deepEqual(codes(file('state MASTER')), ['warning owner-by-accident']);
  assert.equal(instance('state BACKUP').priority, 100);
  assert.equal(instance('state MASTER\npriority 300').priority, 100);
  assert.equal(instance('priority 150;').priority, 100);
  assert.equal(instance('priority 1').priority, 1);
});

test('nopreempt gives way to state MASTER and to priority 255', () => {
  assert.equal(instance('state BACKUP\nnopreempt').preempt, false);
  assert.equal(instance('nopreempt\npreempt').preempt, true);
  assert.equal(instance('nopreempt false').preempt, false);
  assert.equal(instance('state MASTER\npriority 90\nnopreempt').preempt, true);
  assert.ok(codes(file('priority 255\nnopreempt')).includes('warning nopreempt-cleared'));
});

test('preempt_delay counts only where there is preemption', () => {
  assert.equal(instance('preempt_delay 2.5').preemptDelay, milliseconds(2500));
  for (const lines of ['state MASTER\npriority 9', 'nopreempt', 'strict_mode']) {
    const text = `${lines}\npreempt_delay 2`;
    assert.equal(instance(text).preemptDelay, 0, lines);
    assert.ok(codes(file(text)).includes('warning preempt-delay-cleared'), lines);
  }
});

test('advert_int: whole seconds in version 2, hundredths up to 40.95 s in version 3', () => {
  const interval = (version: number, text: string) =>
    instance(`version ${version}\nadvert_int ${text}`).interval;
  assert.equal(interval(2, '0.4'), seconds(1));
  assert.equal(interval(2, '2.6'), seconds(3));
  assert.equal(interval(2, '255'), seconds(255));
  assert.equal(interval(3, '0.01'), milliseconds(10));
  assert.equal(interval(3, '0.016'), milliseconds(20));
  assert.equal(interval(3, '100'), milliseconds(40_950));
  assert.equal(interval(3, '0'), seconds(1));
  assert.equal(interval(3, '2s'), seconds(2));
});

test('family and version follow the first address', () => {
  const v6 = instance('', '', 'fe80::1\n192.0.2.1\n2001:db8::1/64');
  assert.deepEqual([v6.family, v6.version, v6.group], [6, 3, 'ff02::12']);
  assert.deepEqual(
    v6.addresses.map(({ address }) => address),
    ['fe80::1', '2001:db8::1'],
  );
  assert.deepEqual([v6.addresses[0]?.scope, v6.addresses[1]?.scope], [253, 0]);
  assert.equal(instance('', 'global_defs { vrrp_version 3 }').version, 3);
  assert.equal(instance('version 2', 'global_defs { vrrp_version 3 }').version, 2);
  assert.equal(instance('native_ipv6\nno_virtual_ipaddress', '', '').family, 6);
  assert.equal(instance('no_virtual_ipaddress\nunicast_peer { 2001:db8::2 }', '', '').family, 6);
});

test('authentication is for version 2 without strict mode, eight octets long', () => {
  const auth = (type: string, pass: string) => `authentication {\n${type}\n${pass}\n}`;
  const pass = auth('auth_type PASS', 'auth_pass 123456789');
  assert.deepEqual(instance(pass).authentication, { kind: 'pass', password: '12345678' });
  for (const lines of [`version 3\n${pass}`, `strict_mode\n${pass}`, auth('auth_type PASS', '')]) {
    assert.deepEqual(instance(lines).authentication, { kind: 'none' });
    assert.ok(codes(file(lines)).includes('warning auth-dropped'));
  }
  const header = auth('auth_type AH', 'auth_pass x');
  assert.deepEqual(instance(header).authentication, { kind: 'header', password: 'x' });
  assert.deepEqual(
    loadConfig('t', file(header)).inactive.map(({ what }) => what),
    ["'auth_type AH'"],
  );
});

test('more than 255 addresses are held but not all advertised', () => {
  const many = Array.from({ length: 300 }, (_, i) => `10.0.${i >> 8}.${i & 255}`).join('\n');
  const vi = instance('virtual_ipaddress_excluded { 10.1.0.0 }', '', many);
  assert.deepEqual([vi.addresses.length, vi.excluded.length], [255, 46]);
  assert.deepEqual([vi.excluded[0]?.address, vi.excluded[45]?.address], ['10.0.0.255', '10.1.0.0']);
});

test('unicast', () => {
  const peers = 'unicast_src_ip 192.0.2.7\nunicast_peer {\n192.0.2.8\n192.0.2.9 min_ttl 254\n}';
  const vi = instance(peers);
  assert.equal(vi.source, '192.0.2.7');
  assert.deepEqual(vi.peers, [
    { address: '192.0.2.8', minTtl: 0, maxTtl: 255 },
    { address: '192.0.2.9', minTtl: 254, maxTtl: 255 },
  ]);
  assert.equal(vi.checkUnicastSource, true);
  assert.equal(instance('unicast_peer {\n192.0.2.8\n}').checkUnicastSource, false);
  assert.deepEqual(codes(file('unicast_src_ip 192.0.2.7')), ['warning unicast-without-peer']);
  assert.deepEqual(instance('unicast_peer { 192.0.2.8 192.0.2.9 }').peers.length, 1);
});

test('announcements: own words over global ones', () => {
  const global = 'global_defs { vrrp_garp_master_delay 2\n vrrp_garp_master_repeat 3 }';
  const { garp } = instance('garp_master_delay 1\ngarp_master_refresh 14400', global);
  assert.deepEqual(garp, {
    repeat: 3,
    delay: seconds(1),
    refresh: seconds(14400),
    refreshRepeat: 1,
    lowerPriorityRepeat: 3,
    lowerPriorityDelay: seconds(2),
  });
  const least = instance('', 'global_defs { vrrp_min_garp }').garp;
  assert.deepEqual([least.repeat, least.delay, least.refreshRepeat], [1, 0, 0]);
  assert.equal(instance('garp_master_repeat 0').garp.repeat, 1);
});

test('strict mode', () => {
  const vi = instance('down_timer_adverts 5', 'global_defs { vrrp_strict }');
  assert.deepEqual(
    [vi.strict, vi.lowerPriorityNoAdvert, vi.downTimerAdverts, vi.garp.lowerPriorityRepeat],
    [true, true, 3, 0],
  );
  assert.equal(instance('strict_mode off', 'global_defs { vrrp_strict }').strict, false);
});

const script = (words: string) => `vrrp_script s {\nscript "/bin/s"\n${words}\n}`;

test('tracked scripts: the line over the script, and only what exists', () => {
  const tracks = (line: string, words = 'weight -5 reverse') =>
    instance(`track_script {\n${line}\n}`, script(words)).trackScripts;
  assert.deepEqual(tracks('s'), [{ name: 's', weight: -5, reverse: true }]);
  assert.deepEqual(tracks('s weight 7'), [{ name: 's', weight: 7, reverse: false }]);
  assert.deepEqual(tracks('s', 'weight 300'), [{ name: 's', weight: 253, reverse: false }]);
  const unknown = loadConfig('t', file('track_script { ss }', script('')));
  const said = unknown.diagnostics.find(({ code }) => code === 'unknown-script');
  assert.deepEqual(unknown.config?.instances[0]?.trackScripts, []);
  assert.deepEqual([said?.severity, said?.help], ['warning', "did you mean 's'?"]);
});

test('a script that nobody tracks is not run', () => {
  assert.deepEqual(accepted(file('', script(''))).scripts, []);
  assert.deepEqual(codes(file('', script(''))), ['warning unused-script']);
});

test('the owner of the addresses has no weights', () => {
  const vi = instance('priority 255\ntrack_script { s }', script('weight 5'));
  assert.deepEqual(vi.trackScripts, []);
});

test('scripts: rise, fall, timeout, user, arguments', () => {
  const words = 'interval 0.5\ntimeout 3\nrise 2\nfall 4\nuser nobody nogroup';
  const [one] = accepted(file('track_script { s }', script(words))).scripts;
  assert.deepEqual(
    [one?.interval, one?.timeout, one?.rise, one?.fall, one?.user],
    [milliseconds(500), seconds(3), 2, 4, { user: 'nobody', group: 'nogroup' }],
  );
  const global = `global_defs { script_user svc }\n${script('interval 0')}`;
  const [two] = accepted(file('track_script { s }', global)).scripts;
  assert.deepEqual([two?.interval, two?.user], [seconds(1), { user: 'svc', group: null }]);
});

test('the same VRID twice on one interface', () => {
  const two = (first: string, second: string) =>
    codes(`${file(first)}\n${file(second).replace('VI_1', 'VI_2').replace('.2.1', '.2.2')}`);
  assert.deepEqual(two('', ''), ['error duplicate-vrid']);
  assert.deepEqual(two('', 'interface eth1'), ['warning repeated']);
  assert.deepEqual(two('mcast_dst_ip 224.0.0.99', ''), []);
  const unicast = (peer: string) => `unicast_src_ip 192.0.2.7\nunicast_peer { 192.0.2.${peer} }`;
  assert.deepEqual(two(unicast('8'), unicast('9')), []);
  assert.deepEqual(two(unicast('8'), unicast('8')), ['error duplicate-vrid']);
});

test('groups: weights count only when asked', () => {
  const lines = 'track_script { s }\ntrack_interface {\neth5 weight 10\n}';
  const group = (words: string) =>
    accepted(
      `vrrp_sync_group G { group { VI_1 nobody }\n${words} }\n${file(lines, script('weight 5'))}`,
    );
  const [plain] = group('').instances;
  assert.deepEqual(plain?.trackScripts, []);
  assert.deepEqual(plain?.trackInterfaces, [{ name: 'eth5', weight: 0, reverse: false }]);
  assert.deepEqual(group('').groups[0]?.members, ['VI_1']);
  const [weighted] = group('sync_group_tracking_weight').instances;
  assert.equal(weighted?.trackScripts[0]?.weight, 5);
  assert.equal(weighted?.trackInterfaces[0]?.weight, 10);
});

test('notify commands', () => {
  const { notify } = instance('notify "/n a" \nnotify_master "/m \'b  c\'"');
  assert.deepEqual(notify, {
    ...silent,
    master: { argv: ['/m', 'b  c'], user: null },
    any: { argv: ['/n', 'a'], user: null },
  });
});

test("holdfast's own block", () => {
  const own = accepted(
    file('', 'holdfast { vip_lease off\non_stall keep\nstall_lease 0.5\nrealtime off }'),
  ).global;
  assert.deepEqual(
    [own.vipLease, own.onStall, own.stallLease, own.realtime],
    [null, 'keep', milliseconds(500), false],
  );
  assert.equal(accepted(file('', 'holdfast { vip_lease 3 }')).global.vipLease, seconds(3));
  for (const bad of ['vip_lease 2.9', 'vip_lease x', 'stall_lease 0', 'on_stall x', 'realtime x']) {
    assert.equal(loadConfig('t', file('', `holdfast { ${bad} }`)).config, null, bad);
  }
});

test('an unknown block is skipped whole and loses nothing of its parent', () => {
  const vi = instance('foo { priority 7\nbar { baz } }\npriority 42');
  assert.equal(vi.priority, 42);
});

test('no diagnostic holds a password', () => {
  const text = file('authentication {\nauth_type PASS\nauth_pass topsecretword $topsecret\n}');
  assert.ok(
    !/topsecret/.test(
      JSON.stringify(
        loadConfig('t', text).diagnostics.map(({ what, why, help, label }) => [
          what,
          why,
          help,
          label,
        ]),
      ),
    ),
  );
});

test('members of a sync group that differ in priority are told', () => {
  const member = (name: string, vrid: number, priority: number): string =>
    `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${vrid}\npriority ${priority}\n` +
    `virtual_ipaddress {\n192.0.2.${vrid}\n}\n}\n`;
  const group = 'vrrp_sync_group G {\ngroup {\nA\nB\n}\n}\n';
  assert.deepEqual(codes(`${group}${member('A', 1, 100)}${member('B', 2, 90)}`), [
    'warning uneven-group',
  ]);
  assert.deepEqual(codes(`${group}${member('A', 1, 100)}${member('B', 2, 100)}`), []);
});
