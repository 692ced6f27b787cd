/** What the log says of mail: keepalived's words, the server's answer, and what was lost. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import pino from 'pino';
import { logMail } from '../../src/daemon/log-mail';
import type { MailReport } from '../../src/drivers/mail';
import type { Letter } from '../../src/drivers/mail-text';

const letter: Letter = {
  id: '1@box',
  date: new Date('2026-11-22T21:53:40.123Z'),
  from: { name: '', address: 'a@b' },
  to: ['x@example.org'],
  subject: '[lb1] VRRP Instance VI - Stopping',
  text: '',
};

/** Level and text of each record. */
function logged(...reports: readonly MailReport[]): readonly string[] {
  const lines: string[] = [];
  const log = pino({ level: 'info', base: null }, { write: (line: string) => lines.push(line) });
  for (const report of reports) logMail(log, report);
  return lines.map((line) => {
    const { level, msg } = JSON.parse(line) as { level: number; msg: string };
    return `${pino.levels.labels[level] ?? ''}: ${msg}`;
  });
}

test('a mail that was taken, in the words of keepalived', () => {
  assert.deepEqual(logged({ kind: 'taken', letter, late: 3 }), [
    'info: SMTP alert successfully sent.',
  ]);
});

test('a refusal, with the answer', () => {
  const answer = '550 no such user';
  assert.deepEqual(
    logged(
      { kind: 'refused', letter, recipient: null, answer },
      { kind: 'refused', letter, recipient: 'x@example.org', answer },
    ),
    [
      `error: mail '${letter.subject}': the server does not take it: ${answer}`,
      `error: mail '${letter.subject}': the server does not take it for x@example.org: ${answer}`,
    ],
  );
});

test('an outage is told when it begins and when it ends', () => {
  const server = '192.0.2.25:25';
  const outage = (failures: number): MailReport => ({
    kind: 'unreachable',
    server,
    why: 'connect ECONNREFUSED',
    failures,
    waiting: failures,
    pause: 1000,
  });
  assert.deepEqual(logged(outage(1), outage(2), { kind: 'reached', server, waiting: 2 }), [
    `warn: SMTP connection ERROR to ${server}: connect ECONNREFUSED; ` +
      '1 mail waiting, next try in 1 s',
    `info: SMTP server ${server} can be reached again; 2 mails waiting`,
  ]);
});

test('what is lost, why, and which', () => {
  const named = `'${letter.subject}' of 2026-11-22T21:53:40.123Z`;
  const lost = (cause: 'full' | 'old' | 'stopped' | 'no-server', count: number): MailReport => ({
    kind: 'dropped',
    cause,
    lost: { count, first: letter, last: letter },
  });
  const why = 'holdfast stops before the mail server has taken them';
  assert.deepEqual(logged(lost('stopped', 1), lost('full', 9000)), [
    `error: 1 mail will not be delivered (${why}): ${named}`,
    `error: 9000 mails will not be delivered (too many were waiting): from ${named} to ${named}`,
  ]);
});
