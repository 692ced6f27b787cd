/**
 * One election. It is held by a unit: one VRRP instance, or the instances of a sync group, which
 * are master together or not at all. A lone instance is a unit of one; there is no other case.
 *
 * init · backup · master · fault are keepalived's words; RFC 9568 says Initialize, Backup, Active.
 * First decide the next state, then enter it in one function, which alone makes its commands.
 * Silence is not measured here: the data plane does that on our standing order and reports.
 */
import type { Global, Instance, SyncGroup } from '../config/model';
import { after, type Duration, type Instant } from '../time';
import type { Command, Notify, NotifyState, PreviousState, Watch } from './command';
import type { Advert, Event, TookOver, Yielded } from './event';
import { advertTerms, watchMember } from './orders';
import { OWNER, type Standing } from './priority';

export type State = 'init' | 'backup' | 'master' | 'fault';

export interface Unit {
  /** the sync group's name, or the instance's. */
  readonly name: string;
  readonly group: SyncGroup | null;
  /** came into a group that goes on without it: listens first, and does not speak for the group. */
  readonly apart: boolean;
  readonly members: readonly Member[];
  readonly state: State;
  readonly since: Instant;
  /** why it is in this state, in words. */
  readonly reason: string;
  /** when the running preempt_delay ends. */
  readonly preemptAt: Instant | null;
  /** the preempt_delay is over (or there is none): lower masters are ignored. */
  readonly preempts: boolean;
}

export interface Member {
  /** how the data plane knows it; a rename does not touch it. */
  readonly key: string;
  readonly instance: Instance;
  /** the turn that our orders must name; see command.ts. */
  readonly turn: number;
  /** effective. */
  readonly priority: number;
  readonly arithmetic: string;
  /** what its adverts are sent from; null: it has nothing to send from. */
  readonly source: string | null;
  /** the last advert heard from somebody else. */
  readonly heard: Advert | null;
}

export type Stepped = readonly [Unit, readonly Command[]];

const unchanged = (unit: Unit): Stepped => [unit, []];

/** An event of the data plane about this unit, or its alarm. */
export function stepUnit(unit: Unit, event: Event, global: Global): Stepped {
  switch (event.kind) {
    case 'took-over':
      return tookOver(unit, event, global);
    case 'yielded':
      return yielded(unit, event, global);
    case 'advert-received':
      return advertReceived(unit, event.instance, event.advert, event.at, global);
    case 'lease-lapsed':
      return leaseLapsed(unit, event.at, global);
    case 'woken':
      return woken(unit, event.at, global);
    default:
      // Not about a unit: node.ts routes only these here.
      return unchanged(unit);
  }
}

/** The surroundings changed: faults and priorities anew. */
export function reconsider(
  unit: Unit,
  standings: readonly Standing[],
  at: Instant,
  global: Global,
): Stepped {
  const faults = standings.flatMap((standing, i) => {
    const name = unit.members[i]?.instance.name ?? '';
    return standing.faults.map((fault) => (unit.group === null ? fault : `${name}: ${fault}`));
  });
  for (const member of unit.members) {
    if (member.source === null && faults.length === 0) {
      const { family, interface: name } = member.instance;
      const what = family === 4 ? 'IPv4' : 'IPv6 link-local';
      faults.push(`no ${what} address for interface ${name}`);
    }
  }
  const moved: Unit = {
    ...unit,
    members: unit.members.map((member, i) => ({
      ...member,
      priority: standings[i]?.priority ?? member.priority,
      arithmetic: standings[i]?.arithmetic ?? member.arithmetic,
    })),
  };
  if (faults.length > 0) {
    const reason = faults.join('; ');
    return unit.state === 'fault'
      ? unchanged({ ...moved, reason })
      : enter(moved, 'fault', at, reason, global);
  }
  const waiting = standings.some((standing) => standing.undecided);
  if (unit.state === 'init' || unit.state === 'fault') {
    if (waiting) {
      const reason = 'waiting for the first result of what is tracked';
      return unchanged(unit.state === 'init' ? { ...moved, reason } : moved);
    }
    return isOwner(moved) && !moved.apart
      ? enter(moved, 'master', at, 'owner of the addresses (priority 255)', global)
      : enter(moved, 'backup', at, unit.state === 'init' ? 'started' : 'the fault is over', global);
  }
  const judged = unit.state === 'backup' ? judgePreemption(moved, at) : moved;
  const changed =
    judged.preempts !== unit.preempts ||
    judged.members.some((m, i) => m.priority !== unit.members[i]?.priority);
  return changed ? [judged, standingOrders(judged, global)] : unchanged(judged);
}

