/**
 * News by mail: who wants it, one letter each, handed to the mail server one at a time and in
 * order, tried again until it is taken, refused for good, or too old. Nothing here waits for
 * anybody. What the mail server does to us is told to `onReport`.
 *
 * A letter is taken at least once: where a connection breaks between its last line and the
 * server's answer nobody can know, so it is sent again, with the same Message-ID.
 */
import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import type { Config } from '../config/model';
import type { Notify } from '../core/command';
import { type Instant, toMilliseconds } from '../time';
import { type Attempt, attempt } from './mail-attempt';
import {
  type Answer,
  emptyQueue,
  enqueue,
  expire,
  hurried,
  type MailQueue,
  type Millis,
  next,
  type Pace,
  settle,
  usualPace,
  type Verdict,
  type Waiting,
} from './mail-queue';
import { envelopeAddress, isWanted, type Letter, letterOf, type Origin } from './mail-text';
import type { Sink } from './sink';

export type MailReport =
  /** at least one recipient has it. `late`: since it was told. */
  | { readonly kind: 'taken'; readonly letter: Letter; readonly late: Millis }
  /** for good, by the server: all of it (`recipient` null), or for one. */
  | {
      readonly kind: 'refused';
      readonly letter: Letter;
      readonly recipient: string | null;
      readonly answer: string;
    }
  /** for now, by the server. */
  | { readonly kind: 'put-off'; readonly letter: Letter; readonly why: string }
  /** no letter can be handed over. `failures`: how many times in a row; 1 is the first. */
  | {
      readonly kind: 'unreachable';
      readonly server: string;
      readonly why: string;
      readonly failures: number;
      readonly waiting: number;
      /** until the next try. */
      readonly pause: Millis;
    }
  /** After that. */
  | { readonly kind: 'reached'; readonly server: string; readonly waiting: number }
  /** Never delivered: too many waited, it was too old, or we end. */
  | {
      readonly kind: 'dropped';
      readonly cause: 'full' | 'old' | 'stopped' | 'no-server';
      readonly lost: Lost;
    };

/** Some letters in a row. */
export interface Lost {
  readonly count: number;
  readonly first: Letter;
  readonly last: Letter;
}

export interface MailOptions {
  /** when that was, on the calendar. */
  readonly dateOf: (at: Instant) => Date;
  readonly pace?: Pace;
  readonly origin?: Origin;
}

/** How long a stop waits for the last letters; less where smtp_connect_timeout is less. */
export const MAIL_PATIENCE_MS = 3000;
/** What is dropped one by one is told together. */
const DROPS_TOLD_AFTER_MS = 1000;

interface State {
  config: Config | null;
  /** what was in force before: of those that a reload removes. */
  before: Config | null;
  queue: MailQueue;
  trying: (Attempt & { readonly letter: Letter }) | null;
  timer: NodeJS.Timeout | null;
  /** the last thing heard of the server was that it takes nothing. */
  isUnreachable: boolean;
  /** null while we live; then what to call when nothing more can be done. */
  finish: (() => void) | null;
  isClosed: boolean;
  /** dropped for want of room, not told yet. */
  surplus: Lost | null;
  /** by instance or group: the state that was mailed last. */
  readonly mailed: Map<string, string>;
}

/**
 * What concerns mail of news that are no change of state (`remark`), and of an instance that a
 * reload has removed (`gone`).
 */
type News = Notify & { readonly gone?: true; readonly remark?: string };

interface Around {
  readonly state: State;
  readonly pace: Pace;
  readonly origin: Origin;
  readonly onReport: (report: MailReport) => void;
}

export function mailSink(onReport: (report: MailReport) => void, options: MailOptions): Sink {
  const { pace = usualPace, origin = ourselves(), dateOf } = options;
  const state: State = {
    config: null,
    before: null,
    queue: emptyQueue,
    trying: null,
    timer: null,
    isUnreachable: false,
    finish: null,
    isClosed: false,
    surplus: null,
    mailed: new Map(),
  };
  const around: Around = { state, pace, origin, onReport };
  return {
    configure: (config) => {
      forgetOthers(state.mailed, [state.config, config]);
      state.before = state.config;
      state.config = config;
      // Perhaps what was changed is what kept the server from us.
      state.queue = { ...state.queue, failures: 0, after: 0 };
      pump(around);
    },
    tell: (news: News) => {
      const { config, before, mailed } = state;
      if (config === null || news.remark !== undefined) return;
      const { global } = config;
      const told = news.gone === true && before !== null ? { ...before, global } : config;
      if (!isWanted(news, told)) return;
      // keepalived: a fault that is not mailed leaves the state that was.
      if (mailed.get(keyOf(news)) === news.state) return;
      mailed.set(keyOf(news), news.state);
      const letter = letterOf(news, config, origin, { id: newId(origin), date: dateOf(news.at) });
      if (letter !== null) add(around, letter);
    },
    settled: (limit) => finished(around, limit),
  };
}

const now = (): Millis => performance.now();

function add(around: Around, letter: Letter): void {
  const { state } = around;
  const to = letter.to.map(envelopeAddress);
  const fresh = { letter, to, now: now() };
  const [queue, dropped] = enqueue(state.queue, fresh, state.trying?.letter ?? null);
  state.queue = queue;
  if (dropped !== null) {
    const { surplus } = state;
    if (surplus === null) setTimeout(() => tellSurplus(around), DROPS_TOLD_AFTER_MS).unref();
    const { count, first } = surplus ?? { count: 0, first: dropped };
    state.surplus = { count: count + 1, first, last: dropped };
  }
  pump(around);
}

