/**
 * The grammar as one table: where a keyword may stand, what it takes, its range and default,
 * and what holdfast does with it. Reader, builder, printer and documentation read these rows;
 * the rows themselves are in keywords-*.ts, one file per block.
 */
import { bfdRows } from './keywords-bfd';
import { checkerRows } from './keywords-checker';
import { globalRows, ownRows } from './keywords-global';
import { authenticationRows, authHmacRows, instanceRows } from './keywords-instance';
import { nginxRows } from './keywords-nginx';
import { garpGroupRows, rootRows, trackGroupRows } from './keywords-root';
import { serverRows } from './keywords-server';
import { groupRows, scriptRows, trackFileRows, trackProcessRows } from './keywords-tracking';

export type Context =
  | 'root'
  | 'global_defs'
  | 'vrrp_script'
  | 'vrrp_instance'
  | 'authentication'
  | 'vrrp_sync_group'
  | 'auth_hmac'
  | 'track_file'
  | 'vrrp_track_process'
  | 'track_group'
  | 'garp_group'
  | 'holdfast'
  | 'nginx'
  | 'nginx probe'
  | 'nginx restart'
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
  | IntegerType
  /** `whole`: without a fraction. Bounds in seconds. */
  | { readonly kind: 'seconds'; readonly min: number; readonly max: number; whole: boolean }
  /** with a fraction; bounds in milliseconds. */
  | { readonly kind: 'milliseconds'; readonly min: number; readonly max: number; strict: boolean }
  /** `noun`: what it is, for people; a path is told when it is not absolute. `max`: octets. */
  | { readonly kind: 'text'; readonly noun?: string; readonly max?: number }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  /** one of `words`, in whatever case, or a value of the other type. */
  | { readonly kind: 'either'; readonly words: readonly string[]; readonly or: ValueType }
  /** nothing at all, or a value of the type. */
  | { readonly kind: 'optional'; readonly of: ValueType }
  /** `word` may stand in front of the value. */
  | { readonly kind: 'prefixed'; readonly word: string; readonly of: ValueType }
  | { readonly kind: 'address' }
  /** a command, then perhaps a user and a group. */
  | { readonly kind: 'command' }
  | { readonly kind: 'user' }
  /** a path, then perhaps the user and group it belongs to. */
  | { readonly kind: 'owned' }
  /** several whole numbers. */
  | { readonly kind: 'integers'; readonly of: IntegerType }
  /** the bits of a umask: octal, hexadecimal, decimal, or IRGRP|IWOTH. */
  | { readonly kind: 'umask' }
  /** `n [reverse]`; `clips`: what is out of range becomes the nearest end of it. */
  | { readonly kind: 'weight'; readonly max: number; readonly clips: boolean }
  /** words that a builder reads by itself; `takes` says which, for people. */
  | { readonly kind: 'words'; readonly min: number; readonly max?: number; readonly takes?: string }
  | { readonly kind: 'block'; readonly named: boolean | 'maybe' }
  /** a block with so many words before it, read by its builder; may do without its braces. */
  | { readonly kind: 'section'; readonly min: number; readonly max: number }
  /** a block with one entry per line. */
  | { readonly kind: 'lines'; readonly takes?: string }
  /** a block whose words count wherever the lines end. */
  | { readonly kind: 'names' };

export interface IntegerType {
  readonly kind: 'integer';
  readonly min: number;
  readonly max: number;
  /** `51;` is no number; otherwise the leading digits count, with a warning. */
  readonly strict: boolean;
  /** what is out of range becomes the nearest end of it. */
  readonly clamp?: boolean;
  readonly unit?: string;
}

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
  /** an old name: the word that took its place. */
  readonly old: string | null;
}

export const keywords: readonly Keyword[] = [
  ...rootRows,
  ...globalRows,
  ...ownRows,
  ...scriptRows,
  ...trackFileRows,
  ...trackProcessRows,
  ...groupRows,
  ...instanceRows,
  ...authenticationRows,
  ...serverRows,
  ...checkerRows,
  ...bfdRows,
  ...authHmacRows,
  ...trackGroupRows,
  ...garpGroupRows,
  ...nginxRows,
];

const byContext = new Map<Context, Map<string, Keyword>>();
for (const row of keywords) {
  const words = byContext.get(row.within) ?? new Map<string, Keyword>();
  words.set(row.word, row);
  byContext.set(row.within, words);
}

const blocks = new Map(
  keywords.flatMap((row): [string, Keyword][] =>
    row.value.kind === 'block' ? [[row.word, row]] : [],
  ),
);

export const lookup = (within: Context, word: string): Keyword | null =>
  byContext.get(within)?.get(word) ?? null;

export const wordsWithin = (within: Context): readonly string[] => [
  ...(byContext.get(within)?.keys() ?? []),
];

/** The row whose block a context is ('nginx probe' is probe's); null for the root. */
export const blockOf = (within: Context): Keyword | null =>
  blocks.get(within.split(' ').at(-1) ?? within) ?? null;

const homes = new Map<string, Context[]>();
for (const { word, within } of keywords) homes.set(word, [...(homes.get(word) ?? []), within]);

/** Where else a word would be at home; for "it belongs in …". */
export const homesOf = (word: string): readonly Context[] => homes.get(word) ?? [];