/** When the unit itself must look again. */
export function unitDeadline(unit: Unit): { readonly at: Instant; readonly why: string } | null {
  if (unit.state !== 'backup' || unit.preemptAt === null || unit.preempts) return null;
  return { at: unit.preemptAt, why: `preempt_delay of ${unit.name} ends` };
}

/** The orders that hold in this state; none outside backup and master. */
export function standingOrders(unit: Unit, global: Global): readonly Command[] {
  if (unit.state === 'master') {
    return unit.members.map((member) => ({
      kind: 'advertise',
      turn: member.turn,
      ...advertTerms(member, fellowsOf(unit), global),
    }));
  }
  if (unit.state !== 'backup') return [];
  const watch: Watch = {
    kind: 'watch',
    since: unit.since,
    members: unit.members.map((member) =>
      watchMember(member, unit.preempts && member.instance.preempt, fellowsOf(unit), global),
    ),
  };
  return [watch];
}

/** Leave the network: priority 0 where master, then STOP to whoever wants to know. */
export function stopUnit(unit: Unit): readonly Command[] {
  return unit.members.map((member) => ({ kind: 'resign', instance: member.key }));
}

/** Who is told of `state`: its members, then the group for which it speaks. */
export function notifications(
  { group, apart, members, reason }: Unit,
  state: NotifyState,
  before: State,
  at: Instant,
): readonly Command[] {
  const previous = PREVIOUS[before];
  const told = { kind: 'notify', at, state, previous, reason } as const;
  const commands: Notify[] = members.map(({ instance, priority, arithmetic }) => ({
    ...told,
    scope: 'INSTANCE',
    name: instance.name,
    priority,
    arithmetic,
  }));
  if (group !== null && !apart) {
    commands.push({ ...told, scope: 'GROUP', name: group.name, priority: 0 });
  }
  return commands;
}

export const PREVIOUS: Readonly<Record<State, PreviousState>> = {
  init: 'INIT',
  backup: 'BACKUP',
  master: 'MASTER',
  fault: 'FAULT',
};

// ---- decisions

function tookOver(unit: Unit, event: TookOver, global: Global): Stepped {
  if (!concerns(unit, event)) return unchanged(unit);
  const turned = turn(unit, event.instances, event.turn);
  switch (unit.state) {
    case 'backup': {
      const alone = among(turned, event.instances);
      // By an order from before they were joined: it has to wait for the others.
      return alone.members.length < unit.members.length
        ? [turned, [...stopUnit(alone), ...standingOrders(turned, global)]]
        : enter(turned, 'master', event.at, silenceReason(unit), global);
    }
    case 'master':
      return [turned, standingOrders(turned, global)];
    case 'init':
    case 'fault':
      // The policy wins a race: it left while the data plane carried out the old order.
      return [turned, stopUnit(turned)];
  }
}

function yielded(unit: Unit, event: Yielded, global: Global): Stepped {
  if (!concerns(unit, event)) return unchanged(unit);
  const turned = hear(turn(unit, event.instances, event.turn), event.instance, event.advert);
  if (unit.state !== 'master') return [turned, standingOrders(turned, global)];
  const { source, priority } = event.advert;
  const reason = `${source} advertises priority ${priority}`;
  const [next, commands] = enter(turned, 'backup', event.at, reason, global);
  // Those who were joined to it since then did not give way with it.
  const others = unit.members.filter(({ key }) => !event.instances.includes(key));
  return [next, [...stopUnit({ ...unit, members: others }), ...commands]];
}

function advertReceived(
  unit: Unit,
  key: string,
  advert: Advert,
  at: Instant,
  global: Global,
): Stepped {
  if (!unit.members.some((member) => member.key === key)) return unchanged(unit);
  const heard = hear(unit, key, advert);
  if (unit.state !== 'backup') return unchanged(heard);
  const judged = judgePreemption(heard, at);
  return judged.preempts === unit.preempts
    ? unchanged(judged)
    : [judged, standingOrders(judged, global)];
}

/**
 * preempt_delay runs from the first advert of a lower master; hearing a better one ends it, and it
 * begins anew next time. Adverts are reported once, so this is asked whenever an answer may change.
 */
