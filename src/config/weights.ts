/**
 * What tracked weights can do to an election, as numbers alone: the priorities an instance can
 * come to, and who is master then. Knows no file and no words for people.
 */
import type { Instance, SyncGroup, Track } from './model';

/** `fault`: holds nothing, whatever the numbers. */
export type Effective = number | 'fault';

export interface Factor {
  readonly kind: 'script' | 'interface' | 'process';
  readonly name: string;
  readonly weight: number;
  /** being up is what lowers the priority. */
  readonly reverse: boolean;
}

/** The priorities of one instance: nothing wrong, one thing wrong, everything wrong. */
export interface PriorityRange {
  readonly base: number;
  readonly allWell: Effective;
  readonly singles: readonly { readonly factor: Factor; readonly to: Effective }[];
  readonly allIll: Effective;
}

export interface Contender {
  readonly range: PriorityRange;
  readonly preempt: boolean;
}

/**
 * takes-over: the standby becomes master. tie: equal, and a BACKUP discards only lower adverts, so
 * the master stays (RFC 9568 §6.4.2). stays: the master is higher. nopreempt: the standby is higher
 * and may not. nobody: both are in fault.
 */
export type Succession = 'takes-over' | 'tie' | 'stays' | 'nopreempt' | 'nobody';

export interface Case {
  /** who was master before something went wrong. */
  readonly master: 'own' | 'peer';
  /** where it goes wrong: at the master, or at both. */
  readonly at: 'master' | 'both';
  /** null: everything the side tracks. */
  readonly fails: Factor | null;
  readonly own: Effective;
  readonly peer: Effective;
  readonly succession: Succession;
}

export interface Winners {
  /** with nothing wrong; `either`: whoever is master first, else the higher address. */
  readonly atRest: 'own' | 'peer' | 'either' | 'nobody';
  readonly cases: readonly Case[];
}

const ownerPriority = 255;
const effectiveMin = 1;
const effectiveMax = 254;

/** Everything besides its own link that an instance tracks, its group's included. */
export function factorsOf(instance: Instance, group: SyncGroup | null): readonly Factor[] {
  const of = (kind: Factor['kind'], tracks: readonly Track[]): readonly Factor[] =>
    tracks.map(({ name, weight, reverse }) => ({ kind, name, weight, reverse }));
  return [
    ...of('interface', [...instance.trackInterfaces, ...(group?.trackInterfaces ?? [])]),
    ...of('script', [...instance.trackScripts, ...(group?.trackScripts ?? [])]),
    ...of('process', [...instance.trackProcesses, ...(group?.trackProcesses ?? [])]),
  ];
}

export function priorityRange(instance: Instance, group: SyncGroup | null): PriorityRange {
  const factors = factorsOf(instance, group);
  // The weights that a group takes from its members are gone already; its own count for all.
  const weighty = instance.priority !== ownerPriority;
  const effective = (isIll: (factor: Factor) => boolean): Effective => {
    if (factors.some((factor) => factor.weight === 0 && isIll(factor))) return 'fault';
    if (!weighty) return instance.priority;
    const total = factors.reduce(
      (sum, factor) => sum + contribution(factor, isIll(factor)),
      instance.priority,
    );
    return Math.min(effectiveMax, Math.max(effectiveMin, total));
  };
  return {
    base: instance.priority,
    allWell: effective(() => false),
    singles: factors.map((factor) => ({ factor, to: effective((one) => one === factor) })),
    allIll: effective(() => true),
  };
}

/** Well is always |weight| above ill; the sign and `reverse` say from where. */
function contribution({ weight, reverse }: Factor, ill: boolean): number {
  const isAdded = reverse ? weight < 0 : weight > 0;
  if (isAdded) return ill ? 0 : Math.abs(weight);
  return ill ? -Math.abs(weight) : 0;
}

/** What becomes of a master when it and its standby have come to these priorities. */
export function succession(
  master: Effective,
  standby: Effective,
  standbyPreempts: boolean,
): Succession {
  if (master === 'fault') return standby === 'fault' ? 'nobody' : 'takes-over';
  if (standby === 'fault' || standby < master) return 'stays';
  if (standby === master) return 'tie';
  return standbyPreempts ? 'takes-over' : 'nopreempt';
}

/** Both ends of one virtual router: who is master, and what each failure there changes. */
export function winners(own: Contender, peer: Contender): Winners {
  const atRest = restingMaster(own.range.allWell, peer.range.allWell);
  const cases: Case[] = [];
  if (atRest === 'own' || atRest === 'either') cases.push(...casesOf('own', own, peer));
  if (atRest === 'peer' || atRest === 'either') cases.push(...casesOf('peer', peer, own));
  return { atRest, cases };
}

function restingMaster(own: Effective, peer: Effective): Winners['atRest'] {
  if (own === 'fault') return peer === 'fault' ? 'nobody' : 'peer';
  if (peer === 'fault' || own > peer) return 'own';
  return own === peer ? 'either' : 'peer';
}

function casesOf(side: 'own' | 'peer', master: Contender, standby: Contender): readonly Case[] {
  const make = (
    at: Case['at'],
    fails: Factor | null,
    priority: Effective,
    other: Effective,
  ): Case => ({
    master: side,
    at,
    fails,
    own: side === 'own' ? priority : other,
    peer: side === 'own' ? other : priority,
    succession: succession(priority, other, standby.preempt),
  });
  const { singles, allIll } = master.range;
  const alone = singles.map(({ factor, to }) => make('master', factor, to, standby.range.allWell));
  const shared = singles.flatMap(({ factor, to }) => {
    const same = standby.range.singles.find(
      (other) => other.factor.kind === factor.kind && other.factor.name === factor.name,
    );
    return same === undefined ? [] : [make('both', factor, to, same.to)];
  });
  if (singles.length < 2) return [...alone, ...shared];
  return [...alone, make('master', null, allIll, standby.range.allWell), ...shared];
}
