/**
 * The values of each word against the keepalived that is installed (2.2.7 was, when this was
 * written): it reports a line where we do, and is silent where we are. Round n has the n-th sample
 * of every word, so that each word stands once in a file.
 *
 * Where the two differ, and why:
 *   less   words and values that only 2.4 knows; old names, which we merely note; iptables, which
 *          this build has not; interfaces, CPUs and mail servers that this machine has not.
 *   more   booleans that are flags in 2.2, which ignores their value: `vrrp_strict maybe` is on.
 *   more   a path that is not absolute.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Context, Keyword } from '../../src/config/keywords';
import { loadConfig } from '../../src/config/load';
import { locate } from '../../src/config/source';
import { fileWith, lineOf, rows } from './words-frame';
import { badValues, goodValues } from './words-samples';

const setup =
  'ip link add eth0 type veth peer name eth7 && ip link set eth0 up && ip link set eth7 up';

const inNamespace = (command: string) =>
  spawnSync('unshare', ['-n', 'sh', '-c', `${setup} && ${command}`], { encoding: 'utf8' });

const { stderr, status } = inNamespace('keepalived --version');
const skip = status === 0 && stderr.includes('Keepalived v2.2.7') ? false : 'no keepalived 2.2.7';

const listed = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** 2.2 does not know them, or takes other values. */
const onlyLater =
  listed(`thread_timer_expired v3_checksum_as_v2 include_check param_match vrrp_ipsets
  use_vmac use_ipvlan interval timeout vrrp_skip_check_adv_addr vrrp_strict`);

/** Depends on the machine or the build; or a user, whom `-t` of 2.2.7 does not survive. */
const local = listed(`vrrp_cpu_affinity checker_cpu_affinity bfd_cpu_affinity vrrp_iptables
  enable_script_security script_user user startup_script shutdown_script`);

/** About the name of the word, or what this machine has. */
const isLess = (text: string): boolean =>
  /deprecated|use global lvs_sync|doesn't exist|smtp server/.test(text);

const isTestable = ({ word, within, reference }: Keyword): boolean =>
  reference !== 'holdfast' &&
  !['auth_hmac', 'authentication'].includes(within) &&
  reference !== 'keepalived 2.4' &&
  !onlyLater.has(word) &&
  !local.has(word);

interface Round {
  readonly row: Keyword;
  readonly lines: readonly string[];
}

const contexts: readonly Context[] = [...new Set(rows.map(({ within }) => within))];

/** The n-th value of every word of a block, in one file. */
function rounds(of: (row: Keyword) => readonly string[], usable: (row: Keyword) => boolean) {
  return contexts.flatMap((context) => {
    const words = rows.filter((row) => row.within === context && isTestable(row) && usable(row));
    const samples = words.map((row) => of(row).filter((text) => !text.includes('nobody')));
    const count = Math.max(0, ...samples.map(({ length }) => length));
    return Array.from({ length: count }, (_, n): Round | null => {
      const lines = words.flatMap((row, i) => {
        const text = samples[i]?.[n];
        return text === undefined ? [] : [lineOf(row, text)];
      });
      const [row] = words;
      return row === undefined || lines.length === 0 ? null : { row, lines };
    }).filter((one): one is Round => one !== null);
  });
}

/** What keepalived says of each line of each round. */
function keepalived(all: readonly Round[]): readonly ReadonlyMap<number, string[]>[] {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-words-'));
  for (const [index, { row, lines }] of all.entries()) {
    writeFileSync(join(folder, `${index}.conf`), fileWith(row, lines.join('\n')).text);
  }
  inNamespace(`cd ${folder} && for f in *.conf; do keepalived -t -f $f 2> $f.err; done`);
  const said = all.map((_, index) => {
    const found = new Map<number, string[]>();
    const text = readFileSync(join(folder, `${index}.conf.err`), 'utf8');
    for (const [, line, what = ''] of text.matchAll(/Line (\d+)\) (.*)/g)) {
      if (!isLess(what)) found.set(Number(line), [...(found.get(Number(line)) ?? []), what]);
    }
    return found;
  });
  rmSync(folder, { recursive: true });
  return said;
}

/** What is said of the value itself, whatever else the block has. */
const ofValues = listed(`bad-boolean bad-choice bad-address not-a-number out-of-range too-long
  missing-parameter bad-own-interface bad-command too-precise extra-word native-ipv6
  unknown-option
  vrf-with-interface`);

function differences(all: readonly Round[]): readonly string[] {
  const theirs = keepalived(all);
  return all.flatMap(({ row, lines }, index) => {
    const { text, at } = fileWith(row, lines.join('\n'));
    const ours = loadConfig('t', text).diagnostics.filter(({ code }) => ofValues.has(code));
    const first = at === 0 ? text.split('\n').indexOf(lines[0] ?? '') + 1 : at;
    return lines.flatMap((line, offset) => {
      const found = ours.filter(({ span }) => locate(span).line === first + offset);
      const said = theirs[index]?.get(first + offset) ?? [];
      if (found.length > 0 === said.length > 0) return [];
      const codes = found.map(({ code }) => code).join();
      return [`${row.within}: ${line}\n  keepalived: ${said.join(' | ')}\n  holdfast: ${codes}`];
    });
  });
}

const isRefused = ({ status: of }: Keyword): boolean => of === 'refused';

test('keepalived takes the same values as we do', { skip }, () => {
  const all = rounds(goodValues, () => true);
  assert.ok(all.length > 20);
  assert.deepEqual(differences(all), []);
});

test('keepalived reports the same values as we do', { skip }, () => {
  const bad = (row: Keyword): readonly string[] => badValues(row).map(([text]) => text);
  const all = rounds(bad, (row) => !isRefused(row) && row.word !== 'priority');
  assert.ok(all.length > 10);
  assert.deepEqual(differences(all), []);
});

test('keepalived stops where a value is missing, and only where we say error', { skip }, () => {
  const lenient = (row: Keyword): boolean => row.missing === 'warning' && !isRefused(row);
  const all = rounds(() => [''], lenient);
  const stopped = keepalived(all).flatMap((said) =>
    [...said.values()].flat().filter((text) => text.includes('missing a parameter')),
  );
  assert.deepEqual(stopped, []);
});
