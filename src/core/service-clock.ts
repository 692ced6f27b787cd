/**
 * What time alone does to a supervised nginx: a grace that ends, a restart that is due, the next
 * look or question. A deadline is state; only `woken` expires it.
 */
import { after, type Duration, type Instant } from '../time';
import { ask, attempt, backOff, enter, type Service, type Stepped } from './service';
import { stopNow } from './service-plan';
import type { ServiceCommand } from './service-terms';

const lookInterval = 1_000_000 as Duration;

interface Due {
  readonly at: Instant;
  readonly why: string;
}

/** The earliest instant at which it wants to look again, and why. */
export function serviceDeadline(service: Service): Due | null {
  const { name } = service.nginx;
  const candidates = [
    { at: service.graceUntil, why: `the grace of ${name} ends` },
    { at: service.plan?.until ?? null, why: `nobody takes over from ${name}` },
    { at: lookDue(service), why: `${name} is looked for` },
    { at: service.waiting ? null : service.retryAt, why: `${name} is started again` },
    { at: service.surveyAt, why: `the processes of ${name} are looked at` },
    { at: service.probing ? null : service.probeAt, why: `${name} is asked` },
  ];
  let first: Due | null = null;
  for (const { at, why } of candidates) {
    if (at !== null && (first === null || at < first.at)) first = { at, why };
  }
  return first;
}

/** A deadline may have come. */
export function wakeService(service: Service, at: Instant): Stepped {
  let next = service;
  const commands: ServiceCommand[] = [];
  const isDue = (due: Instant | null | undefined): boolean =>
    due !== null && due !== undefined && at >= due;
  const take = ([stepped, orders]: Stepped): void => {
    next = stepped;
    commands.push(...orders);
  };
  if (isDue(next.graceUntil)) next = graceOver(next, at);
  if (isDue(next.plan?.until)) take(stopNow(next, at));
  if (isDue(next.retryAt) && !next.waiting) take(attempt({ ...next, retryAt: null }, at));
  if (isDue(lookDue(next))) {
    next = { ...next, lookedAt: at, waiting: true };
    commands.push({ kind: 'nginx-look', nginx: next.nginx.name });
  }
  if (isDue(next.surveyAt)) {
    // The answer sets the next one; without an answer there is nothing to ask about.
    next = { ...next, surveyAt: null };
    commands.push({ kind: 'nginx-survey', nginx: next.nginx.name });
  }
  if (isDue(next.probeAt) && !next.probing) take(ask(next, at));
  return [next, commands];
}

function graceOver(service: Service, at: Instant): Service {
  const { grace } = service.nginx;
  const { why, signals, pid } = service;
  const last = pid !== null && signals.probe ? ` (${signals.probe})` : '';
  const waited = `${why}; not back within ${grace / 1000} ms${last}`;
  const late = enter({ ...service, graceUntil: null }, 'down', waited, at);
  return late.waiting || late.retryAt !== null ? late : backOff(late, at);
}

/** One that does not run, and is not about to be started, may be started by somebody else. */
function lookDue(service: Service): Instant | null {
  const { pid, waiting, retryAt, phase, plan } = service;
  const idle = pid === null && !waiting && retryAt === null && plan === null;
  const settled = phase === 'stopped' || phase === 'given-up';
  return idle && settled ? after(service.lookedAt, lookInterval) : null;
}
