/**
 * Virtual servers and BFD sessions printed: the text reads back as the same model, and says
 * nothing that the first reading did not say.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadConfig } from '../../src/config/load';
import type { Config } from '../../src/config/model';
import { printServers } from '../../src/config/print-server';
import { printText } from '../../src/config/print-text';

/** What the servers refer to, printed elsewhere. */
const around = `track_file tf { file /run/tf
  weight 7 reverse
}
`;

const parts = ({ virtualServers, serverGroups, tls, bfd }: Config) => ({
  virtualServers,
  serverGroups,
  tls,
  bfd,
});

/** True when the text was good enough to be printed. */
function readsBack(text: string): boolean {
  const first = loadConfig('t', around + text);
  if (first.config === null) return false;
  const printed = around + printText(printServers(first.config));
  const second = loadConfig('t', printed);
  assert.ok(second.config, printed);
  assert.deepEqual(parts(second.config), parts(first.config), printed);
  const said = new Set(first.diagnostics.map(({ code }) => code));
  for (const { code, what } of second.diagnostics) assert.ok(said.has(code), `${code}: ${what}`);
  assert.equal(around + printText(printServers(second.config)), printed);
  return parts(second.config).virtualServers.length > 0;
}

const pick = (...values: readonly string[]) => fc.constantFrom(...values);
const lineOf = (word: string, ...values: readonly string[]) =>
  pick(...(values.length === 0 ? [''] : values)).map((value) => `${word} ${value}`.trim());
const body = (...lines: readonly fc.Arbitrary<string>[]) =>
  fc.array(fc.oneof(...lines), { maxLength: 9 }).map((list) => list.join('\n'));
const blockOf = (head: fc.Arbitrary<string>, inside: fc.Arbitrary<string>) =>
  fc.tuple(head, inside).map(([words, lines]) => `${words} {\n${lines}\n}`);

const times = ['1', '2.5', '0.000001', '60', '0', '4294967295', '-1', 'x', '3s'];
const counts = ['1', '2', '0', '7', '4294967295', 'x', '3x'];
const switches = ['', 'yes', 'no', 'perhaps'];
const methods = [
  'NAT',
  'DR',
  'TUN',
  'TUN type gre csum',
  'TUN type gue port 6080 remcsum',
  'TUN type gue',
  'NOT',
];
const commands = [
  '/bin/up',
  `"/bin/up 'a b' c"`,
  '/bin/up nobody',
  '"/bin/up x" nobody nogroup',
  `"/bin/up \\\\ \\x22"`,
  '""',
];

