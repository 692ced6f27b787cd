/**
 * Every row of the table that takes values, one by one: a good value is taken with no more than
 * the note of its status, and it reaches the model; a wrong one is told where it stands, and the
 * file means what it means without that line.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Keyword } from '../../src/config/keywords';
import { loadConfig } from '../../src/config/load';
import { locate } from '../../src/config/source';
import { fileWith, lineOf, rows } from './words-frame';
import { badValues, goodValues } from './words-samples';

/** Said of a good value too: it goes with nothing that an instance like these has. */
const alsoSaid: Readonly<Record<string, string>> = {
  native_ipv6: 'native-ipv6',
  vrf: 'vrf-with-interface',
  unicast_fault_no_peer: 'unicast-without-peer',
  state: 'owner-by-accident',
  strict_mode: 'strict-state',
  timeout: 'long-timeout',
  init_fail: 'no-effect',
};

/** The status; and rules that look at such a file as a whole. */
const notes: ReadonlySet<string> = new Set(
  ['not-yet-active', 'refused', 'old-name', 'script-security', 'strict-accept'].concat(
    'small-weight',
    'unicast-source',
    'mail-to-nobody',
    'mail-of-nothing',
  ),
);

/** The file with the line in its block, or without it, and what is said of the line. */
function load(row: Keyword, line: string | null) {
  const { text, at } = fileWith(row, line);
  const loaded = loadConfig('t', text);
  const here = loaded.diagnostics.filter(({ span }) => locate(span).line === at);
  return { ...loaded, here };
}

const named = (row: Keyword, text: string): string => `${row.within}: ${row.word} ${text}`;

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
