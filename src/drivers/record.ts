/**
 * News as data, for programs: what the environment of a notify command and the body of a webhook
 * hold. The same news give the same record to everybody, with the same id.
 */
import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Config } from '../config/model';
import { type Notify, wordOf } from '../core/command';
import type { Instant } from '../time';

export interface NewsRecord {
  /** another one for every event. */
  readonly id: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly time: string;
  /** router_id, or the name of the host. */
  readonly router: string;
  readonly scope: Notify['scope'];
  readonly name: string;
  /** the state, or what happened in it: MASTER_RX_LOWER_PRI, MASTER_PRIORITY, BACKUP_PRIORITY. */
  readonly event: string;
  readonly state: Notify['state'];
  readonly previous: Notify['previous'];
  readonly priority: number;
  readonly reason: string;
}

export type Recorder = (news: Notify, config: Config) => NewsRecord;

/** An environment must not grow without bounds. */
const reasonMax = 4096;

/** `dateOf`: when that was on the calendar. */
export function recorder(dateOf: (at: Instant) => Date): Recorder {
  const made = new WeakMap<Notify, NewsRecord>();
  return (news, config) => {
    const before = made.get(news);
    if (before !== undefined) return before;
    const record: NewsRecord = {
      id: randomUUID(),
      time: dateOf(news.at).toISOString(),
      router: config.global.routerId ?? hostname(),
      scope: news.scope,
      name: news.name,
      event: wordOf(news),
      state: news.state,
      previous: news.previous,
      priority: news.priority,
      reason: news.reason.slice(0, reasonMax),
    };
    made.set(news, record);
    return record;
  };
}

/** HOLDFAST_STATE and so on, and all of it as HOLDFAST_EVENT. */
export const environmentOf = (record: NewsRecord): Readonly<Record<string, string>> => ({
  HOLDFAST_SCOPE: record.scope,
  HOLDFAST_NAME: record.name,
  HOLDFAST_STATE: record.state,
  HOLDFAST_PREVIOUS: record.previous,
  HOLDFAST_PRIORITY: String(record.priority),
  HOLDFAST_REASON: record.reason,
  HOLDFAST_TIME: record.time,
  HOLDFAST_EVENT: JSON.stringify(record),
});
