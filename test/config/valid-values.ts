/**
 * A good value for each row of the keyword table, as it is typed; null where a row cannot be
 * filled from its type and nobody says here how.
 */
import fc, { type Arbitrary } from 'fast-check';
import type { Keyword, ValueType } from '../../src/config/keywords';

/** The interfaces of the namespace, and one more for what must not be the instance's own. */
export const INTERFACES = ['eth0', 'eth1', 'eth2', 'eth3'] as const;

export const some = (...of: readonly string[]): Arbitrary<string> => fc.constantFrom(...of);

const booleans = some('', 'true', 'on', 'yes', 'false', 'off', 'no');
export const address4 = fc
  .tuple(fc.nat(255), fc.integer({ min: 1, max: 254 }))
  .map(([a, b]) => `10.9.${a}.${b}`);
export const address6 = fc
  .integer({ min: 1, max: 0xffff })
  .map((n) => `2001:db8::${n.toString(16)}`);

/** All of them are there on any machine, and belong to root. */
export const command = fc
  .tuple(
    some('/bin/true', '"/bin/true"', '"/bin/echo a b"', '\'/bin/echo "x y"\'', '"/bin/true \'{\'"'),
    some('', '', ' root', ' root root'),
  )
  .map((parts) => parts.join(''));

const wholeMax = 2_000_000_000;

const whole = (min: number, max: number): Arbitrary<string> =>
  fc.integer({ min: Math.max(min, -wholeMax), max: Math.min(max, wholeMax) }).map(String);

/** In thousandths, so that no value has more decimals than any field takes. */
const decimal = (min: number, max: number): Arbitrary<string> =>
  fc
    .integer({ min: Math.ceil(min * 1000), max: Math.floor(Math.min(max, 100_000) * 1000) })
    .map((thousandths) => String(thousandths / 1000));

/** By word, where the type does not tell. */
const byWord: ReadonlyMap<string, Arbitrary<string>> = new Map([
  ['router_id', some('lb1', '"lb 1"', '"a{b"', 'x.example.org')],
  ['smtp_server', some('192.0.2.25', '192.0.2.25 2525')],
  ['default_interface', some(...INTERFACES)],
  ['bind_if', some(...INTERFACES)],
  ['vrrp_mcast_group4', some('224.0.0.18', '224.0.0.99')],
  ['vrrp_mcast_group6', some('ff02::12', 'ff02::99')],
  ['lvs_method', some('NAT', 'DR', 'TUN')],
  ['lb_kind', some('NAT', 'DR', 'TUN')],
  ['protocol', some('TCP', 'UDP', 'SCTP')],
  ['persistence_timeout', some('', '50', '360')],
  ['persistence_granularity', some('255.255.255.0', '255.255.255.255')],
  ['persistence_engine', some('sip')],
  ['http_protocol', some('1.0', '1.1', '1.0c')],
  ['digest', some('9e0a4a5a0c0f8b3a6b6f1c0e2d3c4b5a')],
  ['path', some('/', '/health?x=1', '"/a b"')],
  ['status_code', some('200', '200-299', '200 301-302')],
  ['type', some('A', 'AAAA', 'SOA', 'NS')],
  ['misc_path', command],
  ['quorum_up', command],
  ['quorum_down', command],
  ['notify_up', command],
  ['notify_down', command],
  ['vmac_prefix', some('hf')],
  ['vmac_addr_prefix', some('hg')],
  ['auth_pass', some('secret', '"a b"', '12345678', 'x\\#y')],
  ['umask', some('022', '0177')],
  ['include_check', some('', 'read match', '+wildcard')],
]);

/** Refused before anybody looks at the rest, or with a reach beyond one test. */
const left: ReadonlySet<string> = new Set([
  ...['net_namespace', 'net_namespace_ipvs', 'namespace_with_ipsets', 'instance', 'use_pid_dir'],
  ...['reload_check_config', 'config_save_dir', 'tmp_config_directory', 'reload_file'],
  ...['reload_time_file', 'random_seed', 'include_check', 'linkbeat_use_polling'],
]);

/** Words of 2.4 whose rows point elsewhere. */
const later: ReadonlySet<string> = new Set([
  ...['thread_timer_expired', 'v3_checksum_as_v2', 'sni_name', 'tls_compliant', 'multihop'],
]);

const is24 = ({ word, reference }: Keyword): boolean =>
  reference.includes('2.4') || later.has(word);

/** By block and word, where 2.2.7 takes less than the table, which follows later versions. */
const narrower: ReadonlyMap<string, Arbitrary<string>> = new Map([
  ['vrrp_script interval', whole(1, 4294)],
  ['vrrp_script timeout', whole(1, 4294)],
]);

/** What may stand behind the word; empty for nothing. */
export function typedValue(row: Keyword, family: 4 | 6 = 4): Arbitrary<string> | null {
  if (left.has(row.word) || is24(row) || row.status === 'refused') return null;
  const own = narrower.get(`${row.within} ${row.word}`);
  return own ?? byWord.get(row.word) ?? ofType(row.value, family);
}

function ofType(type: ValueType, family: 4 | 6): Arbitrary<string> | null {
  switch (type.kind) {
    case 'flag':
      return fc.constant('');
    case 'boolean':
      return booleans;
    case 'integer':
      return whole(type.min, type.max);
    case 'integers':
      // CPUs that any machine has.
      return fc
        .array(fc.constant(String(Math.max(0, type.of.min))), { minLength: 1, maxLength: 3 })
        .map((all) => all.join(' '));
    case 'seconds':
      return type.whole ? whole(type.min, type.max) : decimal(type.min, type.max);
    case 'milliseconds':
      return decimal(type.min, type.max);
    case 'choice':
      return some(...type.of);
    case 'either':
      return orElse(some(...type.words), ofType(type.or, family));
    case 'optional':
      return orElse(fc.constant(''), ofType(type.of, family));
    case 'prefixed':
      return ofType(type.of, family)?.chain((text) => some(text, `${type.word} ${text}`)) ?? null;
    case 'address':
      return family === 4 ? address4 : address6;
    case 'command':
      return command;
    case 'user':
      // Another user in a vrrp_script crashes 2.2.7.
      return some('root', 'root root');
    case 'owned':
      return some('/run/holdfast-differential', '/run/holdfast-differential root');
    case 'umask':
      return some('022', '0x12', '18', 'IRGRP|IWOTH');
    case 'weight':
      return weight(type.max);
    case 'text':
      return type.noun === undefined ? some('name', '"two words"', 'a-b_c.9') : ofNoun(type.noun);
    case 'words':
    case 'block':
    case 'section':
    case 'lines':
    case 'names':
      return null;
  }
}

const orElse = (a: Arbitrary<string>, b: Arbitrary<string> | null): Arbitrary<string> =>
  b === null ? a : fc.oneof(a, b);

const weight = (max: number): Arbitrary<string> =>
  fc
    .tuple(whole(-Math.min(max, 253), Math.min(max, 253)), some('', '', ' reverse'))
    .map((parts) => parts.join(''));

function ofNoun(noun: string): Arbitrary<string> {
  switch (noun) {
    case 'interface':
      return some(...INTERFACES);
    case 'path':
      return some('/run/holdfast-differential', '"/run/holdfast differential"');
    default:
      return some('name', 'a-b_c.9');
  }
}
