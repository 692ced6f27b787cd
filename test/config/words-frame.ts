/** A file around each word of the table that takes values: complete with or without that line. */
import { type Context, type Keyword, keywords } from '../../src/config/keywords';

/** What stands around a line of each block: a file that is complete without it. */
const frames: Partial<Record<Context, readonly string[]>> = {
  root: ['LINE'],
  global_defs: ['global_defs {', 'LINE', '}'],
  vrrp_script: ['vrrp_script chk {', 'script /usr/bin/false', 'LINE', '}'],
  track_file: ['track_file F {', 'file /run/f', 'LINE', '}'],
  vrrp_track_process: ['vrrp_track_process P {', 'process nginx', 'LINE', '}'],
  garp_group: [
    'garp_group {',
    'interfaces { eth9 }',
    'garp_interval 0.5',
    'gna_interval 0.25',
    'LINE',
    '}',
  ],
  nginx: ['nginx {', 'LINE', '}'],
  'nginx probe': ['nginx {', 'probe {', 'LINE', '}', '}'],
  'nginx restart': ['nginx {', 'restart {', 'LINE', '}', '}'],
  vrrp_sync_group: ['vrrp_sync_group G {', 'group { VI_1 VI_2 }', 'LINE', '}'],
  vrrp_instance: ['LINE'],
  authentication: ['authentication {', 'auth_type PASS', 'auth_pass 1234', 'LINE', '}'],
  auth_hmac: ['auth_hmac {', `key 1 hex:${'ab'.repeat(32)}`, 'active_key 1', 'LINE', '}'],
};

const inInstance: readonly Context[] = ['vrrp_instance', 'authentication', 'auth_hmac'];

/** What a word needs beside it, so that it is not told that it is idle. */
const company: Readonly<Record<string, string>> = {
  unicast_ttl: 'unicast_peer { 192.0.2.7 }',
  check_unicast_src: 'unicast_peer { 192.0.2.7 }',
  old_unicast_checksum: 'unicast_peer { 192.0.2.7 }',
  unicast_src_ip: 'unicast_peer { 192.0.2.7 }',
  vmac_xmit_base: 'use_vmac',
  timer_expired_backup: 'nopreempt',
  thread_timer_expired: 'nopreempt',
  notify_fifo_script: 'notify_fifo /run/a',
  vrrp_notify_fifo_script: 'vrrp_notify_fifo /run/a',
  lvs_notify_fifo_script: 'lvs_notify_fifo /run/a',
};

const instance = (name: string, vrid: number, lines: readonly string[]): readonly string[] => [
  `vrrp_instance ${name} {`,
  ...(lines.some((line) => line.startsWith('interface')) ? [] : ['interface eth0']),
  ...(lines.some((line) => line.startsWith('virtual_router_id'))
    ? []
    : [`virtual_router_id ${vrid}`]),
  `virtual_ipaddress { ${name === 'VI_6' ? 'fe80::6' : `192.0.2.${vrid}`} }`,
  'track_script { chk }',
  ...lines,
  '}',
];

/** The file with the line in its block, or without it; `at` is its number. */
export function fileWith(row: Keyword, line: string | null) {
  const own = (frames[row.within] ?? []).flatMap((one) => {
    if (one === 'LINE') return [company[row.word] ?? '', line ?? ''];
    // The word under test counts alone.
    return one.startsWith(`${row.word} `) ? [] : [one];
  });
  const isInner = inInstance.includes(row.within);
  const script = row.within === 'vrrp_script' ? [] : ['vrrp_script chk { script /usr/bin/true }'];
  const lines = [
    ...script,
    ...(isInner ? [] : own),
    ...instance('VI_1', 1, isInner ? own : []),
    ...instance('VI_2', 2, []),
    ...instance('VI_6', 6, []),
  ];
  return { text: lines.join('\n'), at: lines.indexOf(line ?? '') + 1 };
}

export const lineOf = (row: Keyword, text: string): string => `${row.word} ${text}`.trimEnd();

const blocks: ReadonlySet<string> = new Set(['block', 'section', 'lines', 'names']);
/** Those of blocks that have a frame here; servers and checkers have tests of their own. */
export const rows = keywords.filter(
  ({ within, word, value }) =>
    frames[within] !== undefined && !blocks.has(value.kind) && !word.startsWith('virtual_server'),
);
