/**
 * Whole configurations as text, made from the keyword table: any words of a block in any order,
 * with values that their rows allow. A new row is in the mixture by itself.
 */
import fc from 'fast-check';
import { type Context, type Keyword, keywords, type ValueType } from '../../src/config/keywords';
import {
  command,
  device,
  hook,
  ipv4,
  joined,
  linkLocal,
  maybe,
  ownWords,
  path,
  plainWord,
  type Text,
  user,
  weight,
  words,
} from './arbitrary-words';

/** What follows the word, block and all; null: nothing is known of it. */
function restOf(row: Keyword): Text | null {
  const own = ownWords[`${row.within} ${row.word}`] ?? ownWords[row.word];
  const type = row.value;
  switch (type.kind) {
    case 'lines':
    case 'names':
      return own === undefined ? null : inBraces(own);
    case 'block':
    case 'section':
      return isHeadless(row) ? inBraces(bodyOf(contextOf(row))) : null;
    default:
      return own ?? simple(type);
  }
}

function simple(type: ValueType): Text | null {
  switch (type.kind) {
    case 'flag':
      return fc.constant('');
    case 'boolean':
      return fc.constantFrom('', 'on', 'off', 'true', 'false', 'yes', 'no');
    case 'integer':
      return integer(type);
    case 'seconds':
      return fraction(type.min, Math.min(type.max, 40), type.whole);
    case 'milliseconds':
      return fraction(type.min, Math.min(type.max, type.min + 400), false);
    case 'text':
      return type.noun === 'path' ? path : type.noun === 'interface' ? device : plainWord;
    case 'choice':
      return fc.constantFrom(...type.of);
    case 'either':
      return fc.oneof(fc.constantFrom(...type.words), simple(type.or) ?? fc.constant(''));
    case 'optional':
      return maybe(simple(type.of) ?? fc.constant(''));
    case 'prefixed':
      return words(fc.constantFrom('', type.word), simple(type.of) ?? fc.constant(''));
    case 'address':
      return fc.oneof(ipv4, ipv4, linkLocal);
    case 'command':
      return hook;
    case 'user':
      return user;
    case 'owned':
      return words(path, maybe(user));
    case 'integers':
      return joined(fc.array(integer(type.of), { minLength: 1, maxLength: 3 }));
    case 'umask':
      return fc.constantFrom('0', '022', '0177', '0x3f', 'IRGRP|IWOTH');
    case 'weight':
      return weight(type.max);
    case 'words':
    case 'lines':
    case 'names':
    case 'block':
    case 'section':
      return null;
  }
}

/** Blocks that need no name in front of their brace and have rows of their own. */
const isHeadless = (row: Keyword): boolean => {
  const { value } = row;
  const named = value.kind === 'section' ? value.min > 0 : value.kind === 'block' && value.named;
  return named !== true && keywords.some(({ within }) => within === contextOf(row));
};

/** 'nginx probe' where that is a context, else the word alone. */
function contextOf({ within, word }: Keyword): Context {
  const inner = `${within} ${word}`;
  return (keywords.some((row) => row.within === inner) ? inner : word) as Context;
}

const integer = ({ min, max }: { readonly min: number; readonly max: number }): Text =>
  fc.integer({ min, max: Math.min(max, min + 300) }).map(String);

function fraction(min: number, max: number, whole: boolean): Text {
  const few = fc.integer({ min: Math.ceil(min), max: Math.floor(max) }).map(String);
  if (whole) return few;
  const micro = { min: Math.ceil(min * 1_000_000), max: Math.floor(max * 1_000_000) };
  return fc.oneof(
    few,
    fc.integer(micro).map((n) => (n / 1_000_000).toFixed(6).replace(/\.?0+$/, '')),
  );
}

const inBraces = (body: Text): Text => body.map((lines) => `{\n${lines}\n}`);

/** Some rows of a context, in any order; a few words of a block are left out of every mixture. */
function bodyOf(within: Context, without: ReadonlySet<string> = new Set()): Text {
  const known = bodies.get(within);
  if (known !== undefined) return known;
  const rows = keywords.filter(
    (row) => row.within === within && row.status !== 'refused' && !without.has(row.word),
  );
  const lines = rows.flatMap((row) => {
    const value = restOf(row);
    return value === null ? [] : [words(fc.constant(row.word), value)];
  });
  const body = fc
    .tuple(...lines.map((line) => fc.tuple(line, fc.nat(9), fc.nat())))
    .chain((all) => fc.constantFrom(2, 5, 9).map((share) => ({ all, share })))
    .map(({ all, share }) =>
      all
        .filter(([, dice]) => dice < share)
        .sort((a, b) => a[2] - b[2])
        .map(([line]) => line)
        .join('\n'),
    );
  bodies.set(within, body);
  return body;
}

