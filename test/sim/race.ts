/**
 * Small networks on which two or three things happen at nearly the same moment, in every order and
 * at every distance that makes a difference, with messages between the planes quick or slow. The
 * rules of checks.ts are asked after every step.
 */
import type { Config } from '../../src/config/model';
import type { PlaneEvent } from '../../src/core/event';
import { masterDown, silence } from '../../src/core/timing';
import { native } from '../../src/drivers/addon';
import { agenda } from '../../src/simulate/agenda';
import type { Chance } from '../../src/simulate/chance';
import { type Lan, lan } from '../../src/simulate/lan';
import { newRouter, type Router, start } from '../../src/simulate/router';
import { type Duration, microseconds, milliseconds } from '../../src/time';
import { fails, succeeds } from '../core/fixture';
import { Checks, LATE_MAX } from './checks';
import { bestIsMaster, oneMaster } from './outcome';
import type { Scenario } from './scenario';
import type { Mutation } from './simulation';
import { KeptTable } from './table';
import { witness } from './witness';

export const INTERVAL = milliseconds(100);

export interface Field {
  readonly routers: readonly Router[];
  readonly lan: Lan;
}

type Act = (field: Field) => void;

export interface Race {
  /** one node each, named a, b, c … in this order; a later one has a higher address. */
  readonly configs: readonly Config[];
  /** before the race, at second 1: what leads to it. */
  readonly first?: Act;
  /** the race is around this event of that node, after `first`; without one, at second 2. */
  readonly around?: { readonly node: number; readonly event: PlaneEvent['kind'] };
  readonly acts: readonly Act[];
  /** names of those that run in the end; one of them is master, the best. */
  readonly left: readonly string[];
  /** for the proof that a race can be lost. */
  readonly broken?: Mutation;
  /** more that must be so in the end. */
  readonly end?: (field: Field, told: string) => void;
}

const START = 1_000_000_000;
const SECOND = 1_000_000;
const PACKET_MAX = 50;
const DOWN = masterDown(silence(3, 1, 3), INTERVAL);

/** Microseconds from the moment: across one hop, one packet's way, the slowest hop. */
const DISTANCES = [-3500, -60, -25, -12, 0, 12, 25, 60, 3500];
/** For three acts: before, at and after each other. */
const FEW = [-3500, -12, 0, 12, 3500];

/** How long messages between the planes take, one after another. */
const HOPS: readonly (readonly number[])[] = [[10], [3000], [10, 3000], [3000, 10]];

/** Runs all of them, and says how many. */
export function race(one: Race): number {
  let runs = 0;
  for (const hops of HOPS) {
    const moment = momentOf(one, hops);
    const distant = one.acts.length > 2 ? FEW : DISTANCES;
    for (const distances of choices(one.acts.length, distant)) {
      for (const order of distances.length > 1 ? [1, -1] : [1]) {
        const acts = one.acts.map((act, i) => ({ act, at: moment + (distances[i] ?? 0) }));
        // Of two at one instant the one that is entered first happens first.
        runOnce(one, hops, order === 1 ? acts : acts.reverse());
        runs++;
      }
    }
  }
  return runs;
}

function choices(count: number, from: readonly number[]): readonly (readonly number[])[] {
  if (count === 0) return [[]];
  return choices(count - 1, from).flatMap((rest) => from.map((one) => [...rest, one]));
}

interface Timed {
  readonly act: Act;
  readonly at: number;
}

interface Outcome {
  readonly events: readonly { readonly node: number; readonly kind: string; readonly at: number }[];
}

/** When the event happens that the race is around, if nothing gets in its way. */
function momentOf(one: Race, hops: readonly number[]): number {
  if (one.around === undefined) return START + 2 * SECOND;
  const { node, event } = one.around;
  const { events } = runOnce({ ...one, left: [], end: () => {} }, hops, []);
  const found = events.find((each) => each.node === node && each.kind === event);
  if (found === undefined) throw new Error(`${event} does not happen`);
  return found.at;
}

function runOnce(one: Race, hops: readonly number[], acts: readonly Timed[]): Outcome {
  const clock = agenda(START);
  const table = new KeptTable(START);
  const events: { node: number; kind: string; at: number }[] = [];
  const routers: Router[] = [];
  const scenario = scenarioOf(one);
  const checks = new Checks(scenario, routers, clock);
  const watcher = witness(checks, table, clock);
  const { Orders } = native();
  for (const spec of scenario.nodes) {
    routers.push(
      newRouter(spec, {
        agenda: clock,
        chance: chanceOf(hops),
        witness: {
          ...watcher,
          told: (router, event) => {
            const isNew = event.at > START + SECOND;
            if (isNew) events.push({ node: router.index, kind: event.kind, at: event.at });
            watcher.told(router, event);
          },
        },
        newOrders: () => one.broken?.orders?.(new Orders()) ?? new Orders(),
        censor: one.broken?.censor ?? ((event) => event),
        goodbye: 3 * LATE_MAX,
        serve: () => {},
        run: ({ failing }, { name }) => ({
          lasts: microseconds(1000),
          ends: () => (failing.has(name) ? fails : succeeds),
        }),
      }),
    );
  }
  const network = lan(routers, clock, chanceOf([10]), PACKET_MAX);
  checks.lan = network;
  for (const router of routers) router.lan = network;
  const field = { routers, lan: network };
  try {
    for (const router of routers) start(router);
    clock.enter(START + SECOND, () => one.first?.(field));
    for (const { act, at } of acts) clock.enter(at, () => act(field));
    clock.runUntil(START + 10 * SECOND);
    judge(one, field);
  } catch (failure) {
    const when = acts.map(({ at }) => `${(at - START) / 1000} ms`).join(', ');
    const said = table.render(scenario.nodes.map(({ name }) => name));
    throw new Error(`acts at ${when}, hops ${hops.join()}: ${failure}\n${said}`);
  }
  return { events };
}

function judge(one: Race, field: Field): void {
  const running = field.routers.filter(({ spec }) => one.left.includes(spec.name));
  if (running.length > 0) {
    oneMaster(running, 'no single master after healing');
    bestIsMaster(running);
  }
  const states = running.flatMap(({ control, spec }) =>
    (control?.node.units ?? []).map((unit) => `${spec.name} ${unit.state}`),
  );
  one.end?.(field, states.join(', '));
}

function chanceOf(hops: readonly number[]): Chance {
  let next = 0;
  return {
    packet: () => PACKET_MAX,
    hop: () => hops[next++ % hops.length] ?? 0,
    wake: () => 10,
    runtime: () => microseconds(1000),
    reading: () => 10,
    happens: () => false,
  };
}

const scenarioOf = ({ configs }: Race): Scenario => ({
  seed: 0,
  nodes: configs.map((config, index) => ({
    index,
    name: 'abc'[index] ?? '',
    config,
    addresses: new Map([['eth0', [`10.0.0.${index + 1}`]]]),
    segments: new Map(),
  })),
  interval: INTERVAL,
  down: DOWN,
  patience: 0 as Duration,
  verdict: 0 as Duration,
  delay: microseconds(PACKET_MAX),
  flavour: 'chaos',
});
