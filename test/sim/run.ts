/**
 * npm run sim: as many seeds as wanted. `--seeds N --start S` runs N from S on, `--seed S` runs one
 * and prints its table if it fails. Stops at the first failure unless `--keep-going`.
 */
import { parseArgs } from 'node:util';
import { explain, type Failure, simulate } from './simulation';

function main(): number {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '10000' },
      start: { type: 'string', default: '1' },
      seed: { type: 'string' },
      'keep-going': { type: 'boolean', default: false },
    },
  });
  const single = values.seed !== undefined;
  const start = Number(values.seed ?? values.start);
  const count = single ? 1 : Number(values.seeds);
  if (!Number.isInteger(start) || !Number.isInteger(count)) {
    process.stderr.write('sim: --seeds, --start and --seed take whole numbers\n');
    return 2;
  }
  const failures: Failure[] = [];
  for (let seed = start; seed < start + count; seed++) {
    const failure = simulate(seed);
    if (failure !== null) failures.push(failure);
    if (failure !== null && !values['keep-going']) break;
    const done = seed - start + 1;
    if (done % 5000 === 0) process.stderr.write(`${done} of ${count} seeds\n`);
  }
  report(failures, values['keep-going']);
  if (failures.length === 0) process.stdout.write(`${count} seeds from ${start}: all well\n`);
  return failures.length === 0 ? 0 : 1;
}

function report(failures: readonly Failure[], brief: boolean): void {
  for (const failure of failures) {
    const text = brief ? `seed ${failure.seed}: ${failure.detail}` : explain(failure);
    process.stdout.write(`${text}\n`);
  }
}

process.exitCode = main();
