/**
 * What has come of a deed, in words: who holds the addresses now, and why the others do not.
 */
import type { Member, Unit } from '../core/election';
import { formatDuration, microseconds } from '../time';
import { type Chronicle, named, nodeAt, serves, unheldOf } from './chronicle';
import type { Lan } from './lan';
import type { NginxState } from './nginx-service';
import { nodeOf, type Router } from './router';
import type { Stage } from './stage';
import type { Seat, Service } from './world';

/** Shorter than this is a handover, not an outage. */
const OUTAGE_MIN = microseconds(1000);

export interface Standing {
  /** who serves each service, by the number of the node. */
  readonly masters: readonly (readonly number[])[];
  /** states and priorities, to see whether a deed has changed any. */
  readonly facts: readonly string[];
}

export function standingOf(chronicle: Chronicle): Standing {
  const { services, routers } = chronicle;
  return {
    masters: services.map(({ members }) =>
      members.filter((seat) => serves(chronicle, seat)).map(({ node }) => node),
    ),
    facts: services.map(({ members }) =>
      members
        .map((seat) => {
          const place = placeOf(routers[seat.node], seat);
          return `${place?.unit.state} ${place?.member.priority}`;
        })
        .join(),
    ),
  };
}

/** One line for each service that is not as it was, or that has no single master. */
export function verdicts(stage: Stage, before: Standing | null): readonly string[] {
  const { chronicle, lan } = stage;
  const { masters, facts } = standingOf(chronicle);
  return chronicle.services.flatMap((service, i) => {
    const now = masters[i] ?? [];
    const then = before?.masters[i] ?? null;
    const unheld = unheldOf(chronicle, i);
    const gap = then === null || unheld < OUTAGE_MIN ? '' : formatDuration(unheld);
    const seat = service.members.find(({ node }) => node === now[0]);
    if (seat === undefined) return [nobody(chronicle, service)];
    if (now.length > 1) return [several(chronicle, lan, service, now)];
    if (then === null) return [];
    const moved = then[0] !== seat.node || then.length > 1;
    if (moved) return [arrived(chronicle, service, seat, then, gap)];
    const same = facts[i] === before?.facts[i];
    const ill = illness[stage.nginx[seat.node]?.state ?? 'well'];
    if (same && gap === '' && ill === '') return [];
    const away = gap === '' ? '' : `, after ${gap} in which nobody held it`;
    const why = whyOthersDoNot(chronicle, service, seat);
    const name = nameOf(chronicle, seat.node);
    return [`${service.name} stays on ${name}${ill}${away}${why === '' ? '' : `: ${why}`}`];
  });
}

const illness: Readonly<Record<NginxState, string>> = {
  well: '',
  dead: ', where nginx is gone',
  broken: ', where nginx is gone',
  hung: ', where nginx does not answer',
};

const nameOf = ({ routers }: Chronicle, node: number): string => routers[node]?.spec.name ?? '';

function arrived(
  chronicle: Chronicle,
  service: Service,
  seat: Seat,
  then: readonly number[],
  gap: string,
): string {
  const name = nameOf(chronicle, seat.node);
  const from = then.map((node) => nameOf(chronicle, node)).join(' and ');
  const away = gap === '' ? 'it was held all the time' : `nobody held it for ${gap}`;
  if (then.length > 1) return `${service.name} is on ${name} alone now: it was on ${from} at once`;
  const whence = then.length === 0 ? '' : `it was on ${from}, and `;
  return `${service.name} is on ${name} now: ${whence}${away}`;
}

function nobody(chronicle: Chronicle, service: Service): string {
  const why = service.members.map(
    (seat) => `${nameOf(chronicle, seat.node)} ${idle(chronicle, seat)}`,
  );
  return `nobody holds ${service.name}: ${why.join('; ')}`;
}

/** Why this one holds nothing, whatever the others do. */
function idle(chronicle: Chronicle, seat: Seat): string {
  const router = chronicle.routers[seat.node];
  if (router === undefined || router.plane === null) return 'does not run';
  if (router.paused) return 'is paused';
  const place = placeOf(router, seat);
  if (place === null) return 'has no such instance any more';
  const { unit } = place;
  if (unit.state === 'fault') return `is in FAULT (${named(chronicle, unit.reason)})`;
  if (unit.state === 'init') return `takes no part (${named(chronicle, unit.reason)})`;
  return unit.state === 'master' ? 'is cut off' : 'is BACKUP';
}

