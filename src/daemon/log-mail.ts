/** What mail tells of itself → log records, in keepalived's words where it has some. */
import type { Logger } from 'pino';
import type { MailReport } from '../drivers/mail';
import type { Letter } from '../drivers/mail-text';
import { spanText } from './texts';

export function logMail(log: Logger, report: MailReport): void {
  switch (report.kind) {
    case 'taken': {
      const fields = { ...of(report.letter), lateMs: Math.round(report.late) };
      log.info(fields, 'SMTP alert successfully sent.');
      return;
    }
    case 'refused': {
      const { letter, recipient, answer } = report;
      const whom = recipient === null ? 'it' : `it for ${recipient}`;
      const text = `mail '${letter.subject}': the server does not take ${whom}: ${answer}`;
      log.error({ ...of(letter), recipient, answer }, text);
      return;
    }
    case 'put-off': {
      const { letter, why } = report;
      log.warn({ ...of(letter), why }, `mail '${letter.subject}' put off: ${why}`);
      return;
    }
    case 'unreachable': {
      const { server, why, failures, waiting, pause } = report;
      const text =
        `SMTP connection ERROR to ${server}: ${why}; ` +
        `${letters(waiting)} waiting, next try in ${spanText(pause * 1000)}`;
      // An outage of a day is not a thousand lines of log.
      log[failures === 1 ? 'warn' : 'debug']({ server, why, failures, waiting }, text);
      return;
    }
    case 'reached': {
      const { server, waiting } = report;
      const text = `SMTP server ${server} can be reached again; ${letters(waiting)} waiting`;
      log.info({ server, waiting }, text);
      return;
    }
    case 'dropped':
      return logDropped(log, report);
  }
}

const causes = {
  full: 'too many were waiting',
  old: 'they waited for a day',
  stopped: 'holdfast stops before the mail server has taken them',
  'no-server': 'there is no smtp_server any more',
} as const;

function logDropped(log: Logger, { cause, lost }: MailReport & { kind: 'dropped' }): void {
  const { count, first, last } = lost;
  const which = count === 1 ? named(first) : `from ${named(first)} to ${named(last)}`;
  const text = `${letters(count)} will not be delivered (${causes[cause]}): ${which}`;
  log.error({ cause, count, first: first.id, last: last.id }, text);
}

const named = ({ subject, date }: Letter): string => `'${subject}' of ${date.toISOString()}`;

const letters = (count: number): string => `${count} mail${count === 1 ? '' : 's'}`;

const of = ({ id, subject, to }: Letter) => ({ mail: id, subject, to });
