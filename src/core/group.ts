/**
 * A sync group that a reload has put together from instances that are not of one mind. Those that
 * come in may not be master unheard, since their virtual router may have a master elsewhere; those
 * that are master need not stand down for them. So the group is in parts for one silence at most,
 * and one again as soon as the parts agree, or cannot.
 */
import type { Global } from '../config/model';
import type { Instant } from '../time';
import type { Command } from './command';
import {
  judgePreemption,
  later,
  type Member,
  notifications,
  type State,
  type Stepped,
  standingOrders,
  stopUnit,
  type Unit,
} from './election';

type Joined = readonly [readonly Unit[], readonly Command[]];

/** Joins what can be joined. Asked after every event, so the usual answer must cost nothing. */
export function join(units: readonly Unit[], at: Instant, global: Global): Joined {
  const commands: Command[] = [];
  let all = units;
  for (let changed = all.some(({ apart }) => apart); changed; ) {
    changed = false;
    for (const part of all.filter(({ apart }) => apart)) {
      const main = all.find(({ apart, group }) => !apart && group === part.group);
      const joined = main === undefined ? null : joinTwo(main, part, at, global);
      if (joined === null) continue;
      commands.push(...joined[1]);
      all = all.flatMap((unit) => (unit === main ? [joined[0]] : unit === part ? [] : [unit]));
      changed = true;
      break;
    }
  }
  return [all, commands];
}

function joinTwo(main: Unit, part: Unit, at: Instant, global: Global): Stepped | null {
  const state = common(main, part);
  if (state === null) return null;
  const parts = [part, main];
  const movers = parts.filter((one) => one.state !== state);
  const unit = merge(main, part, state, at);
  const leaving = movers.filter((one) => one.state === 'master' || state === 'fault');
  const word = state === 'fault' ? 'FAULT' : 'BACKUP';
  return [
    unit,
    [
      ...leaving.flatMap(stopUnit),
      ...standingOrders(unit, global),
      // A group is told after its members, and by the part that speaks for it.
      ...movers.flatMap((one) =>
        notifications({ ...one, reason: unit.reason }, word, one.state, at),
      ),
    ],
  ];
}

/** Null: let them be for now. */
function common(main: Unit, part: Unit): State | null {
  if (main.state === part.state) return main.state;
  if (main.state === 'fault' || part.state === 'fault') return 'fault';
  const waits = part.state === 'init' || (part.state === 'backup' && !follows(part));
  return main.state === 'master' && waits ? null : 'backup';
}

/** Somebody else is master of it, and will not be replaced by us. */
const follows = (unit: Unit): boolean =>
  unit.members.some(
    ({ heard, instance, priority }) =>
      heard !== null &&
      heard.priority > 0 &&
      !(unit.preempts && instance.preempt && heard.priority < priority),
  );

function merge(main: Unit, part: Unit, state: State, at: Instant): Unit {
  const parts = [main, part];
  const agreed = parts.find((one) => one.state === state);
  // A silence that began while we were master, or could not hear, is none.
  const sinceOf = (one: Unit): Instant =>
    one.state === state || one.state === 'init' ? one.since : later(one.since, at);
  const unit: Unit = {
    ...main,
    members: inOrder(main, [...main.members, ...part.members]),
    state,
    since: later(sinceOf(main), sinceOf(part)),
    reason: agreed?.reason ?? main.reason,
    preemptAt: main.preemptAt ?? part.preemptAt,
    preempts: main.preempts && part.preempts,
  };
  return state === 'backup' ? judgePreemption(unit, at) : unit;
}

const inOrder = ({ group }: Unit, members: readonly Member[]): readonly Member[] =>
  group?.members.flatMap((name) => members.filter(({ instance }) => instance.name === name)) ??
  members;
