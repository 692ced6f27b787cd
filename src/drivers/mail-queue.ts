/**
 * The letters that wait, and when which is tried. Pure: time and chance are handed in.
 *
 * In order. While the server cannot be reached everything waits, however long. A letter that the
 * server puts off holds up those behind it a few times, then steps aside, so that one letter that
 * hangs or is never taken does not keep the others. What is too old or too many is dropped, the
 * oldest first: what is true now matters most.
 */
import type { Letter } from './mail-text';

/** Milliseconds on a clock that is never set. */
export type Millis = number;

export interface Waiting {
  readonly letter: Letter;
  /** who has not got it yet; addresses as the server is told them. */
  readonly to: readonly string[];
  readonly since: Millis;
  /** how many times the server put it off. */
  readonly putOff: number;
  /** not before. */
  readonly after: Millis;
}

export interface MailQueue {
  readonly waiting: readonly Waiting[];
  /** tries in a row in which the server took nothing at all. */
  readonly failures: number;
  readonly after: Millis;
}

/** What came of one try. */
export type Verdict =
  | {
      readonly kind: 'taken';
      readonly refused: readonly Answer[];
      readonly later: readonly Answer[];
    }
  /** it will never be taken. */
  | { readonly kind: 'refused'; readonly why: string }
  /** it may be taken later; perhaps it has been. */
  | { readonly kind: 'put-off'; readonly why: string }
  /** nothing was said of this letter. `lasting`: somebody will have to mend it. */
  | { readonly kind: 'unreachable'; readonly why: string; readonly lasting: boolean };

export interface Answer {
  readonly recipient: string;
  readonly answer: string;
}

/** Of back-off, in milliseconds. */
export interface Pace {
  readonly first: Millis;
  readonly most: Millis;
  /** where somebody has to mend something: a wrong password must not lock the account. */
  readonly lastingFirst: Millis;
  readonly lastingMost: Millis;
}

export const usualPace: Pace = {
  first: 1000,
  most: 60_000,
  lastingFirst: 60_000,
  lastingMost: 15 * 60_000,
};

export const LETTERS_MAX = 1000;
export const AGE_MAX: Millis = 24 * 3600_000;
/** A letter that was put off so often steps aside. */
const PUT_OFF_MAX = 3;

export const emptyQueue: MailQueue = { waiting: [], failures: 0, after: 0 };

/** The queue with one more, and what had to go for it; never the one that is being tried. */
export function enqueue(
  queue: MailQueue,
  { letter, to, now }: { readonly letter: Letter; readonly to: readonly string[]; now: Millis },
  tried: Letter | null,
): readonly [MailQueue, Letter | null] {
  const { waiting } = queue;
  const fresh: Waiting = { letter, to, since: now, putOff: 0, after: 0 };
  if (waiting.length < LETTERS_MAX) return [{ ...queue, waiting: [...waiting, fresh] }, null];
  const oldest = waiting.findIndex((one) => one.letter !== tried);
  const kept = waiting.slice(0, oldest).concat(waiting.slice(oldest + 1), fresh);
  return [{ ...queue, waiting: kept }, waiting[oldest]?.letter ?? null];
}

/** Without those that nobody needs to hear any more. */
export function expire(queue: MailQueue, now: Millis): readonly [MailQueue, readonly Letter[]] {
  const old = queue.waiting.filter(({ since }) => now - since > AGE_MAX);
  if (old.length === 0) return [queue, []];
  const waiting = queue.waiting.filter((one) => !old.includes(one));
  return [{ ...queue, waiting }, old.map(({ letter }) => letter)];
}

export type Next =
  | { readonly kind: 'idle' }
  | { readonly kind: 'wait'; readonly until: Millis }
  | { readonly kind: 'try'; readonly one: Waiting };

export function next({ waiting, after }: MailQueue, now: Millis): Next {
  if (waiting.length === 0) return { kind: 'idle' };
  if (after > now) return { kind: 'wait', until: after };
  let until = Number.POSITIVE_INFINITY;
  for (const one of waiting) {
    if (one.after <= now) return { kind: 'try', one };
    until = Math.min(until, one.after);
    if (one.putOff < PUT_OFF_MAX) break;
  }
  return { kind: 'wait', until };
}

/** `chance`: 0..1, spreads the tries of many routers that lost the same server. */
export function settle(
  queue: MailQueue,
  { letter }: Waiting,
  verdict: Verdict,
  { now, chance, pace }: { readonly now: Millis; readonly chance: number; readonly pace: Pace },
): MailQueue {
  const { failures } = queue;
  const pause = (first: Millis, most: Millis, times: number): Millis =>
    now + Math.round(Math.min(most, first * 2 ** Math.min(times, 30)) * (0.8 + 0.4 * chance));
  if (verdict.kind === 'unreachable') {
    const after = verdict.lasting
      ? pause(pace.lastingFirst, pace.lastingMost, failures)
      : pause(pace.first, pace.most, failures);
    return { ...queue, failures: failures + 1, after };
  }
  const calm = { ...queue, failures: 0, after: 0 };
  // It may have been dropped while it was tried.
  const found = queue.waiting.find((one) => one.letter === letter);
  if (found === undefined) return calm;
  const left =
    verdict.kind === 'taken' ? verdict.later.map(({ recipient }) => recipient) : found.to;
  if (verdict.kind === 'refused' || left.length === 0) {
    return { ...calm, waiting: forget(calm.waiting, found, verdict) };
  }
  const after = pause(pace.first, pace.most, found.putOff);
  const again = { ...found, to: left, putOff: found.putOff + 1, after };
  return { ...calm, waiting: calm.waiting.map((one) => (one === found ? again : one)) };
}

/** What kept this one off may have kept off the others that stand aside: then they go in order. */
function forget(waiting: readonly Waiting[], done: Waiting, verdict: Verdict): readonly Waiting[] {
  const rest = waiting.filter((one) => one !== done);
  const isCleared = verdict.kind === 'taken' && done.putOff > 0;
  return isCleared ? rest.map((one) => ({ ...one, after: 0 })) : rest;
}

/** At the end: everything is due at once, and nothing waits for another. */
export const hurried = ({ waiting }: MailQueue): MailQueue => ({
  waiting: waiting.map((one) => ({ ...one, putOff: PUT_OFF_MAX, after: 0 })),
  failures: 0,
  after: 0,
});
