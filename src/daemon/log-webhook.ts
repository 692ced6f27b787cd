/** What webhooks tell of themselves → log records. A target is named by its origin alone. */
import type { Logger } from 'pino';
import type { NewsRecord } from '../drivers/record';
import type { Cause, WebhookReports } from '../drivers/webhook';

export const logWebhook = (log: Logger): WebhookReports => ({
  failing: (target, why, waiting) => {
    const text = `webhook ${target} gets no events: ${why}; ${events(waiting)} waiting`;
    log.warn({ target, why, waiting }, text);
  },
  recovered: (target, waiting) => {
    const text = `webhook ${target} takes events again; ${events(waiting)} waiting`;
    log.info({ target, waiting }, text);
  },
  refused: (target, event, status) => {
    const text = `webhook ${target} does not take ${named(event)}: it answers ${status}`;
    log.error({ target, event: event.id, status }, text);
  },
  full: (target) => {
    log.error({ target }, `webhook ${target}: too many events are waiting, the oldest are dropped`);
  },
  dropped: (target, { count, first, last }, cause) => {
    const which = count === 1 ? named(first) : `from ${named(first)} to ${named(last)}`;
    const text = `${events(count)} will not be delivered to ${target} (${causes[cause]}): ${which}`;
    log.error({ target, cause, count, first: first.id, last: last.id }, text);
  },
});

const causes: Readonly<Record<Cause, string>> = {
  full: 'too many were waiting',
  removed: 'it is not in the configuration any more',
  stopped: 'holdfast stops before it has taken them',
};

const named = ({ scope, name, event, time }: NewsRecord): string =>
  `${scope} ${name} ${event} of ${time}`;

const events = (count: number): string => `${count} event${count === 1 ? '' : 's'}`;
