// How each kind of test is run and counted, for scripts/test.mjs. A stage gets `tools`: grep,
// counts to add to, `doing` for the progress line, and print() for what a person needs when it
// fails; it returns whether all went well.
import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';
import { bin, filesBelow, root } from './setup.mjs';

const inRoot = (...parts) => path.join(root, ...parts);

/** Processes under way; a test run that is told to end takes them along. */
const children = new Set();
for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
  ['SIGHUP', 1],
]) {
  process.once(signal, () => {
    for (const child of children) child.kill(signal);
    process.exitCode = 128 + number;
    // Their clean-up (namespaces, above all) comes first; only then do we go.
    Promise.all(
      [...children].map((child) => new Promise((gone) => child.once('close', gone))),
    ).then(() => process.exit(128 + number));
  });
}

/** Runs a program; resolves with its exit code. Whole lines of both streams go to onLine. */
function run(command, args, { env = {}, onLine }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.add(child);
    for (const stream of [child.stdout, child.stderr]) byLine(stream, onLine);
    child.once('error', (error) => onLine(`${command}: ${error.message}`));
    child.once('close', (code, signal) => {
      children.delete(child);
      if (signal !== null) onLine(`${command}: ended by ${signal}`);
      resolve(code ?? 1);
    });
  });
}

