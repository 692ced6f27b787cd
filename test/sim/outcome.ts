/**
 * What must be true of the whole network at chosen moments: one master after healing, the best one
 * where it preempts, a successor for a dead master, and what a hanging master owes to its peers.
 */
import type { Member, Unit } from '../../src/core/election';
import { holds, instancesOf, nodeOf, type Router } from '../../src/simulate/router';
import { type Rule, Violation } from './checks';

export const mastersOf = (routers: readonly Router[], instance: string): Router[] =>
  routers.filter((router) => holds(router, instance));

/** Exactly one master of each instance, and the best where it has a right to it. */
export function oneMaster(routers: readonly Router[], rule: Rule): void {
  const [first] = routers;
  if (first === undefined) return;
  for (const name of instancesOf(first).keys()) {
    const masters = mastersOf(routers, name);
    if (masters.length === 1) continue;
    const who = masters.map((router) => router.spec.name).join(' and ');
    throw new Violation(rule, `${who === '' ? 'nobody' : who} holds ${name}`);
  }
}

/** The highest priority wins where that node preempts; a group only if it is best in everything. */
export function bestIsMaster(routers: readonly Router[]): void {
  for (const router of routers) {
    for (const unit of nodeOf(router)?.units ?? []) {
      if (!unit.members.every((member) => member.instance.preempt)) continue;
      if (unit.state === 'fault' || unit.state === 'init') continue;
      if (!unit.members.every((member) => bestAt(member, router, routers))) continue;
      if (unit.state === 'master') continue;
      throw new Violation(
        'the best is not master after healing',
        `${router.spec.name} is ${unit.state} of ${unit.name} (${unit.reason})`,
      );
    }
  }
}

function bestAt(member: Member, router: Router, routers: readonly Router[]): boolean {
  return routers.every((other) => {
    if (other === router) return true;
    const theirs = memberOf(other, member.key);
    return theirs === null || theirs.priority < member.priority;
  });
}

function memberOf(router: Router, key: string): Member | null {
  for (const unit of nodeOf(router)?.units ?? []) {
    const member = unit.members.find((m) => m.key === key);
    if (member !== undefined) return inPlay(unit) ? member : null;
  }
  return null;
}

const inPlay = (unit: Unit): boolean => unit.state === 'backup' || unit.state === 'master';
