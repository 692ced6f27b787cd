// Brings a fresh Debian 12 (root, Node, nothing else) to where the project runs: Debian packages,
// npm packages, the native addon, the lab's frame injector, compiled TypeScript.
// Idempotent: each step looks first and acts only when something is missing or has changed.
// Plain JavaScript on Node's own modules: it must run before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { withLock } from './lock.mjs';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const inRoot = (...parts) => path.join(root, ...parts);

/** Debian packages by purpose; `packages` of ensure() names groups or single packages. */
const groups = {
  compiler: ['g++', 'make', 'python3'], // node-gyp runs on python3
  run: ['iproute2', 'nginx-light', 'procps'],
  test: ['keepalived', 'tshark', 'tcpdump', 'nftables', 'frr', 'zsh', 'fish'],
  native: ['cmake', 'doctest-dev', 'clang-14', 'libclang-rt-14-dev'],
};
/** A compiler from anywhere will do; it need not be Debian's. */
const commandInstead = { 'g++': 'g++', make: 'make', python3: 'python3' };

/**
 * Does what is missing of: `packages` (groups or names), npm packages (always), `native` addon,
 * `tools` of the lab, `typescript`. Throws SetupError with the whole output of the failed step.
 */
export async function ensure({ packages = [], native = false, tools = false, typescript = false }) {
  const began = performance.now();
  let steps = 0;
  const step = (text, act) => {
    steps += 1;
    const start = performance.now();
    process.stdout.write(`set-up: ${text} … `);
    try {
      act();
    } catch (error) {
      process.stdout.write('failed\n');
      throw error;
    }
    process.stdout.write(`${seconds(performance.now() - start)}\n`);
  };
  await withLock(inRoot('.cache', 'setup.lock'), () => {
    debianPackages(step, native || tools ? ['compiler', ...packages] : packages);
    npmPackages(step);
    if (native) addon(step);
    if (tools) injector(step);
    if (typescript) compiled(step);
  });
  if (steps === 0) console.log(`set-up: nothing to do (${seconds(performance.now() - began)})`);
}

/** A step of the set-up did not succeed; the message is all a person needs to see. */
export class SetupError extends Error {}

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

// ---- Debian packages

function debianPackages(step, wanted) {
  const names = [...new Set(wanted.flatMap((name) => groups[name] ?? [name]))];
  const missing = missingPackages(names);
  if (missing.length === 0) return;
  const list = missing.join(' ');
  if (process.getuid?.() !== 0) {
    throw new SetupError(`these Debian packages are missing; as root: apt-get install ${list}`);
  }
  if (!missing.every(hasCandidate)) step('apt-get update', () => run('apt-get', ['update', '-q']));
  step(`installing Debian packages: ${list}`, () => withoutServices(() => install(missing)));
}

function missingPackages(names) {
  if (names.length === 0) return [];
  const format = ['-W', '-f', '${db:Status-Status} ${Package}\n'];
  const answer = spawnSync('dpkg-query', [...format, ...names], { encoding: 'utf8' });
  const installed = new Set(
    (answer.stdout ?? '')
      .split('\n')
      .filter((line) => line.startsWith('installed '))
      .map((line) => line.slice('installed '.length)),
  );
  return names.filter((name) => !installed.has(name) && !onPath(commandInstead[name]));
}

function onPath(command) {
  if (command === undefined) return false;
  return (process.env.PATH ?? '').split(':').some((dir) => fs.existsSync(path.join(dir, command)));
}

function hasCandidate(name) {
  const answer = spawnSync('apt-cache', ['policy', name], { encoding: 'utf8' });
  return /Candidate: (?!\(none\))/.test(answer.stdout ?? '');
}

function install(names) {
  const args = ['install', '-y', '-q', '--no-install-recommends'];
  const options = ['-o', 'Dpkg::Use-Pty=0', '-o', 'DPkg::Lock::Timeout=120'];
  // Without a terminal tshark would otherwise wait for an answer to its debconf question.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    run('apt-get', [...args, ...options, ...names], { env });
  } catch {
    // Package lists of last month name files that the mirror no longer has.
    run('apt-get', ['update', '-q']);
    run('apt-get', [...args, ...options, ...names], { env });
  }
}

/** Packages of daemons start them on installation; none of ours may run outside the lab. */
function withoutServices(act) {
  const policy = '/usr/sbin/policy-rc.d';
  if (fs.existsSync(policy)) return act();
  fs.writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    return act();
  } finally {
    fs.rmSync(policy, { force: true });
  }
}

// ---- npm packages

