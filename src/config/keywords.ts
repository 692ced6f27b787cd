/**
 * The grammar as one table: where a keyword may stand, what it takes, its range and default,
 * and what holdfast does with it. Reader, builder, printer and documentation read these rows;
 * the rows themselves are in keywords-*.ts, one file per block.
 */
import { globalRows, ownRows } from './keywords-global';
import { authenticationRows, instanceRows } from './keywords-instance';
import { rootRows } from './keywords-root';
import { groupRows, scriptRows } from './keywords-tracking';

export type Context =
  | 'root'
  | 'global_defs'
  | 'vrrp_script'
  | 'vrrp_instance'
  | 'authentication'
  | 'vrrp_sync_group'
  | 'holdfast';

/**
 * active: in force. accepted: checked and kept in the model, not carried out so far.
 * refused: left out, and it will stay so; the row says why and what to use instead.
 */
export type Status = 'active' | 'accepted' | 'refused';

export type ValueType =
  | { readonly kind: 'flag' }
  /** true on yes false off no; nothing means true. */
  | { readonly kind: 'boolean' }
  /** `strict`: `51;` is no number; otherwise the leading digits count, with a warning. */
  | { readonly kind: 'integer'; readonly min: number; readonly max: number; strict: boolean }
  /** `whole`: without a fraction. Bounds in seconds. */
  | { readonly kind: 'seconds'; readonly min: number; readonly max: number; whole: boolean }
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'address' }
  /** a command, then perhaps a user and a group. */
  | { readonly kind: 'command' }
  | { readonly kind: 'user' }
  /** words that the builder of the block reads by itself; at least `min`. */
  | { readonly kind: 'words'; readonly min: number }
  | { readonly kind: 'block'; readonly named: boolean }
  /** a block with one entry per line. */
  | { readonly kind: 'lines' }
  /** a block whose words count wherever the lines end. */
  | { readonly kind: 'names' };

export interface Keyword {
  readonly within: Context;
  readonly word: string;
  readonly value: ValueType;
  readonly status: Status;
  /** not active, and without it another router could be master, or other things be held. */
  readonly decisive: boolean;
  /** refused: what to use instead. */
  readonly instead: string | null;
  /** completes "it …": what the keyword does. */
  readonly about: string;
  readonly default: string | null;
  readonly reference: string;
  /** how bad a wrong value is: keepalived would not start, or would keep its default. */
  readonly invalid: 'error' | 'warning';
}

export const keywords: readonly Keyword[] = [
  ...rootRows,
  ...globalRows,
  ...ownRows,
  ...scriptRows,
  ...groupRows,
  ...instanceRows,
  ...authenticationRows,
];

const byContext = new Map<Context, Map<string, Keyword>>();
for (const row of keywords) {
  const words = byContext.get(row.within) ?? new Map<string, Keyword>();
  words.set(row.word, row);
  byContext.set(row.within, words);
}

export const lookup = (within: Context, word: string): Keyword | null =>
  byContext.get(within)?.get(word) ?? null;

export const wordsWithin = (within: Context): readonly string[] => [
  ...(byContext.get(within)?.keys() ?? []),
];

/** Where else a word would be at home; for "it belongs in …". */
export const homesOf = (word: string): readonly Context[] =>
  [...byContext].filter(([, words]) => words.has(word)).map(([context]) => context);
