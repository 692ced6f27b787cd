/**
 * Many addresses: in many instances, taken over from a master that was killed; in one instance,
 * from a master whose port vanished. When does the last neighbour know, and do adverts go on?
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Product } from './contender';
import { pulled } from './failover';
import { withPair } from './pair';
import { allAddresses, floorOf, type Plan } from './plan';
import { longestGap } from './rhythm';
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
import { greatest } from './statistics';
import { row, type Table } from './table';
import { type Takeover, takeover } from './takeover';
import { Wire } from './wire';

const INSTANCES: Plan = { instances: 255, addressesEach: 4, interval: 1000 };
const ADDRESSES: Plan = { instances: 1, addressesEach: 250, interval: 100 };
const STEADY_MILLISECONDS = 1200;
/** Longer than a burst of keepalived's lasts, shorter than the five seconds to the second one. */
const AFTER_MILLISECONDS = 3500;
const WATCHED_MICROSECONDS = 1e6;

export async function instances(bench: Bench): Promise<readonly Table[]> {
  const plan = INSTANCES;
  const runs = runsOf(bench, 5, 1);
  const seen = new Collected();
  const what = `instances, ${planText(plan)}`;
  const columns = await inTurns(bench, { what, runs }, async (product) => {
    const { result, machineLate } = await killed(bench, product, plan);
    addMachine(seen, product, machineLate);
    collect(seen, product, plan, result);
  });
  const ms = (label: string, name: string) => row(label, 'ms', seen.of(name));
  return [
    {
      name: 'instances',
      title: `Master killed: ${planText(plan)}; the floor is ${floorOf(plan).toFixed(1)} ms`,
      columns,
      rows: [
        ms('first advert → last first-round GARP', 'span'),
        ms('first advert → last GARP of the first burst', 'burst'),
        ms('over the floor, each instance: advert', 'over'),
        ms('over the floor, each instance: GARP', 'overGarp'),
        row('addresses never announced', 'each run', seen.of('unannounced'), { digits: 0 }),
        machineRow(seen),
      ],
      notes: [`Runs of each: ${runs}.`],
      repeat: repeatCommand(bench, 'instances', runs),
    },
  ];
}

type Killed = { readonly result: Takeover; readonly machineLate: number | null };

async function killed(bench: Bench, product: Product, plan: Plan): Promise<Killed> {
  return withPair(bench.lab, product, plan, async ({ master }) => {
    const wire = await Wire.tap(bench);
    await sleep(STEADY_MILLISECONDS);
    await master.crash();
    await sleep(floorOf(plan) + AFTER_MILLISECONDS);
    const { sightings, machineLate } = await wire.close();
    const [from, to] = [party(bench, 'master'), party(bench, 'standby')];
    return { machineLate, result: takeover(sightings, from, to, allAddresses(plan)) };
  });
}

export async function addresses(bench: Bench): Promise<readonly Table[]> {
  const plan = ADDRESSES;
  const runs = runsOf(bench, 10, 2);
  const seen = new Collected();
  const what = `addresses, ${planText(plan)}`;
  const columns = await inTurns(bench, { what, runs }, async (product) => {
    const { result, adverts, machineLate } = await pulled(bench, product, plan);
    addMachine(seen, product, machineLate);
    collect(seen, product, plan, result);
    const [first] = adverts;
    const soon = adverts.filter(({ at }) => at - (first?.at ?? at) <= WATCHED_MICROSECONDS);
    seen.add('gap', product, longestGap(soon.map(({ at }) => at)));
  });
  const ms = (label: string, name: string, aim = '') => row(label, 'ms', seen.of(name), { aim });
  return [
    {
      name: 'addresses',
      title: `Failover: ${planText(plan)}; the floor is ${floorOf(plan).toFixed(2)} ms`,
      columns,
      rows: [
        ms('first advert → last first-round GARP', 'span', '≤ 4'),
        ms('first advert → last GARP of the first burst', 'burst'),
        ms('longest gap between adverts, first second', 'gap'),
        ms('over the floor: advert', 'over'),
        ms('over the floor: last first-round GARP', 'overGarp'),
        row('addresses never announced', 'each run', seen.of('unannounced'), { digits: 0 }),
        machineRow(seen),
      ],
      notes: [`Runs of each: ${runs}.`],
      repeat: repeatCommand(bench, 'addresses', runs),
    },
  ];
}

function collect(seen: Collected, product: Product, plan: Plan, result: Takeover): void {
  const floor = floorOf(plan);
  seen.add('span', product, result.unannounced === 0 ? result.span : Number.NaN);
  seen.add('burst', product, result.burst);
  seen.add('over', product, ...result.instances.map(({ advert }) => advert - floor));
  seen.add('overGarp', product, greatest(result.instances.map((one) => one.announced)) - floor);
  seen.add('unannounced', product, result.unannounced);
}
