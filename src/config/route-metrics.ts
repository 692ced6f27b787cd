/**
 * The metrics of a route: numbers that the kernel keeps with it for TCP. One row, one metric.
 */
import { warning } from './diagnostic';
import type { Metric, MetricName } from './model-network';
import { argument, drop, type Line, once, readCount, takes } from './network-line';
import type { Word } from './parser';

interface MetricRow {
  readonly max: number;
  /** `lock` may stand in front of the number. */
  readonly lockable: boolean;
  /** a time, and how many of the kernel's units make a millisecond. */
  readonly perMillisecond: number | null;
}

const number = (max: number, lockable: boolean): MetricRow => ({
  max,
  lockable,
  perMillisecond: null,
});
const time = (perMillisecond: number): MetricRow => ({ max: 0, lockable: true, perMillisecond });
const countMax = 0xffffffff;

/** In the order in which they are printed. */
export const routeMetrics: ReadonlyMap<MetricName, MetricRow> = new Map([
  ['mtu', number(countMax, true)],
  ['advmss', number(countMax, true)],
  ['rtt', time(8)],
  ['rttvar', time(4)],
  ['rto_min', time(1)],
  ['reordering', number(countMax, true)],
  ['window', number(countMax, false)],
  ['cwnd', number(countMax, true)],
  ['ssthresh', number(countMax, true)],
  ['initcwnd', number(countMax, false)],
  ['initrwnd', number(countMax, false)],
  ['hoplimit', number(255, false)],
  ['quickack', number(1, false)],
  ['fastopen_no_cookie', number(1, false)],
]);

/** The kernel's TCP_RTO_MIN and TCP_RTO_MAX, to which keepalived keeps. */
const timeMin = 200;
const timeMax = 120_000;

export const isMetric = (text: string): text is MetricName => routeMetrics.has(text as MetricName);

/** `NAME [lock] VALUE`; null when the line is left out for it. */
export function readMetric(line: Line, of: Word, name: MetricName): Metric | null {
  const row = routeMetrics.get(name);
  if (row === undefined) return null;
  once(line, `'${name}'`, of);
  const lock = row.lockable && takes(line, 'lock');
  const value =
    row.perMillisecond === null
      ? readCount(line, of, row.max)
      : readTime(line, of, row.perMillisecond);
  return value === null ? null : { value, lock };
}

/** Bare numbers are in the kernel's units; `s` and `ms` say otherwise. */
function readTime(line: Line, of: Word, perMillisecond: number): number | null {
  const word = argument(line, of);
  if (word === null) return null;
  const match = /^\+?(\d+\.?(\d*)|\.(\d+))(s|secs?|ms|msecs?)?$/i.exec(word.text);
  const unit = match?.[4];
  const inSeconds = /^s/i.test(unit ?? '');
  const number = Number(match?.[1] ?? Number.NaN) * (inSeconds ? 1000 : 1);
  // The unit does not widen what keepalived takes for a number.
  if (Number.isNaN(number) || number > timeMax * perMillisecond) {
    return drop(line, word.span, `'${word.text}' is not a time for ${of.text}`, {
      help: 'such as 300ms or 1.5s',
    });
  }
  const value = Math.round(number) * (unit === undefined ? 1 : perMillisecond);
  const kept = Math.min(Math.max(value, timeMin * perMillisecond), timeMax * perMillisecond);
  const counts = { label: `${kept / perMillisecond}ms counts` };
  const digits = match?.[2] ?? match?.[3] ?? '';
  if (kept !== value) {
    const bare = unit === undefined && perMillisecond > 1;
    const why = bare ? `without a unit it is in units of 1/${perMillisecond} ms` : null;
    const what = `${of.text} must be ${timeMin}..${timeMax} ms`;
    line.report(warning('out-of-range', word.span, what, { ...counts, why }));
  } else if (digits.length > (inSeconds ? 3 : 0)) {
    line.report(warning('excess-digits', word.span, `'${word.text}' is too exact`, counts));
  }
  return kept;
}
