/**
 * Scenes of a master that is opened again with other addresses: what stays is not touched, what is
 * new comes before what goes. The kernel's own log of addresses is the witness.
 */
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import type { Instance } from '../../src/config/model';
import type { PlaneCommand } from '../../src/core/command';
import { planeNow } from '../../src/drivers/plane';
import { after, microseconds, seconds } from '../../src/time';
import { address, instance } from '../core/fixture';
import { until } from '../lab/until';
import {
  addressesOf,
  advertising,
  type Bench,
  holds,
  ip,
  LINK,
  layCable,
  opening,
  type Scenes,
  startBench,
} from './plane-bench';

const [KEPT, OLD, NEW] = ['192.0.2.10', '192.0.2.11', '192.0.2.12'] as const;
const REPEAT = 3;

const holding = (
  name: string,
  vrid: number,
  ...addresses: readonly string[]
): Partial<Instance> => ({
  name,
  vrid,
  addresses: addresses.map((one) => address(one)),
  garp: { ...instance('').garp, repeat: REPEAT, delay: microseconds(0) },
});

const masters = (...changes: readonly Partial<Instance>[]): readonly PlaneCommand[] => [
  { kind: 'lease', until: after(planeNow(), seconds(10)) },
  ...changes.flatMap((change) => [opening(change), advertising(change)]),
];

/** '+192.0.2.10', '-192.0.2.11': what came and went, in order. */
interface Witness {
  readonly child: ChildProcess;
  readonly seen: string[];
}

async function watched(): Promise<Witness> {
  const child = spawn('stdbuf', ['-oL', 'ip', '-o', 'monitor', 'address'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const witness: Witness = { child, seen: [] };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    for (const [, gone, local] of text.matchAll(/^(Deleted )?.*inet ([\d.]+)\//gm)) {
      witness.seen.push(`${gone === undefined ? '+' : '-'}${local}`);
    }
  });
  ip('addr', 'add', '192.0.2.200/32', 'dev', LINK);
  await until(() => witness.seen.length > 0, { what: 'the monitor to listen' });
  witness.seen.length = 0;
  return witness;
}

const announced = (bench: Bench): number => bench.plane.counters().announcementsSent;

const announces = (bench: Bench, count: number): Promise<unknown> =>
  until(() => announced(bench) >= count, { what: `${count} announcements` });

async function startMasters(...changes: readonly Partial<Instance>[]): Promise<Bench> {
  layCable();
  const bench = startBench();
  await bench.event('surveyed');
  bench.plane.submit(masters(...changes));
  const count = changes.reduce((sum, { addresses = [] }) => sum + addresses.length, 0);
  await announces(bench, count * REPEAT);
  return bench;
}

/** What leaves is the mark that all before it has been done. */
async function moves(
  from: readonly Partial<Instance>[],
  to: readonly Partial<Instance>[],
): Promise<readonly string[]> {
  const bench = await startMasters(...from);
  const witness = await watched();
  bench.plane.submit(to.map((change) => opening(change)));
  await until(() => witness.seen.includes(`-${OLD}`), {
    what: `${OLD} to leave`,
    detail: () => witness.seen.join(' '),
  });
  assert.ok(holds(KEPT));
  witness.child.kill();
  bench.plane.close();
  return witness.seen.slice(0, witness.seen.indexOf(`-${OLD}`) + 1);
}

export const reloadScenes: Scenes = {
  'another list': async () => {
    const seen = await moves([holding('VI', 51, KEPT, OLD)], [holding('VI', 51, KEPT, NEW)]);
    assert.deepEqual(seen, [`+${NEW}`, `-${OLD}`]);
  },

  'only the new one is announced': async () => {
    const bench = await startMasters(holding('VI', 51, KEPT, OLD));
    bench.plane.submit([opening(holding('VI', 51, KEPT, OLD, NEW))]);
    await announces(bench, 3 * REPEAT);
    // The same list with other terms; two alarms later all that it led to is done.
    const other = { ...holding('VI', 51, KEPT, OLD, NEW), version: 3 as const };
    bench.plane.submit([opening(other), { kind: 'wake', at: planeNow() }]);
    const { at } = await bench.event('woken');
    bench.plane.submit([{ kind: 'wake', at: planeNow() }]);
    await bench.event('woken', (event) => event.at > at);
    assert.equal(announced(bench), 3 * REPEAT);
    bench.plane.close();
  },

  'an address that moves': async () => {
    const from = [holding('VI', 51, KEPT, OLD), holding('VJ', 52, NEW)];
    const [loses, gains] = [holding('VI', 51), holding('VJ', 52, NEW, KEPT)];
    assert.ok(!(await moves(from, [loses, gains])).includes(`-${KEPT}`));
  },

  'an address that moves the other way about': async () => {
    const from = [holding('VI', 51, KEPT, OLD), holding('VJ', 52, NEW)];
    const [loses, gains] = [holding('VI', 51), holding('VJ', 52, NEW, KEPT)];
    assert.ok(!(await moves(from, [gains, loses])).includes(`-${KEPT}`));
  },

  'another lease': async () => {
    const change = holding('VI', 51, KEPT);
    const bench = await startMasters(change);
    bench.plane.submit([{ ...opening(change), lifetime: microseconds(0) }]);
    const lifetime = (): number | undefined =>
      addressesOf().find(({ local }) => local === KEPT)?.valid_life_time;
    await until(() => lifetime() === 0xffff_ffff, { what: 'the address to be for ever' });
    bench.plane.submit([{ ...opening(change), lifetime: seconds(10) }]);
    await until(() => (lifetime() ?? 0) <= 10, { what: 'the address to be leased again' });
    bench.plane.close();
    assert.ok(!holds(KEPT));
  },
};
