/**
 * The checkers of a real server: what they inherit, what each kind asks, and each correction.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import type { Checker, Url } from '../../src/config/model-server';
import { seconds } from '../../src/time';
import { check, file, real, said, virtual, withCheck, withReal } from './server-fixture';

const schedule = (word: string, lines = '') => {
  const [checker] = real(`${word} {\n${lines}\n}`).checkers;
  assert.ok(checker !== undefined && 'schedule' in checker);
  return checker.schedule;
};

test('the defaults of each kind', () => {
  const url = 'url { path / }';
  const usual = {
    delayLoop: seconds(60),
    warmup: seconds(60),
    retries: 1,
    retryDelay: seconds(1),
    alpha: false,
    logAllFailures: false,
  };
  for (const word of ['TCP_CHECK', 'SMTP_CHECK', 'UDP_CHECK', 'PING_CHECK']) {
    assert.deepEqual(schedule(word), usual, word);
  }
  assert.deepEqual(schedule('HTTP_GET', url), { ...usual, retryDelay: seconds(3) });
  assert.deepEqual(schedule('SSL_GET', url), { ...usual, retryDelay: seconds(3) });
  assert.deepEqual(schedule('DNS_CHECK'), { ...usual, retries: 3, retryDelay: seconds(60) });
  assert.deepEqual(schedule('MISC_CHECK', 'misc_path /bin/c'), { ...usual, retries: 0 });
  assert.deepEqual(check('tcp', 'TCP_CHECK', '').connection, {
    address: '192.0.2.1',
    port: 80,
    timeout: seconds(5),
    sourceAddress: null,
    sourcePort: null,
    device: null,
    mark: 0,
  });
});

test('virtual_server hands down to real_server, and that to its checkers', () => {
  const text = file(
    'delay_loop 10\nretry 4\nconnect_timeout 7\nwarmup 3\nalpha',
    'real_server 192.0.2.1 80 {\nretry 5\ndelay_before_retry 2\nDNS_CHECK { warmup 0 }\n' +
      'TCP_CHECK { retry 0\nalpha no\ndelay_loop 9\nconnect_timeout 1 } }',
  );
  const [dns, tcp] = virtual(text).realServers[0]?.checkers ?? [];
  assert.ok(dns?.kind === 'dns' && tcp?.kind === 'tcp');
  assert.deepEqual(dns.schedule, {
    delayLoop: seconds(10),
    warmup: seconds(0),
    retries: 5,
    retryDelay: seconds(2),
    alpha: true,
    logAllFailures: false,
  });
  assert.equal(dns.connection.timeout, seconds(7));
  assert.deepEqual(
    [tcp.schedule.retries, tcp.schedule.alpha, tcp.schedule.delayLoop, tcp.schedule.warmup],
    [0, false, seconds(9), seconds(3)],
  );
  assert.equal(tcp.connection.timeout, seconds(1));
});

test('warmup is the delay loop of the checker itself', () => {
  assert.equal(schedule('TCP_CHECK', 'delay_loop 2.5').warmup, seconds(2.5));
});

test('checker_log_all_failures counts for all', () => {
  const text = file(
    '',
    'real_server 192.0.2.1 80 { PING_CHECK { } }',
    'global_defs {\nchecker_log_all_failures\n}',
  );
  const [checker] = virtual(text).realServers[0]?.checkers ?? [];
  assert.ok(checker?.kind === 'ping' && checker.schedule.logAllFailures);
});

test('connection: whom to ask, and from where', () => {
  const { connection } = check(
    'tcp',
    'TCP_CHECK',
    'connect_ip 2001:db8::9\nconnect_port 81\nbindto fe80::1\nbind_if eth0\nbind_port 99\nfwmark 3',
  );
  assert.deepEqual(connection, {
    address: '2001:db8::9',
    port: 81,
    timeout: seconds(5),
    sourceAddress: 'fe80::1',
    sourcePort: 99,
    device: 'eth0',
    mark: 3,
  });
  assert.deepEqual(said(withCheck('TCP_CHECK', 'bindto 2001:db8::1')), ['warning family-mismatch']);
  assert.deepEqual(said(withCheck('TCP_CHECK', 'connect_ip fe80::1')), [
    'warning link-local-without-interface',
  ]);
  assert.deepEqual(said(withCheck('TCP_CHECK', 'bind_if averyveryverylongname')), [
    'warning bad-interface',
  ]);
});

test('a check without a port: that of the virtual server, where keepalived asks port 0', () => {
  const text = (target: string) =>
    `virtual_server ${target} {\nlvs_sched rr\nlvs_method NAT\nreal_server 192.0.2.1 { TCP_CHECK { } }\n}`;
  const [checker] = virtual(text('192.0.2.9 443')).realServers[0]?.checkers ?? [];
  assert.ok(checker?.kind === 'tcp' && checker.connection.port === 443);
  assert.ok(said(text('192.0.2.9 443')).includes('warning check-without-port'));
  assert.deepEqual(said(text('fwmark 3')), ['warning check-without-port']);
  assert.deepEqual(said(text('fwmark 3').replace('TCP', 'PING')), []);
});

test('a check keeps its port where the server loses it to DR', () => {
  const text = file('lvs_method DR', 'real_server 192.0.2.1 8080 { TCP_CHECK { } }');
  const [server] = virtual(text).realServers;
  const [checker] = server?.checkers ?? [];
  assert.ok(checker?.kind === 'tcp');
  assert.deepEqual([server?.port, checker.connection.port], [80, 8080]);
});

const url = (lines: string, around = ''): Url => {
  const [first] = check('http', 'HTTP_GET', `${around}\nurl {\npath /\n${lines}\n}`).urls;
  assert.ok(first);
  return first;
};
const inUrl = (lines: string): string => withCheck('HTTP_GET', `url {\npath /\n${lines}\n}`);

test('url: defaults, statuses, digest, host', () => {
  assert.deepEqual(url(''), {
    path: '/',
    host: null,
    statuses: [{ from: 200, to: 299 }],
    digest: null,
    regex: null,
  });
  assert.deepEqual(url('status_code 404 200-202 203\nstatus_code 201').statuses, [
    { from: 200, to: 203 },
    { from: 404, to: 404 },
  ]);
  const digest = '9B3A0C85A887A256D6939DA88AABD8CD';
  assert.equal(url(`digest ${digest}`).digest, digest.toLowerCase());
  assert.equal(url('', 'virtualhost c.example').host, 'c.example');
  assert.equal(url('virtualhost u.example', 'virtualhost c.example').host, 'u.example');
  const text = file(
    'virtualhost v.example',
    'real_server 192.0.2.1 80 { HTTP_GET { url { path / } } }',
  );
  const [checker] = virtual(text).realServers[0]?.checkers ?? [];
  assert.ok(checker?.kind === 'http' && checker.urls[0]?.host === 'v.example');
});

test('url: what is no status, digest or path', () => {
  const wrong = '99 600 200-199 x 200-x 200- -300 300-700';
  assert.deepEqual(
    said(inUrl(`status_code ${wrong}`)),
    wrong.split(' ').map(() => 'warning bad-status'),
  );
  assert.deepEqual(url(`status_code ${wrong}`).statuses, [{ from: 200, to: 299 }]);
  assert.deepEqual(said(inUrl('digest 9b3a')), ['warning bad-digest']);
  assert.deepEqual(said(inUrl(`digest ${'g'.repeat(32)}`)), ['warning bad-digest']);
  assert.deepEqual(said(withCheck('HTTP_GET', 'url { path index.html }')), [
    'warning relative-path',
  ]);
  assert.deepEqual(said(withCheck('HTTP_GET', 'url { }')), [
    'warning check-without-url',
    'warning url-without-path',
  ]);
  assert.deepEqual(real('SSL_GET { }').checkers, []);
});

test('regex and the words around it', () => {
  assert.deepEqual(
    url(
      `regex "a b"\nregex_no_match\nregex_options utf caseless
      regex_min_offset 3\nregex_max_offset 9\nregex_stack 5 10`,
    ).regex,
    {
      pattern: 'a b',
      negate: true,
      options: ['caseless', 'utf'],
      minOffset: 3,
      maxOffset: 9,
      stack: { start: 5, max: 10 },
    },
  );
  assert.deepEqual(said(inUrl('regex_no_match')), ['warning no-regex']);
  assert.deepEqual(said(inUrl('regex a b')), ['warning bad-regex']);
  assert.deepEqual(said(inUrl('regex a\nregex_options caselss')), ['warning bad-choice']);
  assert.deepEqual(said(inUrl('regex a\nregex_stack 10 5')), ['warning bad-regex-stack']);
  const { regex } = url('regex a\nregex_min_offset 9\nregex_max_offset 3');
  assert.deepEqual([regex?.minOffset, regex?.maxOffset], [0, null]);
});

test('HTTP version, and the words of TLS', () => {
  const http = (word: string, lines: string) => check('http', word, `${lines}\nurl { path / }`);
  assert.equal(http('HTTP_GET', 'http_protocol 1.0c').version, '1.0C');
  assert.equal(http('HTTP_GET', 'http_protocol 2').version, '1.0');
  assert.equal(http('HTTP_GET', '').tls, null);
  assert.deepEqual(http('SSL_GET', '').tls, { serverName: { kind: 'none' }, closeNotify: false });
  assert.deepEqual(http('SSL_GET', 'enable_sni').tls?.serverName, { kind: 'host' });
  assert.deepEqual(http('SSL_GET', 'sni_name n.example\ntls_compliant').tls, {
    serverName: { kind: 'name', name: 'n.example' },
    closeNotify: true,
  });
  assert.deepEqual(said(withCheck('HTTP_GET', 'enable_sni\nurl { path / }')), ['warning no-tls']);
  const inherited = withReal('virtualhost r.example\nSSL_GET { enable_sni\nurl { path / }\n}');
  assert.deepEqual(said(inherited), ['warning sni-without-host']);
  assert.equal(http('HTTP_GET', 'nb_get_retry 7').schedule.retries, 7);
});

test('SMTP: every old host is one more check', () => {
  const { checkers } = real(`SMTP_CHECK {
    connect_port 26
    connect_timeout 4
    helo_name "a.example"
    host { connect_ip 192.0.2.7
      connect_port 587
      bindto 192.0.2.8 }
    host { connect_timeout 9
      retry 3 }
  }`);
  assert.deepEqual(
    checkers.map((one) => {
      assert.ok(one.kind === 'smtp');
      const { address, port, timeout, sourceAddress } = one.connection;
      return [address, port, timeout, sourceAddress, one.schedule.retries, one.heloName];
    }),
    [
      ['192.0.2.1', 26, seconds(4), null, 1, 'a.example'],
      ['192.0.2.7', 587, seconds(4), '192.0.2.8', 1, 'a.example'],
      ['192.0.2.1', 80, seconds(9), null, 3, 'a.example'],
    ],
  );
  const twice = withReal('SMTP_CHECK { host { } }\nSMTP_CHECK { host { } }');
  assert.deepEqual(said(twice), ['warning old-host']);
});

test('DNS: type in any case, names', () => {
  const dns = (lines: string) => {
    const { type, name } = check('dns', 'DNS_CHECK', lines);
    return [type, name];
  };
  assert.deepEqual(dns(''), ['SOA', '.']);
  assert.deepEqual(dns('type aaaa\nname www.example'), ['AAAA', 'www.example']);
  assert.deepEqual(dns('type SRV'), ['SOA', '.']);
  assert.deepEqual(dns('name a.example\nname b.example'), ['SOA', 'a.example']);
  for (const name of ['a..b', '.a']) assert.deepEqual(dns(`name ${name}`), ['SOA', '.'], name);
  assert.deepEqual(said(withCheck('DNS_CHECK', 'name a..b')), ['warning bad-name']);
  const help = loadConfig('t', withCheck('DNS_CHECK', 'type TXTT')).diagnostics.at(-1)?.help;
  assert.equal(help, "did you mean 'TXT'?");
});

test('MISC: the command, its user, its time', () => {
  const misc = check('misc', 'MISC_CHECK', 'misc_path "/bin/c \'a b\'"\nuser web\nmisc_dynamic');
  assert.deepEqual(
    [misc.command, misc.user, misc.dynamic, misc.timeout],
    [['/bin/c', 'a b'], { user: 'web', group: null }, true, seconds(60)],
  );
  const timeout = (lines: string) => {
    const text = file(
      'delay_loop 2.5',
      `real_server 192.0.2.1 80 { MISC_CHECK {\nmisc_path /c\n${lines}\n} }`,
    );
    const [checker] = virtual(text).realServers[0]?.checkers ?? [];
    return checker?.kind === 'misc' ? checker.timeout : null;
  };
  assert.equal(timeout('misc_timeout 4'), seconds(4));
  assert.equal(timeout('misc_timeout 0'), seconds(2.5));
  assert.equal(timeout('delay_loop 9'), seconds(2.5));
  assert.deepEqual(said(withCheck('MISC_CHECK', '')), ['warning check-without-command']);
  assert.deepEqual(said(withCheck('MISC_CHECK', 'misc_path')), ['warning check-without-command']);
  assert.deepEqual(said(withCheck('MISC_CHECK', 'misc_path ""')), ['warning bad-command']);
  assert.deepEqual(said(withCheck('MISC_CHECK', 'misc_path /c a')), ['warning extra-word']);
  assert.deepEqual(real('MISC_CHECK { }').checkers, []);
});

test('UDP: hex in pairs, one digit alone is an octet', () => {
  const udp = (lines: string) => check('udp', 'UDP_CHECK', lines);
  assert.deepEqual([udp('').payload, udp('').reply], [null, null]);
  assert.equal(udp('payload Ab12f 3 456').payload, 'ab120f034506');
  assert.deepEqual(udp('require_reply 1X 34 x\nmax_reply_length 8').reply, {
    pattern: '1x340x',
    minLength: 0,
    maxLength: 8,
  });
  assert.deepEqual(udp('require_reply').reply, { pattern: '', minLength: 0, maxLength: 255 });
  for (const line of ['payload zz', 'payload', 'payload 1x', 'require_reply q']) {
    assert.deepEqual(said(withCheck('UDP_CHECK', line)), ['warning bad-hex'], line);
  }
  assert.deepEqual(said(withCheck('UDP_CHECK', 'require_reply\nmin_reply_length 300')), [
    'warning never-succeeds',
  ]);
  assert.deepEqual(said(withCheck('UDP_CHECK', 'min_reply_length 3')), [
    'warning reply-not-required',
  ]);
});

test('FILE: the weight of the file, else its own', () => {
  const around = 'track_file tf { file /run/tf\nweight 7 reverse }';
  const text = (lines: string, more = around) =>
    file('', `real_server 192.0.2.1 80 { FILE_CHECK {\n${lines}\n} }`, more);
  const built = (lines: string): Checker | undefined =>
    virtual(text(lines)).realServers[0]?.checkers[0];
  assert.deepEqual(built('track_file tf'), { kind: 'file', file: 'tf', weight: 7, reverse: true });
  assert.deepEqual(built('track_file tf\nweight -3'), {
    kind: 'file',
    file: 'tf',
    weight: -3,
    reverse: false,
  });
  assert.equal(built(''), undefined);
  assert.deepEqual(said(text('')), ['warning check-without-name']);
  assert.deepEqual(said(text('track_file tg')), ['warning unknown-name']);
  assert.deepEqual(said(text('track_file tf', 'track_file tf { }')), [
    'warning nothing-to-track',
    'warning unknown-name',
  ]);
  assert.deepEqual(said(`${text('track_file tf', '')}\n${around}`), ['warning late-definition']);
  assert.deepEqual(said(text('track_file tf\nweight 1 zork')), ['warning bad-option']);
  assert.deepEqual(said(text('track_file tf\nweight x')), ['warning out-of-range']);
});

test('BFD: a name that is defined, for checkers, once', () => {
  const around = (lines: string) => `bfd_instance b { neighbor_ip 192.0.2.50\n${lines}\n}`;
  const text = (lines: string, more = around('')) =>
    file('', `real_server 192.0.2.1 80 {\n${lines}\n}`, more);
  const [checker] = virtual(text('BFD_CHECK { name b }')).realServers[0]?.checkers ?? [];
  assert.deepEqual(checker, { kind: 'bfd', session: 'b', alpha: false });
  assert.deepEqual(said(text('BFD_CHECK { name c }')), ['warning unknown-name']);
  assert.deepEqual(said(text('BFD_CHECK { name b c }')), ['warning check-without-name']);
  assert.deepEqual(said(text('BFD_CHECK { }')), ['warning check-without-name']);
  assert.deepEqual(said(text('BFD_CHECK { name b }\nBFD_CHECK { name b }')), ['warning duplicate']);
  assert.deepEqual(said(text('BFD_CHECK { name b }', around('vrrp'))), ['warning bfd-for-vrrp']);
  assert.deepEqual(said(`${text('BFD_CHECK { name b }', '')}\n${around('')}`), [
    'warning late-definition',
  ]);
});

test('a checker that nobody knows is skipped whole; in keepalived its brace closes real_server', () => {
  const text = withReal('TCP_CHEK { connect_timeout 3 }\nTCP_CHECK { }\nweight 3');
  const [finding] = loadConfig('t', text).diagnostics.filter(
    ({ code }) => code === 'unknown-block',
  );
  assert.equal(finding?.help, "did you mean 'TCP_CHECK'?");
  assert.match(finding?.why ?? '', /its '}' closes real_server/);
  const [server] = virtual(text).realServers;
  assert.deepEqual([server?.weight, server?.checkers.length], [3, 1]);
});

test('a checker in the wrong place or without braces', () => {
  assert.deepEqual(said(file('TCP_CHECK { }')), ['warning unknown-block']);
  assert.deepEqual(said(withReal('TCP_CHECK')), ['warning missing-block']);
  assert.equal(real('TCP_CHECK').checkers.length, 1);
  assert.deepEqual(said(withCheck('MISC_CHECK', 'misc_path /c\nconnect_timeout 3')), [
    'warning unknown-keyword',
  ]);
  const help = loadConfig('t', withCheck('TCP_CHECK', 'nb_get_retry 3')).diagnostics.at(-1)?.help;
  assert.equal(help, "here it is called 'retry'");
});
