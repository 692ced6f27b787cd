/**
 * What a failing run prints: one line per event, one column per node, the time on the left.
 * Rows are kept only while a failure is being replayed.
 */
import type { PlaneCommand } from '../../src/core/command';
import type { PlaneEvent } from '../../src/core/event';

export interface Table {
  /** column -1 is the network. */
  row(at: number, column: number, text: string): void;
}

interface Row {
  readonly at: number;
  readonly column: number;
  readonly text: string;
}

export const noTable: Table = { row: () => {} };

const ROWS_MAX = 400;

export class KeptTable implements Table {
  private readonly rows: Row[] = [];

  constructor(private readonly start: number) {}

  row(at: number, column: number, text: string): void {
    this.rows.push({ at: at - this.start, column, text });
  }

  /** The last rows, widest text first decides the width of its column. */
  render(names: readonly string[]): string {
    const shown = this.rows.slice(-ROWS_MAX);
    const heads = ['lan', ...names];
    const widths = heads.map((head, i) =>
      shown.reduce((w, r) => (r.column === i - 1 ? Math.max(w, r.text.length) : w), head.length),
    );
    const line = (left: string, cells: readonly string[]): string =>
      [left.padStart(14), ...cells.map((c, i) => c.padEnd(widths[i] ?? 0))].join(' | ').trimEnd();
    const lines = [line('ms', heads)];
    if (shown.length < this.rows.length) {
      lines.push(`${this.rows.length - shown.length} earlier rows`);
    }
    for (const { at, column, text } of shown) {
      const cells = heads.map((_, i) => (i === column + 1 ? text : ''));
      lines.push(line((at / 1000).toFixed(3), cells));
    }
    return lines.join('\n');
  }
}

export function eventText(event: PlaneEvent): string {
  switch (event.kind) {
    case 'took-over':
      return `took over ${event.instances.join('+')} turn ${event.turn}`;
    case 'yielded':
      return `yielded ${event.instances.join('+')} turn ${event.turn} to ${event.advert.source}`;
    case 'advert-received':
      return `heard ${event.advert.source} ${event.advert.priority} ${event.instance}`;
    case 'interface-changed':
      return `${event.interface} is ${event.up ? 'up' : 'down'}`;
    case 'clock-gap':
      return `overslept ${event.late / 1000} ms`;
    default:
      return event.kind;
  }
}

export function commandText(command: PlaneCommand): string {
  switch (command.kind) {
    case 'advertise':
      return `advertise ${command.instance} ${command.priority} turn ${command.turn}`;
    case 'watch': {
      const each = command.members.map((m) => `${m.instance}>=${m.minPriority} turn ${m.turn}`);
      return `watch ${each.join(' ')}`;
    }
    case 'open':
    case 'close':
    case 'resign':
      return `${command.kind} ${command.instance}`;
    case 'lease':
      return `lease until ${command.until}`;
    case 'wake':
      return 'wake';
  }
}
