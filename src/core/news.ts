/**
 * What is told beside the changes of state that an election makes: who is gone, what a master has
 * heard, other priorities. Each is told once, since adverts and priorities are reported once.
 */

import type { Instant } from '../time';
import type { Command, Notify } from './command';
import { type Member, PREVIOUS, type Unit } from './election';
import type { Event } from './event';

/**
 * Those whom a reload has removed. keepalived: FAULT for one that does not say notify_deleted, and
 * nothing of a group, which is its members.
 */
export function farewells(
  units: readonly Unit[],
  gone: readonly Member[],
  at: Instant,
): readonly Command[] {
  return gone.flatMap((member) => {
    const unit = units.find(({ members }) => members.includes(member));
    if (unit === undefined) return [];
    const state = member.instance.notify.tellsDeleted ? 'DELETED' : 'FAULT';
    const reason = 'a reload removed it';
    return [{ ...ofMember(unit, member, at), state, reason, gone: true }];
  });
}

/** The same state under another priority. A new state tells its priority by itself. */
export function priorityNews(before: Unit, now: Unit, at: Instant): readonly Command[] {
  if (before.state !== now.state || now.state === 'init') return [];
  return now.members.flatMap((member) => {
    const old = before.members.find(({ key }) => key === member.key);
    const wanted = member.instance.notify.priorities || now.group?.notify.priorities === true;
    if (!wanted || old === undefined || old.priority === member.priority) return [];
    const reason = `priority ${member.arithmetic}`;
    return [{ ...ofMember(now, member, at), reason, remark: 'priority' }];
  });
}

/** A master that loses is heard: whoever keeps something outside in step sets it anew. */
export function lowerAdvertNews(unit: Unit, event: Event): readonly Command[] {
  if (event.kind !== 'advert-received' || unit.state !== 'master') return [];
  const member = unit.members.find(({ key }) => key === event.instance);
  const { source, priority } = event.advert;
  // An equal priority loses by its address; a resignation is no claim.
  if (member === undefined || priority === 0 || priority > member.priority) return [];
  const reason = `${source} advertises priority ${priority}`;
  return [{ ...ofMember(unit, member, event.at), reason, remark: 'lower-advert' }];
}

/** States that a reload has left as they were: fifo_write_vrrp_states_on_reload. */
export function repeats(
  before: readonly Unit[],
  now: readonly Unit[],
  at: Instant,
): readonly Command[] {
  const states = new Map(
    before.flatMap(({ members, state }) => members.map(({ key }) => [key, state] as const)),
  );
  const instances: Notify[] = [];
  const groups: Notify[] = [];
  for (const unit of now) {
    if (unit.state === 'init') continue;
    const same = unit.members.filter(({ key }) => states.get(key) === unit.state);
    for (const member of same) {
      instances.push({ ...ofMember(unit, member, at), remark: 'repeated' });
    }
    const { group, apart, members } = unit;
    const [first] = members;
    if (group === null || apart || first === undefined || same.length < members.length) continue;
    const told = ofMember(unit, first, at);
    groups.push({ ...told, scope: 'GROUP', name: group.name, priority: 0, remark: 'repeated' });
  }
  return [...instances, ...groups];
}

const WORDS = { init: 'BACKUP', backup: 'BACKUP', master: 'MASTER', fault: 'FAULT' } as const;

const ofMember = (unit: Unit, { instance, priority }: Member, at: Instant): Notify => ({
  kind: 'notify',
  at,
  scope: 'INSTANCE',
  name: instance.name,
  state: WORDS[unit.state],
  previous: PREVIOUS[unit.state],
  reason: unit.reason,
  priority,
});
