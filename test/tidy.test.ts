/**
 * House rules that a machine can hold: direction of imports, sizes, one list of native sources,
 * one set of words on both sides of the boundary. What fails prints file:line.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';

const root = path.resolve(__dirname, '..', '..');
const COLUMNS_MAX = 100;
/** The names of tests are sentences. */
const TEST_COLUMNS_MAX = 120;
const FILE_LINES_MAX = 400;
const FUNCTION_LINES_MAX = 60;

const tracked = execFileSync('git', ['ls-files', '-co', '--exclude-standard'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(ts|mjs|cpp|hpp)$/.test(file) && existsSync(path.join(root, file)));

const text = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const isTs = (file: string): boolean => file.endsWith('.ts');

/** What a room may import, besides itself and packages. A missing room may import nothing. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  time: [],
  config: ['time'],
  core: ['time', 'config/model', 'config/model-tracking', 'config/model-nginx', 'config/identity'],
  drivers: [
    'time',
    'config/model',
    'config/model-mail',
    'config/model-tracking',
    'config/model-system',
    'config/model-nginx',
    'config/host',
    'core/event',
    'core/command',
    'core/service-terms',
  ],
  daemon: ['time', 'config', 'core', 'drivers'],
  simulate: ['time', 'config', 'core', 'drivers', 'daemon/texts'],
  cli: ['time', 'config', 'core', 'daemon', 'drivers', 'simulate'],
  main: ['cli'],
};

const roomOf = (file: string): string => file.replace(/^src\//, '').replace(/\.ts$/, '');

test('imports run one way: main → cli, daemon → drivers → core ← config', () => {
  const wrong: string[] = [];
  for (const file of tracked.filter((name) => name.startsWith('src/') && isTs(name))) {
    const own = roomOf(file).split('/')[0] ?? '';
    for (const { fileName } of ts.preProcessFile(text(file)).importedFiles) {
      if (!fileName.startsWith('.')) continue;
      const target = roomOf(path.join(path.dirname(file), fileName));
      const allowed = MAY_IMPORT[own] ?? [];
      const fits = [own, ...allowed].some(
        (room) => target === room || target.startsWith(`${room}/`),
      );
      if (!fits) wrong.push(`${file}: imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('pure rooms touch no system', () => {
  const wrong: string[] = [];
  for (const file of tracked.filter((name) => /^src\/(core|config|time)/.test(name))) {
    for (const { fileName } of ts.preProcessFile(text(file)).importedFiles) {
      if (!fileName.startsWith('.')) wrong.push(`${file}: imports ${fileName}`);
    }
    if (/\b(Date\.now|new Date|Math\.random|setTimeout|process\.)/.test(text(file))) {
      wrong.push(`${file}: uses the clock, chance or the process`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('only addon.ts loads the addon', () => {
  const wrong = tracked.filter(
    (file) =>
      file.startsWith('src/') && file !== 'src/drivers/addon.ts' && /\brequire\(/.test(text(file)),
  );
  assert.deepEqual(wrong, []);
});

test('lines and files are short', () => {
  const wrong: string[] = [];
  for (const file of tracked) {
    const lines = text(file).split('\n');
    if (lines.length - 1 > FILE_LINES_MAX) wrong.push(`${file}: ${lines.length - 1} lines`);
    for (const [i, line] of lines.entries()) {
      const web = /https?:/.test(line);
      const max = file.startsWith('test/') ? TEST_COLUMNS_MAX : COLUMNS_MAX;
      if (line.length > max && !web) wrong.push(`${file}:${i + 1}: ${line.length} columns`);
    }
  }
  assert.deepEqual(wrong, []);
});

test('functions are short', () => {
  const wrong: string[] = [];
  for (const file of tracked.filter((name) => isTs(name) && name.startsWith('src/'))) {
    const source = ts.createSourceFile(file, text(file), ts.ScriptTarget.ES2022, true);
    const visit = (node: ts.Node): void => {
      if (ts.isFunctionLike(node)) {
        const start = source.getLineAndCharacterOfPosition(node.getStart()).line;
        const lines = source.getLineAndCharacterOfPosition(node.end).line - start + 1;
        if (lines > FUNCTION_LINES_MAX) wrong.push(`${file}:${start + 1}: ${lines} lines`);
      }
      ts.forEachChild(node, visit);
    };
    visit(source);
  }
  assert.deepEqual(wrong, []);
});

test('every file says first what it is for', () => {
  const wrong = tracked.filter(
    (file) => !/^(#!.*\n)?(\/\/|\/\*\*|#pragma|#include "[a-z_]+\.hpp"|#include)/.test(text(file)),
  );
  assert.deepEqual(wrong, []);
});

test('nothing is left for later', () => {
  const word = new RegExp(['TO', 'DO|FIX', 'ME|X', 'XX'].join(''));
  const wrong = tracked.filter((file) => word.test(text(file)));
  assert.deepEqual(wrong, []);
});

interface Gypi {
  readonly variables: {
    readonly hf_core_sources: readonly string[];
    readonly hf_addon_sources: readonly string[];
  };
}

test('the list of native sources is all of them, and both builds read it', () => {
  const { variables } = JSON.parse(text('native/native.gypi')) as Gypi;
  const listed = [...variables.hf_core_sources, ...variables.hf_addon_sources].sort();
  const shipped = tracked.filter(
    (file) => /^native\/.*\.cpp$/.test(file) && !/^native\/(test|fuzz|net\/test)\//.test(file),
  );
  assert.deepEqual(listed, shipped.sort());
  assert.match(readBinding(), /native\/native\.gypi/);
  assert.match(readFileSync(path.join(root, 'CMakeLists.txt'), 'utf8'), /native\/native\.gypi/);
  for (const file of listed) assert.ok(!readBinding().includes(file), `${file} is named twice`);
});

function readBinding(): string {
  return readFileSync(path.join(root, 'binding.gyp'), 'utf8');
}

test('package-lock.json names packages, and no place to fetch them from', () => {
  assert.doesNotMatch(text('package-lock.json'), /"resolved"/);
});
