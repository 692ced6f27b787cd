/** The few statistics that the measurements need. Pure; an empty list has no statistics. */

/** The smallest value that at least the given share (0–1) of the values do not exceed. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) return Number.NaN;
  const sorted = Float64Array.from(values).sort();
  const position = Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1));
  return sorted[position] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

// Not Math.min(...values): a run has more values than a call may have arguments.
export const least = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((a, b) => (b < a ? b : a));

export const greatest = (values: readonly number[]): number =>
  values.length === 0 ? Number.NaN : values.reduce((a, b) => (b > a ? b : a));

export const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

export type Line = { readonly start: number; readonly slope: number };

/** Least squares: y = start + slope × x. */
export function bestFit(xs: readonly number[], ys: readonly number[]): Line {
  const middleX = sum(xs) / xs.length;
  const middleY = sum(ys) / ys.length;
  let above = 0;
  let below = 0;
  for (const [i, x] of xs.entries()) {
    above += (x - middleX) * ((ys[i] ?? middleY) - middleY);
    below += (x - middleX) ** 2;
  }
  const slope = below === 0 ? 0 : above / below;
  return { start: middleY - slope * middleX, slope };
}
