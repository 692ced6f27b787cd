/**
 * The same files for `keepalived -t` 2.2.7 and for `holdfast check`: what it accepts, we accept,
 * and --compat exits as it does, also with one fault planted in each file. Where the two differ
 * is listed in differential-listed. To look further: HOLDFAST_SEED=7 HOLDFAST_RUNS=1000.
 */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import fc from 'fast-check';
import { compatExitCode } from '../../src/config/compat';
import type { Diagnostic } from '../../src/config/diagnostic';
import { type Loaded, loadConfig } from '../../src/config/load';
import { holdfast } from '../cli/program';
import { differences, doubt, fatal, unlike } from './differential-listed';
import {
  type Namespace,
  noKeepalived,
  openNamespace,
  type Verdict,
  writeFile,
} from './keepalived-namespace';
import { fault, planted } from './planted';
import { validFile } from './valid-file';
import { CONFIG_ID, style, type Typed, typed } from './valid-style';
import { INTERFACES } from './valid-values';

const seed = Number(process.env['HOLDFAST_SEED'] ?? 1);
const numRuns = Number(process.env['HOLDFAST_RUNS'] ?? 150);
const again = `HOLDFAST_SEED=${seed} HOLDFAST_RUNS=${numRuns} node --test ${__filename}`;

let namespace: Namespace;

interface Both {
  readonly file: Typed;
  readonly theirs: Verdict;
  readonly ours: Loaded;
}

function ask(file: Typed): Both {
  const theirs = namespace.test(file);
  const path = `${namespace.folder}/main.conf`;
  return { file, theirs, ours: loadConfig(path, file.main, namespace.host) };
}

const isListedText = (text: string): boolean =>
  differences.some(({ keepalived }) => keepalived?.test(text) === true);

const isListedFinding = ({ code, what: said }: Diagnostic): boolean =>
  differences.some(
    ({ holdfast: listed, what }) => listed === code && (what === undefined || what.test(said)),
  );

/** The codes that count as the same answer. */
function codesOf({ theirs, ours }: Both): { theirs: readonly (number | null)[]; ours: number[] } {
  const silent = theirs.said.every(isListedText);
  const { diagnostics } = ours;
  return {
    theirs: silent && theirs.code !== 2 ? [theirs.code, 0] : [theirs.code],
    ours: [
      compatExitCode(diagnostics),
      compatExitCode(diagnostics.filter((one) => !isListedFinding(one))),
    ],
  };
}

const errorsOf = ({ ours }: Both): readonly Diagnostic[] =>
  ours.diagnostics.filter(({ severity }) => severity === 'error');

function shown(both: Both, problem: string): string {
  const { file, theirs, ours } = both;
  return [
    problem,
    `keepalived: ${theirs.code}`,
    ...theirs.said.map((text) => `  ${text}`),
    'holdfast:',
    ...ours.diagnostics.map(({ severity, code, what }) => `  ${severity} ${code}: ${what}`),
    file.main,
    ...[...file.parts].flatMap(([name, text]) => [`--- ${name}`, text]),
    `Again: ${again}`,
  ].join('\n');
}

/** A crash is no answer. */
const isCrash = ({ theirs: { code } }: Both): boolean => code === null || code > 128;

/** Braces do not match, so each reads another file: that both report it is all there is. */
const isAnotherFile = ({ ours }: Both): boolean =>
  ours.diagnostics.some(({ code }) => unlike.has(code));

function assertSameCode(both: Both): void {
  if (isCrash(both)) return;
  const { theirs, ours } = codesOf(both);
  const agree = isAnotherFile(both)
    ? both.theirs.code !== 0 && ours[0] !== 0
    : theirs.some((code) => code !== null && ours.includes(code));
  assert.ok(agree, shown(both, `--compat: ${ours[0]} instead of ${theirs[0]}`));
}

function assertAccepted(both: Both): void {
  if (both.theirs.code !== 0) return;
  assert.notEqual(both.ours.config, null, shown(both, 'it accepts, and we do not'));
}

/** An error is for what keepalived does not start with, and for what nobody can tell. */
function assertSameStart(both: Both): void {
  if (isCrash(both) || isAnotherFile(both)) return;
  const { code, said } = both.theirs;
  const errors = errorsOf(both);
  const starts = code !== 2 && !said.some((text) => fatal.test(text));
  const known = errors.filter((one) => !doubt.has(one.code));
  if (starts) assert.deepEqual(known, [], shown(both, 'it starts, and we do not'));
  else assert.notDeepEqual(errors, [], shown(both, 'it does not start, and we do'));
}

const run = <T>(arbitrary: fc.Arbitrary<T>, holds: (one: T) => void): void =>
  fc.assert(fc.property(arbitrary, holds), { seed, numRuns });

describe('beside keepalived 2.2.7', { skip: noKeepalived }, () => {
  before(async () => {
    namespace = await openNamespace(INTERFACES);
  });
  after(() => namespace.close());

  test('what it accepts, we accept, however it is typed', () => {
    let accepted = 0;
    let asked = 0;
    run(fc.tuple(validFile, style), ([file, by]) => {
      const both = ask(typed(file, by));
      asked += 1;
      accepted += both.theirs.code === 0 ? 1 : 0;
      assertAccepted(both);
      assertSameCode(both);
      assertSameStart(both);
    });
    assert.ok(accepted > asked / 2, `only ${accepted} of ${asked} files are good`);
  });

  test('with one fault in it a file gets the same exit code, and starts as it does there', () => {
    let wrong = 0;
    let asked = 0;
    run(fc.tuple(validFile, style, fault), ([file, by, one]) => {
      const { main, parts } = typed(file, by);
      const both = ask({ main: planted(main, one), parts });
      asked += 1;
      wrong += both.theirs.code === 0 ? 0 : 1;
      assertAccepted(both);
      assertSameCode(both);
      assertSameStart(both);
    });
    assert.ok(wrong > asked / 2, `only ${wrong} of ${asked} files are wrong`);
  });

  test('the program itself says so, too', () => {
    for (const [file, by, one] of fc.sample(fc.tuple(validFile, style, fault), {
      seed,
      numRuns: 5,
    })) {
      const { main, parts } = typed(file, by);
      const text = { main: planted(main, one), parts };
      const path = writeFile(namespace.folder, text);
      const { ours } = ask(text);
      const { code } = holdfast('check', '-i', CONFIG_ID, path);
      assert.equal(code, ours.config === null ? 1 : 0, again);
    }
  });
});
