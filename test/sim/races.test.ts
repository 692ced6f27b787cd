/**
 * Interleavings that race: each in every order, at every distance that makes a difference.
 * Whatever comes first, there is one master in the end and never an address without one.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, Instance } from '../../src/config/model';
import { arrive } from '../../src/simulate/control';
import {
  crash,
  holds,
  nodeOf,
  type Router,
  reload,
  start,
  stop,
  write,
} from '../../src/simulate/router';
import { type Duration, instantAt, seconds } from '../../src/time';
import {
  config,
  fails,
  instance,
  ROUTER_51,
  script,
  succeeds,
  syncGroup,
  track,
} from '../core/fixture';
import { mutations } from './mutations';
import { type Field, INTERVAL, type Race, race } from './race';

const one = (priority: number, change: Partial<Instance> = {}): Instance =>
  instance('VI_1', { version: 3, interval: INTERVAL, priority, ...change });

const plain = (priority: number, change: Partial<Instance> = {}): Config =>
  config({ instances: [one(priority, change)] });

/** With a script that is asked once a minute: results come when the race wants them. */
function checked(priority: number, weight: number, change: Partial<Instance> = {}): Config {
  const chk = script('chk', { interval: seconds(60), weight });
  const trackScripts = [track('chk', weight)];
  return config({ scripts: [chk], instances: [one(priority, { trackScripts, ...change })] });
}

const routerOf = ({ routers }: Field, index: number): Router => routers[index] as Router;

/** Its script has just ended so. */
const result =
  (index: number, ok: boolean) =>
  (field: Field): void => {
    const { control, failing } = routerOf(field, index);
    if (ok) failing.delete('chk');
    else failing.add('chk');
    if (control === null) return;
    const outcome = ok ? succeeds : fails;
    const at = instantAt(0);
    arrive(control, { kind: 'script-finished', at, script: 'chk', outcome, output: '' });
  };

const stops = (index: number) => (field: Field) => stop(routerOf(field, index));
const crashes = (index: number) => (field: Field) => crash(routerOf(field, index));
const reloads = (index: number, to: Config) => (field: Field) => reload(routerOf(field, index), to);

const races: Readonly<Record<string, Race>> = {
  'a script fails while the peer resigns: the third takes over': {
    configs: [checked(150, 0), plain(200), plain(50)],
    acts: [stops(1), result(0, false)],
    left: ['a', 'c'],
    end: (_, told) => assert.equal(told, 'a fault, c master'),
  },
  'a script fails while the peer resigns, and recovers': {
    configs: [checked(150, 0), plain(200), plain(50)],
    acts: [stops(1), result(0, false), (field) => result(0, true)(field)],
    left: ['a', 'c'],
  },
  'nginx dies during preempt_delay': {
    configs: [checked(150, 0, { preemptDelay: seconds(1) }), plain(100)],
    first: result(0, false),
    acts: [result(0, true), result(0, false)],
    left: ['a', 'b'],
  },
  'nginx dies when preempt_delay is over, and the master too': {
    configs: [checked(150, 0, { preemptDelay: seconds(1) }), plain(100), plain(50)],
    first: (field) => {
      result(0, false)(field);
      setLater(field, 0, true);
    },
    around: { node: 0, event: 'took-over' },
    acts: [result(0, false), crashes(1)],
    left: ['a', 'c'],
    end: (_, told) => assert.equal(told, 'a fault, c master'),
  },
  'a reload during a takeover: another priority': {
    configs: [plain(150), plain(100)],
    first: crashes(0),
    around: { node: 1, event: 'took-over' },
    acts: [reloads(1, plain(60)), (field) => start(routerOf(field, 0))],
    left: ['a', 'b'],
    end: (_, told) => assert.equal(told, 'a master, b backup'),
  },
  'a reload during a takeover: into a group': {
    configs: [pair(150, false), pair(100, false)],
    first: crashes(0),
    around: { node: 1, event: 'took-over' },
    acts: [reloads(1, pair(100, true))],
    left: ['b'],
  },
  'a reload during a takeover: the instance goes': {
    configs: [plain(150), plain(100), plain(50)],
    first: crashes(0),
    around: { node: 1, event: 'took-over' },
    acts: [reloads(1, config())],
    left: ['c'],
    end: ({ routers }) => assert.equal(holds(routers[1] as Router, ROUTER_51), false),
  },
  'both priorities fall while the advert of one is under way': {
    configs: [checked(100, 10), checked(104, 10)],
    acts: [result(0, false), result(1, false)],
    left: ['a', 'b'],
    end: (_, told) => assert.equal(told, 'a backup, b master'),
  },
  'priorities cross': {
    configs: [checked(100, 10), checked(104, 10)],
    first: result(0, false),
    acts: [result(0, true), result(1, false)],
    left: ['a', 'b'],
    end: (_, told) => assert.equal(told, 'a master, b backup'),
  },
  'a tracked file and a script at the same instant': {
    configs: [filed(100), plain(104)],
    acts: [result(0, false), (field) => write(routerOf(field, 0), 'drain', 1)],
    left: ['a', 'b'],
    end: ({ routers }) => {
      const [unit] = nodeOf(routers[0] as Router)?.units ?? [];
      assert.equal(unit?.members[0]?.arithmetic, '100 + 7 (file drain)');
    },
  },
  'a stop during a takeover: the third takes over': {
    configs: [plain(150), plain(100), plain(50)],
    first: crashes(0),
    around: { node: 1, event: 'took-over' },
    acts: [stops(1)],
    left: ['c'],
  },
  'a stop while it gives way to one that comes back': {
    configs: [plain(150), plain(100)],
    first: (field) => {
      crash(routerOf(field, 0));
      field.routers[0]?.setting.agenda.enter(
        field.routers[0].setting.agenda.now() + 1_000_000,
        () => start(routerOf(field, 0)),
      );
    },
    around: { node: 1, event: 'yielded' },
    acts: [stops(1), crashes(0), (field) => start(routerOf(field, 0))],
    left: [],
  },
};

/** The script's result, one second later. */
function setLater(field: Field, index: number, ok: boolean): void {
  const { agenda } = routerOf(field, index).setting;
  agenda.enter(agenda.now() + 1_000_000, () => result(index, ok)(field));
}

function pair(priority: number, grouped: boolean): Config {
  const other = { ...one(priority), name: 'VI_2', vrid: 52 };
  const groups = grouped ? [syncGroup('G', ['VI_1', 'VI_2'])] : [];
  return config({ instances: [one(priority), other], groups });
}

function filed(priority: number): Config {
  const model = checked(priority, 10);
  const drain = { name: 'drain', file: '/run/drain', weight: 7, reverse: false, initial: null };
  return {
    ...model,
    trackFiles: [drain],
    instances: model.instances.map((each) => ({ ...each, trackFiles: [track('drain', 7)] })),
  };
}

for (const [name, each] of Object.entries(races)) {
  test(name, () => {
    const runs = race(each);
    assert.ok(runs >= 36, `${runs} runs`);
  });
}

test('a broken model loses a race', () => {
  const broken = mutations.find(({ mutation }) => mutation.name === 'a node that cannot resign');
  const [first] = Object.values(races);
  assert.ok(broken !== undefined && first !== undefined);
  assert.throws(() => race({ ...first, broken: broken.mutation }), /in fault holds an address/);
});

test('a race that nobody can win is seen', () => {
  const late: Duration = seconds(20);
  const blind: Race = {
    configs: [plain(150), plain(100, { downTimerAdverts: 100, interval: late })],
    acts: [crashes(0)],
    left: ['b'],
  };
  assert.throws(() => race(blind), /nobody holds/);
});
