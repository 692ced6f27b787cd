/**
 * JavaScript hangs for two seconds, by the daemon's own test hook. Does the wire notice: from a
 * master, which is to go on advertising, and from a standby, whose takeover falls into the block?
 * keepalived has nothing that could hang so; the column stands alone.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { logRecord } from '../lab/holdfast';
import type { Contender, Product } from './contender';
import { pulled } from './failover';
import { withPair } from './pair';
import { floorOf, type Plan } from './plan';
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
import { greatest } from './statistics';
import { row, type Table } from './table';
import { Wire } from './wire';

const PLAN: Plan = { instances: 1, addressesEach: 1, interval: 10 };
const BLOCK_MILLISECONDS = 2000;
const ENV = { HOLDFAST_TEST_BLOCK: String(BLOCK_MILLISECONDS) };
/** For the signal to arrive, and for adverts before what is measured. */
const LEAD_MILLISECONDS = 200;

export async function blocked(bench: Bench): Promise<readonly Table[]> {
  const runs = runsOf(bench, 5, 1);
  const seen = new Collected();
  const setting = { what: `blocked, ${planText(PLAN)}`, runs, products: ['holdfast'] as const };
  const columns = await inTurns(bench, setting, async (product) => {
    await blockMaster(bench, seen, product);
    await blockStandby(bench, seen, product);
  });
  const ms = (label: string, name: string, aim = '') => row(label, 'ms', seen.of(name), { aim });
  const each = (label: string, name: string) =>
    row(label, 'each run', seen.of(name), { digits: 0, aim: '0' });
  return [
    {
      name: 'blocked',
      title: `JavaScript blocked for ${BLOCK_MILLISECONDS} ms: ${planText(PLAN)}`,
      columns,
      rows: [
        ms('master: JavaScript answered after', 'masterAnswer'),
        ms('master: latest advert, off its own schedule', 'latest', '≤ 2'),
        ms('master: longest gap', 'gap'),
        each('master: adverts missing', 'missing'),
        each('master: takeovers by the peer', 'false'),
        ms('standby: JavaScript told of its takeover after', 'standbyAnswer'),
        ms('standby: over the floor, advert', 'over', '≤ 1'),
        ms('standby: over the floor, last first-round GARP', 'overGarp'),
        machineRow(seen),
      ],
      notes: [`Runs of each: ${runs}. The first and sixth row show that there was a block.`],
      repeat: repeatCommand(bench, 'blocked', runs),
    },
  ];
}

/** Milliseconds since the epoch of the first log record whose text matches. */
function toldAt(contender: Contender, pattern: RegExp): number {
  const lines = contender.log.split('\n');
  const records = lines.flatMap((line) => logRecord(line) ?? []);
  return records.find(({ msg }) => pattern.test(msg))?.time ?? Number.NaN;
}

async function blockMaster(bench: Bench, seen: Collected, column: Product): Promise<void> {
  const act = async ({ master }: { readonly master: Contender }) => {
    const wire = await Wire.tap(bench);
    await sleep(LEAD_MILLISECONDS);
    const start = Date.now();
    await master.signal('SIGUSR2');
    await sleep(LEAD_MILLISECONDS);
    const asked = Date.now();
    await master.signal('SIGHUP');
    await sleep(BLOCK_MILLISECONDS - LEAD_MILLISECONDS);
    const end = Date.now();
    const { sightings, machineLate } = await wire.close();
    addMachine(seen, column, machineLate);
    await master.says(/Reload complete/);
    seen.add('masterAnswer', column, toldAt(master, /Reloading/) - asked);
    return sightings.filter(({ at }) => at > start * 1000 && at < end * 1000);
  };
  const sightings = await withPair(bench.lab, column, PLAN, act, { master: { env: ENV } });
  const [stamps = []] = [...beats(sightings, party(bench, 'master').address).values()];
  const [taken = []] = [...beats(sightings, party(bench, 'standby').address).values()];
  seen.add('latest', column, greatest(rhythm(stamps)?.deviations ?? []));
  seen.add('gap', column, longestGap(stamps));
  seen.add('missing', column, missing(stamps, PLAN.interval));
  seen.add('false', column, mastershipsOf(taken, PLAN.interval));
}

async function blockStandby(bench: Bench, seen: Collected, column: Product): Promise<void> {
  let told = Number.NaN;
  const { result, adverts, machineLate } = await pulled(bench, column, PLAN, {
    env: ENV,
    before: async ({ standby }) => {
      await standby.signal('SIGUSR2');
      await sleep(LEAD_MILLISECONDS);
    },
    after: async ({ standby }) => {
      await standby.says(/Entering MASTER STATE/);
      told = toldAt(standby, /Entering MASTER STATE/);
    },
  });
  addMachine(seen, column, machineLate);
  seen.add('standbyAnswer', column, told - (adverts[0]?.at ?? Number.NaN) / 1000);
  for (const { advert, announced } of result.instances) {
    seen.add('over', column, advert - floorOf(PLAN));
    seen.add('overGarp', column, announced - floorOf(PLAN));
  }
}
