// npm run fuzz -- [--seconds N]: the codec under libFuzzer with address and undefined-behaviour
// sanitizers, starting from a copy of the seeds in native/fuzz/seeds. `--seeds-only` runs the seeds
// and stops. A crash leaves its input as crash-* in the repository and the exit code is not 0.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ensureOrExit, filesBelow, root } from './setup.mjs';

const build = path.join(root, 'build-fuzz');
const seeds = path.join(root, 'native', 'fuzz', 'seeds');

function sh(command, args) {
  const done = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (done.error) console.error(`${command}: ${done.error.message}`);
  return done.status ?? 1;
}

/** Every native/fuzz/fuzz_NAME.cpp is a target of that name. */
const targets = () =>
  filesBelow(path.join('native', 'fuzz'), /^fuzz_\w+\.cpp$/).map((file) =>
    path.basename(file, '.cpp'),
  );

function compile(names) {
  const configure = ['-S', '.', '-B', build, '-DCMAKE_CXX_COMPILER=clang++-14', '-DHF_FUZZ=ON'];
  if (sh('cmake', configure) !== 0) return false;
  return sh('cmake', ['--build', build, '--parallel', '2', '--target', ...names]) === 0;
}

/** Seeds of one target live in seeds/<target>/ when there is such a folder, else in seeds/. */
function seedsOf(target) {
  const own = path.join(seeds, target);
  return fs.existsSync(own) ? own : seeds;
}

function fuzz(target, secondsMax) {
  const corpus = fs.mkdtempSync(path.join(os.tmpdir(), 'holdfast-fuzz-'));
  try {
    // libFuzzer adds what it finds to the first folder; the seeds themselves stay as they are.
    const files = fs.readdirSync(seedsOf(target));
    if (files.length === 0) throw new Error(`no seeds in ${seedsOf(target)}`);
    console.log(`fuzz: ${target}, ${files.length} seeds`);
    const limit = secondsMax === 0 ? ['-runs=0'] : [`-max_total_time=${secondsMax}`];
    return sh(path.join(build, target), [
      ...limit,
      '-print_final_stats=1',
      corpus,
      seedsOf(target),
    ]);
  } finally {
    fs.rmSync(corpus, { recursive: true, force: true });
  }
}

async function main(args) {
  const at = args.indexOf('--seconds');
  const secondsMax = args.includes('--seeds-only') ? 0 : at === -1 ? 60 : Number(args[at + 1]);
  if (!Number.isInteger(secondsMax) || secondsMax < 0) {
    console.error('usage: npm run fuzz -- [--seconds N | --seeds-only]');
    return 2;
  }
  await ensureOrExit({ packages: ['compiler', 'native'] });
  const found = targets();
  if (found.length === 0) {
    console.error('no tests found: there is no native/fuzz/fuzz_NAME.cpp');
    return 1;
  }
  if (!compile(found)) return 1;
  for (const target of found) if (fuzz(target, secondsMax) !== 0) return 1;
  console.log(`fuzz: ${found.length} passed`);
  return 0;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = await main(process.argv.slice(2));
}
