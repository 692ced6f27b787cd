/**
 * The beat of a master's adverts in a capture: how long the longest pause was, and who spoke when.
 * Bounds that tests set on it are multiples of the interval, never a machine's speed.
 */
import assert from 'node:assert/strict';
import { type Advert, adverts, type Frame } from './decode';
import type { Lab } from './lab';

/** Seconds since the epoch, as the capture counts. */
export type Window = { readonly from: number; readonly to: number };

export const within = <T extends { readonly time: number }>(
  frames: readonly T[],
  { from, to }: Window,
): readonly T[] => frames.filter(({ time }) => time >= from && time <= to);

export const advertsFrom = (
  lab: Lab,
  name: string,
  frames: readonly Frame[],
  vrid = 51,
): readonly Advert[] =>
  adverts(frames, vrid).filter(({ sourceMac }) => sourceMac === lab.node(name).mac);

/** The longest time between two of them, in milliseconds. */
export function longestPause(sent: readonly Advert[]): number {
  const pauses = sent.slice(1).map(({ time }, i) => time - (sent[i]?.time ?? time));
  return Math.max(0, ...pauses) * 1000;
}

/**
 * No advert is missing: a pause of twice the interval would have room for one more. `sent` is what
 * one node sent in a time in which it was master throughout.
 */
export function assertSteady(sent: readonly Advert[], intervalMs: number, least = 10): void {
  assert.ok(sent.length >= least, `at least ${least} adverts, not ${sent.length}`);
  const pause = longestPause(sent);
  assert.ok(pause < 2 * intervalMs, `a pause of ${pause} ms between adverts of ${intervalMs} ms`);
}
