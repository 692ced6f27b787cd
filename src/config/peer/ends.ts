/**
 * The two ends of a virtual router as their files describe them, and which instance of one file
 * is the other end of which in the other: by VRID and addresses, else by addresses, VRID or name.
 */
import type { Built } from '../build';
import type { Diagnostic } from '../diagnostic';
import type { Instance } from '../model';
import { instancesOf, type PlacedInstance } from '../places';
import type { Span } from '../source';
import { directiveOf } from '../values';
import {
  type Contender,
  type PriorityRange,
  priorityRange,
  type Winners,
  winners,
} from '../weights';

export interface End extends PlacedInstance {
  readonly built: Built;
  readonly range: PriorityRange;
  /** advertised or only held. */
  readonly held: ReadonlySet<string>;
}

export interface Pair {
  readonly own: End;
  readonly other: End;
}

/** What one comparison has to say about one virtual router; `all` for who moves with it. */
export type Comparison = (pair: Pair, all: readonly Pair[]) => readonly Diagnostic[];

/** Every instance that could be built, with the priorities it can come to. */
export const endsOf = (built: Built): readonly End[] =>
  instancesOf(built).map((placed) => ({
    ...placed,
    built,
    range: priorityRange(placed.instance, placed.group),
    held: heldAt(placed.instance),
  }));

/**
 * Each instance has one other end at most, the likeliest first. Of equally likely ones those
 * that stand nearest to the top: the same ones, whichever file is asked about.
 */
export function pairsOf(own: readonly End[], other: readonly End[]): readonly Pair[] {
  const alike = indexOf(other);
  const candidates = own.flatMap((a, i) => {
    const known = new Set(keysOf(a).flatMap((key) => alike.get(key) ?? []));
    return [...known].map((j) => {
      const b = other[j] as End;
      return { a, b, likeness: likeness(a, b), depth: i + j };
    });
  });
  candidates.sort((x, y) => y.likeness - x.likeness || x.depth - y.depth);
  const taken = new Set<End>();
  const pairs: Pair[] = [];
  for (const { a, b } of candidates) {
    if (taken.has(a) || taken.has(b)) continue;
    taken.add(a).add(b);
    pairs.push({ own: a, other: b });
  }
  const order = new Map(own.map((end, index) => [end, index]));
  return pairs.sort((x, y) => (order.get(x.own) ?? 0) - (order.get(y.own) ?? 0));
}

/** What two ends can have in common; of one family. */
const keysOf = ({ instance: { family, vrid, name }, held }: End): readonly string[] =>
  [`vrid ${vrid}`, `name ${name}`, ...held].map((key) => `${family} ${key}`);

/** Thousands of instances are not compared each with each. */
function indexOf(ends: readonly End[]): ReadonlyMap<string, readonly number[]> {
  const index = new Map<string, number[]>();
  for (const [at, end] of ends.entries()) {
    for (const key of keysOf(end)) {
      const places = index.get(key);
      if (places === undefined) index.set(key, [at]);
      else places.push(at);
    }
  }
  return index;
}

function likeness(a: End, b: End): number {
  const addresses = sharesAddresses(a, b);
  const vrid = a.instance.vrid === b.instance.vrid;
  const name = a.instance.name === b.instance.name;
  const device = a.instance.interface === b.instance.interface;
  return (addresses ? 16 : 0) + (vrid ? 8 : 0) + (name ? 2 : 0) + (device ? 1 : 0);
}

/** One at least, advertised or only held; two empty lists are alike as well. */
export function sharesAddresses(a: End, b: End): boolean {
  if (a.held.size === 0 && b.held.size === 0) return a.instance.vrid === b.instance.vrid;
  for (const address of a.held) if (b.held.has(address)) return true;
  return false;
}

const heldAt = ({ addresses, excluded }: Instance): ReadonlySet<string> =>
  new Set([...addresses, ...excluded].map(({ address }) => address));

/** As it is called in a sentence; the other end may call it something else. */
export const nameOf = ({ own, other }: Pair): string =>
  own.instance.name === other.instance.name
    ? own.instance.name
    : `${own.instance.name} (${other.instance.name} there)`;

/** The keyword of a directive, or the name of the instance that lacks it. */
export const keywordPlace = ({ reading }: End, word: string): Span =>
  directiveOf(reading, word)?.keyword.span ?? reading.span;

const contenderOf = ({ range, instance }: End): Contender => ({ range, preempt: instance.preempt });

export const winnersOf = ({ own, other }: Pair): Winners =>
  winners(contenderOf(own), contenderOf(other));
