/** What the tests of mail share: news, a configuration that wants mail, a sink and its reports. */
import type { Config } from '../../src/config/model';
import type { Mail } from '../../src/config/model-mail';
import type { Notify, NotifyState } from '../../src/core/command';
import { type MailReport, mailSink } from '../../src/drivers/mail';
import type { Pace } from '../../src/drivers/mail-queue';
import type { Sink } from '../../src/drivers/sink';
import { instantAt, seconds } from '../../src/time';
import { config, globalWith, instance, syncGroup } from '../core/fixture';

export const mail: Mail = {
  ...globalWith({}).mail,
  to: ['admin@example.org'],
  from: 'holdfast@example.org',
};

export const wanting = (change: Partial<Mail>, routerId: string | null = 'lb1'): Config =>
  config({
    global: globalWith({ routerId, mail: { ...mail, ...change } }),
    instances: ['VI', 'VI_2'].map((name) => instance(name, { smtpAlert: true })),
    groups: [syncGroup('G', ['VI'], { smtpAlert: true })],
  });

export const news = (state: NotifyState, change: Partial<Notify> = {}): Notify => ({
  kind: 'notify',
  at: instantAt(0),
  scope: 'INSTANCE',
  name: 'VI',
  state,
  previous: 'BACKUP',
  reason: '192.0.2.2 was silent',
  priority: 102,
  ...change,
});

export const origin = { host: 'box', user: 'root' };
export const happened = new Date('2026-11-22T21:53:40.123Z');

/** As the usual one, in time for a test. */
const quick: Pace = { first: 5, most: 40, lastingFirst: 5, lastingMost: 40 };

export interface Post {
  readonly sink: Sink;
  readonly reports: MailReport[];
  /** Reports of one kind. */
  readonly of: <K extends MailReport['kind']>(kind: K) => (MailReport & { readonly kind: K })[];
}

export function post(pace: Pace = quick): Post {
  const reports: MailReport[] = [];
  const sink = mailSink((report) => reports.push(report), {
    dateOf: () => happened,
    pace,
    origin,
  });
  const of = <K extends MailReport['kind']>(kind: K) =>
    reports.filter((one): one is MailReport & { readonly kind: K } => one.kind === kind);
  return { sink, reports, of };
}

/** A server on loopback, with little patience. */
export const through = (port: number, change: Partial<Mail> = {}): Config =>
  wanting({ server: { host: '127.0.0.1', port }, connectTimeout: seconds(10), ...change });
