/**
 * Virtual servers, groups and real servers: values, what is inherited, and each correction that
 * keepalived makes, with its word for it.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compatExitCode } from '../../src/config/compat';
import { loadConfig } from '../../src/config/load';
import { render } from '../../src/config/render';
import { seconds } from '../../src/time';
import { accepted, file, real, said, virtual, withReal } from './server-fixture';

test('a plain virtual server: nothing is said, the defaults are filled in', () => {
  assert.deepEqual(said(file('')), []);
  const config = accepted(file(''));
  const [server] = config.virtualServers;
  assert.deepEqual(server, {
    target: { kind: 'address', address: '192.0.2.100', port: 80 },
    family: 4,
    protocol: 'TCP',
    scheduler: 'rr',
    schedulerFlags: [],
    hashed: false,
    onePacket: false,
    method: { kind: 'nat' },
    persistence: null,
    delayLoop: seconds(60),
    haSuspend: false,
    alpha: false,
    omega: false,
    quorum: { size: 1, hysteresis: 0, up: null, down: null },
    sorryServer: null,
    realServers: [
      {
        address: '192.0.2.1',
        family: 4,
        port: 80,
        weight: 1,
        method: { kind: 'nat' },
        connectionsMax: 0,
        connectionsMin: 0,
        inhibit: false,
        alpha: false,
        notifyUp: null,
        notifyDown: null,
        smtpAlert: true,
        snmpName: null,
        checkers: [],
      },
    ],
    smtpAlert: false,
    snmpName: null,
  });
  assert.ok(Object.isFrozen(server?.realServers[0]));
  assert.deepEqual([config.serverGroups, config.tls, config.bfd], [[], null, []]);
});

test('one note for all of it, however many words', () => {
  const text = `${file('quorum 1')}\n${file('', 'real_server 192.0.2.1 81 { TCP_CHECK { } }')}`;
  const notes = loadConfig('t', text).diagnostics.filter(({ code }) => code === 'not-yet-active');
  assert.deepEqual(
    notes.map(({ what, severity }) => [severity, what]),
    [['info', 'health checks and IPVS are read, not carried out yet']],
  );
});

test('the exit code of keepalived -t: notes of ours do not count, notes of its own do', () => {
  const code = (text: string) => compatExitCode(loadConfig('t', text).diagnostics);
  assert.equal(code(file('')), 0);
  assert.equal(code(withReal('lthreshold 3')), 0);
  assert.equal(code(file('').replace('lvs_sched rr', '')), 5);
  assert.equal(code(file('quorum 5')), 5);
});

test('what nobody says is said: scheduler, method, protocol', () => {
  const text = 'virtual_server 192.0.2.100 80 {\nreal_server 192.0.2.1 80 { }\n}';
  assert.deepEqual([...said(text)].sort(), [
    'info default-method',
    'info default-scheduler',
    'warning no-protocol',
  ]);
  const { scheduler, method, protocol } = virtual(text);
  assert.deepEqual([scheduler, method.kind, protocol], ['wlc', 'nat', 'UDP']);
});

test('old and new spellings mean the same, and the last one counts', () => {
  assert.equal(virtual(file('lb_algo wrr')).scheduler, 'wrr');
  assert.equal(virtual(file('lb_kind DR')).method.kind, 'direct');
  assert.ok(said(file('lb_algo wrr')).includes('warning repeated'));
});

test('misspelt words: a near one is proposed', () => {
  const helpOf = (lines: string): string | null =>
    loadConfig('t', file(lines)).diagnostics.find(({ code }) => code === 'bad-choice')?.help ??
    null;
  assert.equal(helpOf('lvs_sched wlcc'), "did you mean 'wlc'?");
  assert.equal(helpOf('lvs_method NATT'), "did you mean 'NAT'?");
  assert.equal(helpOf('protocol TPC'), "did you mean 'TCP'?");
});

test('the protocol in any case', () => {
  assert.equal(virtual(file('protocol sctp')).protocol, 'SCTP');
  assert.equal(virtual(file('protocol ICMP')).protocol, 'UDP');
});

test('forwarding methods and tunnels', () => {
  const method = (words: string) => virtual(file(`lvs_method ${words}`)).method;
  assert.deepEqual(method('TUN'), { kind: 'ipip' });
  assert.deepEqual(method('TUN type ipip'), { kind: 'ipip' });
  assert.deepEqual(method('TUN type gre csum'), { kind: 'gre', checksum: 'csum' });
  assert.deepEqual(method('TUN type gue port 6080 nocsum'), {
    kind: 'gue',
    port: 6080,
    checksum: 'none',
  });
  assert.deepEqual(method('TUN type gue remcsum port 1'), {
    kind: 'gue',
    port: 1,
    checksum: 'remcsum',
  });
  assert.deepEqual(method('zork'), { kind: 'nat' });
  assert.deepEqual(method('DR junk'), { kind: 'direct' });
});

test('a tunnel that cannot be is a plain one', () => {
  for (const words of [
    'zork',
    'type',
    'type zork',
    'type gue',
    'type gue port',
    'type gue port 70000',
    'type gre remcsum',
    'type gre port 1',
    'type ipip csum',
  ]) {
    const text = file(`lvs_method TUN ${words}`);
    assert.deepEqual(virtual(text).method, { kind: 'ipip' }, words);
    assert.ok(said(text).includes('warning bad-tunnel'), words);
  }
});

test('flags belong to a scheduler, wherever they stand', () => {
  const flags = (lines: string) => virtual(file(lines)).schedulerFlags;
  assert.deepEqual(flags('lb_algo sh\nsh-port\nsh-fallback\nflag-3'), [1, 2, 3]);
  assert.deepEqual(flags('lb_algo mh\nmh-port'), [2]);
  assert.deepEqual(flags('mh-port'), []);
  assert.ok(said(file('mh-port')).includes('warning flag-of-another-scheduler'));
  assert.deepEqual(flags('sh-port\nlb_algo sh'), [2]);
  assert.ok(said(file('sh-port\nlb_algo sh')).includes('warning flag-before-scheduler'));
  assert.equal(virtual(file('lb_algo sh\nhashed')).hashed, true);
  assert.equal(virtual(file('hashed')).hashed, false);
});

test('ops is for UDP', () => {
  assert.equal(virtual(file('ops\nprotocol UDP')).onePacket, true);
  assert.equal(virtual(file('ops')).onePacket, false);
  assert.deepEqual(said(file('ops')), ['warning ops-without-udp']);
});

test('persistence: timeout, granularity, engine', () => {
  const persistence = (lines: string) => virtual(file(lines)).persistence;
  assert.deepEqual(persistence('persistence_timeout'), {
    timeout: seconds(360),
    granularity: null,
    engine: null,
  });
  assert.equal(persistence('persistence_timeout 50')?.timeout, seconds(50));
  assert.equal(persistence('persistence_timeout 0'), null);
  assert.equal(persistence('persistence_timeout 2678401'), null);
  const mask = persistence('persistence_granularity 255.255.255.0');
  assert.deepEqual(mask?.granularity, { kind: 'mask', mask: '255.255.255.0' });
  assert.equal(mask?.timeout, seconds(360));
  assert.equal(persistence('persistence_granularity x'), null);
  assert.equal(persistence('persistence_engine sip'), null);
  assert.deepEqual(said(file('persistence_engine sip')), ['warning engine-without-persistence']);
});

test('a bare number as granularity is the mask itself, as in keepalived', () => {
  const { persistence } = virtual(file('persistence_granularity 24'));
  assert.deepEqual(persistence?.granularity, { kind: 'mask', mask: '0.0.0.24' });
  assert.deepEqual(said(file('persistence_granularity 24')), ['warning number-as-mask']);
});

test('without a port it persists', () => {
  const text = file('').replace('100 80', '100');
  assert.deepEqual(virtual(text).persistence?.timeout, seconds(360));
  assert.deepEqual(said(text), ['warning persistence-set']);
  assert.deepEqual(said(text.replace('protocol', 'persistence_timeout 5\nprotocol')), []);
});

test('quorum and hysteresis are held within what the servers weigh', () => {
  const quorum = (lines: string) => {
    const { size, hysteresis } = virtual(file(lines)).quorum;
    return [size, hysteresis];
  };
  assert.deepEqual(quorum('weight 10\nquorum 7\nhysteresis 2'), [7, 2]);
  assert.deepEqual(quorum('quorum 5'), [1, 0]);
  assert.deepEqual(said(file('quorum 5')), ['warning quorum-too-high']);
  assert.deepEqual(quorum('quorum 0'), [1, 0]);
  assert.deepEqual(quorum('weight 10\nquorum 3\nhysteresis 9'), [3, 2]);
  assert.deepEqual(said(file('weight 10\nquorum 3\nhysteresis 9')), [
    'warning hysteresis-too-high',
  ]);
});

test('a quorum that could never be regained is named', () => {
  const text = file('weight 10\nquorum 8\nhysteresis 4');
  const found = loadConfig('t', text).diagnostics.find(
    ({ code }) => code === 'quorum-out-of-reach',
  );
  assert.match(found?.why ?? '', /8 \+ 4 to regain it; all servers together have 10/);
  assert.equal(found?.help, 'hysteresis 2');
  assert.deepEqual(said(withReal('weight 0')), ['warning quorum-too-high']);
  assert.equal(virtual(withReal('weight 0')).quorum.size, 1);
});

test('a firewall mark has no protocol, no port and no address', () => {
  const text = file('ha_suspend\nlvs_method DR', 'real_server 192.0.2.1 80 { }').replace(
    '192.0.2.100 80',
    'fwmark 3',
  );
  const server = virtual(text);
  assert.deepEqual(server.target, { kind: 'fwmark', mark: 3 });
  assert.deepEqual([server.protocol, server.haSuspend, server.family], [null, false, 4]);
  assert.equal(server.realServers[0]?.port, 0);
  for (const code of ['fwmark-protocol', 'fwmark-ha-suspend', 'port-differs']) {
    assert.ok(said(text).includes(`warning ${code}`), code);
  }
});

test('the family of a firewall mark: ip_family, else its servers', () => {
  const mark = (lines: string, server: string) =>
    `virtual_server fwmark 3 {\n${lines}\nreal_server ${server} { }\n}`;
  assert.equal(virtual(mark('', '2001:db8::1')).family, 6);
  assert.equal(virtual(mark('lb_kind TUN\nip_family inet6', '192.0.2.1')).family, 6);
  assert.equal(virtual(mark('lb_kind TUN', '2001:db8::1')).family, 6);
  assert.deepEqual(accepted(mark('ip_family inet6', '192.0.2.1')).virtualServers, []);
});

test('families mix through tunnels alone', () => {
  const text = file('', 'real_server 192.0.2.1 80 { }\nreal_server 2001:db8::1 80 { }');
  assert.deepEqual(said(text), ['warning family-mismatch']);
  assert.equal(virtual(text).realServers.length, 1);
  assert.equal(virtual(`${text}`.replace('NAT', 'TUN')).realServers.length, 2);
});

test('only NAT changes a port', () => {
  const port = (method: string, server: string) =>
    virtual(file(`lvs_method ${method}`, `real_server 192.0.2.1 ${server} { }`)).realServers[0]
      ?.port;
  assert.equal(port('NAT', '8080'), 8080);
  assert.equal(port('NAT', ''), 80);
  assert.equal(port('DR', '8080'), 80);
  assert.equal(port('TUN', ''), 80);
  assert.ok(
    said(file('lvs_method DR', 'real_server 192.0.2.1 81 { }')).includes('warning port-differs'),
  );
});

test('no real servers: no virtual server', () => {
  assert.deepEqual(accepted(file('', '')).virtualServers, []);
  assert.deepEqual(said(file('', '')), ['warning no-real-servers']);
});

test('a real server twice: the first counts', () => {
  const text = file('', 'real_server 192.0.2.1 80 { weight 3 }\nreal_server 192.0.2.1 80 { }');
  assert.deepEqual(
    virtual(text).realServers.map(({ weight }) => weight),
    [3],
  );
  assert.deepEqual(said(text), ['warning duplicate-server']);
});

test('the same virtual server twice is named', () => {
  assert.ok(said(file('') + file('')).includes('warning duplicate-virtual-server'));
  assert.deepEqual(said(file('') + file('protocol UDP')), ['warning repeated']);
});

test('an address or a port that is none leaves the server out', () => {
  for (const target of [
    '192.0.2 80',
    'www.example 80',
    '192.0.2.1 70000',
    '192.0.2.1:80',
    'fwmark x',
  ]) {
    const text = file('').replace('192.0.2.100 80', target);
    assert.deepEqual(accepted(text).virtualServers, [], target);
    assert.deepEqual(said(text), ['warning bad-server'], target);
  }
  assert.deepEqual(said(file('', 'real_server web1 80 { }')), [
    'warning no-real-servers',
    'warning bad-server',
  ]);
});

test('a kind of target without its value is an error: keepalived crashes', () => {
  assert.deepEqual(said(file('').replace('192.0.2.100 80', 'group')), ['error missing-parameter']);
});

test('sorry server: method, inhibit, and its twin', () => {
  const sorry = (lines: string) => virtual(file(lines)).sorryServer;
  assert.deepEqual(sorry('sorry_server 192.0.2.9\nsorry_server_inhibit'), {
    address: '192.0.2.9',
    port: 80,
    method: { kind: 'nat' },
    inhibit: true,
  });
  assert.equal(sorry('sorry_server_inhibit'), null);
  assert.deepEqual(said(file('sorry_server_inhibit')), ['warning no-sorry-server']);
  assert.equal(sorry('sorry_server 2001:db8::9 80'), null);
  const early = 'sorry_server_lvs_method DR\nsorry_server 192.0.2.9 80';
  assert.equal(sorry(early)?.method.kind, 'direct');
  assert.deepEqual(said(file(early)), ['warning before-sorry-server']);
  assert.equal(sorry('sorry_server 192.0.2.1 80\nsorry_server_inhibit')?.inhibit, false);
  assert.deepEqual(said(file('sorry_server 192.0.2.1 80\nsorry_server_inhibit')), [
    'warning sorry-server-inhibit',
  ]);
});

test('commands have a user; the first of two counts', () => {
  const { quorum } = virtual(
    file('quorum_up "/bin/up \'a b\'" web :www\nquorum_down /bin/a\nquorum_down /bin/b'),
  );
  assert.deepEqual(quorum.up, { argv: ['/bin/up', 'a b'], user: { user: 'web', group: 'www' } });
  assert.deepEqual(quorum.down, { argv: ['/bin/a'], user: null });
  const asUser = virtual(file('quorum_up /bin/up', undefined, 'global_defs { script_user web }'));
  assert.deepEqual(asUser.quorum.up?.user, { user: 'web', group: null });
  assert.equal(virtual(file('quorum_up ""')).quorum.up, null);
  assert.deepEqual(said(file('quorum_up ""')), ['warning bad-command']);
});

test('real server: own values before those of the virtual server', () => {
  const text = (lines: string) =>
    file('weight 5\nalpha\ninhibit_on_failure', `real_server 192.0.2.1 80 {\n${lines}\n}`);
  const [first] = virtual(text('')).realServers;
  assert.deepEqual([first?.weight, first?.alpha, first?.inhibit], [5, true, true]);
  const [second] = virtual(text('weight 0\nalpha no\ninhibit_on_failure off')).realServers;
  assert.deepEqual([second?.weight, second?.alpha, second?.inhibit], [0, false, false]);
});

test('mail: global_defs count for both, the own word first', () => {
  const mails = (globals: string, lines = '') => {
    const server = virtual(file(lines, undefined, `global_defs { ${globals} }`));
    return [server.smtpAlert, server.realServers[0]?.smtpAlert];
  };
  assert.deepEqual(mails(''), [false, true]);
  assert.deepEqual(mails('smtp_alert no'), [false, false]);
  assert.deepEqual(mails('smtp_alert no\nsmtp_alert_checker yes'), [true, true]);
  assert.deepEqual(mails('smtp_alert yes', 'smtp_alert no'), [false, true]);
});

test('thresholds the kernel refuses are named', () => {
  assert.deepEqual(said(withReal('uthreshold 5\nlthreshold 3')), []);
  assert.deepEqual(said(withReal('lthreshold 3')), ['warning bad-thresholds']);
});

test('ranges: what is out of them leaves the default', () => {
  for (const [lines, text] of [
    ['delay_loop 0', file('delay_loop 0')],
    ['connect_timeout 4295', file('connect_timeout 4295')],
    ['retry 0', file('retry 0')],
    ['weight 0', file('weight 0')],
    ['hysteresis -1', file('hysteresis -1')],
    ['weight 2147483648', withReal('weight 2147483648')],
    ['uthreshold -1', withReal('uthreshold -1')],
  ] as const) {
    assert.deepEqual(said(text), ['warning out-of-range'], lines);
  }
  assert.equal(virtual(file('delay_loop 0')).delayLoop, seconds(60));
  assert.equal(real('weight 3x').weight, 3);
  assert.deepEqual(said(file('retry 3x')), ['warning not-a-number']);
});

test('a block without braces is an empty one', () => {
  const text = file('', 'real_server 192.0.2.1 80');
  assert.equal(virtual(text).realServers.length, 1);
  assert.deepEqual(said(text), ['warning missing-block']);
});

test('SSL: the last block counts, a password is never shown', () => {
  const text = 'SSL { ca /a }\nSSL {\nkey /k\npassword secret hidden\n}';
  const { config, diagnostics } = loadConfig('t', text);
  assert.deepEqual(config?.tls, { password: 'secret', ca: null, certificate: null, key: '/k' });
  const shown = diagnostics.map((one) => render(one, { color: false })).join('\n');
  assert.match(shown, /password \*+ \*+\n/);
  assert.doesNotMatch(shown, /secret|hidden/);
});
