/**
 * The short hand in which the keyword tables are written: one row, one keyword.
 */
import type { Context, IntegerType, Keyword, Status, ValueType } from './keywords';

type RowOptions = Partial<
  Pick<Keyword, 'reference' | 'invalid' | 'missing' | 'repeated' | 'means' | 'part' | 'old'> &
    Pick<Keyword, 'default' | 'instead'>
>;

export type Row = readonly [
  word: string,
  value: ValueType,
  /** 'decisive' is accepted, and `run` does not start as long as it is not active. */
  status: Status | 'decisive',
  about: string,
  options?: RowOptions,
];

/** `part`: of all rows that name none. */
export const rows = (
  within: Context,
  list: readonly Row[],
  part: string | null = null,
): readonly Keyword[] =>
  list.map(([word, value, status, about, options = {}]) => ({
    within,
    word,
    value,
    status: status === 'decisive' ? 'accepted' : status,
    about,
    decisive: status === 'decisive',
    instead: options.instead ?? null,
    means: options.means ?? null,
    repeated: options.repeated ?? (isList(value) ? 'all' : 'last'),
    missing: options.missing ?? 'error',
    part: options.part ?? part,
    default: options.default ?? null,
    reference: options.reference ?? 'keepalived.conf(5)',
    invalid: options.invalid ?? 'warning',
    old: options.old ?? null,
  }));

/** May stand many times in one block. */
const isList = ({ kind }: ValueType): boolean =>
  kind === 'lines' || kind === 'names' || kind === 'block' || kind === 'section';

/** Without a value the line is passed over; most other words stop keepalived then. */
export const lenient = { missing: 'warning' } as const;
/** Of two the first counts; most other words let the last one count. */
export const once = { repeated: 'first' } as const;
/** Known to keepalived 2.4, and to 2.2 not yet. */
export const recent = { reference: 'keepalived 2.4' } as const;
/** Another name for the word, which keepalived only keeps for old files. */
export const oldNameOf = (word: string) =>
  ({ means: word, old: word, reference: 'keepalived, old name' }) as const;

export const flag: ValueType = { kind: 'flag' };
export const boolean: ValueType = { kind: 'boolean' };
export const text: ValueType = { kind: 'text' };
export const path: ValueType = { kind: 'text', noun: 'path' };
export const url: ValueType = { kind: 'text', noun: 'URL' };
export const device: ValueType = { kind: 'text', noun: 'interface' };
export const address: ValueType = { kind: 'address' };
export const command: ValueType = { kind: 'command' };
/** The kernel's limit for a table of nftables. */
export const tableName: ValueType = { kind: 'text', noun: 'table', max: 255 };
export const user: ValueType = { kind: 'user' };
export const owned: ValueType = { kind: 'owned' };
export const umask: ValueType = { kind: 'umask' };
export const block: ValueType = { kind: 'block', named: false };
export const named: ValueType = { kind: 'block', named: true };
export const maybeNamed: ValueType = { kind: 'block', named: 'maybe' };
export const lines: ValueType = { kind: 'lines' };
export const names: ValueType = { kind: 'names' };
/** Anything at all; nothing is required. */
export const any: ValueType = { kind: 'words', min: 0 };

export const words = (min: number): ValueType => ({ kind: 'words', min });
/** Words that a builder reads by itself, and how they are written. */
export const syntax = (min: number, max: number, takes: string): ValueType => ({
  kind: 'words',
  min,
  max,
  takes,
});
/** A block with one entry per line, and how an entry is written. */
export const entries = (takes: string): ValueType => ({ kind: 'lines', takes });
export const choice = (...of: readonly string[]): ValueType => ({ kind: 'choice', of });
export const either = (or: ValueType, ...of: readonly string[]): ValueType => ({
  kind: 'either',
  words: of,
  or,
});
export const optional = (of: ValueType): ValueType => ({ kind: 'optional', of });
export const prefixed = (word: string, of: ValueType): ValueType => ({
  kind: 'prefixed',
  word,
  of,
});
export const weight = (max: number, clips = false): ValueType => ({ kind: 'weight', max, clips });
export const integer = (min: number, max: number, unit?: string): IntegerType => ({
  kind: 'integer',
  min,
  max,
  strict: false,
  ...(unit === undefined ? {} : { unit }),
});
/** Out of range becomes the nearest end of the range. */
export const clamped = (min: number, max: number): IntegerType => ({
  ...integer(min, max),
  clamp: true,
});
export const strictInteger = (min: number, max: number): IntegerType => ({
  ...integer(min, max),
  strict: true,
});
export const integers = (of: IntegerType): ValueType => ({ kind: 'integers', of });
export const seconds = (min: number, max: number): ValueType => ({
  kind: 'seconds',
  min,
  max,
  whole: false,
});
export const wholeSeconds = (min: number, max: number): ValueType => ({
  kind: 'seconds',
  min,
  max,
  whole: true,
});
export const milliseconds = (min: number, max: number): ValueType => ({
  kind: 'milliseconds',
  min,
  max,
  strict: true,
});
export const section = (min: number, max: number): ValueType => ({ kind: 'section', min, max });
