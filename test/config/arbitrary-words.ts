/**
 * What a builder reads by itself has no type in the keyword table; here is what may stand there.
 * Mostly right, seldom odd: a file that is refused as a whole tells little.
 */
import fc from 'fast-check';
import { printAddress, printRoute, printRule } from '../../src/config/print-network';
import { commandText, type Printed, printText } from '../../src/config/print-text';
import { addresses, routes, rules } from './network-arbitrary';

export type Text = fc.Arbitrary<string>;

const pick = (...texts: readonly string[]): Text => fc.constantFrom(...texts);

export const joined = (parts: fc.Arbitrary<readonly string[]>, by = ' '): Text =>
  parts.map((all) => all.filter((one) => one !== '').join(by));

export const words = (...parts: readonly Text[]): Text => joined(fc.tuple(...parts));
export const maybe = (part: Text): Text => fc.oneof(pick(''), part);
const lines = (part: Text, most = 3): Text =>
  joined(fc.array(part, { minLength: 1, maxLength: most }), '\n');
const integer = (min: number, max: number): Text => fc.integer({ min, max }).map(String);

/** Words that a file can hold, some of them only in quotes. */
export const plainWord = pick('a', 'some-name', 'x_1', '"two words"', '"#no"', '"{"', '\\#x');
export const path = pick('/run/a', '/etc/b c', '/tmp/"x').map((text) =>
  /[ "]/.test(text) ? `"${text.replace(/"/g, '')}"` : text,
);
export const device = pick('eth0', 'eth1', 'bond0.100', 'br-lan');
export const user = words(pick('nobody', 'daemon', '0'), pick('', '', 'nogroup'));
export const ipv4 = words(fc.tuple(fc.nat(2), fc.nat(250)).map(([a, b]) => `192.0.${a}.${b + 1}`));
export const ipv6 = fc.nat(0xffff).map((host) => `2001:db8::${(host + 1).toString(16)}`);
export const linkLocal = fc.nat(0xffff).map((host) => `fe80::${(host + 1).toString(16)}`);

const argument = fc.oneof(
  pick('-c', "it's", 'a "b"', 'two words', '\\', '#!x', '{}', '', '$1', '${_X}', 'é'),
  fc.string({ unit: 'binary', maxLength: 6 }).map((text) => text.replace(/[\ud800-\udfff]/g, '')),
);
const program = pick('/bin/true', '/usr/local/bin/a b', 'relative');
export const command = fc
  .tuple(program, fc.array(argument, { maxLength: 3 }))
  .map(([first, rest]) => commandText([first, ...rest]));
export const hook = words(command, maybe(user));

export const weight = (max: number): Text => words(integer(-max, max), pick('', '', 'reverse'));
const tracks = (...names: readonly string[]): Text =>
  lines(words(pick(...names), maybe(words(pick('weight'), weight(253)))), 2);

const peers = fc.oneof(
  ...[ipv4, ipv6].map((ip) =>
    lines(words(ip, maybe(integer(0, 100).map((n) => `min_ttl ${n}`)), pick('', 'max_ttl 200'))),
  ),
);

const printed = (line: Printed): string => printText([line]).trimEnd();
const addressLines = addresses.map((one) => printed(printAddress(one)));
const routeLines = routes.map((one) => printed(printRoute(one)));
const ruleLines = rules.map((one) => printed(printRule(one)));

const forwarding = pick(
  'NAT',
  'DR',
  'TUN',
  'TUN type gre csum',
  'TUN type gue port 6080 remcsum',
  'TUN type gue port 7 csum',
);

const inGroup = pick('', '', 'track_group G1', 'track_group G2');

const ownName = maybe(words(pick('', 'name'), pick('vip0', 'wan.1', 'vepa')));
const linkGroup = maybe(integer(0, 9).map((n) => `group ${n}`));
const option = (word: string, value: Text): Text => maybe(value.map((one) => `${word} ${one}`));

const hexKey = fc
  .uint8Array({ minLength: 32, maxLength: 40 })
  .map((octets) => `hex:${Buffer.from(octets).toString('hex')}`);

/** By context and word; a word that stands here for itself is left out. */
export const ownWords: Readonly<Record<string, Text>> = {
  'global_defs smtp_server': words(pick('mail.example', '192.0.2.5'), pick('', '587')),
  'global_defs notification_email': lines(pick('a@b.example', '"x y"@z', 'root')),
  'global_defs vrrp_mcast_group4': pick('224.0.0.18', '224.0.0.77'),
  'global_defs vrrp_mcast_group6': pick('ff02::12', 'ff02::77'),
  'global_defs vrrp_iptables': pick('', 'IN', 'IN OUT'),
  'global_defs vrrp_ipsets': pick('', 'a', 'a b', 'a b c d e'),
  'global_defs lvs_timeouts': words(
    option('tcp', integer(0, 99)),
    option('tcpfin', integer(0, 99)),
    pick('udp 5'),
  ),
  'global_defs lvs_sync_daemon': words(
    device,
    maybe(words(pick('', 'inst'), pick('VI_1', 'VI_2'))),
    option('id', integer(0, 255)),
    option('maxlen', integer(1, 999)),
    option('port', integer(1, 999)),
    option('ttl', integer(1, 255)),
    option('group', pick('224.0.0.99')),
  ),
  'track_file init_file': words(pick('', '-3', '7'), pick('', 'overwrite')),
  'nginx on_failure': words(pick('fault', 'weight 5')),
  'nginx instances': pick('', '', '', 'VI_1', 'VI_2'),
  'nginx probe host': pick('www.example.org', '[::1]', 'a.b:81'),
  'nginx probe url': pick('http://127.0.0.1/', 'https://[::1]:8443/a?b=1', 'http://localhost:81'),
  'nginx probe status': pick('200', '200-299 401'),
  'vrrp_track_process process': words(pick('nginx', '/bin/x'), pick('', '-c "a b"', '--x')),
  'vrrp_sync_group group': joined(fc.shuffledSubarray(['VI_1', 'VI_2', 'VI_3'], { minLength: 1 })),
  'track_group group': joined(fc.shuffledSubarray(['VI_1', 'VI_2'], { minLength: 0 })),
  'garp_group interfaces': joined(fc.shuffledSubarray(['eth0', 'eth1', 'eth2'], { minLength: 1 })),
  'garp_group interface': pick('eth7'),
  'root interface_up_down_delays': lines(words(device, pick('0', '0.5', '2'), pick('', '1.5'))),
  'root static_ipaddress': lines(words(addressLines, words(pick('dev'), device), inGroup)),
  'root static_routes': lines(words(routeLines, inGroup)),
  'root static_rules': lines(words(ruleLines, inGroup)),
  'vrrp_instance interface': device,
  'vrrp_instance virtual_ipaddress': fc.oneof(
    lines(ipv4),
    lines(addressLines, 4),
    lines(linkLocal),
  ),
  'vrrp_instance virtual_ipaddress_excluded': lines(addressLines),
  'vrrp_instance virtual_routes': lines(routeLines),
  'vrrp_instance virtual_rules': lines(ruleLines),
  'vrrp_instance unicast_peer': peers,
  'vrrp_instance mcast_dst_ip': pick('224.0.0.99', 'ff02::99', '224.0.0.18'),
  'vrrp_instance use_vmac': words(
    ownName,
    pick('', '02:00:00:00:00:01', '2:0:0:5:6'),
    pick('', 'netlink_notify_msg'),
    linkGroup,
  ),
  'vrrp_instance use_ipvlan': words(
    ownName,
    maybe(fc.oneof(ipv4, ipv6)),
    pick('', 'bridge', 'private', 'vepa'),
    linkGroup,
  ),
  'authentication auth_pass': pick('secret', '"a b"', '"x#y!z"', '"{"'),
  'auth_hmac key': words(integer(1, 3), fc.oneof(hexKey, pick('file:/etc/key', '"file:/a b"'))),
  'auth_hmac active_key': integer(1, 3),
  'holdfast vip_lease': pick('off', '3', '12.5'),
  'holdfast notify_webhook': pick('http://192.0.2.9:81/', 'https://h.example/a?b=c', 'HTTP://h'),
  'holdfast webhook_bearer': pick('abc.DEF-1', 'Zm9v=='),
  'virtual_server lvs_method': forwarding,
  'virtual_server lb_kind': pick('NAT', 'DR'),
  'virtual_server persistence_timeout': pick('', '50'),
  'virtual_server quorum_up': hook,
  'virtual_server quorum_down': hook,
  'virtual_server sorry_server': words(ipv4, pick('', '80')),
  'virtual_server sorry_server_lvs_method': forwarding,
  'virtual_server persistence_granularity': pick('255.255.255.0', '64', '255.255.0.0', '48'),
  'url digest': pick('0123456789abcdef0123456789abcdef', 'fedcba9876543210fedcba9876543210'),
  'real_server lvs_method': forwarding,
  'real_server notify_up': hook,
  'real_server notify_down': hook,
  'MISC_CHECK misc_path': hook,
  'UDP_CHECK payload': pick('414243', '"hello"', '0a0b'),
  'UDP_CHECK require_reply': pick('', '41', '"x"'),
  'FILE_CHECK weight': weight(253),
  'FILE_CHECK track_file': pick('F_1', 'F_2'),
  'BFD_CHECK name': pick('B_1', 'B_2'),
  'url status_code': pick('200', '200-299 404', '503'),
  'url regex': pick('"a.*b"', 'x+', '"\\\\d"'),
  'url regex_options': pick('caseless', 'caseless multiline'),
  'bfd_instance weight': weight(253),
  'bfd_instance neighbor_ip': fc.oneof(ipv4, ipv6),
  http_protocol: pick('1.0', '1.1', '1.0C'),
  'url regex_stack': words(integer(1, 99), integer(100, 999)),
  track_interface: tracks('eth5', 'eth6', '"x y"'),
  track_script: tracks('S_1', 'S_2'),
  track_file: tracks('F_1', 'F_2'),
  track_process: tracks('P_1', 'P_2'),
  track_bfd: tracks('B_1', 'B_2'),
};