const schedule = [
  lineOf('delay_loop', ...times),
  lineOf('retry', ...counts),
  lineOf('delay_before_retry', ...times),
  lineOf('warmup', ...times),
  lineOf('alpha', ...switches),
];
const connection = [
  ...schedule,
  lineOf('log_all_failures', ...switches),
  lineOf('connect_ip', '192.0.2.9', '2001:db8::9', 'fe80::1', 'x'),
  lineOf('connect_port', '81', '0', '70000'),
  lineOf('bindto', '192.0.2.8', '2001:db8::8', 'x'),
  lineOf('bind_port', '1024', '0'),
  lineOf('bind_if', 'eth0', 'averyveryverylongname'),
  lineOf('fwmark', '0', '3', '-1'),
  lineOf('connect_timeout', '5', '0.5', '4295', '0'),
];
const url = blockOf(
  pick('url'),
  fc
    .tuple(
      lineOf('path', '/', '/', '/a?b=1', '"/a b"', '""', 'c'),
      lineOf('regex', 'ab', '"a  b"', `"a\\\\.b\\x22{1,2}#!"`, "'c d'", 'e f', `"'"`),
      body(
        lineOf('digest', '9B3A0C85A887A256D6939DA88AABD8CD', 'x'),
        lineOf('status_code', '200', '200-202 404 203', '99 x', '500-599 100-199', ''),
        lineOf('virtualhost', 'u.example', ''),
        lineOf('regex_options', 'caseless utf', 'utf zork'),
        lineOf('regex_no_match'),
        lineOf('regex_min_offset', '3', '9', ''),
        lineOf('regex_max_offset', '5', '3'),
        lineOf('regex_stack', '5 10', '5 10', '10 5', '1'),
        lineOf('tls_compliant'),
      ),
    )
    .map((lines) => lines.join('\n')),
);
const http = [
  ...connection,
  ...[url, url, url, url],
  lineOf('virtualhost', 'c.example'),
  lineOf('http_protocol', '1.0', '1.0c', '1.0C', '1.1', '2', ''),
  lineOf('enable_sni'),
  lineOf('sni_name', 'n.example', ''),
  lineOf('tls_compliant'),
  lineOf('fast_recovery', ...switches),
  lineOf('nb_get_retry', ...counts),
];
const checkers = [
  blockOf(pick('TCP_CHECK', 'PING_CHECK'), body(...connection)),
  blockOf(pick('HTTP_GET', 'SSL_GET'), body(...http)),
  blockOf(
    pick('SMTP_CHECK'),
    body(
      ...connection,
      lineOf('helo_name', 'a.example', '"b c"', ''),
      blockOf(pick('host'), body(...connection)),
    ),
  ),
  blockOf(
    pick('DNS_CHECK'),
    body(
      ...connection,
      lineOf('type', 'a', 'AAAA', 'SRV'),
      lineOf('name', 'a.example', '.', 'a..b', 'a.example.', '""'),
    ),
  ),
  blockOf(
    pick('MISC_CHECK'),
    body(
      ...schedule,
      lineOf('misc_path', ...commands, '/bin/c a b'),
      lineOf('misc_path', '/bin/check'),
      lineOf('misc_timeout', '0', '4', '4294', '1.5'),
      lineOf('misc_dynamic'),
      lineOf('user', 'nobody', 'nobody :nogroup', ''),
    ),
  ),
  blockOf(
    pick('UDP_CHECK'),
    body(
      ...connection,
      lineOf('payload', 'Ab12f 3 456', 'zz', ''),
      lineOf('require_reply', '', '1X 34 x', '"12 3"', 'q'),
      lineOf('min_reply_length', '3', '70000'),
      lineOf('max_reply_length', '2', '65535'),
    ),
  ),
  blockOf(
    pick('FILE_CHECK'),
    body(
      lineOf('track_file', 'tf', 'tf', 'tg'),
      lineOf('weight', '3', '-5 reverse', '0 noreverse', 'x', ''),
      lineOf('dynamic'),
    ),
  ),
  blockOf(pick('BFD_CHECK'), body(lineOf('name', 'b', 'c', 'd', 'b c'), lineOf('alpha', 'no'))),
  pick('TCP_CHECK'),
];
const real = blockOf(
  pick(
    'real_server 192.0.2.1 80',
    'real_server 192.0.2.2 8080',
    'real_server 192.0.2.3',
    'real_server 2001:db8::1 80',
    'real_server here 80',
  ),
  body(
    lineOf('weight', ...counts),
    lineOf('lvs_method', ...methods),
    lineOf('uthreshold', ...counts),
    lineOf('lthreshold', ...counts),
    lineOf('alpha', ...switches),
    lineOf('inhibit_on_failure', ...switches),
    lineOf('notify_up', ...commands),
    lineOf('notify_down', ...commands),
    lineOf('smtp_alert', ...switches),
    lineOf('virtualhost', 'r.example'),
    lineOf('snmp_name', 'r', '"r s"'),
    ...schedule,
    ...checkers,
    ...checkers,
  ),
);
const virtual = blockOf(
  pick(
    'virtual_server 192.0.2.100 80',
    'virtual_server 192.0.2.100',
    'virtual_server 2001:db8::100 80',
    'virtual_server fwmark 3',
    'virtual_server group four',
    'virtual_server group six',
    'virtual_server group both',
    'virtual_server group marks',
    'virtual_server group none',
  ),
  fc
    .tuple(
      body(
        lineOf('lvs_sched', 'rr', 'sh', 'mh', 'twos', 'zz'),
        lineOf('lb_algo', 'sh', 'mh'),
        lineOf('lb_kind', ...methods),
        ...['flag-1', 'flag-3', 'sh-port', 'mh-port', 'hashed', 'ops'].map((word) => lineOf(word)),
        ...['ha_suspend', 'alpha', 'omega', 'inhibit_on_failure'].map((word) => lineOf(word)),
        lineOf('protocol', 'TCP', 'udp', 'SCTP', 'TPC'),
        lineOf('ip_family', 'inet', 'inet6'),
        lineOf('persistence_timeout', '', '50', '0', '2678400'),
        lineOf('persistence_granularity', '255.255.255.0', '64', '24', 'x'),
        lineOf('persistence_engine', 'sip', 'averyveryverylongname'),
        lineOf('weight', ...counts),
        lineOf('quorum', ...counts),
        lineOf('hysteresis', ...counts),
        lineOf('quorum_up', ...commands),
        lineOf('quorum_down', ...commands),
        lineOf('sorry_server', '192.0.2.99', '192.0.2.1 80', '2001:db8::99 81', 'x'),
        lineOf('sorry_server_inhibit'),
        lineOf('sorry_server_lvs_method', ...methods),
        lineOf('smtp_alert', ...switches),
        lineOf('virtualhost', 'v.example'),
        lineOf('snmp_name', 'v'),
        ...schedule,
      ),
      fc.array(real, { minLength: 1, maxLength: 3 }),
    )
    .map(([lines, servers]) => [lines, ...servers].join('\n')),
);
const bfd = blockOf(
  pick('bfd_instance b', 'bfd_instance c'),
  body(
    lineOf('neighbor_ip', '192.0.2.50', '2001:db8::50', 'x'),
    lineOf('neighbour_ip', '192.0.2.51'),
    lineOf('source_ip', '192.0.2.52', '2001:db8::52'),
    lineOf('min_rx', '3.312', '1', '0', '4294967'),
    lineOf('min_tx', '20'),
    lineOf('idle_tx', '1000', '2000.5', '999'),
    lineOf('multiplier', '3', '0'),
    lineOf('ttl', '9', '0'),
    lineOf('hoplimit', '70'),
    lineOf('max_hops', '5', '255', '-1'),
    lineOf('weight', '5', '-5 reverse', '300', '1 zork'),
    ...['passive', 'multihop', 'vrrp', 'checker'].map((word) => lineOf(word)),
  ),
);
const fixed = `virtual_server_group four { 192.0.2.1-9 80
 192.0.2.16/30
 fwmark 3
}
virtual_server_group six { 2001:db8::1-ff 80
}
virtual_server_group both { 192.0.2.1 80
 2001:db8::1-2001:db8::2:1 80
 fwmark 4 inet6
}
virtual_server_group marks { fwmark 7
}
SSL { password "a b"
 ca /etc/ca
}
`;

test('what is printed reads back as the same model', () => {
  const file = fc
    .tuple(fc.array(bfd, { maxLength: 2 }), fc.array(virtual, { minLength: 1, maxLength: 2 }))
    .map(([sessions, servers]) => [fixed, ...sessions, ...servers].join('\n'));
  let printed = 0;
  fc.assert(
    fc.property(file, (text) => {
      if (readsBack(text)) printed++;
    }),
    { numRuns: 600 },
  );
  assert.ok(printed > 350, `only ${printed} of 600 had a virtual server`);
});
