/**
 * `n [reverse]`: what a check does to the priority, where it is defined and where it is tracked.
 * Each of keepalived's places has its own range and its own answer to a value outside of it.
 */
import { type Report, warning } from './diagnostic';
import type { Word } from './parser';

/** The largest step that the effective priority, 1..254, can make. */
export const weightMax = 253;
/** A number in a file may be negative: with 254 it can still say that all is lost. */
export const fileWeightMax = 254;

export interface Weight {
  /** null: what would count without it. */
  readonly weight: number | null;
  readonly reverse: boolean;
}

export interface WeightTerms {
  /** in a sentence: `vrrp_script chk`, `the weight of chk`. */
  readonly owner: string;
  readonly max: number;
  /** ±254 or more than the range: the end of the range counts. Else the weight is left out. */
  readonly clips: 'all' | 'next' | 'none';
  /** `noreverse` is known too. */
  readonly noreverse: boolean;
}

const own = (owner: string, max: number): WeightTerms => ({
  owner,
  max,
  clips: 'none',
  noreverse: false,
});

/** Where it is defined: keepalived keeps a script's weight, however large it is. */
export const scriptTerms = (owner: string): WeightTerms => ({
  ...own(owner, weightMax),
  clips: 'all',
});
export const objectTerms = (owner: string, max: number): WeightTerms => own(owner, max);

export function readWeight(terms: WeightTerms, words: readonly Word[], report: Report): Weight {
  const [number, option] = words;
  const reverse = option?.text === 'reverse';
  const known = reverse || (terms.noreverse && option?.text === 'noreverse');
  const surplus = words[known ? 2 : 1];
  if (surplus !== undefined) {
    report(
      warning('unknown-option', surplus.span, `unknown word '${surplus.text}' after a weight`, {
        label: 'ignored',
        help: known ? null : `only 'reverse' may follow`,
      }),
    );
  }
  if (number === undefined) return { weight: null, reverse };
  return { weight: weightFrom(terms, number, report), reverse };
}

function weightFrom(terms: WeightTerms, word: Word, report: Report): number | null {
  const match = /^[+-]?\d+/.exec(word.text);
  if (match === null) {
    report(
      warning('not-a-number', word.span, `weight must be a whole number, found '${word.text}'`, {
        label: 'ignored',
      }),
    );
    return null;
  }
  const weight = Number(match[0]);
  const rest = word.text.slice(match[0].length);
  if (rest !== '') {
    report(
      warning('trailing-junk', word.span, `'${word.text}' is read as ${weight}`, {
        label: `'${rest}' is ignored`,
      }),
    );
  }
  // `-0` is 0: two zeros would make two equal files differ.
  if (Math.abs(weight) <= terms.max) return weight === 0 ? 0 : weight;
  return outside(terms, weight, word, report);
}

function outside(terms: WeightTerms, weight: number, word: Word, report: Report): number | null {
  const { owner, max, clips } = terms;
  const what = `weight must be -${max}..${max}, found ${weight}`;
  if (clips === 'none' || (clips === 'next' && Math.abs(weight) > max + 1)) {
    report(
      warning('out-of-range', word.span, what, {
        label: 'ignored',
        why: `without it ${owner} counts as if no weight were given`,
      }),
    );
    return null;
  }
  const nearest = weight < 0 ? -max : max;
  report(
    warning('out-of-range', word.span, what, {
      label: `${nearest} counts`,
      why: `${owner} cannot move a priority further than from one end to the other`,
    }),
  );
  return nearest;
}
