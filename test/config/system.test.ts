/** What global_defs and the root say about the process, the kernel and other programs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { System } from '../../src/config/model-system';
import { microseconds, seconds } from '../../src/time';
import { system as plain } from '../core/fixture-plain';
import { accepted, codes, file, findings } from './snippet';

const global = (lines: string) => accepted(file('', `global_defs {\n${lines}\n}`)).global;
const system = (lines: string): System => global(lines).system;
const said = (lines: string): readonly string[] => findings(file('', `global_defs {\n${lines}\n}`));

test('a file that says nothing of it asks for nothing', () => {
  assert.deepEqual(accepted(file('')).global.system, plain);
});

test('the root names namespaces, the daemon and its patience', () => {
  const lines =
    'net_namespace blue\nnet_namespace_ipvs\ninstance two\nuse_pid_dir\nchild_wait_time 9';
  assert.deepEqual(accepted(file('', lines)).global.system.host, {
    ...plain.host,
    instance: 'two',
    namespace: 'blue',
    ipvsNamespace: '',
    pidDirectory: true,
    childWait: seconds(9),
  });
  const twice = accepted(file('', 'instance one\ninstance two')).global.system.host.instance;
  assert.equal(twice, 'one');
});

test('process names end after 15 characters', () => {
  const long = 'process_name abcdefghijklmnopq';
  assert.equal(system(long).host.names.main, 'abcdefghijklmno');
  assert.deepEqual(said(long), ['warning too-long']);
  assert.equal(system('lvs_process_name c').host.names.checker, 'c');
});

test('umask: octal, hexadecimal, decimal, names', () => {
  const umask = (text: string) => system(`umask ${text}`).scripts.umask;
  assert.deepEqual(
    ['022', '0x12', '18', '0777', 'IWGRP|IWOTH', 'IRUSR | IXOTH', '0'].map(umask),
    [0o22, 0x12, 18, 0o777, 0o22, 0o401, 0],
  );
  assert.deepEqual(['01000', '512', '022x', '088', 'IRGRP|X'].map(umask), new Array(5).fill(null));
});

test('scripts of a life, with their users and times', () => {
  assert.deepEqual(
    system('startup_script "/s a" nobody\nstartup_script /t\nshutdown_script_timeout 7').hooks,
    {
      startup: { argv: ['/s', 'a'], user: { user: 'nobody', group: null } },
      startupTimeout: seconds(10),
      shutdown: null,
      shutdownTimeout: seconds(7),
    },
  );
  assert.deepEqual(said('startup_script /s\nstartup_script /t'), ['warning duplicate']);
});

test('FIFOs: a path, its owner, its reader; one path for two of them is told', () => {
  const { fifos } = system(
    'vrrp_notify_fifo /run/v nobody nogroup\nvrrp_notify_fifo_script "/r a"\nnotify_fifo /run/a',
  );
  assert.deepEqual(fifos, {
    all: { path: '/run/a', owner: null, reader: null },
    vrrp: {
      path: '/run/v',
      owner: { user: 'nobody', group: 'nogroup' },
      reader: { argv: ['/r', 'a'], user: null },
    },
    lvs: null,
    repeatOnReload: false,
  });
  assert.deepEqual(said('notify_fifo /run/a\nlvs_notify_fifo /run/a'), ['warning shared-fifo']);
  assert.deepEqual(said('notify_fifo_script /r'), ['warning fifo-without-name']);
  assert.deepEqual(said('notify_fifo run/a'), ['warning relative-path']);
});

test('scheduling: each process for itself; max_auto_priority alone is the highest', () => {
  const { scheduling } = system(`vrrp_priority -20
vrrp_rlimit_rtime 5000
vrrp_cpu_affinity 1 0 x 1
vrrp_no_swap
max_auto_priority`);
  assert.deepEqual(scheduling.children.vrrp, {
    nice: -20,
    realtime: null,
    realtimeLimit: microseconds(5000),
    cpus: [1, 0],
    locked: true,
  });
  assert.deepEqual(scheduling.children.bfd, plain.scheduling.children.bfd);
  const highest = (words: string) => system(`max_auto_priority${words}`).scheduling.autoPriorityMax;
  assert.deepEqual(['', ' 5', ' -1', ' 100', ' x'].map(highest), [99, 5, -1, 0, 0]);
});

test('receive buffers: a policy in whatever case, or octets', () => {
  const policy = (text: string) => system(`vrrp_rx_bufs_policy ${text}`).buffers.policy;
  assert.deepEqual(['mtu', 'ADVERT', '1000', 'MUT', '-1'].map(policy), [
    'MTU',
    'ADVERT',
    1000,
    null,
    null,
  ]);
});

test('firewall: named or not, the first table counts', () => {
  assert.deepEqual(system('vrrp_iptables').firewall.iptables, { input: 'INPUT', output: 'OUTPUT' });
  assert.deepEqual(system('vrrp_iptables in').firewall.iptables, { input: 'in', output: null });
  assert.equal(system('nftables').firewall.nftables, 'keepalived');
  assert.equal(system('nftables a\nnftables b').firewall.nftables, 'a');
  assert.deepEqual(system('vrrp_ipsets a b').firewall.ipsets, ['a', 'b']);
});

test('lvs_timeouts: each by its name, what is wrong left out', () => {
  const timeouts = (words: string) => system(`lvs_timeouts ${words}`).lvs.timeouts;
  assert.deepEqual(timeouts('tcp 5 udp 0'), { tcp: seconds(5), tcpFin: null, udp: 0 });
  assert.deepEqual(timeouts('tcpfin 2678401 udp 7'), { tcp: null, tcpFin: null, udp: seconds(7) });
  assert.deepEqual(said('lvs_timeouts'), ['warning missing-parameter']);
  assert.deepEqual(said('lvs_timeouts tcp'), ['warning missing-parameter']);
  assert.deepEqual(said('lvs_timeouts foo 5 udp 6'), [
    'warning unknown-option',
    'warning unknown-option',
  ]);
  assert.deepEqual(said('lvs_timeouts tcp x'), ['warning not-a-number']);
});

test('lvs_sync_daemon: an interface, perhaps an instance, options by name', () => {
  const daemon = (words: string) => system(`lvs_sync_daemon ${words}`).lvs.syncDaemon;
  const eth0 = {
    interface: 'eth0',
    instance: null,
    id: null,
    lengthMax: null,
    port: null,
    ttl: null,
    group: null,
  };
  assert.deepEqual(daemon('eth0'), eth0);
  assert.deepEqual(daemon('eth0 VI_1 id 7'), { ...eth0, instance: 'VI_1', id: 7 });
  assert.deepEqual(daemon('eth0 inst VI_1 maxlen 100 port 9 ttl 3 group ff02::81'), {
    ...eth0,
    instance: 'VI_1',
    lengthMax: 100,
    port: 9,
    ttl: 3,
    group: 'ff02::81',
  });
  for (const words of ['id 256', 'maxlen 0', 'port 65536', 'ttl 0']) {
    assert.deepEqual(said(`lvs_sync_daemon eth0 VI_1 ${words}`), ['warning out-of-range'], words);
  }
  assert.deepEqual(said('lvs_sync_daemon eth0 VI_1 group 192.0.2.1'), ['warning bad-address']);
  assert.deepEqual(said('lvs_sync_daemon eth0 VI_1 id'), ['warning missing-parameter']);
  assert.deepEqual(said('lvs_sync_daemon eth0 VI_1 5'), ['warning unknown-option']);
  assert.deepEqual(daemon('eth0\nlvs_sync_daemon eth1'), eth0);
});

test('lvs_flush_on_stop: everything, or the servers of the file', () => {
  assert.equal(system('lvs_flush_on_stop').lvs.flushOnStop, 'all');
  assert.equal(system('lvs_flush_onstop VS').lvs.flushOnStop, 'servers');
});

test('a mail server with a bad port is no mail server, as in keepalived', () => {
  assert.equal(global('smtp_server 192.0.2.9 99999').mail.server, null);
  assert.deepEqual(said('smtp_server 192.0.2.9 smtp'), ['warning out-of-range']);
  assert.equal(global('smtp_connect_timeout 0').mail.connectTimeout, seconds(1));
  assert.deepEqual(said('smtp_connect_timeout 0'), ['warning out-of-range']);
  const { mail } = global('smtp_alert\nno_email_faults\nno_checker_emails');
  assert.deepEqual([mail.checkers, mail.faults, mail.eachChecker], [true, false, false]);
});

test('decimals beyond the microsecond are rounded, and told', () => {
  const { garpInterval } = system('vrrp_garp_interval 0.0000015');
  assert.equal(garpInterval, 2);
  assert.deepEqual(said('vrrp_garp_interval 0.0000015'), ['warning too-precise']);
});

test('SNMP and D-Bus are refused with what there is instead', () => {
  for (const line of ['enable_snmp_vrrp', 'enable_traps', 'snmp_socket x', 'enable_dbus']) {
    assert.deepEqual(codes(file('', `global_defs {\n${line}\n}`)), ['warning refused'], line);
  }
  assert.deepEqual(codes(file('', 'linkbeat_use_polling')), ['warning refused']);
  assert.deepEqual(codes(file('linkbeat_use_polling')), ['warning refused']);
});

test('dynamic_interfaces is in force even where its word is not understood', () => {
  assert.equal(global('dynamic_interfaces foo').dynamicInterfaces, true);
  assert.deepEqual(said('dynamic_interfaces foo'), ['warning bad-choice']);
});
