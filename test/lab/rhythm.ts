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

/**
 * Adverts go on at their rate, over the whole time: one stall of a busy machine costs one of them, a
 * sender that stopped or slowed costs many. How punctual each is, `npm run bench` measures.
 */
export function assertSteady(sent: readonly Advert[], intervalMs: number, least = 10): void {
  assert.ok(sent.length >= least, `at least ${least} adverts, not ${sent.length}`);
  const span = ((sent.at(-1)?.time ?? 0) - (sent[0]?.time ?? 0)) * 1000;
  assertMany(sent, span / intervalMs);
}

/** At least nine tenths of the adverts that were due. */
export function assertMany(sent: readonly Advert[], due: number): void {
  assert.ok(sent.length > due * 0.9 - 1, `${sent.length} adverts of ${due}`);
}