function tellSurplus({ state, onReport }: Around): void {
  const lost = state.surplus;
  state.surplus = null;
  if (lost !== null) onReport({ kind: 'dropped', cause: 'full', lost });
}

function tellDropped(
  { onReport }: Around,
  cause: 'old' | 'stopped' | 'no-server',
  letters: readonly Letter[],
): void {
  const [first] = letters;
  const last = letters.at(-1);
  if (first === undefined || last === undefined) return;
  onReport({ kind: 'dropped', cause, lost: { count: letters.length, first, last } });
}

/** Does what is due, or sees to it that it is looked at again. */
function pump(around: Around): void {
  const { state } = around;
  if (state.trying !== null || state.isClosed) return;
  if (state.timer !== null) clearTimeout(state.timer);
  state.timer = null;
  const [queue, old] = expire(state.queue, now());
  state.queue = queue;
  tellDropped(around, 'old', old);
  const due = next(queue, now());
  if (due.kind === 'try') return begin(around, due.one);
  // At the end nothing is waited for.
  if (state.finish !== null) return state.finish();
  if (due.kind === 'idle') return;
  state.timer = setTimeout(() => pump(around), Math.max(1, due.until - now()));
  state.timer.unref();
}

function begin(around: Around, one: Waiting): void {
  const { state, origin } = around;
  const mail = state.config?.global.mail;
  if (mail == null || mail.server === null) {
    dropAll(around, 'no-server');
    return pump(around);
  }
  const { host, port } = mail.server;
  const isLast = state.finish !== null;
  const trying = attempt(one, mail, mail.server, mail.heloName ?? origin.host);
  state.trying = { ...trying, letter: one.letter };
  void trying.verdict.then((verdict) => {
    state.trying = null;
    if (state.isClosed) return;
    conclude(around, one, verdict, `${host}:${port}`);
    const isEnd = state.finish !== null && verdict.kind === 'unreachable';
    if (isEnd && isLast) state.finish?.();
    if (isEnd) state.queue = hurried(state.queue);
    pump(around);
  });
}

function conclude(around: Around, one: Waiting, verdict: Verdict, server: string): void {
  const { state, pace, onReport } = around;
  const { letter } = one;
  const at = now();
  state.queue = settle(state.queue, one, verdict, { now: at, chance: Math.random(), pace });
  const waiting = state.queue.waiting.length;
  if (verdict.kind === 'unreachable') {
    state.isUnreachable = true;
    const { failures, after } = state.queue;
    const { why } = verdict;
    onReport({ kind: 'unreachable', server, why, failures, waiting, pause: after - at });
    return;
  }
  if (state.isUnreachable) onReport({ kind: 'reached', server, waiting });
  state.isUnreachable = false;
  switch (verdict.kind) {
    case 'taken': {
      const { refused, later } = verdict;
      const isTaken = refused.length + later.length < one.to.length;
      if (isTaken) onReport({ kind: 'taken', letter, late: at - one.since });
      for (const { recipient, answer } of refused) {
        onReport({ kind: 'refused', letter, recipient, answer });
      }
      if (later.length > 0) onReport({ kind: 'put-off', letter, why: said(later) });
      return;
    }
    case 'refused':
      onReport({ kind: 'refused', letter, recipient: null, answer: verdict.why });
      return;
    case 'put-off':
      onReport({ kind: 'put-off', letter, why: verdict.why });
      return;
  }
}

const said = (answers: readonly Answer[]): string =>
  answers.map(({ recipient, answer }) => `${recipient}: ${answer}`).join('; ');

/** What is due is tried once more, as long as there is time. */
function finished(around: Around, limit: number): Promise<void> {
  const { state } = around;
  const patience = state.config?.global.mail.connectTimeout;
  return new Promise((resolve) => {
    const end = (): void => {
      if (state.isClosed) return;
      clearTimeout(late);
      tellSurplus(around);
      dropAll(around, 'stopped');
      state.isClosed = true;
      state.trying?.abort();
      if (state.timer !== null) clearTimeout(state.timer);
      resolve();
    };
    const most = patience === undefined ? limit : Math.min(limit, toMilliseconds(patience));
    const late = setTimeout(end, most);
    state.queue = hurried(state.queue);
    state.finish = end;
    pump(around);
  });
}

function dropAll(around: Around, cause: 'stopped' | 'no-server'): void {
  const { state } = around;
  const letters = state.queue.waiting.map(({ letter }) => letter);
  state.queue = emptyQueue;
  tellDropped(around, cause, letters);
}

const keyOf = ({ scope, name }: Notify): string => `${scope} ${name}`;

/** One that comes back after two reloads begins anew. */
function forgetOthers(mailed: Map<string, string>, configs: readonly (Config | null)[]): void {
  const known = new Set(
    configs.flatMap((config) => [
      ...(config?.instances ?? []).map(({ name }) => `INSTANCE ${name}`),
      ...(config?.groups ?? []).map(({ name }) => `GROUP ${name}`),
    ]),
  );
  for (const key of mailed.keys()) if (!known.has(key)) mailed.delete(key);
}

/** RFC 5322 §3.6.4: unique for ever; time alone is not, where two routers start as one. */
const newId = ({ host }: Origin): string =>
  `${Date.now().toString(36)}.${randomBytes(9).toString('hex')}@${host.replace(/[^\w.-]/g, '-')}`;

function ourselves(): Origin {
  return { host: hostname(), user: userName() };
}

/** A user id need not have a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return 'root';
  }
}
