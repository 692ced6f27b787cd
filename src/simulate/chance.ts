/**
 * What a network and a machine leave open: how long each way takes, and what is lost on it. Here
 * everything takes its usual time and nothing is lost; tests bring their own.
 */
import { type Duration, microseconds } from '../time';

export interface Chance {
  /** how long a packet is under way. */
  packet(max: number): number;
  /** how long an event or a command is under way between the two planes. */
  hop(): number;
  /** how much later than planned the data plane wakes. */
  wake(): number;
  /** how long a script runs that is due every so often. */
  runtime(interval: Duration): Duration;
  /** how long a node takes to read its file. */
  reading(): number;
  happens(probability: number): boolean;
}

const PACKET = 100;
const HOP = 20;
const WAKE = 10;
const RUNTIME = 10_000;

export const steady: Chance = {
  packet: (max) => Math.min(PACKET, max),
  hop: () => HOP,
  wake: () => WAKE,
  runtime: (interval) => microseconds(Math.min(RUNTIME, interval / 2)),
  reading: () => WAKE,
  happens: (probability) => probability >= 1,
};
