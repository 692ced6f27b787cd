/**
 * The master's switch port vanishes: it hears no carrier change and goes on sending into nothing.
 * How long after its last advert is the standby there, and when do the neighbours know?
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from './contender';
import { type Pair, withPair } from './pair';
import { allAddresses, floorOf, type Plan } from './plan';
import { advertsOf } from './rhythm';
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
import { greatest, least } from './statistics';
import { row, type Table } from './table';
import { type Takeover, takeover } from './takeover';
import { Wire } from './wire';

const SIZES = [1, 50, 200];
const STEADY_MILLISECONDS = 300;
/** From the cut on; nothing else runs, since to look is to take locks that the daemons want. */
const AFTER_MILLISECONDS = 1500;

export async function failover(bench: Bench): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const instances of bench.sizes ?? SIZES) {
    tables.push(await failoverOf(bench, { instances, addressesEach: 1, interval: 10 }));
  }
  return tables;
}

async function failoverOf(bench: Bench, plan: Plan): Promise<Table> {
  const runs = runsOf(bench, plan.instances === 1 ? 20 : 8, 2);
  const what = `failover, ${planText(plan)}`;
  const seen = new Collected();
  const columns = await inTurns(bench, { what, runs }, async (product) => {
    const { settled, result, machineLate } = await pulled(bench, product, plan);
    addMachine(seen, product, machineLate);
    collect(seen, product, plan, result);
    seen.add('unsettled', product, settled ? 0 : 1);
  });
  const aim = (text: string, when: boolean) => (when ? { aim: text } : {});
  const [one, many] = [plan.instances === 1, plan.instances >= 200];
  const ms = (label: string, name: string, options = {}) =>
    row(label, 'ms', seen.of(name), options);
  return {
    name: `failover-${plan.instances}`,
    title: `Failover: ${planText(plan)}; the floor is ${floorOf(plan).toFixed(2)} ms`,
    columns,
    rows: [
      ms("master's last advert → standby's first, first instance", 'first'),
      ms("master's last advert → standby's first, last instance", 'last'),
      ms('the same → last first-round GARP', 'garp'),
      ms('over the floor, each instance: advert', 'over', aim('≤ 1', one)),
      ms('over the floor, each instance: GARP', 'overGarp', aim('≤ 10', many)),
      ms("standby's advert → its GARP, each instance", 'gap'),
      row('instances taken before the cut', 'each run', seen.of('early'), { digits: 0 }),
      row('addresses never announced', 'each run', seen.of('unannounced'), { digits: 0 }),
      row('runs begun on an unsettled pair', '0 or 1', seen.of('unsettled'), { digits: 0 }),
      machineRow(seen),
    ],
    notes: [`Runs of each: ${runs}.`],
    repeat: `${repeatCommand(bench, 'failover', runs)} --sizes ${plan.instances}`,
  };
}

function collect(seen: Collected, product: Product, plan: Plan, result: Takeover): void {
  const floor = floorOf(plan);
  const { instances } = result;
  const adverts = instances.map(({ advert }) => advert);
  const announced = instances.map((one) => one.announced);
  seen.add('first', product, least(adverts));
  seen.add('last', product, greatest(adverts));
  seen.add('garp', product, greatest(announced));
  seen.add('over', product, ...adverts.map((advert) => advert - floor));
  seen.add('overGarp', product, ...announced.map((at) => at - floor));
  seen.add('gap', product, ...instances.map(({ fromAdvert }) => fromAdvert));
  seen.add('early', product, result.early);
  seen.add('unannounced', product, result.unannounced);
}

type Pulled = {
  readonly settled: boolean;
  readonly result: Takeover;
  /** Stamps of the standby's adverts, by virtual router in order of time. */
  readonly adverts: readonly { readonly at: number; readonly vrid: number }[];
  readonly machineLate: number | null;
};

/** One failover. `before` runs when the pair is steady; the port vanishes when it is done. */
export async function pulled(
  bench: Bench,
  product: Product,
  plan: Plan,
  options: {
    readonly env?: Readonly<Record<string, string>>;
    readonly before?: (pair: Pair) => Promise<void>;
    readonly after?: (pair: Pair) => Promise<void>;
  } = {},
): Promise<Pulled> {
  const { env = {}, before, after } = options;
  const { lab } = bench;
  const act = async (pair: Pair): Promise<Pulled> => {
    const wire = await Wire.tap(bench);
    await sleep(STEADY_MILLISECONDS);
    await before?.(pair);
    lab.pullCable('master', 'port-vanish');
    await sleep(floorOf(plan) + AFTER_MILLISECONDS);
    await after?.(pair);
    const { sightings, machineLate } = await wire.close();
    const [from, to] = [party(bench, 'master'), party(bench, 'standby')];
    const result = takeover(sightings, from, to, allAddresses(plan));
    const adverts = advertsOf(sightings, to.address);
    return { settled: pair.settled, result, adverts, machineLate };
  };
  return withPair(lab, product, plan, act, { standby: { env } });
}
