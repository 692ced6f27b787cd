/**
 * What the scenarios share: how a measurement is asked for, the order in which the contenders take
 * their turns, and the values they collect by column.
 */
import type { Lab } from '../lab/lab';
import type { Product } from './contender';
import type { Plan, Role } from './plan';
import { type Measured, type Row, row, type Table } from './table';
import type { Party } from './takeover';
import type { Witness } from './witness';

export type Bench = {
  readonly lab: Lab;
  readonly witness: Witness;
  /** Fewer and shorter: to see that it works, not what it measures. */
  readonly quick: boolean;
  /** Repetitions instead of a scenario's own number. */
  readonly runs: number | null;
  readonly sizes: readonly number[] | null;
  readonly products: readonly Product[];
  readonly progress: (text: string) => void;
};

export type Scenario = {
  readonly name: string;
  readonly about: string;
  readonly run: (bench: Bench) => Promise<readonly Table[]>;
};

export const BOTH: readonly Product[] = ['holdfast', 'keepalived'];

/** Values by name and column. */
export class Collected {
  readonly #values = new Map<string, Map<string, number[]>>();

  add(name: string, column: string, ...values: readonly number[]): void {
    const columns = this.#values.get(name) ?? new Map<string, number[]>();
    this.#values.set(name, columns);
    const known = columns.get(column) ?? [];
    columns.set(column, known);
    for (const value of values) known.push(value);
  }

  of(name: string): Measured {
    return Object.fromEntries(this.#values.get(name) ?? []);
  }
}

/**
 * Every contender once in each run, in turns and in alternating order: what else the machine does
 * meanwhile falls on all of them.
 */
export async function inTurns(
  bench: Bench,
  setting: { readonly what: string; readonly runs: number; readonly products?: readonly Product[] },
  act: (product: Product) => Promise<void>,
): Promise<readonly Product[]> {
  const { what, runs, products = BOTH } = setting;
  const wanted = products.filter((product) => bench.products.includes(product));
  for (let run = 0; run < runs; run += 1) {
    for (const product of run % 2 === 0 ? wanted : [...wanted].reverse()) {
      bench.progress(`${what}: run ${run + 1} of ${runs}, ${product}`);
      await act(product);
    }
  }
  return wanted;
}

/** To read the others by: what the machine itself was late by while a column was measured. */
export function machineRow(seen: Collected): Row {
  return row('the machine itself: a bare real-time thread late by', 'ms', seen.of('machine'));
}

export function addMachine(seen: Collected, column: string, late: number | null): void {
  if (late !== null) seen.add('machine', column, late);
}

export const runsOf = (bench: Bench, usual: number, quick: number): number =>
  bench.runs ?? (bench.quick ? quick : usual);

export const repeatCommand = (bench: Bench, name: string, runs: number): string =>
  `npm run bench -- --only ${name} --runs ${runs}${bench.quick ? ' --quick' : ''}`;

export const party = (bench: Bench, role: Role): Party => bench.lab.node(role);

export const planText = (plan: Plan): string => {
  const count = (n: number, word: string, more: string) => `${n} ${n === 1 ? word : more}`;
  const instances = count(plan.instances, 'instance', 'instances');
  const addresses = count(plan.addressesEach, 'address', 'addresses');
  return `${instances} of ${addresses}, ${plan.interval} ms`;
};
