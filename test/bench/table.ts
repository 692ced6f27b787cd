/**
 * Results as data and as text: one table per scenario, a column per daemon, the machine's line and
 * the command that repeats it. No row says pass or fail: times belong to the machine.
 */
import { greatest, least, median } from './statistics';

/** Many values of one measurement, or one. `never`: how often there was no value at all. */
export type Cell = {
  readonly least: number;
  readonly median: number;
  readonly greatest: number;
  readonly count: number;
  readonly never: number;
};

export type Row = {
  readonly label: string;
  readonly unit: string;
  /** Digits behind the point. */
  readonly digits: number;
  /** What the project wants of it; only told. */
  readonly aim: string;
  readonly cells: Readonly<Record<string, Cell>>;
};

export type Table = {
  readonly name: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
  /** The command that measures this table again. */
  readonly repeat: string;
};

export function cell(values: readonly number[]): Cell {
  const known = values.filter((value) => !Number.isNaN(value));
  return {
    least: least(known),
    median: median(known),
    greatest: greatest(known),
    count: known.length,
    never: values.length - known.length,
  };
}

export type Measured = Readonly<Record<string, readonly number[]>>;

/** A row out of all values by column. */
export function row(
  label: string,
  unit: string,
  measured: Measured,
  options: { readonly digits?: number; readonly aim?: string } = {},
): Row {
  const cells = Object.entries(measured).map(([column, values]) => [column, cell(values)] as const);
  const { digits = 2, aim = '' } = options;
  return { label, unit, digits, aim, cells: Object.fromEntries(cells) };
}

export function cellText(value: Cell | undefined, digits: number): string {
  if (value === undefined) return '–';
  const never = value.never === 0 ? '' : ` (${value.never} never)`;
  if (value.count === 0) return value.never === 0 ? '–' : 'never';
  const shown = [value.least, value.median, value.greatest].map((one) => one.toFixed(digits));
  const spread = value.count === 1 ? shown[1] : shown.join(' / ');
  return `${spread}${never}`;
}

export function tableText(table: Table): string {
  const withAim = table.rows.some((one) => one.aim !== '');
  const head = ['', 'unit', ...table.columns, ...(withAim ? ['aim'] : [])];
  const body = table.rows.map((one) => [
    one.label,
    one.unit,
    ...table.columns.map((column) => cellText(one.cells[column], one.digits)),
    ...(withAim ? [one.aim] : []),
  ]);
  const widths = head.map((_, i) => greatest([head, ...body].map((line) => line[i]?.length ?? 0)));
  const line = (parts: readonly string[]) =>
    parts
      .map((part, i) => part.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd();
  const rule = '─'.repeat(widths.reduce((a, b) => a + b, 2 * (widths.length - 1)));
  return [
    table.title,
    rule,
    line(head),
    rule,
    ...body.map(line),
    rule,
    'Several values: least / median / greatest.',
    ...table.notes,
    `Again: ${table.repeat}`,
  ].join('\n');
}
