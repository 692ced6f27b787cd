/**
 * Line by line against the keepalived that is installed (2.2.7 was, when this was written): where
 * it finds nothing to say, neither do we; what it reports, we report; where it does not start, we
 * say error. It looks at the interfaces of its namespace, so it gets one with eth0 and eth1.
 *
 * Where the two differ, and why:
 *   more   `repeated`, `kernel-refuses`: it is silent, and something else happens than what was
 *          meant: the last of two counts, the kernel refuses what it is given.
 *   other  `skipped-word`: it loses the word behind inet and inet6 and reads on. A second encap is
 *          mixed with the first one.
 *   more   types of routes that the kernel does not know, tables and ports that are too large for
 *          their field, ranges that end before they begin, marks with an empty half, `1-2x`.
 *   more   rtt and the like below 200 ms or above 120 s: it says so when it runs, not in a test.
 *   more   no_track beside track_group: it says so when it runs.
 *   less   "cannot track route … with no interface": 2.2.7 alone, later versions track it.
 *   less   whether an interface is there, and whether it is a VRF, is not known to a reader, so
 *          no line here names one that is not.
 *   less   more than two MPLS labels: iproute2 takes sixteen.
 *   less   numbers of IP protocols above 127 are too much for 2.2.7.
 *   less   the prefix length of a peer: ip-address(8) takes it, and `check` says so.
 *   error  it stops at the first missing value of a file; where the line is lost for another
 *          reason that it does not see, or that it alone sees, the value is not missed.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Diagnostic } from '../../src/config/diagnostic';
import { loadConfig } from '../../src/config/load';
import { printAddress, printRoute, printRule } from '../../src/config/print-network';
import { printText } from '../../src/config/print-text';
import { slice } from '../../src/config/source';
import { addresses, routes, rules } from './network-arbitrary';
import { findings, type Kind, staticFile, virtualFile } from './network-fixture';
import { addressLines, routeLines, ruleLines } from './network-lines';

const setup =
  'ip link add eth0 type veth peer name eth1 && ip link set eth0 up && ip link set eth1 up';

const inNamespace = (command: string) =>
  spawnSync('unshare', ['-n', 'sh', '-c', `${setup} && ${command}`], { encoding: 'utf8' });

const { stderr, status } = inNamespace('keepalived --version');
const skip = status === 0 && stderr.includes('Keepalived v2.2.7') ? false : 'no keepalived 2.2.7';

type File = (kind: Kind, lines: string) => string;

/** What keepalived says about each line. It stops where a value is missing, and is started anew. */
function keepalived(file: File, kind: Kind, lines: readonly string[]): readonly string[][] {
  if (lines.length === 0) return [];
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-network-'));
  const path = join(folder, 'a.conf');
  writeFileSync(path, file(kind, lines.join('\n')));
  const run = inNamespace(`exec keepalived -t -f ${path}`);
  rmSync(folder, { recursive: true });
  if (run.signal !== null || run.status === null || run.status > 128) {
    // A few lines crash it; halves find out which.
    if (lines.length === 1) return [['crash']];
    const half = lines.length >> 1;
    return [lines.slice(0, half), lines.slice(half)].flatMap((part) =>
      keepalived(file, kind, part),
    );
  }
  const first = file(kind, '@').split('\n').indexOf('@') + 1;
  const said: string[][] = lines.map(() => []);
  let fatal: number | null = null;
  for (const [, number, text = ''] of run.stderr.matchAll(/: Line (\d+)\) (.*)/g)) {
    const index = Number(number) - first;
    said[index]?.push(text);
    if (text.includes('missing a parameter')) fatal = index;
  }
  if (fatal === null) return said;
  return [...said.slice(0, fatal + 1), ...keepalived(file, kind, lines.slice(fatal + 1))];
}

const more: ReadonlySet<string> = new Set(['repeated', 'kernel-refuses']);
const wrong = new RegExp(
  [
    'no route of type',
    'is not a (routing table|firewall mark|range|time)',
    'must be \\d+\\.\\.\\d+ ms',
    'ends before',
    'no_track stands',
  ].join('|'),
);

