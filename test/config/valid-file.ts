/**
 * Whole files as an operator might write them, filled from the keyword table: what keepalived has
 * no reason to complain of, as far as the table knows. A tree of lines; valid-style types it.
 */
import fc, { type Arbitrary } from 'fast-check';
import { type Context, lookup, wordsWithin } from '../../src/config/keywords';
import { address4, address6, some, typedValue } from './valid-values';

export interface Line {
  /** as typed, without its block. */
  readonly text: string;
  readonly body?: readonly Line[];
}

type Family = 4 | 6;

const line = (text: string): Line => ({ text });
const block = (text: string, body: readonly Line[]): Line => ({ text, body });

interface Some {
  readonly family?: Family;
  readonly without?: readonly string[];
  readonly max?: number;
}

/** Some lines of a block, each word once, in any order. */
function linesOf(context: Context, options: Some = {}): Arbitrary<readonly Line[]> {
  const { family = 4, without = [], max = 5 } = options;
  const each = wordsWithin(context).flatMap((word): readonly Arbitrary<Line>[] => {
    const row = lookup(context, word);
    const value = row === null || without.includes(word) ? null : typedValue(row, family);
    return value === null ? [] : [value.map((text) => line(`${word} ${text}`.trim()))];
  });
  // Two spellings of one word would be the same word twice.
  const meant = (one: Line) => lookup(context, keywordOf(one))?.means ?? keywordOf(one);
  return fc.uniqueArray(fc.oneof(...each), { selector: meant, maxLength: max });
}

const keywordOf = ({ text }: Line): string => text.split(' ')[0] ?? '';

const list = (word: string, of: readonly string[]): readonly Line[] =>
  of.length === 0 ? [] : [block(word, of.map(line))];

// ---- scripts and instances

const script = (name: string): Arbitrary<Line> =>
  linesOf('vrrp_script', { without: ['script', 'timeout', 'init_fail'] }).map((lines) =>
    block(`vrrp_script ${name}`, [line('script "/bin/true"'), ...lines]),
  );

const addressOption = some('', '', '', ' dev eth1', ' scope global', ' noprefixroute', ' no_track');

const virtualAddresses = (family: Family): Arbitrary<readonly string[]> =>
  fc
    .uniqueArray(family === 4 ? address4 : address6, { minLength: 1, maxLength: 4 })
    .chain((addresses) =>
      fc.tuple(...addresses.map((address) => addressOption.map((option) => `${address}${option}`))),
    )
    .map((all) => (family === 4 ? all : ['fe80::99', ...all]));

const authentication = fc.constantFrom<readonly Line[]>(
  [],
  [block('authentication', [line('auth_type PASS'), line('auth_pass secret')])],
);

const notIn = {
  always: ['interface', 'virtual_router_id', 'state', 'priority', 'version', 'native_ipv6'],
  /** each of them asks for another one, or forbids it. */
  paired: ['unicast_src_ip', 'mcast_src_ip', 'mcast_dst_ip', 'unicast_fault_no_peer', 'vrf'],
  strict: ['strict_mode', 'no_accept', 'accept', 'nopreempt', 'preempt_delay', 'use_vmac'],
  other: ['advert_int', 'use_ipvlan', 'use_vmac_addr', 'vmac_xmit_base', 'track_src_ip'],
  sync: ['lvs_sync_daemon_interface', 'dont_track_primary', 'debug', 'preempt'],
};
const elsewhere = Object.values(notIn).flat();

const preemption = fc.constantFrom<readonly Line[]>(
  [],
  [line('nopreempt')],
  [line('preempt')],
  [line('preempt_delay 5')],
);

const track = (scripts: readonly string[]): Arbitrary<readonly Line[]> =>
  fc
    .tuple(fc.subarray([...scripts]), fc.subarray(['eth2', 'eth3']), some('', ' weight 5'))
    .map(([names, links, weight]) => [
      ...list('track_script', names),
      ...list(
        'track_interface',
        links.map((link) => `${link}${weight}`),
      ),
    ]);

interface Place {
  readonly index: number;
  readonly scripts: readonly string[];
}

const unicast = (family: Family): Arbitrary<readonly Line[]> => {
  const peer = (family === 4 ? address4 : address6).map((address) => [
    ...list('unicast_peer', [address]),
  ]);
  return fc.oneof(fc.constant([]), peer);
};

function instance({ index, scripts }: Place): Arbitrary<Line> {
  return fc.constantFrom<Family>(4, 4, 6).chain((family) =>
    fc
      .record({
        version: family === 6 ? some('version 3') : some('version 2', 'version 3', ''),
        priority: fc.integer({ min: 1, max: 254 }),
        interval: fc.integer({ min: 1, max: 40 }),
        link: some('eth0', 'eth1'),
        preemption,
        authentication,
        unicast: unicast(family),
        addresses: virtualAddresses(family),
        tracks: track(scripts),
        more: linesOf('vrrp_instance', { family, without: elsewhere }),
      })
      .map((one) =>
        block(`vrrp_instance VI_${index}`, [
          line(`interface ${one.link}`),
          line(`virtual_router_id ${index + 1}`),
          line(`priority ${one.priority}`),
          ...(one.version === '' ? [] : [line(one.version)]),
          line(`advert_int ${one.interval}`),
          ...one.preemption,
          ...(one.version === 'version 2' ? one.authentication : []),
          ...one.unicast,
          ...one.more,
          block('virtual_ipaddress', one.addresses.map(line)),
          ...one.tracks,
        ]),
      ),
  );
}

const group = (members: readonly string[]): Arbitrary<readonly Line[]> =>
  members.length < 2
    ? fc.constant([])
    : linesOf('vrrp_sync_group', { without: ['group'], max: 3 }).map((lines) => [
        block('vrrp_sync_group G1', [block('group', members.map(line)), ...lines]),
      ]);

