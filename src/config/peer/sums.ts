/**
 * The sums behind an effective priority, written out as somebody would on paper.
 */
import { type Effective, type Factor, factorsOf } from '../weights';
import type { End } from './ends';

/** A longer sum is told by its total. */
const addendsMax = 4;

/** With nothing wrong: `102`, or `102 + 2 = 104`. */
export function sumOf(end: End): string {
  const { range } = end;
  const total = range.allWell;
  const sum = wellSum(end);
  if (total === range.base) return `${total}`;
  const addends = addendsOf(end);
  const parts = addends.length > addendsMax ? [sum - range.base] : addends;
  const limit = sum === total ? '' : `, at most ${total}`;
  return `${[range.base, ...parts].join(' + ')} = ${sum}${limit}`;
}

/** The effective priority with nothing wrong, were it not cut to 254. */
export function wellSum(end: End): number {
  // Weights that count for nothing leave the base as it is, at an owner and in some groups.
  if (end.range.allWell === end.range.base) return end.range.base;
  return addendsOf(end).reduce((before, one) => before + one, end.range.base);
}

const addendsOf = ({ instance, group }: End): readonly number[] =>
  factorsOf(instance, group)
    .filter(isAdded)
    .map(({ weight }) => Math.abs(weight));

/** Counts while it is well; the others subtract while they are not. */
export const isAdded = ({ weight, reverse }: Factor): boolean =>
  reverse ? weight < 0 : weight > 0;

/** What one failure makes of the priority at that end. */
export function afterFailure(end: End, factor: Factor): Effective {
  const single = end.range.singles.find(({ factor: one }) => isSame(one, factor));
  return single?.to ?? end.range.allWell;
}

export const isSame = (a: Factor, b: Factor): boolean => a.kind === b.kind && a.name === b.name;

/** `'chk_nginx' failing`, `'eth1' going down`. */
export function failureOf({ kind, name, reverse }: Factor): string {
  switch (kind) {
    case 'script':
      return `'${name}' ${reverse ? 'succeeding' : 'failing'}`;
    case 'interface':
      return `'${name}' going ${reverse ? 'up' : 'down'}`;
    case 'process':
      return `'${name}' ${reverse ? 'gaining' : 'losing'} its quorum`;
    default: {
      const never: never = kind;
      return never;
    }
  }
}
