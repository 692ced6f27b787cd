/**
 * Waiting in tests: for a condition, with a bound, never for an amount of time.
 * A wait that fails says what it waited for, so that the test's message is enough.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export type Patience = {
  /** What is awaited, for the message: 'b to hold 192.0.2.10'. */
  readonly what: string;
  /** Milliseconds. Generous: it bounds a failure, it does not time a success. */
  readonly timeout?: number;
  readonly every?: number;
  /** More to say when it fails: a log, the state of things. */
  readonly detail?: () => string;
};

type Wanted<T> = Exclude<T, false | null | undefined | 0 | ''>;

/** Polls until `condition` gives something truthy, and returns that. */
export async function until<T>(
  condition: () => T | Promise<T>,
  patience: Patience,
): Promise<Wanted<T>> {
  const { what, timeout = 15_000, every = 20, detail } = patience;
  const start = performance.now();
  for (;;) {
    const found = await condition();
    if (found) return found as Wanted<T>;
    if (performance.now() - start > timeout) {
      const more = detail === undefined ? '' : `\n${detail()}`;
      throw new Error(`waited ${timeout} ms in vain for ${what}${more}`);
    }
    await sleep(every);
  }
}
