/**
 * What goes wrong, and how it ends: a handful of faults at random instants of one phase, each with
 * an end of its own, which may lie behind the healing that ends all of them.
 */
import type { Config, Instance } from '../../src/config/model';
import type { Agenda } from '../../src/simulate/agenda';
import type { Lan } from '../../src/simulate/lan';
import * as fate from '../../src/simulate/router';
import { hangs, type Router } from '../../src/simulate/router';
import { syncGroup } from '../core/fixture';
import type { Random } from './random';
import type { Scenario } from './scenario';
import type { Table } from './table';

export interface Field {
  readonly scenario: Scenario;
  readonly routers: readonly Router[];
  readonly lan: Lan;
  readonly agenda: Agenda;
  readonly random: Random;
  readonly table: Table;
  readonly networkChanged: () => void;
  /** Counts up at every healing: what a fault meant to end later is void then. */
  epoch: number;
}

type Fault = (field: Field, router: Router) => void;

export function chaos(field: Field, duration: number): void {
  const { agenda, random, routers } = field;
  const count = random.between(1, 8);
  for (let i = 0; i < count; i++) {
    const router = random.pick(routers);
    const fault = random.pick(FAULTS);
    agenda.enter(agenda.now() + random.below(duration), () => fault(field, router));
  }
}

/** Everybody up, everything connected, every script content, the first configuration in force. */
export function heal(field: Field): void {
  field.epoch++;
  field.table.row(field.agenda.now(), -1, 'HEALS');
  field.lan.heal();
  for (const router of field.routers) {
    router.failing.clear();
    fate.resume(router);
    fate.recover(router);
    for (const name of router.spec.addresses.keys()) fate.plug(router, name);
    fate.reload(router, router.spec.config);
    fate.start(router);
  }
  field.networkChanged();
}

const later = (field: Field, delay: number, act: () => void): void => {
  const { epoch } = field;
  field.agenda.enter(field.agenda.now() + delay, () => {
    if (field.epoch === epoch) act();
  });
};

/** From a moment to well over the master-down time; seldom longer than a lease. */
const span = ({ random, scenario }: Field): number =>
  random.oneIn(6) ? random.below(5_000_000) : random.below(scenario.interval * 8) + 1;

const crash: Fault = (field, router) => {
  fate.crash(router);
  later(field, span(field), () => fate.start(router));
};

const stop: Fault = (field, router) => {
  fate.stop(router);
  later(field, span(field) + 20_000, () => fate.start(router));
};

const pause: Fault = (field, router) => {
  if (hangs(router)) return;
  fate.pause(router, field.random.oneIn(2));
  later(field, span(field), () => fate.resume(router));
};

const hang: Fault = (field, router) => {
  fate.hang(router);
  const { random } = field;
  const long = random.oneIn(2) ? random.below(6_000_000) : span(field);
  later(field, long, () => fate.recover(router));
};

const unplug: Fault = (field, router) => {
  const name = field.random.pick([...router.spec.addresses.keys()]);
  fate.unplug(router, name);
  later(field, span(field), () => fate.plug(router, name));
};

function cutBetween(field: Field, pairs: readonly (readonly [Router, Router])[]): void {
  const text = pairs.map(([from, to]) => `${from.spec.name}>${to.spec.name}`).join(' ');
  field.table.row(field.agenda.now(), -1, `cut ${text}`);
  for (const [from, to] of pairs) field.lan.cut(from.index, to.index);
  field.networkChanged();
  later(field, span(field), () => {
    field.table.row(field.agenda.now(), -1, `mend ${text}`);
    for (const [from, to] of pairs) field.lan.mend(from.index, to.index);
    field.networkChanged();
  });
}

const oneWay: Fault = (field, router) => {
  const other = field.random.pick(field.routers.filter((r) => r !== router));
  cutBetween(field, [[router, other]]);
};

const partition: Fault = (field, router) => {
  const inside = field.routers.filter((r) => r === router || field.random.oneIn(3));
  const outside = field.routers.filter((r) => !inside.includes(r));
  cutBetween(
    field,
    inside.flatMap((a) => outside.flatMap((b) => [[a, b] as const, [b, a] as const])),
  );
};

const disturb: Fault = (field) => {
  const { agenda, lan, random, table } = field;
  const loss = random.pick([0.05, 0.2, 0.5, 0.9, 1]);
  table.row(agenda.now(), -1, `loss ${loss}`);
  lan.disturb(loss, random.oneIn(2) ? 0.3 : 0);
  field.networkChanged();
  later(field, span(field), () => {
    table.row(agenda.now(), -1, 'loss 0');
    lan.disturb(0, 0);
    field.networkChanged();
  });
};

const say = ({ agenda, table }: Field, router: Router, text: string): void =>
  table.row(agenda.now(), router.index, text);

const script: Fault = (field, router) => {
  const scripts = router.spec.config.scripts;
  if (scripts.length === 0) return;
  const { name } = field.random.pick(scripts);
  if (router.failing.delete(name)) say(field, router, `${name} succeeds`);
  else {
    router.failing.add(name);
    say(field, router, `${name} fails`);
  }
};

const reload: Fault = (field, router) => {
  fate.reload(router, altered(router.spec.config, field));
};

function altered(config: Config, { random, scenario }: Field): Config {
  const moved = renamed(regrouped(config, random), random);
  const grouped = moved.groups.length > 0;
  const common = random.between(1, 254);
  const whole = moved.instances.map((instance): Instance => {
    if (instance.priority === 255) return instance;
    return {
      ...instance,
      priority: grouped ? common : random.between(1, 254),
      preempt: !random.oneIn(3),
      preemptDelay: random.oneIn(2) ? instance.preemptDelay : (0 as typeof instance.preemptDelay),
    };
  });
  // Sometimes an instance is taken out, or the whole group, and comes back with the healing.
  if (!random.oneIn(3)) return { ...moved, instances: whole };
  if (grouped || scenario.nodes.length < 2) return { ...moved, instances: [], groups: [] };
  return { ...moved, instances: whole.slice(1) };
}

/** Sometimes a group falls apart, loses a member, or lone instances become one. */
function regrouped(config: Config, random: Random): Config {
  if (config.instances.length < 2 || random.oneIn(2)) return config;
  const names = config.instances.map(({ name }) => name);
  const some = random.oneIn(2) ? names : names.slice(1);
  const [group] = config.groups;
  if (group === undefined) return { ...config, groups: [syncGroup('H', some)] };
  if (random.oneIn(2)) return { ...config, groups: [] };
  return { ...config, groups: [{ ...group, members: names.slice(1) }] };
}

/** A name is nothing but a name: two may even change theirs. */
function renamed(config: Config, random: Random): Config {
  const names = config.instances.map(({ name }) => name);
  const others = random.oneIn(2) ? [...names].reverse() : names.map((name) => `${name}x`);
  const named = (name: string): string => others[names.indexOf(name)] ?? name;
  if (random.oneIn(2)) return config;
  return {
    ...config,
    instances: config.instances.map((one) => ({ ...one, name: named(one.name) })),
    groups: config.groups.map((one) => ({ ...one, members: one.members.map(named) })),
  };
}

const FAULTS: readonly Fault[] = [
  crash,
  crash,
  stop,
  pause,
  pause,
  hang,
  hang,
  unplug,
  unplug,
  oneWay,
  oneWay,
  partition,
  disturb,
  disturb,
  script,
  script,
  reload,
  reload,
  reload,
];