const bodies = new Map<Context, Text>();

// ---- whole files

const block = (head: string, ...parts: readonly Text[]): Text =>
  joined(fc.tuple(...parts), '\n').map((body) => `${head} {\n${body}\n}`);

const said = (line: string): Text => fc.constant(line);

/** What stands last in the block counts. */
const instance = (number: number, first: Text, ...last: readonly Text[]): Text =>
  block(
    `vrrp_instance VI_${number}`,
    first,
    bodyOf('vrrp_instance', new Set(['interface', 'strict_mode'])),
    said(`virtual_router_id ${number}`),
    ...last,
  );

const onLink = words(said('interface'), device);
const lenient = said('strict_mode off');
const strict = fc.constantFrom('strict_mode off', 'strict_mode on');
const addressed = fc.constantFrom(
  'no_virtual_ipaddress',
  'virtual_ipaddress {\n192.0.2.1\n}',
  'virtual_ipaddress {\nfe80::7\n}',
);
const unicast = said('unicast_src_ip 192.0.2.3\nunicast_peer {\n192.0.2.4\n}\nversion 2');
const ipv4Only = said('virtual_ipaddress {\n192.0.2.1\n}');

const several = (parts: Text): Text => joined(fc.array(parts, { maxLength: 2 }), '\n');
const headed = (heads: Text, ...parts: readonly Text[]): Text =>
  fc.tuple(heads, joined(fc.tuple(...parts), '\n')).map(([head, body]) => `${head} {\n${body}\n}`);

const realServers = several(
  headed(
    fc.constantFrom(
      'real_server 192.0.2.9 80',
      'real_server 192.0.2.8 8080',
      'real_server 2001:db8::9 80',
    ),
    bodyOf('real_server'),
  ),
);

const server = (...heads: readonly string[]): Text =>
  headed(fc.constantFrom(...heads), bodyOf('virtual_server'), realServers);

export const configText: Text = joined(
  fc.tuple(
    bodyOf('root', new Set(['global_defs', 'holdfast', 'nginx'])),
    maybe(block('global_defs', bodyOf('global_defs'))),
    block('track_file F_1', said('file /run/f'), bodyOf('track_file')),
    maybe(block('track_file F_2', bodyOf('track_file'), said('file /run/g'))),
    block('vrrp_track_process P_1', bodyOf('vrrp_track_process'), said('process nginx')),
    maybe(block('vrrp_track_process P_2', bodyOf('vrrp_track_process'))),
    maybe(block('vrrp_script S_1', words(said('script'), command), bodyOf('vrrp_script'))),
    maybe(block('vrrp_script S_2', bodyOf('vrrp_script'))),
    maybe(block('bfd_instance B_1', said('neighbor_ip 192.0.2.77'), bodyOf('bfd_instance'))),
    maybe(block('bfd_instance B_2', said('neighbor_ip 2001:db8::77'), bodyOf('bfd_instance'))),
    maybe(instance(1, addressed, onLink, lenient)),
    maybe(instance(2, addressed, onLink, strict)),
    maybe(instance(3, ipv4Only, unicast, lenient)),
    maybe(
      headed(
        fc.constantFrom('vrrp_sync_group G', 'vrrp_sync_group "H I"'),
        bodyOf('vrrp_sync_group'),
      ),
    ),
    maybe(block('track_group G1', bodyOf('track_group'))),
    maybe(block('track_group G2', bodyOf('track_group'))),
    maybe(
      server(
        'virtual_server 192.0.2.1 80',
        'virtual_server 192.0.2.2 0',
        'virtual_server 2001:db8::1 80',
      ),
    ),
    maybe(server('virtual_server fwmark 7', 'virtual_server fwmark 9')),
    maybe(server('virtual_server group VSG', 'virtual_server group VSH')),
    block(
      'virtual_server_group VSG',
      fc.constantFrom('192.0.2.3-9 80', '192.0.2.4 0', 'fwmark 3', '2001:db8::4 80'),
    ),
    block('virtual_server_group VSH', fc.constantFrom('192.0.2.5 443', 'fwmark 4')),
    maybe(block('holdfast', bodyOf('holdfast'))),
    maybe(block('nginx', bodyOf('nginx'))),
    maybe(block('nginx N_2', bodyOf('nginx'), said('pid_file /run/second.pid'))),
  ),
  '\n',
);
