/**
 * The master shares its scheduling group with sixteen processes that never sleep. Are its adverts
 * on time, and does the standby, which has no such neighbours, believe it dead?
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from './contender';
import { withPair } from './pair';
import type { Plan } from './plan';
import { beats, longestGap, mastershipsOf, missing } from './rhythm';
import {
  addMachine,
  type Bench,
  Collected,
  inTurns,
  machineRow,
  party,
  planText,
  repeatCommand,
  runsOf,
} from './scenario';
import { quantile } from './statistics';
import { row, type Table } from './table';
import { Wire } from './wire';

const PLAN: Plan = { instances: 1, addressesEach: 1, interval: 10 };
const HOGS = 16;
const WINDOW_MILLISECONDS = 20_000;
const QUICK_MILLISECONDS = 5_000;
const CONTENDERS: readonly Product[] = ['holdfast', 'keepalived', 'keepalived rt'];

export async function busy(bench: Bench): Promise<readonly Table[]> {
  const runs = runsOf(bench, 3, 1);
  const window = bench.quick ? QUICK_MILLISECONDS : WINDOW_MILLISECONDS;
  const seen = new Collected();
  const setting = { what: `busy, ${planText(PLAN)}`, runs, products: CONTENDERS };
  const columns = await inTurns(bench, setting, async (product) => {
    await measure(bench, product, window, seen);
  });
  const each = (label: string, name: string, aim = '') =>
    row(label, 'each run', seen.of(name), { digits: 0, aim });
  const ms = (label: string, name: string) => row(label, 'ms', seen.of(name));
  return [
    {
      name: 'busy',
      title: `Beside ${HOGS} busy processes for ${window / 1000} s: ${planText(PLAN)}`,
      columns,
      rows: [
        each('adverts seen', 'seen'),
        each('adverts missing', 'missing', '0'),
        ms('gap between adverts: p99', 'p99'),
        ms('gap between adverts: longest', 'longest'),
        each('false takeovers by the standby', 'false', '0'),
        machineRow(seen),
      ],
      notes: [
        `Runs of each: ${runs}. keepalived rt: with vrrp_rt_priority 50; others out of the box.`,
      ],
      repeat: repeatCommand(bench, 'busy', runs),
    },
  ];
}

async function measure(
  bench: Bench,
  product: Product,
  window: number,
  seen: Collected,
): Promise<void> {
  const options = { master: { burden: HOGS } };
  const act = async ({ master }: { readonly master: { load(): void } }) => {
    const wire = await Wire.tap(bench);
    master.load();
    await sleep(window);
    return wire.close();
  };
  const { sightings, machineLate } = await withPair(bench.lab, product, PLAN, act, options);
  const [stamps = []] = [...beats(sightings, party(bench, 'master').address).values()];
  const [taken = []] = [...beats(sightings, party(bench, 'standby').address).values()];
  const gaps = stamps.slice(1).map((at, i) => (at - (stamps[i] ?? at)) / 1000);
  addMachine(seen, product, machineLate);
  seen.add('seen', product, stamps.length);
  seen.add('missing', product, missing(stamps, PLAN.interval));
  seen.add('p99', product, quantile(gaps, 0.99));
  seen.add('longest', product, longestGap(stamps));
  seen.add('false', product, mastershipsOf(taken, PLAN.interval));
}
