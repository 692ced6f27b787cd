/**
 * Fault by fault against the keepalived that is installed (2.2.7 was, when this was written): a
 * file in which `keepalived -t` finds nothing is clean here too, what it reports is reported, and
 * where it does not start, we say error.
 *
 * Where the two differ, and why:
 *   more   a word set again, a word too many, words of regex: `-t` does not look at them, and
 *          something else happens than what was meant.
 *   more   a group of another family than its servers: it says so when it runs.
 *   less   more than six decimal places; a user that does not exist, which a reader cannot know.
 *   less   words of 2.4 that 2.2.7 does not know: multihop, sni_name, tls_compliant.
 *   less   bindto of another family than real_server above the connect_ip that it fits: read as meant.
 *   less   a DNS name whose first label has one letter: 2.2.7 takes it for an empty one.
 *   other  a checker without url crashes it; later versions leave the checker out, and so do we.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { compatExitCode } from '../../src/config/compat';
import { loadConfig } from '../../src/config/load';
import { file, withCheck, withReal } from './server-fixture';

const { stderr, status } = spawnSync('keepalived', ['--version'], { encoding: 'utf8' });
const skip = status === 0 && stderr.includes('Keepalived v2.2.7') ? false : 'no keepalived 2.2.7';

const folder = mkdtempSync(join(tmpdir(), 'holdfast-servers-'));
process.on('exit', () => rmSync(folder, { recursive: true }));

/** 2: it does not start (the code for a missing parameter); 5: it reports something. */
function keepalived(text: string): number | null {
  const path = join(folder, 'a.conf');
  writeFileSync(path, text);
  return spawnSync('keepalived', ['-t', '-f', path]).status;
}

function ours(text: string): number {
  const { config, diagnostics } = loadConfig('t', text);
  return config === null ? 2 : compatExitCode(diagnostics);
}

const inUrl = (line: string): string => withCheck('HTTP_GET', `url {\npath /\n${line}\n}`);
const asTarget = (target: string): string => file('').replace('192.0.2.100 80', target);
const asReal = (words: string): string => file('', `real_server ${words} { }`);
const inGroup = (line: string): string =>
  `virtual_server_group g {\n${line}\n}\n${asTarget('group g')}`;
const inBfd = (line: string): string => `bfd_instance b {\nneighbor_ip 192.0.2.9\n${line}\n}`;
const timers = ['0', '0.000001', '1.5', '-1', 'x', '4294', '99999'];
const counts = ['0', '1', '-1', 'x', '1.5', '4294967295', '4294967296'];
const switches = ['', 'yes', 'No', 'off'];
const methods = [
  'NAT',
  'DR',
  'nat',
  'TUN',
  'TUN type',
  'TUN type gue',
  'TUN type gue port 1',
].concat([
  'TUN type gre csum',
  'TUN type gre remcsum',
  'TUN type ipip csum',
  'TUN zork',
  'DR zork',
]);
const each = (word: string, values: readonly string[]): readonly string[] =>
  values.map((value) => `${word} ${value}`.trim());

const service: readonly string[] = [
  ...['delay_loop', 'delay_before_retry', 'warmup', 'connect_timeout'].flatMap((word) =>
    each(word, timers),
  ),
  ...['retry', 'quorum', 'hysteresis', 'weight'].flatMap((word) => each(word, counts)),
  ...each('persistence_timeout', ['', '0', '1', '2678400', '2678401', 'x']),
  ...each('persistence_granularity', ['255.255.255.0', '24', 'x']),
  ...each('smtp_alert', switches),
  ...each('ip_family', ['inet', 'inet6', 'zork']),
  ...each('sorry_server', ['192.0.2.9', '192.0.2.9 81', '192.0.2', '192.0.2.9 x', '2001:db8::9']),
  ...['sorry_server_inhibit', 'sorry_server_lvs_method DR', 'ops', 'hashed', 'sh-port', 'mh-port'],
  ...['alpha', 'omega', 'ha_suspend', 'inhibit_on_failure', 'virtualhost', 'virtualhost a'],
  ...['quorum_up', 'quorum_up /nonexistent', 'snmp_name', 'snmp_name a', 'zork', 'real_server'],
  'sorry_server 192.0.2.1 80\nsorry_server_inhibit',
  'sorry_server_inhibit\nsorry_server 192.0.2.9 80',
];

const server: readonly string[] = [
  ...['delay_loop', 'delay_before_retry', 'warmup', 'connect_timeout'].flatMap((word) =>
    each(word, timers),
  ),
  ...['retry', 'weight', 'uthreshold'].flatMap((word) => each(word, counts)),
  ...['alpha', 'inhibit_on_failure', 'smtp_alert'].flatMap((word) => each(word, switches)),
  ...each('lvs_method', methods),
  ...['notify_up', 'notify_up /nonexistent', 'lb_kind DR', 'virtualhost', 'snmp_name', 'TCP_CHECK'],
];

const common: readonly string[] = [
  ...each('connect_ip', ['192.0.2.9', '2001:db8::9', 'fe80::1', 'x']),
  ...each('bindto', ['192.0.2.9', '2001:db8::9', 'x']),
  ...['connect_port', 'bind_port'].flatMap((word) => each(word, ['1', '0', '65536', 'x'])),
  ...each('fwmark', ['0', '4294967295', '-1', '0x10']),
  ...each('bind_if', ['eth0', 'averyveryverylongname']),
  ...each('retry', counts),
  ...each('delay_loop', timers),
  ...each('log_all_failures', switches),
  ...[
    'connect_ip',
    'retry',
    'alpha perhaps',
    'nb_get_retry 3',
    'connect_ip ::2\nbindto 2001:db8::1',
  ],
];

