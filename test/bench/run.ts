/**
 * npm run bench: measures holdfast and keepalived side by side in one lab, from the wire alone, and
 * prints a table for each scenario. Never a pass or fail: the exit code only tells that it ran.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Lab } from '../lab/lab';
import { blocked } from './blocked';
import { busy } from './busy';
import { check } from './check';
import { failover } from './failover';
import { begin, describe, type Machine } from './machine';
import { addresses, instances } from './many';
import { NODES } from './pair';
import { type Bench, BOTH, type Scenario } from './scenario';
import { scripts } from './scripts';
import { steady } from './steady';
import { type Table, tableText } from './table';
import { startWitness } from './witness';

const SCENARIOS: readonly Scenario[] = [
  { name: 'failover', about: 'a port vanishes, 1, 50 and 200 instances at 10 ms', run: failover },
  { name: 'steady', about: 'CPU and punctuality, 1, 50 and 200 instances at 10 ms', run: steady },
  { name: 'instances', about: 'kill -9, 255 instances of 4 addresses at 1 s', run: instances },
  { name: 'addresses', about: 'a port vanishes, 250 addresses in one instance', run: addresses },
  { name: 'busy', about: 'beside 16 busy processes, 10 ms', run: busy },
  { name: 'blocked', about: 'JavaScript blocked for 2 s, 10 ms', run: blocked },
  { name: 'scripts', about: '200 scripts every second beside adverts of 10 ms', run: scripts },
  { name: 'check', about: 'the answer of holdfast check on 100,000 lines', run: check },
];

const HELP = `npm run bench -- [options]

  --only NAMES     of: ${SCENARIOS.map(({ name }) => name).join(', ')}
  --runs N         repetitions, instead of each scenario's own number
  --sizes N,N      instances, for failover and steady (1,50,200)
  --daemons NAMES  of: holdfast, keepalived, 'keepalived rt'
  --quick          fewer and shorter runs: to see that it works
  --json FILE      writes all results as JSON as well

${SCENARIOS.map(({ name, about }) => `  ${name.padEnd(10)} ${about}`).join('\n')}
`;

type Asked = {
  readonly scenarios: readonly Scenario[];
  readonly bench: Omit<Bench, 'lab' | 'witness'>;
  readonly json: string | null;
};

function ask(argv: readonly string[]): Asked | null {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      only: { type: 'string', multiple: true },
      runs: { type: 'string' },
      sizes: { type: 'string' },
      daemons: { type: 'string' },
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help === true) return null;
  const names = (values.only ?? []).flatMap((text) => text.split(','));
  for (const name of names) {
    if (!SCENARIOS.some((one) => one.name === name)) throw new Error(`no scenario ${name}`);
  }
  const products = [...BOTH, 'keepalived rt' as const];
  const daemons = values.daemons?.split(',');
  return {
    scenarios: SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name)),
    bench: {
      quick: values.quick === true,
      runs: values.runs === undefined ? null : wholeNumber('--runs', values.runs, 1000),
      sizes: values.sizes?.split(',').map((text) => wholeNumber('--sizes', text, 255)) ?? null,
      products: products.filter((one) => daemons === undefined || daemons.includes(one)),
      progress: (text) => process.stderr.write(`  ${text}\n`),
    },
    json: values.json ?? null,
  };
}

function wholeNumber(option: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`${option}: ${text} is not a number from 1 to ${most}`);
}

async function measure({ scenarios, bench }: Asked, machineOf: () => Machine): Promise<Table[]> {
  const lab = new Lab({ nodes: NODES });
  const tables: Table[] = [];
  try {
    const witness = await startWitness(lab);
    for (const { name, run } of scenarios) {
      process.stderr.write(`${name}\n`);
      for (const table of await run({ ...bench, lab, witness })) {
        tables.push(table);
        process.stdout.write(`\n${tableText(table)}\n${machineOf().line}\n\n`);
      }
    }
  } finally {
    await lab.close();
  }
  return tables;
}

async function main(): Promise<number> {
  let asked: Asked | null;
  try {
    asked = ask(process.argv.slice(2));
  } catch (failure) {
    process.stderr.write(`${failure instanceof Error ? failure.message : failure}\n\n${HELP}`);
    return 2;
  }
  if (asked === null) {
    process.stdout.write(HELP);
    return 0;
  }
  const beginning = begin();
  const machineOf = () => describe(beginning);
  const started = new Date().toISOString();
  const tables = await measure(asked, machineOf);
  if (asked.json !== null) {
    const text = JSON.stringify({ started, machine: machineOf(), tables }, null, 2);
    writeFileSync(asked.json, `${text}\n`);
    process.stderr.write(`results in ${asked.json}\n`);
  }
  return 0;
}

main().then(
  (code) => process.exit(code),
  (failure: unknown) => {
    process.stderr.write(`bench: ${failure instanceof Error ? failure.stack : failure}\n`);
    process.exit(1);
  },
);