function npmPackages(step) {
  const installed = modified(inRoot('node_modules', '.package-lock.json'));
  if (installed >= modified(inRoot('package-lock.json'))) return;
  // The addon is built by the next step, so npm runs no scripts at all.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  step('npm ci', () => {
    run('npm', args);
    fs.utimesSync(inRoot('node_modules', '.package-lock.json'), new Date(), new Date());
  });
}

const modified = (file) => fs.statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -1;

// ---- native addon and tools

function addon(step) {
  const sources = [inRoot('binding.gyp'), ...filesBelow('native', /\.(cpp|hpp|gypi)$/)];
  whenChanged(
    sources,
    [inRoot('build', 'Release', 'holdfast.node')],
    inRoot('build', '.hash'),
    () =>
      step('building the native addon', () => {
        const prefix = path.resolve(path.dirname(process.execPath), '..');
        const headers = fs.existsSync(path.join(prefix, 'include', 'node', 'node_api.h'));
        const nodedir = headers ? [`--nodedir=${prefix}`] : [];
        // Two words and not `rebuild`: what has not changed is not compiled again.
        run(bin('node-gyp'), ['configure', 'build', '--jobs', 'max', ...nodedir]);
      }),
  );
}

function injector(step) {
  const source = inRoot('test', 'lab', 'tools', 'inject.cpp');
  const output = inRoot('build-lab', 'inject');
  whenChanged([source], [output], inRoot('build-lab', '.hash'), () =>
    step('building the lab tools', () => {
      fs.mkdirSync(path.dirname(output), { recursive: true });
      run('g++', ['-std=c++20', '-O2', '-Wall', '-Wextra', '-Werror', source, '-o', output]);
    }),
  );
}

// ---- TypeScript

function compiled(step) {
  const sources = ['src', 'test', 'scripts'].flatMap((dir) => filesBelow(dir, /\.ts$/));
  const inputs = [inRoot('tsconfig.json'), inRoot('package-lock.json'), ...sources];
  const outputs = sources.filter((file) => !file.endsWith('.d.ts')).map(outputOf);
  whenChanged(inputs, outputs, inRoot('dist', '.hash'), () =>
    step('compiling TypeScript', () => {
      removeOrphans(new Set(outputs));
      // An incremental build does not notice that somebody removed what it once emitted.
      const complete = outputs.every((file) => fs.existsSync(file));
      if (!complete) fs.rmSync(inRoot('dist', '.tsbuildinfo'), { force: true });
      run(bin('tsc'), ['-p', 'tsconfig.json', '--pretty']);
    }),
  );
}

const outputOf = (source) => inRoot('dist', path.relative(root, source).replace(/\.ts$/, '.js'));

/** A test whose source is gone would otherwise go on passing in dist/. */
function removeOrphans(outputs) {
  for (const dir of ['src', 'test', 'scripts']) {
    for (const file of filesBelow(path.join('dist', dir), /\.js$/)) {
      if (outputs.has(file)) continue;
      fs.rmSync(file);
      fs.rmSync(`${file}.map`, { force: true });
    }
  }
}

// ---- what the steps share

/** Runs `act` unless `outputs` exist and were made from exactly these inputs. */
function whenChanged(inputs, outputs, stamp, act) {
  const hash = createHash('sha256');
  for (const file of inputs) {
    if (!fs.existsSync(file)) throw new SetupError(`${path.relative(root, file)} is missing`);
    hash.update(file).update('\0').update(fs.readFileSync(file)).update('\0');
  }
  const now = hash.digest('hex');
  const before = fs.existsSync(stamp) ? fs.readFileSync(stamp, 'utf8') : '';
  if (before === now && outputs.every((file) => fs.existsSync(file))) return;
  fs.rmSync(stamp, { force: true });
  act();
  fs.writeFileSync(stamp, now);
}

export function filesBelow(dir, pattern) {
  const start = inRoot(dir);
  if (!fs.existsSync(start)) return [];
  return fs
    .readdirSync(start, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => path.join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

export const bin = (name) => inRoot('node_modules', '.bin', name);

function run(command, args, options = {}) {
  const done = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    maxBuffer: 1 << 28,
    ...options,
  });
  if (done.status === 0) return;
  const why = done.error?.message ?? `exit ${done.status ?? done.signal}`;
  throw new SetupError(
    `${command} ${args.join(' ')}: ${why}\n${done.stdout ?? ''}${done.stderr ?? ''}`,
  );
}

/** For launchers: a set-up that failed is told in its own words, without our stack. */
export async function ensureOrExit(what) {
  try {
    await ensure(what);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\nset-up failed: ${error.message}`);
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const all = process.argv.includes('--all');
  const packages = all ? ['run', 'test', 'native'] : ['run'];
  await ensureOrExit({ packages, native: true, tools: all, typescript: true });
}
