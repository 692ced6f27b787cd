/**
 * notify_webhook as a sink: one JSON POST for each event, in order for each target, tried again
 * until it is taken or refused for good. An event keeps its Idempotency-Key, so that a target which
 * took it and could not say so knows it again. Nothing here waits for anybody.
 */
import type { Config } from '../config/model';
import type { Notify } from '../core/command';
import { type Answer, type Posting, post } from './post';
import type { NewsRecord, Recorder } from './record';
import type { Sink } from './sink';
import { within } from './within';

export interface WebhookReports {
  /** The first failure in a row. */
  failing(target: string, why: string, waiting: number): void;
  /** After that. */
  recovered(target: string, waiting: number): void;
  refused(target: string, event: NewsRecord, status: number): void;
  /** The first that goes for want of room; how many, when it is over. */
  full(target: string): void;
  dropped(target: string, lost: Lost, cause: Cause): void;
}

export interface Lost {
  readonly count: number;
  readonly first: NewsRecord;
  readonly last: NewsRecord;
}

/** full: the oldest went. removed: by a reload. */
export type Cause = 'full' | 'removed' | 'stopped';

/** Milliseconds. */
export interface WebhookPace {
  readonly timeout: number;
  /** the pause after the first failure; it doubles with each. */
  readonly first: number;
  readonly most: number;
}

const usualPace: WebhookPace = { timeout: 10_000, first: 500, most: 60_000 };
/** How many events may wait for one target. */
const waitingMax = 1000;
/** How long a stop waits for targets that do not answer. */
export const WEBHOOK_PATIENCE_MS = 2000;

interface Target {
  readonly url: string;
  /** what the log calls it: the rest of the URL may be a secret. */
  readonly name: string;
  bearer: string | null;
  waiting: readonly NewsRecord[];
  trying: Posting | null;
  failures: number;
  /** for want of room, since that was told. */
  lost: Lost | null;
  timer: NodeJS.Timeout | null;
  /** At the end: nothing is tried again after a failure, and this is called. */
  finish: (() => void) | null;
  closed: boolean;
}

export function webhooks(
  reports: WebhookReports,
  recordOf: Recorder,
  pace: WebhookPace = usualPace,
): Sink {
  let config: Config | null = null;
  let targets: readonly Target[] = [];
  return {
    configure: (next) => {
      config = next;
      const { webhooks: urls, bearer } = next.global.telling;
      const kept = urls.map((url) => targets.find((one) => one.url === url) ?? newTarget(url));
      for (const target of targets) {
        if (!kept.includes(target)) close(target, 'removed', reports);
      }
      targets = kept;
      for (const target of targets) {
        target.bearer = bearer;
        // Perhaps what was changed is what kept it from us.
        hurry(target, pace, reports);
      }
    },
    tell: (news) => {
      if (config === null || isForPipes(news)) return;
      for (const target of targets) add(target, recordOf(news, config), pace, reports);
    },
    settled: async (limit) => {
      const all = targets.map(
        (target) =>
          new Promise<void>((resolve) => {
            target.finish = resolve;
            hurry(target, pace, reports);
          }),
      );
      await within(limit, Promise.all(all));
      for (const target of targets) close(target, 'stopped', reports);
      targets = [];
    },
  };
}

const isForPipes = ({ remark }: Notify): boolean => remark === 'repeated';

const newTarget = (url: string): Target => ({
  url,
  name: new URL(url).origin,
  bearer: null,
  waiting: [],
  trying: null,
  failures: 0,
  lost: null,
  timer: null,
  finish: null,
  closed: false,
});

function add(target: Target, event: NewsRecord, pace: WebhookPace, reports: WebhookReports): void {
  const { waiting } = target;
  if (waiting.length >= waitingMax) {
    // The first one may be on its way.
    const [oldest, gone = event] = waiting;
    target.waiting = waiting.filter((one) => one === oldest || one !== gone);
    if (target.lost === null) reports.full(target.name);
    const { count, first } = target.lost ?? { count: 0, first: gone };
    target.lost = { count: count + 1, first, last: gone };
  }
  target.waiting = [...target.waiting, event];
  if (target.timer === null) pump(target, pace, reports);
}

/** Without waiting for the end of a pause. */
function hurry(target: Target, pace: WebhookPace, reports: WebhookReports): void {
  if (target.timer !== null) clearTimeout(target.timer);
  target.timer = null;
  target.failures = Math.min(target.failures, 1);
  pump(target, pace, reports);
}

function pump(target: Target, pace: WebhookPace, reports: WebhookReports): void {
  const [event] = target.waiting;
  if (event === undefined) return target.finish?.();
  if (target.closed || target.trying !== null) return;
  const wasLast = target.finish !== null;
  const posting = send(target, event, pace.timeout);
  target.trying = posting;
  let answer: Answer | null = null;
  void posting.answer.then((found) => {
    answer = found;
    if (target.closed || found.kind === 'failed') return;
    target.waiting = target.waiting.slice(1);
    if (found.kind === 'refused') reports.refused(target.name, event, found.status);
    recovered(target, reports);
    if (target.waiting.length === 0) target.finish?.();
  });
  // One connection for each target, whatever it does behind its answer.
  void posting.over.then(() => {
    target.trying = null;
    if (target.closed) return;
    if (answer?.kind !== 'failed') return pump(target, pace, reports);
    failed(target, answer.why, pace, reports);
    if (target.finish === null) return;
    // At the end each target has one more try.
    if (wasLast) return target.finish();
    hurry(target, pace, reports);
  });
}

function send(target: Target, event: NewsRecord, timeout: number): Posting {
  const { url, bearer } = target;
  const headers = {
    'Content-Type': 'application/json',
    'User-Agent': 'holdfast',
    'Idempotency-Key': event.id,
    ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
  };
  return post({ url, headers, body: JSON.stringify(event), timeout });
}

function failed(target: Target, why: string, pace: WebhookPace, reports: WebhookReports): void {
  if (target.failures === 0) reports.failing(target.name, why, target.waiting.length);
  const pause = pauseAfter(target.failures, pace, Math.random());
  target.failures++;
  target.timer = setTimeout(() => {
    target.timer = null;
    pump(target, pace, reports);
  }, pause);
  target.timer.unref();
}

/** `chance`: 0..1, a little spread, so that two routers do not come back in step. */
export const pauseAfter = (failures: number, { first, most }: WebhookPace, chance: number) =>
  Math.min(most, first * 2 ** Math.min(failures, 20)) * (0.8 + 0.4 * chance);

function recovered(target: Target, reports: WebhookReports): void {
  if (target.failures > 0) reports.recovered(target.name, target.waiting.length);
  tellFull(target, reports);
  target.failures = 0;
}

function close(target: Target, cause: 'removed' | 'stopped', reports: WebhookReports): void {
  target.closed = true;
  if (target.timer !== null) clearTimeout(target.timer);
  target.trying?.abort();
  tellFull(target, reports);
  const { waiting } = target;
  const [first, last] = [waiting[0], waiting.at(-1)];
  if (first === undefined || last === undefined) return;
  reports.dropped(target.name, { count: waiting.length, first, last }, cause);
}

function tellFull(target: Target, reports: WebhookReports): void {
  if (target.lost !== null) reports.dropped(target.name, target.lost, 'full');
  target.lost = null;
}
