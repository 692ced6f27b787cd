/**
 * The grammar as one table: where a keyword may stand, what it takes, its range and default,
 * and what holdfast does with it. Reader, builder, printer and documentation read these rows;
 * the rows themselves are in keywords-*.ts, one file per block.
 */
import { bfdRows } from './keywords-bfd';
import { checkerRows } from './keywords-checker';
import { globalRows, ownRows } from './keywords-global';
import { authenticationRows, instanceRows } from './keywords-instance';
import { rootRows } from './keywords-root';
import { serverRows } from './keywords-server';
import { groupRows, scriptRows } from './keywords-tracking';

export type Context =
  | 'root'
  | 'global_defs'
  | 'vrrp_script'
  | 'vrrp_instance'
  | 'authentication'
  | 'vrrp_sync_group'
  | 'holdfast'
  | 'virtual_server'
  | 'real_server'
  | 'SSL'
  | 'TCP_CHECK'
  | 'HTTP_GET'
  | 'SSL_GET'
  | 'SMTP_CHECK'
  | 'DNS_CHECK'
  | 'MISC_CHECK'
  | 'UDP_CHECK'
  | 'PING_CHECK'
  | 'FILE_CHECK'
  | 'BFD_CHECK'
  | 'url'
  | 'host'
  | 'bfd_instance';

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
  /** with a fraction; bounds in milliseconds. */
  | { readonly kind: 'milliseconds'; readonly min: number; readonly max: number; strict: boolean }
  | { readonly kind: 'text' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'address' }
  /** a command, then perhaps a user and a group. */
  | { readonly kind: 'command' }
  | { readonly kind: 'user' }
  /** words that the builder of the block reads by itself; at least `min`. */
  | { readonly kind: 'words'; readonly min: number }
  | { readonly kind: 'block'; readonly named: boolean }
  /** a block with so many words before it, read by its builder; may do without its braces. */
  | { readonly kind: 'section'; readonly min: number; readonly max: number }
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
  /** the word of which this is another spelling; a builder asks for that one. */
  readonly means: string | null;
  /** which counts when it is set again in its block. */
  readonly repeated: 'last' | 'first' | 'all';
  /** how bad it is without its words: keepalived would not start, or would go on without it. */
  readonly missing: 'error' | 'warning';
  /** accepted: the part of the language it belongs to, which is named once for all its words. */
  readonly part: string | null;
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
  ...serverRows,
  ...checkerRows,
  ...bfdRows,
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

const homes = new Map<string, Context[]>();
for (const { word, within } of keywords) homes.set(word, [...(homes.get(word) ?? []), within]);

/** Where else a word would be at home; for "it belongs in …". */
export const homesOf = (word: string): readonly Context[] => homes.get(word) ?? [];
