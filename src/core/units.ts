/**
 * A configuration → its units: sync groups, and the instances that are in none. Over a reload an
 * instance that is the same virtual router keeps its state, its turn and what it has heard,
 * whatever it is called and whichever group it comes from or goes to.
 */
import { successions, virtualRouter } from '../config/identity';
import type { Config, Instance, SyncGroup } from '../config/model';
import type { Instant } from '../time';
import { later, type Member, type State, type Unit } from './election';

/** A member, and what it was until here. */
interface Place {
  readonly member: Member;
  /** null: it is new. */
  readonly unit: Unit | null;
}

interface Arranged {
  readonly units: readonly Unit[];
  /** who is in the new configuration no more. */
  readonly gone: readonly Member[];
}

export function arrange(
  config: Config,
  before: readonly Unit[],
  turn: number,
  at: Instant,
): Arranged {
  const old = new Map<Instance, Place>();
  for (const unit of before) {
    for (const member of unit.members) old.set(member.instance, { member, unit });
  }
  const heirs = successions([...old.keys()], config.instances);
  const places = placesOf(config, (instance) => old.get(heirs.get(instance) ?? instance), turn);
  const units = plansOf(config).flatMap(({ group, instances }) =>
    partsOf(
      group,
      instances.flatMap((instance) => places.get(instance) ?? []),
      at,
    ),
  );
  const kept = new Set([...places.values()].map(({ member }) => member.key));
  const gone = [...old.values()].map(({ member }) => member);
  return { units, gone: gone.filter(({ key }) => !kept.has(key)) };
}

function placesOf(
  config: Config,
  heirOf: (instance: Instance) => Place | undefined,
  turn: number,
): ReadonlyMap<Instance, Place> {
  const places = new Map<Instance, Place>();
  const keys = new Set<string>();
  for (const instance of config.instances) {
    const old = heirOf(instance);
    if (old === undefined) continue;
    places.set(instance, { ...old, member: { ...old.member, instance } });
    keys.add(old.member.key);
  }
  for (const instance of config.instances) {
    if (places.has(instance)) continue;
    const key = freeKey(virtualRouter(instance), keys);
    keys.add(key);
    places.set(instance, { member: newMember(instance, key, turn), unit: null });
  }
  return places;
}

/** Several of one VRID: unicast instances that have no peer in common. */
function freeKey(wanted: string, taken: ReadonlySet<string>): string {
  let key = wanted;
  for (let i = 2; taken.has(key); i++) key = `${wanted}#${i}`;
  return key;
}

const newMember = (instance: Instance, key: string, turn: number): Member => ({
  key,
  instance,
  turn,
  priority: instance.priority,
  arithmetic: `${instance.priority}`,
  source: null,
  heard: null,
});

interface Plan {
  readonly group: SyncGroup | null;
  readonly instances: readonly Instance[];
}

/** In the order of the file, a group where the first of its members stands. */
function plansOf(config: Config): readonly Plan[] {
  const groupOf = new Map(
    config.groups.flatMap((g) => g.members.map((name) => [name, g] as const)),
  );
  const done = new Set<SyncGroup>();
  return config.instances.flatMap((instance): readonly Plan[] => {
    const group = groupOf.get(instance.name) ?? null;
    if (group === null) return [{ group, instances: [instance] }];
    if (done.has(group)) return [];
    done.add(group);
    return [{ group, instances: membersOf(group, config) }];
  });
}

const membersOf = (group: SyncGroup, config: Config): readonly Instance[] =>
  group.members.flatMap((name) => config.instances.filter((one) => one.name === name));

/** Whose state is the group's, when those who come together differ. */
const precedence: readonly State[] = ['master', 'backup', 'init', 'fault'];

/** One unit where all agree; otherwise one for each state, which group.ts brings together. */
function partsOf(group: SyncGroup | null, places: readonly Place[], at: Instant): readonly Unit[] {
  const stateOf = ({ unit }: Place): State => unit?.state ?? 'init';
  const found = precedence.filter((state) => places.some((place) => stateOf(place) === state));
  return found.map((state, i) => {
    const own = places.filter((place) => stateOf(place) === state);
    const units = own.flatMap(({ unit }) => unit ?? []);
    const [first] = units;
    return {
      name: group?.name ?? own[0]?.member.instance.name ?? '',
      group,
      apart: i > 0,
      members: own.map(({ member }) => member),
      state,
      since: units.reduce((latest, unit) => later(latest, unit.since), first?.since ?? at),
      reason: first?.reason ?? 'not started',
      preemptAt: units.find(({ preemptAt }) => preemptAt !== null)?.preemptAt ?? null,
      preempts: first !== undefined && units.every(({ preempts }) => preempts),
    };
  });
}
