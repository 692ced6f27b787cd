/**
 * How long `holdfast check` lets a person wait for its answer about a file of 100,000 lines: the
 * whole program from start to exit, and the reading alone.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../src/config/load';
import { MAIN } from '../cli/program';
import { manyLines } from '../config/large';
import { type Bench, Collected, repeatCommand, runsOf } from './scenario';
import { row, type Table } from './table';

const COLUMN = 'holdfast';

export async function check(bench: Bench): Promise<readonly Table[]> {
  const runs = runsOf(bench, 5, 1);
  const lines = bench.quick ? 10_000 : 100_000;
  const seen = new Collected();
  const files = manyLines(lines);
  for (let run = 0; run < runs; run += 1) {
    bench.progress(`check, ${lines} lines: run ${run + 1} of ${runs}`);
    for (const [what, text] of files) {
      seen.add(
        `${what}, read`,
        COLUMN,
        elapsed(() => loadConfig(what, text)),
      );
      const file = join(bench.lab.directory, 'check.conf');
      writeFileSync(file, text);
      seen.add(
        what,
        COLUMN,
        elapsed(() => checked(file)),
      );
    }
  }
  const rowOf = (label: string) => row(label, 'ms', seen.of(label), { digits: 0, aim: '≤ 1000' });
  return [
    {
      name: 'check',
      title: `holdfast check: a file of ${lines} lines, one for each thing a file can have many of`,
      columns: [COLUMN],
      rows: files.flatMap(([what]) => [rowOf(what), rowOf(`${what}, read`)]),
      notes: [`Runs of each: ${runs}. 'read' is without start, rendering and output.`],
      repeat: repeatCommand(bench, 'check', runs),
    },
  ];
}

function elapsed(act: () => unknown): number {
  const began = performance.now();
  act();
  return performance.now() - began;
}

function checked(file: string): void {
  const { error, status, stderr } = spawnSync(process.execPath, [MAIN, 'check', file], {
    encoding: 'utf8',
    maxBuffer: 1 << 30,
  });
  if (error !== undefined || (status !== 0 && status !== 1)) {
    throw error ?? new Error(`check ended with ${status}\n${stderr.slice(0, 2000)}`);
  }
}
