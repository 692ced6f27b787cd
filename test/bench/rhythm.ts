/**
 * Adverts of a sender → how well it keeps time: period, lateness, gaps. Pure; microseconds in,
 * milliseconds out.
 */
import type { Advert, Sighting } from './pcap';
import { bestFit, greatest, median, sum } from './statistics';

const MICROSECONDS = 1000;
/** Shares of a period: a gap below it makes good for a late advert before. */
const SHORT = 0.75;

/** Stamps of one node's adverts by virtual router. A resignation is no sign of life. */
export function beats(
  sightings: readonly Sighting[],
  source: string,
): ReadonlyMap<number, readonly number[]> {
  const found = new Map<number, number[]>();
  for (const advert of advertsOf(sightings, source)) {
    const known = found.get(advert.vrid);
    if (known === undefined) found.set(advert.vrid, [advert.at]);
    else known.push(advert.at);
  }
  return found;
}

export const advertsOf = (sightings: readonly Sighting[], source: string): readonly Advert[] =>
  sightings.filter(
    (one): one is Advert => one.kind === 'advert' && one.source === source && one.priority > 0,
  );

export type Rhythm = {
  readonly count: number;
  /** Milliseconds from advert to advert, on average; one that is left out makes it longer. */
  readonly period: number;
  /** Milliseconds off its own schedule, one for each advert: the line that fits them best. */
  readonly deviations: readonly number[];
  /** Milliseconds from one advert to the next. */
  readonly gaps: readonly number[];
};

/** Null when there are too few to have a rhythm. */
export function rhythm(stamps: readonly number[]): Rhythm | null {
  if (stamps.length < 3) return null;
  const gaps = gapsOf(stamps);
  const usual = median(gaps);
  const numbers = [0];
  for (const periods of periodsOf(gaps, usual)) numbers.push((numbers.at(-1) ?? 0) + periods);
  // From the first stamp on: the epoch's digits would eat the precision of the sums.
  const first = stamps[0] ?? 0;
  const times = stamps.map((at) => (at - first) / MICROSECONDS);
  const line = bestFit(numbers, times);
  return {
    count: stamps.length,
    period: (times.at(-1) ?? 0) / gaps.length,
    deviations: times.map((at, i) => Math.abs(at - line.start - line.slope * (numbers[i] ?? 0))),
    gaps: gaps.map((gap) => gap / MICROSECONDS),
  };
}

/** How many adverts are not there, judged by the gaps: of 32 ms at 10 ms, two. */
export const missing = (stamps: readonly number[], interval: number): number =>
  sum(periodsOf(gapsOf(stamps), interval * MICROSECONDS).map((periods) => periods - 1));

/**
 * How many periods each gap stands for. One that is late and followed by one in time leaves a long
 * gap and a short one; only both together tell that none is lost.
 */
function periodsOf(gaps: readonly number[], usual: number): readonly number[] {
  return gaps.map((gap, i) => {
    const next = gaps[i + 1] ?? usual;
    const whole = next < usual * SHORT ? Math.round((gap + next) / usual) - 1 : gap / usual;
    return Math.max(1, Math.round(whole));
  });
}

/** How often a node became master: an advert after a silence of more than three intervals. */
export function mastershipsOf(stamps: readonly number[], interval: number): number {
  if (stamps.length === 0) return 0;
  const silence = 3 * interval * MICROSECONDS;
  return 1 + gapsOf(stamps).filter((gap) => gap > silence).length;
}

export const longestGap = (stamps: readonly number[]): number =>
  greatest(gapsOf(stamps)) / MICROSECONDS;

const gapsOf = (stamps: readonly number[]): readonly number[] =>
  stamps.slice(1).map((at, i) => at - (stamps[i] ?? at));
