/**
 * A configuration → its units: sync groups, and the instances that are in none. What stays the same
 * unit over a reload keeps its state, its turns and what it has heard.
 */
import type { Config, Instance, SyncGroup } from '../config/model';
import type { Instant } from '../time';
import type { Member, Unit } from './election';

/** The units of a configuration; those of `kept` go on with their state under new terms. */
export function unitsOf(config: Config, kept: readonly Unit[], turn: number, at: Instant): Unit[] {
  const grouped = new Map<string, SyncGroup>();
  for (const group of config.groups) {
    for (const name of group.members) grouped.set(name, group);
  }
  const done = new Set<string>();
  const units: Unit[] = [];
  for (const instance of config.instances) {
    const group = grouped.get(instance.name) ?? null;
    const name = group?.name ?? instance.name;
    const key = group === null ? `i ${name}` : `g ${name}`;
    if (done.has(key)) continue;
    done.add(key);
    const instances = group === null ? [instance] : membersOf(group, config);
    units.push(newUnit(name, group, instances, kept, turn, at));
  }
  return units;
}

function newUnit(
  name: string,
  group: SyncGroup | null,
  instances: readonly Instance[],
  kept: readonly Unit[],
  turn: number,
  at: Instant,
): Unit {
  const old = kept.find((u) => u.name === name && (u.group === null) === (group === null));
  const members = instances.map((instance): Member => {
    const before = old?.members.find((member) => member.instance.name === instance.name);
    return before !== undefined
      ? { ...before, instance }
      : {
          instance,
          turn,
          priority: instance.priority,
          arithmetic: `${instance.priority}`,
          source: null,
          heard: null,
        };
  });
  if (old !== undefined) return { ...old, group, members };
  return {
    name,
    group,
    members,
    state: 'init',
    since: at,
    reason: 'not started',
    preemptAt: null,
    preempts: false,
  };
}

const membersOf = (group: SyncGroup, config: Config): Instance[] =>
  group.members.flatMap((name) => config.instances.filter((i) => i.name === name));

/** What makes an instance another one: where, which family, which VRID. */
const identity = (instance: Instance): string =>
  `${instance.name} ${instance.interface} ${instance.family} ${instance.version} ${instance.vrid}`;

/** Whether the unit stands in the new configuration too, with the same instances. */
export function sameUnit(unit: Unit, config: Config): boolean {
  const named = config.groups.find((g) => g.name === unit.name) ?? null;
  const group = unit.group === null ? null : named;
  if (unit.group !== null && group === null) return false;
  const grouped = new Set(config.groups.flatMap((g) => [...g.members]));
  const instances =
    group === null
      ? config.instances.filter((i) => i.name === unit.name && !grouped.has(i.name))
      : membersOf(group, config);
  const now = instances.map(identity).sort().join('\n');
  return (
    now ===
    unit.members
      .map((m) => identity(m.instance))
      .sort()
      .join('\n')
  );
}
