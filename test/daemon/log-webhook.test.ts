/** What the log says of webhooks: when an outage begins and ends, what was refused and lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { logWebhook } from '../../src/daemon/log-webhook';
import type { NewsRecord } from '../../src/drivers/record';
import type { WebhookReports } from '../../src/drivers/webhook';

const target = 'https://h.example';
const event: NewsRecord = {
  id: '1',
  time: '2026-01-02T03:04:05.678Z',
  router: 'lb1',
  scope: 'INSTANCE',
  name: 'VI',
  event: 'MASTER',
  state: 'MASTER',
  previous: 'BACKUP',
  priority: 100,
  reason: 'it was asked to',
};
const named = 'INSTANCE VI MASTER of 2026-01-02T03:04:05.678Z';

/** Level and text of each record. */
function logged(say: (reports: WebhookReports) => void): readonly string[] {
  const lines: string[] = [];
  const log = pino({ level: 'info', base: null }, { write: (line: string) => lines.push(line) });
  say(logWebhook(log));
  return lines.map((line) => {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string };
    return `${pino.levels.labels[level] ?? ''}: ${msg}`;
  });
}

test('an outage of a webhook, its end, and a refusal', () => {
  const said = logged((reports) => {
    reports.failing(target, 'connect ECONNREFUSED', 1);
    reports.recovered(target, 2);
    reports.refused(target, event, 404);
  });
  assert.deepEqual(said, [
    `warn: webhook ${target} gets no events: connect ECONNREFUSED; 1 event waiting`,
    `info: webhook ${target} takes events again; 2 events waiting`,
    `error: webhook ${target} does not take ${named}: it answers 404`,
  ]);
});

test('events that no webhook gets, why, and which', () => {
  const said = logged((reports) => {
    reports.full(target);
    reports.dropped(target, { count: 5, first: event, last: event }, 'full');
    reports.dropped(target, { count: 1, first: event, last: event }, 'removed');
    reports.dropped(target, { count: 2, first: event, last: event }, 'stopped');
  });
  const lost = (count: string, why: string): string =>
    `error: ${count} will not be delivered to ${target} (${why})`;
  assert.deepEqual(said, [
    `error: webhook ${target}: too many events are waiting, the oldest are dropped`,
    `${lost('5 events', 'too many were waiting')}: from ${named} to ${named}`,
    `${lost('1 event', 'it is not in the configuration any more')}: ${named}`,
    `${lost('2 events', 'holdfast stops before it has taken them')}: from ${named} to ${named}`,
  ]);
});
