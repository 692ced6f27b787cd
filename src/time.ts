/**
 * Instants and durations: integer microseconds, branded so that a bare number is never one.
 * The only file where units convert. Nothing here reads a clock: an Instant comes with an event.
 */
declare const instant: unique symbol;
declare const duration: unique symbol;

/** Microseconds of CLOCK_MONOTONIC: since the boot of the host. Exact for 285 years of it. */
export type Instant = number & { readonly [instant]: true };
/** A span in microseconds. Integer, never negative unless a function says so. */
export type Duration = number & { readonly [duration]: true };

export const microseconds = (n: number): Duration => Math.trunc(n) as Duration;
export const milliseconds = (n: number): Duration => Math.round(n * 1000) as Duration;
export const centiseconds = (n: number): Duration => Math.round(n * 10_000) as Duration;
export const seconds = (n: number): Duration => Math.round(n * 1_000_000) as Duration;

export const toMilliseconds = (d: Duration): number => d / 1000;
export const toCentiseconds = (d: Duration): number => Math.round(d / 10_000);
export const toSeconds = (d: Duration): number => d / 1_000_000;

export const instantAt = (us: number): Instant => Math.trunc(us) as Instant;
export const after = (at: Instant, d: Duration): Instant => (at + d) as Instant;
/** How long from a to b; negative when b is earlier. */
export const between = (a: Instant, b: Instant): Duration => (b - a) as Duration;
export const earliest = (a: Instant, b: Instant): Instant => (a < b ? a : b);

/** '1.5 s', '36.09 ms', '250 us': for people. */
export function formatDuration(d: Duration): string {
  const abs = Math.abs(d);
  if (abs >= 1_000_000) return `${trim(d / 1_000_000)} s`;
  if (abs >= 1000) return `${trim(d / 1000)} ms`;
  return `${d} us`;
}

const trim = (n: number): string => n.toFixed(2).replace(/\.?0+$/, '');