export function judgePreemption(unit: Unit, at: Instant): Unit {
  const delay = preemptDelay(unit);
  if (delay === 0) return { ...unit, preemptAt: null, preempts: true };
  const heard = unit.members.flatMap((m) =>
    m.heard === null || m.heard.priority === 0
      ? []
      : [{ own: m.priority, other: m.heard.priority }],
  );
  if (heard.some(({ own, other }) => other >= own)) {
    return { ...unit, preemptAt: null, preempts: false };
  }
  if (heard.length === 0 || unit.preempts || unit.preemptAt !== null) return unit;
  return { ...unit, preemptAt: after(at, delay) };
}

function leaseLapsed(unit: Unit, at: Instant, global: Global): Stepped {
  if (unit.state === 'master' && global.onStall === 'resign') {
    const [next, commands] = enter(
      unit,
      'backup',
      at,
      'the control plane hung; on_stall resign',
      global,
    );
    // Orders given before we knew of the lapse may have made it master again.
    return [next, [...stopUnit(unit), ...commands]];
  }
  // What the data plane dropped is ordered again; silence counts from when we stopped listening.
  const renewed = unit.state === 'backup' ? { ...unit, since: later(unit.since, at) } : unit;
  return [renewed, standingOrders(renewed, global)];
}

function woken(unit: Unit, at: Instant, global: Global): Stepped {
  const due = unitDeadline(unit);
  if (due === null || at < due.at) return unchanged(unit);
  const preempting: Unit = { ...unit, preempts: true };
  return [preempting, standingOrders(preempting, global)];
}

// ---- entering a state

const NOTIFIED: Readonly<Record<State, NotifyState | null>> = {
  init: null,
  backup: 'BACKUP',
  master: 'MASTER',
  fault: 'FAULT',
};

function enter(unit: Unit, state: State, at: Instant, reason: string, global: Global): Stepped {
  const next: Unit = {
    ...unit,
    // What was heard before a fault says nothing about who is there after it.
    members: state === 'fault' ? unit.members.map((m) => ({ ...m, heard: null })) : unit.members,
    state,
    since: later(unit.since, at),
    reason,
    preemptAt: null,
    preempts: state === 'backup' && preemptDelay(unit) === 0,
  };
  const commands: Command[] = [];
  if (state === 'fault' || state === 'init') commands.push(...stopUnit(unit));
  commands.push(...standingOrders(next, global));
  const notified = NOTIFIED[state];
  if (notified !== null) commands.push(...notifications(next, notified, unit.state, at));
  return [next, commands];
}

// ---- small answers

const isOwner = (unit: Unit): boolean =>
  unit.members.every((member) => member.instance.priority === OWNER);

const fellowsOf = (unit: Unit): readonly string[] =>
  unit.members.length < 2 ? [] : unit.members.map((member) => member.key);

/** Events of the two sides may be handled out of order: silence must not begin in the past. */
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** Turns only grow: an event of an earlier life of the same instance is none of ours. */
const concerns = (unit: Unit, event: TookOver | Yielded): boolean =>
  unit.members.some((m) => event.instances.includes(m.key) && event.turn > m.turn);

const preemptDelay = (unit: Unit): Duration =>
  unit.members.reduce<Duration>((longest, { instance }) => {
    const delay = instance.preempt ? instance.preemptDelay : (0 as Duration);
    return delay > longest ? delay : longest;
  }, 0 as Duration);

const among = (unit: Unit, keys: readonly string[]): Unit => ({
  ...unit,
  members: unit.members.filter(({ key }) => keys.includes(key)),
});

const turn = (unit: Unit, keys: readonly string[], value: number): Unit => ({
  ...unit,
  members: unit.members.map((member) =>
    keys.includes(member.key) ? { ...member, turn: value } : member,
  ),
});

const hear = (unit: Unit, key: string, advert: Advert): Unit => ({
  ...unit,
  members: unit.members.map((member) =>
    member.key === key ? { ...member, heard: advert } : member,
  ),
});

function silenceReason(unit: Unit): string {
  const heard = unit.members.find((member) => member.heard !== null)?.heard;
  if (heard === undefined || heard === null) return 'no other router advertises';
  if (heard.priority === 0) return `${heard.source} resigned`;
  const lower = unit.members.some((m) => m.heard !== null && m.heard.priority < m.priority);
  return lower
    ? `our priority is higher than that of ${heard.source} (${heard.priority})`
    : `no advert from ${heard.source} for the master-down time`;
}
