/**
 * A seed → who takes part: nodes, their configurations, their network. The same configuration on
 * every node but for priorities, preemption and (VRRPv3) sometimes the interval.
 */
import type { Instance, Script, SyncGroup, Track } from '../../src/config/model';
import { masterDown, silence } from '../../src/core/timing';
import type { NodeSpec } from '../../src/simulate/router';
import { type Duration, milliseconds, seconds } from '../../src/time';
import { address, config, globalWith, instance, script, syncGroup, track } from '../core/fixture';
import type { Random } from './random';

export interface Scenario {
  readonly seed: number;
  readonly nodes: readonly NodeSpec[];
  /** the longest advert interval of all. */
  readonly interval: Duration;
  /** the longest master-down time that any node may ever use. */
  readonly down: Duration;
  /** the longest preempt_delay and startup delay together. */
  readonly patience: Duration;
  /** when the slowest script has reached its verdict after the last change of its outcome. */
  readonly verdict: Duration;
  /** the longest way of a packet. */
  readonly delay: Duration;
  readonly flavour: 'chaos' | 'hang';
}

/** What all nodes share. */
interface Plan {
  readonly version: 2 | 3;
  readonly family: 4 | 6;
  readonly interval: Duration;
  readonly factor: number;
  readonly instances: number;
  readonly grouped: boolean;
  readonly interfaces: readonly string[];
  readonly stallLease: Duration;
  readonly scripts: readonly Script[];
}

const INTERVALS_V3 = [10, 20, 50, 100, 200, 300, 1000] as const;

function plan(random: Random): Plan {
  const version = random.oneIn(3) ? 2 : 3;
  const interval = version === 2 ? seconds(1) : milliseconds(random.pick(INTERVALS_V3));
  const instances = random.pick([1, 1, 1, 1, 2, 2, 3]);
  return {
    version,
    family: version === 3 && random.oneIn(4) ? 6 : 4,
    interval,
    factor: random.oneIn(10) ? random.pick([2, 5]) : 3,
    instances,
    grouped: instances > 1 && !random.oneIn(3),
    interfaces: instances > 1 && random.oneIn(2) ? ['eth0', 'eth1'] : ['eth0'],
    stallLease: interval < seconds(1) && random.oneIn(2) ? milliseconds(600) : seconds(3),
    scripts: scripts(random, interval),
  };
}

function scripts(random: Random, interval: Duration): Script[] {
  const every = Math.max(50_000, interval * random.between(1, 3)) as Duration;
  const limits = { interval: every, rise: random.between(1, 2), fall: random.between(1, 3) };
  const list: Script[] = [];
  if (random.oneIn(3)) {
    const weight = random.pick([-60, -20, -2, 2, 20, 60]);
    list.push(script('chk_weight', { ...limits, weight, reverse: random.oneIn(5) }));
  }
  if (random.oneIn(4)) list.push(script('chk_fault', limits));
  return list;
}

export function scenario(seed: number, random: Random): Scenario {
  const shared = plan(random);
  const count = random.pick([2, 2, 2, 3, 3, 4]);
  const order = shuffled(count, random);
  const nodes: NodeSpec[] = [];
  for (let index = 0; index < count; index++) {
    nodes.push(nodeSpec(index, order[index] ?? index, shared, random));
  }
  const all = nodes.flatMap((node) => [...node.config.instances]);
  const longest = (of: (i: Instance) => number): Duration => Math.max(...all.map(of)) as Duration;
  const interval = longest((i) => i.interval);
  const startup = Math.max(...nodes.map((node) => node.config.global.startupDelay));
  return {
    seed,
    nodes,
    interval,
    down: masterDown(silence(shared.version, 1, shared.factor), interval),
    patience: (longest((i) => i.preemptDelay) + startup) as Duration,
    verdict: shared.scripts.reduce<Duration>(
      (most, s) => Math.max(most, s.interval * (Math.max(s.rise, s.fall) + 2)) as Duration,
      0 as Duration,
    ),
    delay: Math.min(3000, shared.interval / 8) as Duration,
    flavour: random.oneIn(8) ? 'hang' : 'chaos',
  };
}

const PRIORITIES = [1, 50, 90, 100, 100, 100, 101, 102, 150, 200, 254] as const;

function nodeSpec(index: number, host: number, shared: Plan, random: Random): NodeSpec {
  const addresses = new Map(
    shared.interfaces.map((name, i) => [
      name,
      [shared.family === 4 ? `10.0.${i}.${host + 1}` : `fe80::${i + 1}:${host + 1}`],
    ]),
  );
  const priority = index === 0 && random.oneIn(30) ? 255 : random.pick(PRIORITIES);
  const preempt = !random.oneIn(3);
  const delayed = preempt && random.oneIn(4);
  const interval =
    shared.version === 3 && random.oneIn(12)
      ? milliseconds(random.pick([10, 100, 300]))
      : shared.interval;
  const trackScripts = tracks(shared, random);
  const instances: Instance[] = [];
  for (let i = 0; i < shared.instances; i++) {
    instances.push(
      instance(`VI_${i + 1}`, {
        interface: shared.interfaces[i % shared.interfaces.length] ?? 'eth0',
        family: shared.family,
        version: shared.version,
        vrid: 51 + i,
        // Lone instances may share the load. The members of a group must agree who is best, or two
        // masters may yield to each other in lockstep.
        priority:
          !shared.grouped && random.oneIn(5) && priority !== 255
            ? random.pick(PRIORITIES)
            : priority,
        interval,
        preempt,
        preemptDelay: (delayed ? interval * random.between(1, 8) : 0) as Duration,
        downTimerAdverts: shared.factor,
        lowerPriorityNoAdvert: random.oneIn(10),
        addresses: [address(shared.family === 4 ? `10.0.0.${100 + i}` : `fe80::${100 + i}`)],
        group: shared.family === 4 ? '224.0.0.18' : 'ff02::12',
        trackScripts: shared.grouped ? trackScripts : tracks(shared, random),
      }),
    );
  }
  const groups: SyncGroup[] = shared.grouped
    ? [
        syncGroup(
          'G',
          instances.map((i) => i.name),
          { trackingWeight: random.oneIn(2) },
        ),
      ]
    : [];
  const global = globalWith({
    stallLease: shared.stallLease,
    onStall: random.pick(['offer', 'offer', 'offer', 'keep', 'resign']),
    startupDelay: (random.oneIn(10) ? shared.interval * random.between(1, 4) : 0) as Duration,
  });
  return {
    index,
    name: `n${index + 1}`,
    config: config({ global, scripts: shared.scripts, instances, groups }),
    addresses,
    segments: new Map(),
  };
}

const tracks = (shared: Plan, random: Random): Track[] =>
  shared.scripts
    .filter(() => !random.oneIn(4))
    .map((each) => track(each.name, each.weight, each.reverse));

function shuffled(count: number, random: Random): number[] {
  const list = Array.from({ length: count }, (_, i) => i);
  for (let i = count - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const held = list[i] ?? 0;
    list[i] = list[j] ?? 0;
    list[j] = held;
  }
  return list;
}