const pages: readonly string[] = [
  ...each('digest', ['9b3a0c85a887a256d6939da88aabd8cd', '9b3a', 'g'.repeat(32)]),
  ...each('status_code', ['', '200', '100-599', '200-199', '99', '600', 'x', '200-', '200 404']),
  ...['virtualhost', 'virtualhost a', 'regex ab', 'zork', 'path'],
];

const table: readonly (readonly [
  name: string,
  put: (line: string) => string,
  lines: readonly string[],
])[] = [
  ['virtual_server', (line) => file(line), service],
  ['lvs_method', (words) => file('').replace('lvs_method NAT', `lvs_method ${words}`), methods],
  ['lvs_sched', (word) => file('').replace('sched rr', `sched ${word}`), ['mh', 'twos', 'RR', '']],
  ['protocol', (word) => file('').replace('TCP', word), ['udp', 'SCTP', 'ICMP', '']],
  ['real_server', withReal, server],
  ['TCP_CHECK', (line) => withCheck('TCP_CHECK', line), common],
  ['PING_CHECK', (line) => withCheck('PING_CHECK', line), ['', 'retry 4', 'zork']],
  ['url', inUrl, pages],
  [
    'HTTP_GET',
    (line) => withCheck('HTTP_GET', `${line}\nurl { path / }`),
    [
      ...each('http_protocol', ['', '1.0', '1.0c', '1.1', '2']),
      ...each('nb_get_retry', ['3', 'x']),
      ...each('fast_recovery', ['', 'no', 'zork']),
    ],
  ],
  [
    'SMTP_CHECK',
    (line) => withCheck('SMTP_CHECK', line),
    ['helo_name', 'helo_name a', 'host { }', 'host { connect_port 0 }', 'host { zork }'],
  ],
  [
    'DNS_CHECK',
    (line) => withCheck('DNS_CHECK', line),
    ['type a', 'type SRV', 'type', 'name www.example', 'name aa..b', 'name .', 'name'],
  ],
  [
    'MISC_CHECK',
    (line) => withCheck('MISC_CHECK', line),
    ['', 'misc_path', 'misc_path ""', 'misc_path /nonexistent', 'connect_port 3'],
  ],
  [
    'UDP_CHECK',
    (line) => withCheck('UDP_CHECK', line),
    [
      ...each('payload', ['', 'zz', 'a', '12 3 456', '1x']),
      ...each('require_reply', ['', 'zz', '1x']),
      ...each('max_reply_length', ['65535', '65536', '-1']),
      'require_reply\nmin_reply_length 300',
    ],
  ],
  [
    'FILE_CHECK',
    (line) => withCheck('FILE_CHECK', line),
    ['', 'track_file', 'track_file tf', 'weight 1 zork'],
  ],
  ['BFD_CHECK', (line) => withCheck('BFD_CHECK', line), ['', 'name', 'name b', 'name b c']],
  [
    'target',
    asTarget,
    [
      '192.0.2.9',
      '192.0.2.9 0',
      '192.0.2.9 x',
      '192.0.2',
      'a.example 80',
      '192.0.2.9:80',
      '',
    ].concat(['fwmark x', 'fwmark -1', '2001:db8::1 80', 'fwmark 4294967296']),
  ],
  ['server', asReal, ['192.0.2.1', '192.0.2.1 0', '192.0.2.1 x', 'web1 80', '2001:db8::1 80', '']],
  [
    'group',
    inGroup,
    ['192.0.2.1 80', '192.0.2.1-5 80', '192.0.2.5-1 80', '192.0.2.5-5 80', '192.0.2.5-300 80']
      .concat(['192.0.2.1-192.0.3.1 80', '192.0.3.1-192.0.2.1 80', '192.0.2.0/24 80', '', 'zork'])
      .concat(['192.0.2.1/24 80', '192.0.2.0/33 80', '192.0.2.0/0 80', '192.0.2.1 x', '192.0.2.1'])
      .concat(['fwmark 1', 'fwmark x', 'fwmark', 'fwmark 1 zork', '192.0.2.1-x 80']),
  ],
  [
    'bfd_instance',
    inBfd,
    [
      ...['min_rx', 'min_tx'].flatMap((word) => each(word, ['0', '1', '3.312', '4294968', 'x'])),
      ...each('idle_tx', ['999', '1000']),
      ...each('multiplier', ['0', '1', '256']),
      ...['ttl', 'hoplimit'].flatMap((word) => each(word, ['0', '1', '256', 'x'])),
      ...each('max_hops', ['255', '256', '-2']),
      ...each('weight', ['253', '254', '-253 reverse', 'x', '1 zork', '']),
      ...['source_ip 192.0.2.1', 'source_ip x', 'source_ip 2001:db8::1', 'vrrp\nchecker', 'zork'],
    ],
  ],
  ['SSL', (line) => `SSL {\n${line}\n}`, ['', 'password', 'password a', 'ca /a', 'ca', 'zork']],
];

for (const [name, put, lines] of table) {
  test(`${name}: ${lines.length} lines as keepalived takes them`, { skip }, () => {
    const differing = lines.flatMap((line) => {
      const [theirs, here] = [keepalived(put(line)), ours(put(line))];
      return theirs === here ? [] : [`${line}: keepalived ${theirs}, here ${here}`];
    });
    assert.deepEqual(differing, []);
  });
}