/** True where keepalived is silent for a listed reason. */
const isMore = ({ code, what }: Diagnostic): boolean => more.has(code) || wrong.test(what);

/** From here on keepalived reads another line than we do. */
const isAnother = ({ code, what }: Diagnostic): boolean =>
  code === 'skipped-word' || (code === 'repeated' && what.includes('encap'));

/** What keepalived 2.2.7 alone says, or says about the machine. */
const isLess = (text: string): boolean => /cannot track route|is not a VRF/.test(text);

function compare(line: string, file: File, kind: Kind, said: readonly string[]): string | null {
  const found = findings(loadConfig('t', file(kind, line))).filter(
    ({ code, severity, what }) =>
      code === 'unknown-name' || (severity !== 'info' && !what.includes("'use_vmac' is read")),
  );
  if (said.includes('crash') || found.some(isAnother)) return null;
  const fatal = said.some((text) => text.includes('missing a parameter'));
  const error = found.some(({ severity }) => severity === 'error');
  const theirs = said.filter((text) => !isLess(text));
  const ours = found.filter((one) => !isMore(one));
  const lost = found.some(({ code }) => code.startsWith('bad-') || code === 'unknown-name');
  const agreeOnStart = fatal ? error || lost : !error || theirs.length > 0;
  const agreeOnLine = theirs.length > 0 ? found.length > 0 || isListed(line) : ours.length === 0;
  if (agreeOnStart && agreeOnLine) return null;
  const texts = found.map(({ code, span }) => `${code} at '${slice(span)}'`);
  return `${line}\n  keepalived: ${said.join(' | ')}\n  holdfast: ${texts.join(' | ')}`;
}

/** Lines that we read and keepalived 2.2.7 does not. */
const isListed = (line: string): boolean =>
  /encap mpls \d+\/\d+\/\d+|vrf |peer \S+\/|ipproto (12[89]|1[3-9]\d|2\d\d)/.test(line);

const files: readonly File[] = [virtualFile, staticFile];
const grammars = { address: addressLines, route: routeLines, rule: ruleLines } as const;

for (const kind of ['address', 'route', 'rule'] as const) {
  test(`keepalived and we find the same ${kind} lines wrong`, { skip }, () => {
    for (const [index, file] of files.entries()) {
      const lines = fc.sample(grammars[kind], { numRuns: 500, seed: 7 + index });
      const said = keepalived(file, kind, lines);
      const silent = said.filter((texts) => texts.length === 0).length;
      assert.ok(silent > 50 && silent < 450, `${silent} lines are right`);
      const different = lines.flatMap(
        (line, at) => compare(line, file, kind, said[at] ?? []) ?? [],
      );
      assert.deepEqual(different, []);
    }
  });
}

test('keepalived finds nothing wrong with what we print', { skip }, () => {
  // Names that only some machine has, and interfaces that this one lacks.
  const local = (line: string): string =>
    line
      .trim()
      .replace(/label ("[^"]*"|\S+)/, 'label eth0:v')
      .replaceAll('"', '')
      .replace(/blue|inr\.ruhep|x#1|gw_2|7up|a\{b/g, '5')
      .replace(/eth0\.100|br-lan|wg#0|it's/g, 'eth1');
  const print = {
    address: addresses.map((one) => printText([printAddress(one)])),
    route: routes.map((one) => printText([printRoute(one)])),
    rule: rules.map((one) => printText([printRule(one)])),
  } as const;
  for (const kind of ['address', 'route', 'rule'] as const) {
    const lines = fc
      .sample(print[kind], { numRuns: 500, seed: 11 })
      .map(local)
      .filter((line) => !isListed(line));
    const said = keepalived(virtualFile, kind, lines);
    const wrong = lines.flatMap((line, at) => {
      const texts = (said[at] ?? []).filter((text) => !isLess(text));
      return texts.length === 0 ? [] : [`${line}: ${texts.join(' | ')}`];
    });
    assert.deepEqual(wrong, []);
  }
});
