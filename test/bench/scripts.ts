/**
 * Two hundred tracked scripts every second: do they delay the adverts of the master that runs
 * them, what does running them cost the daemon, and do they all start in one burst?
 */
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from './contender';
import { cpuPercent, readCpu, threadPercent } from './cpu';
import { withPair } from './pair';
import type { Plan } from './plan';
import { beats, longestGap, mastershipsOf, missing, rhythm } from './rhythm';
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
import { greatest, quantile, sum } from './statistics';
import { row, type Table } from './table';
import { Wire } from './wire';

const PLAN: Plan = { instances: 1, addressesEach: 1, interval: 10 };
const SCRIPTS = 200;
const WINDOW_MILLISECONDS = 10_000;
const QUICK_MILLISECONDS = 4_000;
/** For the first runs, which are to be in one burst where their results are needed. */
const LEAD_MILLISECONDS = 1500;
/** The clock that a shell can read for nothing has steps of 10 ms. */
const BURST_SECONDS = 0.02;
/** The scripts themselves are the same for both; what counts is the daemon. */
const SCRIPT = 'tick';

export async function scripts(bench: Bench): Promise<readonly Table[]> {
  const runs = runsOf(bench, 3, 1);
  const seen = new Collected();
  const what = `${SCRIPTS} scripts, ${planText(PLAN)}`;
  const columns = await inTurns(bench, { what, runs }, (product) => measure(bench, product, seen));
  const ms = (label: string, name: string) => row(label, 'ms', seen.of(name), { digits: 2 });
  const each = (label: string, name: string, aim = '') =>
    row(label, 'each run', seen.of(name), { digits: 0, aim });
  return [
    {
      name: 'scripts',
      title: `${SCRIPTS} scripts at interval 1 s: ${planText(PLAN)}`,
      columns,
      rows: [
        ms('adverts off their own schedule: p50', 'p50'),
        ms('adverts off their own schedule: p99', 'p99'),
        ms('adverts off their own schedule: greatest', 'worst'),
        ms('longest gap between adverts', 'gap'),
        each('adverts missing', 'missing', '0'),
        each('takeovers by the peer', 'false', '0'),
        row("master's CPU without the scripts' own", '% of a CPU', seen.of('cpu')),
        row("of it, the data plane's thread", '% of a CPU', seen.of('plane')),
        row('scripts started', 'in a second', seen.of('rate'), { digits: 1, aim: '200' }),
        each(`most starts within ${BURST_SECONDS * 1000} ms`, 'burst'),
        machineRow(seen),
      ],
      notes: [
        `Windows of each: ${runs}, of ${windowOf(bench) / 1000} s, after the first runs.`,
        `Evenly spread, ${SCRIPTS * BURST_SECONDS} scripts start within ${BURST_SECONDS * 1000} ms.`,
      ],
      repeat: repeatCommand(bench, 'scripts', runs),
    },
  ];
}

const windowOf = (bench: Bench): number => (bench.quick ? QUICK_MILLISECONDS : WINDOW_MILLISECONDS);

async function measure(bench: Bench, product: Product, seen: Collected): Promise<void> {
  const { lab } = bench;
  const ticks = join(lab.directory, 'ticks');
  const command = join(lab.directory, SCRIPT);
  writeFileSync(ticks, '');
  writeFileSync(command, `#!/bin/sh\nread up rest < /proc/uptime\necho "$up" >> ${ticks}\n`);
  chmodSync(command, 0o755);
  const act = async ({ master }: { readonly master: { pid(): Promise<number> } }) => {
    const pid = await master.pid();
    await sleep(LEAD_MILLISECONDS);
    const wire = await Wire.tap(bench);
    const [cpu, from] = [readCpu(pid), uptime()];
    await sleep(windowOf(bench));
    const [after, to] = [readCpu(pid), uptime()];
    const { sightings, machineLate } = await wire.close();
    addMachine(seen, product, machineLate);
    // A script is in the tree while it runs.
    const scriptShare = threadPercent(cpu, after, (name) => name === SCRIPT);
    seen.add('cpu', product, cpuPercent(cpu, after) - scriptShare);
    if (product === 'holdfast') {
      const share = threadPercent(cpu, after, (name) => name === 'holdfast-plane');
      seen.add('plane', product, share);
    }
    const starts = startsIn(ticks, from, to);
    seen.add('rate', product, starts.length / (to - from));
    seen.add('burst', product, burstOf(starts));
    return sightings;
  };
  const options = { master: { checks: { count: SCRIPTS, command } } };
  const sightings = await withPair(lab, product, PLAN, act, options);
  const [stamps = []] = [...beats(sightings, party(bench, 'master').address).values()];
  const deviations = rhythm(stamps)?.deviations ?? [];
  seen.add('p50', product, quantile(deviations, 0.5));
  seen.add('p99', product, quantile(deviations, 0.99));
  seen.add('worst', product, greatest(deviations));
  seen.add('gap', product, longestGap(stamps));
  seen.add('missing', product, missing(stamps, PLAN.interval));
  const taken = [...beats(sightings, party(bench, 'standby').address).values()];
  seen.add('false', product, sum(taken.map((one) => mastershipsOf(one, PLAN.interval))));
}

const uptime = (): number => Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]);

/** Seconds since the boot, in order. */
const startsIn = (file: string, from: number, to: number): readonly number[] =>
  readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line === '' ? [] : Number(line)))
    .filter((at) => at >= from && at < to)
    .sort((a, b) => a - b);

/** The most that fall into one window; stamps have two digits. */
function burstOf(starts: readonly number[]): number {
  let most = 0;
  let first = 0;
  for (const [i, at] of starts.entries()) {
    while (at - (starts[first] ?? at) > BURST_SECONDS - 0.005) first += 1;
    most = Math.max(most, i - first + 1);
  }
  return most;
}
