// npm test: all that must hold, in stages, two at a time where they do not disturb each
// other. `--only lab,unit` selects stages, `--grep TEXT` tests by name. A stage without tests
// fails: silence is not success. The last line counts all tests; exit code 0 only if none failed.
import process from 'node:process';
import { ensureOrExit, seconds } from './setup.mjs';
import {
  fuzzSeeds,
  lint,
  nativeTests,
  nodeTests,
  removeLabLeftovers,
  sanitizedLab,
} from './test-stages.mjs';

/**
 * In order of starting. `alone`: nothing else runs beside it, because it measures time. `named`:
 * runs only when asked for by name.
 */
const stages = [
  { name: 'lint', run: lint },
  { name: 'native', run: (tools) => nativeTests(tools, { build: 'build-native', sanitize: '' }) },
  { name: 'unit', run: (tools) => nodeTests(tools, { not: ['lab', 'sim', 'bench'] }) },
  {
    name: 'sanitizer',
    run: (tools) => nativeTests(tools, { build: 'build-asan', sanitize: 'address,undefined' }),
  },
  { name: 'sim', run: (tools) => nodeTests(tools, { below: 'sim' }) },
  { name: 'fuzz', run: fuzzSeeds },
  {
    name: 'lab',
    alone: true,
    run: (tools) => nodeTests(tools, { below: 'lab' }).finally(removeLabLeftovers),
  },
  {
    name: 'lab-sanitizer',
    alone: true,
    named: true,
    run: (tools) => sanitizedLab(tools).finally(removeLabLeftovers),
  },
];

const SLOTS = 2;
const HEARTBEAT_MS = 15_000;

function parse(args) {
  const names = stages.map(({ name }) => name);
  const value = (flag) => {
    const at = args.findIndex((arg) => arg === flag || arg.startsWith(`${flag}=`));
    if (at === -1) return undefined;
    const [, inline] = args[at].split(/=(.*)/s);
    return args.splice(at, inline === undefined ? 2 : 1)[1] ?? inline;
  };
  const usual = stages.filter(({ named }) => !named).map(({ name }) => name);
  const only = value('--only')?.split(',') ?? usual;
  const grep = value('--grep');
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0 || args.length > 0) {
    console.error(`not understood: ${[...unknown, ...args].join(' ')}`);
    console.error(`usage: npm test -- [--only ${names.join(',')}] [--grep TEXT]`);
    process.exit(2);
  }
  return { chosen: stages.filter(({ name }) => only.includes(name)), grep };
}

/** Runs one stage; never throws. What it printed is shown only when it fails. */
async function runStage(stage, grep) {
  const began = performance.now();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const output = [];
  console.log(`▸ ${stage.name}`);
  const tools = { grep, counts, doing: '', print: (text) => output.push(text) };
  const elapsed = () => seconds(performance.now() - began);
  const heartbeat = setInterval(() => {
    console.log(`  ${stage.name}: ${tools.doing || told(counts)}, ${elapsed()} …`);
  }, HEARTBEAT_MS);
  let ok = false;
  try {
    ok = await stage.run(tools);
    const { passed, failed, skipped } = counts;
    if (failed > 0) ok = false;
    // With --grep an empty stage is normal; that nothing at all matched is noticed at the end.
    if (passed + failed === 0 && (grep === undefined || skipped === 0) && ok) {
      output.push('no tests found');
      ok = grep !== undefined;
    }
  } catch (error) {
    output.push(error?.stack ?? String(error));
  } finally {
    clearInterval(heartbeat);
  }
  // A stage that broke outside of any test still counts as a failure.
  if (!ok && counts.failed === 0) counts.failed = 1;
  if (!ok) console.log(`\n──── ${stage.name} failed ────\n${output.join('\n').trimEnd()}\n────\n`);
  console.log(`${ok ? '✔' : '✘'} ${stage.name}: ${told(counts)}, ${elapsed()}`);
  return counts;
}

const told = ({ passed, failed, skipped }) =>
  [`${passed} passed`]
    .concat(failed > 0 ? `${failed} failed` : [], skipped > 0 ? `${skipped} skipped` : [])
    .join(', ');

/** Starts stages in order, up to SLOTS at once; one that is `alone` waits for all and holds all. */
async function runAll(chosen, grep) {
  const results = [];
  const running = new Set();
  for (const stage of chosen) {
    const places = stage.alone ? 1 : SLOTS;
    while (running.size >= places) await Promise.race(running);
    const run = runStage(stage, grep).then((counts) => {
      results.push(counts);
      running.delete(run);
    });
    running.add(run);
    if (stage.alone) await run;
  }
  await Promise.all(running);
  return results;
}

const began = performance.now();
const { chosen, grep } = parse(process.argv.slice(2));
const needs = (...names) => chosen.some(({ name }) => names.includes(name));
const needsNode = needs('lint', 'unit', 'sim', 'lab', 'lab-sanitizer');
// The type check is part of the set-up: TypeScript is compiled, or nothing below is true.
await ensureOrExit({
  packages: [
    ...(needs('lab', 'unit', 'lab-sanitizer') ? ['run', 'test'] : []),
    ...(needs('native', 'sanitizer', 'fuzz', 'lab-sanitizer') ? ['compiler', 'native'] : []),
  ],
  native: needs('unit', 'sim', 'lab'),
  tools: needs('lab', 'lab-sanitizer'),
  typescript: needsNode,
});
if (needsNode) console.log('✔ type check');

const results = await runAll(chosen, grep);
const sum = (key) => results.reduce((total, counts) => total + counts[key], 0);
const skipped = sum('skipped');
if (sum('passed') + sum('failed') === 0) console.log('no tests found');
const more = skipped > 0 ? `, ${skipped} skipped` : '';
console.log(`\n${seconds(performance.now() - began)}`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed${more}`);
process.exitCode = sum('failed') === 0 && sum('passed') > 0 ? 0 : 1;
