/**
 * A report as text for people: what was assumed, one line for each thing that happened, and who
 * holds what in the end.
 */
import type { Duration } from '../time';
import type { Row } from './chronicle';
import type { Ending, Report } from './simulate';
import { sum } from './verdict';

export function renderReport(report: Report): string {
  const { nodes, assumed, rows, end } = report;
  const head = nodes.map(({ name, file }) => `${name}: ${file}`);
  const lines = [
    ...head,
    ...assumed.map((text) => `assumed: ${text}`),
    '',
    ...table(rows),
    '',
    'in the end',
    ...end.flatMap(endingLines),
  ];
  return `${lines.join('\n')}\n`;
}

const heads = ['s', 'node', 'instance', 'state', 'priority', 'why'] as const;

function table(rows: readonly Row[]): readonly string[] {
  const cells = rows.map(cellsOf);
  const full = cells.filter((one) => one.length === heads.length);
  const widths = heads.map((head, i) =>
    Math.max(head.length, ...full.map((one) => one[i]?.length ?? 0)),
  );
  const times = Math.max(widths[0] ?? 0, ...cells.map(([time = '']) => time.length));
  const line = ([time = '', ...others]: readonly string[]): string => {
    const padded =
      others.length === 1 ? others : others.map((text, i) => text.padEnd(widths[i + 1] ?? 0));
    return [time.padStart(times), ...padded].join('  ').trimEnd();
  };
  return [line(heads), ...cells.map(line)];
}

/** A row of columns, or a time and a sentence. */
function cellsOf(row: Row): readonly string[] {
  const time = secondsOf(row.at);
  switch (row.kind) {
    case 'state':
    case 'priority': {
      const { node, instance, state, reason } = row;
      const was = row.kind === 'priority' ? `, was ${row.before}` : '';
      return [time, node, instance, state.toUpperCase(), sum(row), `${reason}${was}`];
    }
    case 'deed':
      return [time, `> ${row.text}`];
    case 'outcome':
      return ['', `= ${row.text}`];
    case 'news':
      return [time, `! ${row.node === null ? '' : `${row.node}: `}${row.text}`];
  }
}

const secondsOf = (at: Duration): string => (at / 1_000_000).toFixed(3);

function endingLines({ name, addresses, heldBy, nodes }: Ending): readonly string[] {
  const what = addresses.length === 0 ? 'no address' : addressesText(addresses);
  const who = heldBy.length === 0 ? 'held by nobody' : `held by ${heldBy.join(' and ')}`;
  const each = nodes.map(({ node, instance, state, arithmetic }) => {
    const other = instance === name ? '' : `${instance} `;
    return `${node} ${other}${[state.toUpperCase(), arithmetic].join(' ').trim()}`;
  });
  return [`  ${name} (${what}): ${who}; ${each.join(', ')}`];
}

const ADDRESSES_MAX = 3;

function addressesText(addresses: readonly string[]): string {
  const shown = addresses.slice(0, ADDRESSES_MAX).join(', ');
  const more = addresses.length - ADDRESSES_MAX;
  return more > 0 ? `${shown} and ${more} more` : shown;
}

/** The same for programs: times in seconds. */
export const reportDocument = ({ nodes, assumed, rows, end }: Report): unknown => ({
  version: 1,
  nodes,
  assumed,
  rows: rows.map(({ at, ...row }) => ({ at: at / 1_000_000, ...row })),
  end,
});