// ---- servers

const server = { without: ['alpha', 'inhibit_on_failure', 'persistence_engine', 'snmp_name'] };
const checkers: readonly Context[] = ['TCP_CHECK', 'HTTP_GET', 'SMTP_CHECK', 'MISC_CHECK'];
const checkWithout = ['user', 'connect_ip', 'bindto', 'misc_dynamic', 'bind_if', 'nb_get_retry'];

const checker: Arbitrary<Line> = fc
  .constantFrom(...checkers)
  .chain((context) =>
    linesOf(context, { without: checkWithout, max: 3 }).map((lines) =>
      block(context, [
        ...(context === 'MISC_CHECK' ? [line('misc_path "/bin/true"')] : []),
        ...(context === 'HTTP_GET'
          ? [block('url', [line('path /'), line('status_code 200')])]
          : []),
        ...lines.filter((one) => keywordOf(one) !== 'misc_path'),
      ]),
    ),
  );

const realServer = (address: string): Arbitrary<Line> =>
  fc
    .tuple(
      linesOf('real_server', { without: ['lvs_method', 'uthreshold', 'lthreshold'], max: 3 }),
      fc.array(checker, { maxLength: 2 }),
    )
    .map(([lines, checks]) => block(`real_server ${address} 80`, [...lines, ...checks]));

const virtualServer = (index: number): Arbitrary<Line> =>
  fc
    .tuple(
      linesOf('virtual_server', {
        without: [
          ...server.without,
          ...['protocol', 'lvs_sched', 'lb_algo', 'lvs_method', 'lb_kind', 'ip_family', 'ops'],
          ...['quorum', 'hysteresis', 'sorry_server', 'sorry_server_inhibit', 'virtualhost'],
          ...['sorry_server_lvs_method', 'persistence_granularity'],
          ...wordsWithin('virtual_server').filter((word) => /^(flag-|sh-|mh-|hashed)/.test(word)),
        ],
        max: 4,
      }),
      fc
        .uniqueArray(address4, { minLength: 1, maxLength: 3 })
        .chain((all) => fc.tuple(...all.map(realServer))),
    )
    .map(([lines, servers]) =>
      block(`virtual_server 192.0.2.${200 + index} 80`, [
        line('lvs_sched rr'),
        line('lvs_method NAT'),
        line('protocol TCP'),
        ...lines,
        ...servers,
      ]),
    );

// ---- what stands alone

const withFirst = (head: string, first: readonly string[], rest: Arbitrary<readonly Line[]>) =>
  rest.map((lines) => block(head, [...first.map(line), ...lines]));

const standsAlone: readonly Arbitrary<Line>[] = [
  withFirst(
    'track_file f1',
    ['file /run/holdfast-differential'],
    linesOf('track_file', { without: ['file', 'init_file'] }),
  ),
  withFirst(
    'vrrp_track_process p1',
    ['process nginx'],
    // quorum_max must not be less than quorum.
    linesOf('vrrp_track_process', { without: ['process', 'quorum_max'] }),
  ),
  withFirst(
    'bfd_instance b1',
    ['neighbor_ip 192.0.2.77'],
    linesOf('bfd_instance', {
      without: ['neighbor_ip', 'neighbour_ip', 'source_ip', 'ttl', 'hoplimit', 'max_hops'],
    }),
  ),
  withFirst(
    'garp_group',
    ['interface eth3', 'garp_interval 0.001'],
    linesOf('garp_group', { without: ['interface', 'interfaces', 'garp_interval'] }),
  ),
  fc.constant(block('static_ipaddress', [line('10.8.0.1/24 dev eth1'), line('10.8.0.2 dev eth2')])),
  fc.constant(block('static_routes', [line('10.7.0.0/16 via 192.0.2.9 dev eth1 metric 5')])),
  fc.constant(block('static_rules', [line('from 10.7.0.0/16 table 100 priority 77')])),
  fc.constant(block('interface_up_down_delays', [line('eth1 1 2')])),
  fc.constant(
    block('virtual_server_group g1', [line('192.0.2.150-155 80'), line('192.0.2.156 81')]),
  ),
];

// ---- the file

const globals: Arbitrary<readonly Line[]> = linesOf('global_defs', {
  without: ['vrrp_strict', 'enable_script_security', 'script_user', 'dynamic_interfaces'].concat(
    wordsWithin('global_defs').filter((word) => /_(script|timeout)$|fifo/.test(word)),
  ),
}).map((lines) => [
  block('global_defs', [line('enable_script_security'), line('script_user root'), ...lines]),
]);

const times = <T>(n: number, of: (index: number) => Arbitrary<T>): Arbitrary<readonly T[]> =>
  fc.tuple(...Array.from({ length: n }, (_, index) => of(index)));

/** A file with everything that it refers to. */
export const validFile: Arbitrary<readonly Line[]> = fc
  .record({ scripts: fc.nat(2), instances: fc.nat(3), servers: fc.nat(1), grouped: fc.boolean() })
  .chain(({ scripts, instances, servers, grouped }) => {
    const names = Array.from({ length: scripts }, (_, index) => `chk_${index}`);
    const members = Array.from({ length: instances }, (_, index) => `VI_${index}`);
    return fc.tuple(
      globals,
      fc.tuple(...standsAlone).chain((all) => fc.subarray(all, { maxLength: 3 })),
      times(scripts, (index) => script(`chk_${index}`)),
      grouped ? group(members) : fc.constant([]),
      times(instances, (index) => instance({ index, scripts: names })),
      times(servers, virtualServer),
    );
  })
  .map((parts) => parts.flat());
