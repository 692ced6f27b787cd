/**
 * The words for what weights do to priorities: the sum, and why equal is not enough.
 */
import type { Instance } from './model';
import type { Factor } from './weights';

export function troubleOf({ kind, reverse }: Factor): string {
  if (kind === 'interface') return reverse ? 'it is up' : 'it is down';
  if (kind === 'process') return reverse ? 'it has its quorum' : 'it has no quorum';
  return reverse ? 'it succeeds' : 'it fails';
}

/** For a master that falls from `well` to `ill`; a peer tracks the same as a rule. */
export function whyEqualWaits({ priority }: Instance, well: number, ill: number): string {
  const added = well - priority;
  const twin = ill - added;
  const sum = added > 0 && twin >= 1 ? `${twin} + ${added} = ` : '';
  return (
    `a peer at ${sum}${ill} is equal then, and a BACKUP takes over from a lower master alone, ` +
    'never from an equal one (RFC 9568 §6.4.2)'
  );
}
