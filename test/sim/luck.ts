/**
 * How long things take in a run of a seed: mostly as usual, sometimes as long as they may.
 */

import type { Chance } from '../../src/simulate/chance';
import type { Duration } from '../../src/time';
import type { Random } from './random';

/** The longest that an event or a command is under way while nothing is wrong. */
export const HOP_MAX = 3000;

export const luck = (random: Random): Chance => ({
  // Most packets are quick, some use all of the time that they are allowed.
  packet: (max) => (random.oneIn(8) ? random.below(max + 1) : random.below(60)),
  hop: () => (random.oneIn(24) ? random.below(HOP_MAX) : random.between(8, 30)),
  wake: () => (random.oneIn(64) ? random.below(1000) : random.below(40)),
  runtime: (interval) => random.below(Math.max(1, interval / 2)) as Duration,
  reading: () => random.below(40),
  happens: (probability) => random.chance(probability),
});
