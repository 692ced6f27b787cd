/**
 * Every row of the table that takes values, one by one: a good value is taken with no more than
 * the note of its status, and it reaches the model; a wrong one is told where it stands, and the
 * file means what it means without that line.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Context, type Keyword, keywords } from '../../src/config/keywords';
import { loadConfig } from '../../src/config/load';
import { locate } from '../../src/config/source';
import { badValues, goodValues } from './words-samples';

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

/** Said of a good value too: it goes with nothing that an instance like these has. */
const alsoSaid: Readonly<Record<string, string>> = {
  native_ipv6: 'native-ipv6',
  vrf: 'vrf-with-interface',
  unicast_fault_no_peer: 'unicast-without-peer',
  state: 'owner-by-accident',
  strict_mode: 'strict-state',
  timeout: 'long-timeout',
};

/** The status; and rules that look at such a file as a whole. */
const notes: ReadonlySet<string> = new Set(
  ['not-yet-active', 'refused', 'old-name', 'script-security', 'strict-accept'].concat(
    'small-weight',
    'unicast-source',
  ),
);

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
function load(row: Keyword, line: string | null) {
  const own = (frames[row.within] ?? []).flatMap((one) => {
    if (one === 'LINE') return [company[row.word] ?? '', line ?? ''];
    // The word under test counts alone.
    return one.startsWith(`${row.word} `) ? [] : [one];
  });
  const isInner = inInstance.includes(row.within);
  const script = row.within === 'vrrp_script' ? [] : ['vrrp_script chk { script /usr/bin/true }'];
  const text = [
    ...script,
    ...(isInner ? [] : own),
    ...instance('VI_1', 1, isInner ? own : []),
    ...instance('VI_2', 2, []),
    ...instance('VI_6', 6, []),
  ];
  const at = text.indexOf(line ?? '') + 1;
  const loaded = loadConfig('t', text.join('\n'));
  const here = loaded.diagnostics.filter(({ span }) => locate(span).line === at);
  return { ...loaded, here };
}

const blocks: ReadonlySet<string> = new Set(['block', 'section', 'lines', 'names']);
const rows = keywords.filter(
  ({ within, word, value }) =>
    frames[within] !== undefined && !blocks.has(value.kind) && !word.startsWith('virtual_server'),
);
const named = (row: Keyword, text: string): string => `${row.within}: ${row.word} ${text}`;
const lineOf = (row: Keyword, text: string): string => `${row.word} ${text}`.trimEnd();

test('a good value is taken with no more than the note of its status', () => {
  assert.ok(rows.length > 190);
  for (const row of rows) {
    const values = goodValues(row);
    assert.notEqual(values.length, 0, row.word);
    for (const text of values) {
      const { here, inactive } = load(row, lineOf(row, text));
      const said = here.filter(({ code }) => !notes.has(code) && code !== alsoSaid[row.word]);
      assert.deepEqual(
        said.map(({ what }) => what),
        [],
        named(row, text),
      );
      const isNoted = here.some(({ code }) => code === 'not-yet-active' || code === 'refused');
      const isInner = ['track_file', 'vrrp_track_process', 'garp_group', 'auth_hmac'];
      if (row.status !== 'active' && !isInner.includes(row.within)) {
        assert.ok(isNoted, `${named(row, text)} is not carried out, and nothing says so`);
      }
      if (row.decisive) assert.notEqual(inactive.length, 0, named(row, text));
    }
  }
});

/** The model has nothing to say of them: why. */
const idle: Readonly<Record<string, string>> = {
  preempt: 'is how it is anyway',
  accept: 'is how it is anyway',
  init_fail: 'has no effect in keepalived',
  native_ipv6: 'gives way to the addresses',
  no_virtual_ipaddress: 'there is one',
  vrf: 'there is an interface',
  include_check: 'is for the reader of included files',
  random_seed: 'is for the reader of the file',
  iproute_usr_dir: 'is for the reader of routes',
  iproute_etc_dir: 'is for the reader of routes',
  preempt_delay: 'see its own tests',
};

test('what is not refused reaches the model', () => {
  const lost: string[] = [];
  for (const row of rows) {
    if (row.status === 'refused' || idle[row.word] !== undefined) continue;
    const without = load(row, null).config;
    assert.notEqual(without, null, row.word);
    const moved = goodValues(row).some((text) => {
      const { config } = load(row, lineOf(row, text));
      return config !== null && JSON.stringify(config) !== JSON.stringify(without);
    });
    if (!moved) lost.push(`${row.within}: ${row.word}`);
  }
  assert.deepEqual(lost, []);
});

/** Words that are in force even where their value is not understood, or whose value is needed. */
const unlike: ReadonlySet<string> = new Set(['dynamic_interfaces', 'auth_type', 'active_key']);

test('a wrong value is told where it stands, and the file means what it means without', () => {
  for (const row of rows) {
    for (const [text, code] of badValues(row)) {
      const { config, here } = load(row, lineOf(row, text));
      if (row.status === 'refused') continue;
      const found = here.find((one) => one.code === code);
      assert.ok(found, `${named(row, text)}: ${here.map((one) => one.code).join()}`);
      assert.equal(found.severity, row.invalid, named(row, text));
      if (row.invalid === 'error') assert.equal(config, null, named(row, text));
      else if (!unlike.has(row.word)) {
        assert.deepEqual(config, load(row, null).config, named(row, text));
      }
    }
  }
});

test('out of range becomes the nearest end where keepalived does that', () => {
  const clamped = rows.filter(({ value }) => value.kind === 'integer' && value.clamp === true);
  assert.deepEqual(
    clamped.map(({ word }) => word),
    ['vrrp_rt_priority', 'checker_rt_priority', 'bfd_rt_priority'],
  );
  for (const row of clamped) {
    const child = row.word.split('_')[0] as 'vrrp' | 'checker' | 'bfd';
    for (const [text, nearest] of [
      ['0', 1],
      ['100', 99],
    ] as const) {
      const { config, here } = load(row, lineOf(row, text));
      assert.ok(here.some(({ code }) => code === 'out-of-range'));
      assert.equal(config?.global.system.scheduling.children[child].realtime, nearest);
    }
  }
});

test('a value that is missing is told; an error only where keepalived does not start', () => {
  for (const row of rows) {
    if (row.status === 'refused') continue;
    const { config, here } = load(row, row.word);
    const found = here.find(({ code }) => code === 'missing-parameter');
    if (found === undefined) continue;
    assert.equal(found.severity, row.missing, row.word);
    assert.equal(config === null, row.missing === 'error', row.word);
  }
});

test('a flag with a value is in force, and the value is told', () => {
  for (const row of rows.filter(({ value }) => value.kind === 'flag')) {
    if (row.status === 'refused') continue;
    const { config, here } = load(row, `${row.word} off`);
    assert.ok(
      here.some(({ code }) => code === 'extra-word'),
      row.word,
    );
    assert.deepEqual(config, load(row, row.word).config, row.word);
  }
});

test('set twice: the first counts where keepalived keeps it, else the last', () => {
  for (const row of rows) {
    const [one = '', two] = goodValues(row);
    if (row.status === 'refused' || two === undefined || row.repeated === 'all') continue;
    const both = load(row, `${lineOf(row, one)}\n${lineOf(row, two)}`).config;
    const kept = load(row, `${lineOf(row, row.repeated === 'first' ? one : two)}\n`).config;
    assert.deepEqual(both, kept, `${row.within}: ${row.word}`);
  }
});
