/**
 * What is tracked at the end that is master: does its failure move the addresses to the other
 * end? A BACKUP takes over from a lower master alone, so a tie moves nothing (RFC 9568 §6.4.2).
 */
import { type Diagnostic, info, warning } from '../diagnostic';
import { placeOfWeight } from '../places';
import type { Span } from '../source';
import { placeOf } from '../values';
import { type Effective, type Factor, type Succession, succession } from '../weights';
import { type End, keywordPlace, type Pair, winnersOf } from './ends';
import { afterFailure, failureOf, isAdded, isSame, sumOf, wellSum } from './sums';

/** One failure at the end that is master. */
interface Failure {
  readonly factor: Factor;
  readonly isHere: boolean;
  readonly master: End;
  readonly standby: End;
}

export function failures(pair: Pair, all: readonly Pair[]): readonly Diagnostic[] {
  const { cases } = winnersOf(pair);
  return cases.flatMap((one) => {
    // Of a failure at both ends nobody expects that it moves anything.
    if (one.at !== 'master' || one.fails === null) return [];
    const isHere = one.master === 'own';
    const [master, standby] = isHere ? [pair.own, pair.other] : [pair.other, pair.own];
    const failure: Failure = { factor: one.fails, isHere, master, standby };
    const after = isHere ? one.own : one.peer;
    // A fault needs no arithmetic; a weight that moves nothing at all has its own rule.
    if (after === 'fault' || after === master.range.allWell) return [];
    if (one.succession !== 'takes-over') return [unmoved(failure, one.succession)];
    const fellow = heldBack(failure, pair, all);
    return fellow === null ? [] : [heldBackBy(failure, fellow)];
  });
}

function unmoved(failure: Failure, outcome: Succession): Diagnostic {
  const { factor, isHere, master, standby } = failure;
  const after = afterFailure(master, factor);
  const together = moveTogether(failure);
  // Some weights are meant to count only together.
  const make = together ? info : warning;
  const [where, there] = isHere ? ['here', 'there'] : ['there', 'here'];
  const what = `${failureOf(factor)} at ${isHere ? 'this' : 'the other'} end moves nothing`;
  const sums = `${where} ${sumOf(master)} falls to ${after}, ${there} it is ${sumOf(standby)}`;
  return make('peer-weight', spanOf(failure), what, {
    label: `${master.range.allWell} → ${after} ${where}, ${standby.range.allWell} ${there}`,
    why: `${sums}: ${verdict(outcome)}`,
    help: together ? 'all of its weights together would move it' : remedy(failure, outcome),
    related: relatedOf(failure),
  });
}

/** All its weighted failures at once, without those that are faults anyway. */
function moveTogether({ master, standby }: Failure): boolean {
  const { allWell, singles } = master.range;
  const standbyWell = standby.range.allWell;
  if (!standby.instance.preempt || allWell === 'fault' || standbyWell === 'fault') return false;
  const drops = singles.map(({ to }) => (to === 'fault' ? 0 : allWell - to));
  return allWell - drops.reduce((sum, drop) => sum + drop, 0) < standbyWell;
}

function verdict(outcome: Succession): string {
  switch (outcome) {
    case 'tie':
      return 'a tie, and a BACKUP takes over from a lower master alone (RFC 9568 §6.4.2)';
    case 'stays':
      return 'the master is still higher';
    case 'nopreempt':
      return 'lower, but nopreempt leaves even a lower master alone';
    case 'nobody':
      return 'nobody can take over';
    case 'takes-over':
      return 'taken over';
    default: {
      const never: never = outcome;
      return never;
    }
  }
}

/** More is not taken. */
const weightMax = 253;

const asFault = 'weight 0, which makes a failure a fault and gives the addresses up';

/** The smallest change of this weight that would do. */
function remedy({ factor, master, standby, isHere }: Failure, outcome: Succession): string {
  const where = isHere ? 'this' : 'the other';
  if (outcome === 'nopreempt') {
    return `no nopreempt at ${isHere ? 'the other' : 'this'} end; or ${asFault}`;
  }
  if (!standby.instance.preempt || factor.reverse) return asFault;
  const distance = wellSum(master) - wellSum(standby);
  const twin = standby.range.singles.find(({ factor: one }) => isSame(one, factor))?.factor;
  if (distance >= weightMax) return asFault;
  if (twin !== undefined && !twin.reverse && twin.weight === factor.weight) {
    const sign = factor.weight < 0 ? 'below -' : 'above ';
    return `a weight ${sign}${distance} at both ends, their distance; or ${asFault}`;
  }
  // Turned negative it no longer adds while it is well.
  const needed = distance - (isAdded(factor) ? factor.weight : 0) + 1;
  if (needed > weightMax) return asFault;
  return `a weight of -${needed} or lower at ${where} end; or ${asFault}`;
}

/** In a sync group the standby takes over all members or none: one that stays keeps the others. */
function heldBack(failure: Failure, pair: Pair, all: readonly Pair[]): Pair | null {
  const { factor, isHere, master, standby } = failure;
  if (standby.group === null) return null;
  const sideOf = (one: Pair): readonly [End, End] =>
    isHere ? [one.own, one.other] : [one.other, one.own];
  const moved = all.filter((one) => sideOf(one)[1].group?.name === standby.group?.name);
  const goesDown = moved.some((one) => {
    const [there] = sideOf(one);
    const isFellow = master.group !== null && there.group?.name === master.group.name;
    return isFellow && afterFailure(there, factor) === 'fault';
  });
  if (goesDown) return null;
  return (
    moved.find((one) => {
      const [there, here] = sideOf(one);
      if (one === pair) return false;
      const outcome = succession(
        afterFailure(there, factor),
        here.range.allWell,
        here.instance.preempt,
      );
      return outcome !== 'takes-over';
    }) ?? null
  );
}

function heldBackBy(failure: Failure, fellow: Pair): Diagnostic {
  const { factor, isHere, standby } = failure;
  const [there, here] = isHere ? [fellow.own, fellow.other] : [fellow.other, fellow.own];
  const after: Effective = afterFailure(there, factor);
  const what = `${failureOf(factor)} at ${isHere ? 'this' : 'the other'} end moves nothing`;
  return warning('peer-weight', spanOf(failure), what, {
    label: `${there.instance.name} stays: ${after} against ${here.range.allWell}`,
    why:
      `sync group ${standby.group?.name} takes over all of its members or none, and ` +
      `${there.instance.name} is not lower than its other end`,
    help: `track it in the sync group, for all members; or ${asFault}`,
    related: relatedOf(failure),
  });
}

/** In the own file: the weight, or the priority that the other end does not fall below. */
const spanOf = ({ factor, isHere, master, standby }: Failure): Span =>
  isHere ? placeOfWeight(master.built, master, factor) : placeOf(standby.reading, 'priority');

function relatedOf({ factor, isHere, master, standby }: Failure) {
  const weight = { span: placeOfWeight(master.built, master, factor), what: 'the weight there' };
  const priority = {
    span: placeOf(standby.reading, 'priority'),
    what: `the priority there: ${sumOf(standby)}`,
  };
  const nopreempt = { span: keywordPlace(standby, 'nopreempt'), what: 'nopreempt there' };
  if (!isHere) return [weight];
  return standby.instance.preempt ? [priority] : [priority, nopreempt];
}
