/**
 * Nothing happens: what do adverts every 10 ms cost, and how well do they keep their time?
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from './contender';
import { type CpuReading, cpuPercent, readCpu, threadPercent } from './cpu';
import { withPair } from './pair';
import type { Sighting } from './pcap';
import type { Plan } from './plan';
import { beats, mastershipsOf, rhythm } from './rhythm';
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
import { greatest, median, quantile, sum } from './statistics';
import { row, type Table } from './table';
import { Wire } from './wire';

const SIZES = [1, 50, 200];
const WINDOW_MILLISECONDS = 10_000;
const QUICK_MILLISECONDS = 3_000;
const PLANE = 'holdfast-plane';

export async function steady(bench: Bench): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const instances of bench.sizes ?? SIZES) {
    tables.push(await steadyOf(bench, { instances, addressesEach: 1, interval: 10 }));
  }
  return tables;
}

async function steadyOf(bench: Bench, plan: Plan): Promise<Table> {
  const runs = runsOf(bench, 3, 1);
  const what = `steady, ${planText(plan)}`;
  const seen = new Collected();
  const columns = await inTurns(bench, { what, runs }, async (product) => {
    await measure(bench, product, plan, seen);
  });
  const ms = (label: string, name: string, digits = 3, aim = '') =>
    row(label, 'ms', seen.of(name), { digits, aim });
  const percent = (label: string, name: string, aim = '') =>
    row(label, '% of a CPU', seen.of(name), { aim });
  return {
    name: `steady-${plan.instances}`,
    title: `Steady: ${planText(plan)}`,
    columns,
    rows: [
      percent("master's CPU", 'master', '≤ ⅓'),
      percent("standby's CPU", 'standby', '≤ ⅓'),
      percent("master's CPU, data plane's thread", 'masterPlane'),
      percent("standby's CPU, data plane's thread", 'standbyPlane'),
      ms('mean period, each instance', 'period', 4, '10.00 ± 0.01'),
      ms('off its own schedule: p50', 'p50'),
      ms('off its own schedule: p99', 'p99', 3, '< 1'),
      ms('off its own schedule: greatest', 'worst'),
      ms('later than one interval after the one before: p50', 'late50'),
      ms('later than one interval after the one before: p99', 'late99'),
      ms('drift against 10 ms, in a second', 'drift'),
      ms('longest gap', 'gap', 2),
      row('false takeovers, all instances', 'each run', seen.of('false'), { digits: 0 }),
      machineRow(seen),
    ],
    notes: [`Windows of each: ${runs}, of ${windowOf(bench) / 1000} s.`, ...shares(seen)],
    repeat: `${repeatCommand(bench, 'steady', runs)} --sizes ${plan.instances}`,
  };
}

const windowOf = (bench: Bench): number => (bench.quick ? QUICK_MILLISECONDS : WINDOW_MILLISECONDS);

function shares(seen: Collected): readonly string[] {
  return ['master', 'standby'].flatMap((role) => {
    const { holdfast = [], keepalived = [] } = seen.of(role);
    if (holdfast.length === 0 || keepalived.length === 0) return [];
    const share = median(holdfast) / median(keepalived);
    return [`CPU of holdfast's ${role} ÷ keepalived's: ${share.toFixed(2)} (medians).`];
  });
}

async function measure(bench: Bench, product: Product, plan: Plan, seen: Collected): Promise<void> {
  const { lab } = bench;
  await withPair(lab, product, plan, async ({ master, standby }) => {
    const pids = { master: await master.pid(), standby: await standby.pid() };
    const wire = await Wire.tap(bench);
    const before = { master: readCpu(pids.master), standby: readCpu(pids.standby) };
    await sleep(windowOf(bench));
    const after = { master: readCpu(pids.master), standby: readCpu(pids.standby) };
    collectCpu(seen, product, 'master', before.master, after.master);
    collectCpu(seen, product, 'standby', before.standby, after.standby);
    const { sightings, machineLate } = await wire.close();
    addMachine(seen, product, machineLate);
    collectRhythm(bench, product, plan, seen, sightings);
  });
}

function collectCpu(
  seen: Collected,
  product: Product,
  role: 'master' | 'standby',
  before: CpuReading,
  after: CpuReading,
): void {
  seen.add(role, product, cpuPercent(before, after));
  if (product !== 'holdfast') return;
  seen.add(
    `${role}Plane`,
    product,
    threadPercent(before, after, (name) => name === PLANE),
  );
}

function collectRhythm(
  bench: Bench,
  product: Product,
  plan: Plan,
  seen: Collected,
  sightings: readonly Sighting[],
): void {
  const deviations: number[] = [];
  const late: number[] = [];
  for (const stamps of beats(sightings, party(bench, 'master').address).values()) {
    const found = rhythm(stamps);
    if (found === null) continue;
    seen.add('period', product, found.period);
    seen.add('drift', product, 1000 * (found.period / plan.interval - 1));
    seen.add('gap', product, greatest(found.gaps));
    for (const gap of found.gaps) late.push(gap - plan.interval);
    for (const deviation of found.deviations) deviations.push(deviation);
  }
  seen.add('p50', product, quantile(deviations, 0.5));
  seen.add('p99', product, quantile(deviations, 0.99));
  seen.add('worst', product, greatest(deviations));
  seen.add('late50', product, quantile(late, 0.5));
  seen.add('late99', product, quantile(late, 0.99));
  const taken = [...beats(sightings, party(bench, 'standby').address).values()];
  seen.add('false', product, sum(taken.map((stamps) => mastershipsOf(stamps, plan.interval))));
}