function byLine(stream, onLine) {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('data', (text) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop();
    for (const line of parts) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}

// ---- lint: each program is one test

export async function lint({ counts, print }) {
  const programs = [
    [bin('biome'), ['ci', '.', '--colors=off']],
    [bin('eslint'), ['.']],
  ];
  for (const [command, args] of programs) {
    const code = await run(command, args, { onLine: print });
    if (code === 0) counts.passed += 1;
    else counts.failed += 1;
  }
  return counts.failed === 0;
}

// ---- node:test

/** Tests in dist/test: below one folder, or all but some folders. */
export async function nodeTests(tools, { below = '', not = [], env = {} }) {
  const start = path.join('dist', 'test', below);
  const excluded = not.map((dir) => inRoot('dist', 'test', dir) + path.sep);
  const files = filesBelow(start, /\.(test|lab)\.js$/).filter(
    (file) => !excluded.some((dir) => file.startsWith(dir)),
  );
  // Without files node would look for tests by itself, and find others.
  if (files.length === 0) return true;
  // Two at once on any machine: node's own choice on two cores would be one.
  const args = ['--enable-source-maps', '--test', '--test-concurrency=2'];
  if (tools.grep !== undefined) args.push(`--test-name-pattern=${tools.grep}`);
  args.push(`--test-reporter=${inRoot('scripts', 'test-reporter.mjs')}`);
  args.push('--test-reporter-destination=stdout', ...files);
  const heard = { outputs: new Map(), failures: [], noise: [] };
  const onLine = (line) => hear(heard, tools, line);
  const code = await run(process.execPath, args, { env, onLine });
  showFailures(heard, tools);
  return code === 0 && tools.counts.failed === 0;
}

function hear(heard, { counts, grep }, line) {
  let record;
  try {
    record = JSON.parse(line);
  } catch {
    heard.noise.push(line);
    return;
  }
  if (record.kind === 'output') {
    const before = heard.outputs.get(record.file) ?? '';
    heard.outputs.set(record.file, before + record.text);
  } else if (record.kind === 'test') {
    // A file in which no test matches --grep is reported as a test of the file's own name.
    if (grep !== undefined && record.result === 'passed' && record.name.endsWith('.js')) return;
    counts[record.result] += 1;
    if (record.result === 'failed') heard.failures.push(record);
  }
}

function showFailures({ outputs, failures, noise }, { print }) {
  for (const { name, file, ms, why } of failures) {
    const where = path.relative(root, file ?? '');
    print(`✘ ${name}  (${where}, ${Math.round(ms)} ms)\n${why}\n`);
  }
  for (const file of new Set(failures.map((failure) => failure.file))) {
    const text = outputs.get(file);
    if (text) print(`──── output of ${path.relative(root, file)}\n${text}`);
  }
  if (noise.length > 0) print(noise.join('\n'));
}

/** A lab process that was killed could not clean up; the run as a whole still does. */
export function removeLabLeftovers() {
  const file = inRoot('dist', 'test', 'lab', 'namespace.js');
  if (fs.existsSync(file)) createRequire(import.meta.url)(file).removeLeftovers();
}

/** The lab with a daemon whose addon was built with ASan and UBSan. */
export async function sanitizedLab(tools) {
  tools.doing = 'building';
  const lines = [];
  const build = 'build-asan-addon';
  const steps = [
    [bin('cmake-js'), ['configure', '-O', build, '-D', '--CDHF_SANITIZE=address,undefined']],
    ['cmake', ['--build', build, '--target', 'holdfast', '--parallel', '2']],
  ];
  for (const [command, args] of steps) {
    if ((await run(command, args, { onLine: (line) => lines.push(line) })) === 0) continue;
    tools.print(lines.join('\n'));
    return false;
  }
  tools.doing = '';
  const runtime = (name) =>
    spawnSync('g++', [`-print-file-name=${name}`])
      .stdout.toString()
      .trim();
  const env = {
    HOLDFAST_ADDON: findProgram(build, 'holdfast.node'),
    HOLDFAST_LAB_PRELOAD: [runtime('libasan.so'), runtime('libubsan.so')].join(':'),
  };
  return nodeTests(tools, { below: 'lab', env });
}

// ---- native

export async function nativeTests(tools, { build, sanitize }) {
  const { counts, print, grep } = tools;
  tools.doing = 'building';
  const kind = ['-DCMAKE_BUILD_TYPE=Release', `-DHF_SANITIZE=${sanitize}`];
  const steps = [
    ['cmake', ['-S', '.', '-B', build, ...kind]],
    ['cmake', ['--build', build, '--target', 'native_test', 'net_test', '--parallel', '2']],
  ];
  for (const [command, args] of steps) {
    const lines = [];
    if ((await run(command, args, { onLine: (line) => lines.push(line) })) === 0) continue;
    print(lines.join('\n'));
    return false;
  }
  tools.doing = '';
  const args = grep === undefined ? [] : [`--test-case=*${grep}*`];
  const env = {
    ASAN_OPTIONS: 'detect_leaks=1',
    UBSAN_OPTIONS: 'halt_on_error=1:print_stacktrace=1',
  };
  const onLine = (line) => {
    print(line);
    // [doctest] test cases:  12 |  12 passed | 0 failed | 3 skipped
    const summary = /test cases: +\d+ \| +(\d+) passed \| +(\d+) failed/.exec(line);
    if (summary === null) return;
    counts.passed += Number(summary[1]);
    counts.failed += Number(summary[2]);
  };
  const unit = await run(findProgram(build, 'native_test'), args, { env, onLine });
  // In a network namespace of its own, where it makes links and drops packets as it likes.
  const net = await run('unshare', ['-n', findProgram(build, 'net_test'), ...args], {
    env,
    onLine,
  });
  return unit === 0 && net === 0;
}

function findProgram(build, name) {
  const found = filesBelow(build, new RegExp(`^${name}$`));
  if (found.length === 0) throw new Error(`${build} was built without ${name}`);
  return found[0];
}

// ---- fuzz seeds: each target's corpus is one test

export async function fuzzSeeds(tools) {
  const { counts, print } = tools;
  tools.doing = 'building';
  const onLine = (line) => {
    print(line);
    const summary = /^fuzz: (\d+) passed$/.exec(line);
    if (summary !== null) counts.passed += Number(summary[1]);
  };
  const args = [inRoot('scripts', 'fuzz.mjs'), '--seeds-only'];
  return (await run(process.execPath, args, { onLine })) === 0;
}
