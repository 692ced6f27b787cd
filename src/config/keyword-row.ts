/**
 * The short hand in which the keyword tables are written: one row, one keyword.
 */
import type { Context, Keyword, Status, ValueType } from './keywords';

interface RowOptions {
  readonly default?: string;
  readonly reference?: string;
  readonly invalid?: 'error' | 'warning';
  readonly instead?: string;
  readonly means?: string;
  readonly repeated?: 'last' | 'first' | 'all';
  readonly missing?: 'error' | 'warning';
  readonly part?: string;
}

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
  }));

/** May stand many times in one block. */
const isList = ({ kind }: ValueType): boolean =>
  kind === 'lines' || kind === 'names' || kind === 'block' || kind === 'section';

export const flag: ValueType = { kind: 'flag' };
export const boolean: ValueType = { kind: 'boolean' };
export const text: ValueType = { kind: 'text' };
export const address: ValueType = { kind: 'address' };
export const command: ValueType = { kind: 'command' };
export const user: ValueType = { kind: 'user' };
export const block: ValueType = { kind: 'block', named: false };
export const named: ValueType = { kind: 'block', named: true };
export const lines: ValueType = { kind: 'lines' };
export const names: ValueType = { kind: 'names' };
/** Anything at all; nothing is required. */
export const any: ValueType = { kind: 'words', min: 0 };

export const words = (min: number): ValueType => ({ kind: 'words', min });
export const choice = (...of: readonly string[]): ValueType => ({ kind: 'choice', of });
export const integer = (min: number, max: number): ValueType => ({
  kind: 'integer',
  min,
  max,
  strict: false,
});
export const strictInteger = (min: number, max: number): ValueType => ({
  kind: 'integer',
  min,
  max,
  strict: true,
});
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