function several(
  chronicle: Chronicle,
  lan: Lan,
  service: Service,
  nodes: readonly number[],
): string {
  const names = nodes.map((node) => nameOf(chronicle, node)).join(' and ');
  const why = deafness(chronicle, lan, service, nodes);
  return `${names} hold ${service.name} at the same time: ${why}`;
}

function deafness(
  chronicle: Chronicle,
  lan: Lan,
  service: Service,
  [first = 0, second = 0]: readonly number[],
): string {
  if (!lan.clear(first, second)) return 'they are cut off from each other';
  const { routers } = chronicle;
  const vrids = service.members
    .filter(({ node }) => node === first || node === second)
    .map(({ instance }) => instance.vrid);
  for (const [key, why] of chronicle.refusals) {
    const [node, source = '', vrid] = key.split(' ');
    const sender = nodeAt(chronicle, source);
    const pair = [routers[first]?.spec.name, routers[second]?.spec.name];
    if (!pair.includes(node) || !pair.includes(sender ?? '') || !vrids.includes(Number(vrid))) {
      continue;
    }
    return `${node} drops the adverts of ${sender}: ${why}`;
  }
  const [one, other] = vrids;
  if (one !== other) return `virtual_router_id is ${one} here and ${other} there`;
  const astray = [first, second].flatMap((from) => {
    const to = routers[from === first ? second : first];
    return to === undefined ? [] : (strays(chronicle, service, from, to) ?? []);
  });
  return astray[0] ?? 'the adverts of one do not reach the other';
}

/** Unicast to addresses that the other does not have, or to a group that it is not in. */
function strays(chronicle: Chronicle, service: Service, from: number, to: Router): string | null {
  const seat = service.members.find(({ node }) => node === from);
  const station = chronicle.routers[from]?.plane?.stations.get(seat?.key ?? '');
  if (station === undefined || !station.unicast) return null;
  const own = [...to.spec.addresses.values()].flat();
  if (station.destinations.some((address) => own.includes(address))) return null;
  const sent = `${nameOf(chronicle, from)} sends to ${station.destinations.join(', ')} alone`;
  return own.length === 0 ? sent : `${sent}, and ${to.spec.name} has ${own.join(', ')}`;
}

// ---- why a backup stays one

function whyOthersDoNot(chronicle: Chronicle, service: Service, master: Seat): string {
  const place = placeOf(chronicle.routers[master.node], master);
  const others = service.members.filter((seat) => seat !== master);
  if (place === null || others.length === 0) return '';
  return others
    .map((seat) => `${nameOf(chronicle, seat.node)} ${whyNot(chronicle, seat, place)}`)
    .join('; ');
}

interface Place {
  readonly unit: Unit;
  readonly member: Member;
}

export function placeOf(router: Router | undefined, { key }: Seat): Place | null {
  const node = router === undefined ? null : nodeOf(router);
  for (const unit of node?.units ?? []) {
    const member = unit.members.find((one) => one.key === key);
    if (member !== undefined) return { unit, member };
  }
  return null;
}

function whyNot(chronicle: Chronicle, seat: Seat, master: Place): string {
  const router = chronicle.routers[seat.node];
  const place = placeOf(router, seat);
  if (router?.plane == null || router.paused || place?.unit.state !== 'backup') {
    return idle(chronicle, seat);
  }
  const { member, unit } = place;
  const own = sum(member);
  const theirs = master.member.priority;
  if (member.priority < theirs) return `has ${own}, which is lower than ${sum(master.member)}`;
  if (member.priority === theirs) {
    return (
      `has ${own} as well: a tie, and a BACKUP takes over from a lower master alone, ` +
      'never from an equal one (RFC 9568 §6.4.2)'
    );
  }
  if (!member.instance.preempt) {
    return `has ${own}, which is higher, but nopreempt leaves even a lower master alone`;
  }
  if (unit.preemptAt !== null) return `has ${own}, which is higher, and waits for preempt_delay`;
  const fellow = unit.members.find((one) => one !== member && !isHigher(one));
  return fellow === undefined
    ? `has ${own}, which is higher`
    : `has ${own}, but ${unit.name} takes over all of its members or none, and ` +
        `${fellow.instance.name} is not higher than its master`;
}

const isHigher = ({ heard, priority }: Member): boolean =>
  heard === null || heard.priority < priority;

/** '104 = 102 + 2 (script chk)' */
export const sum = ({ priority, arithmetic }: Pick<Member, 'priority' | 'arithmetic'>): string =>
  arithmetic === `${priority}` ? arithmetic : `${priority} = ${arithmetic}`;
