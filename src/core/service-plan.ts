/**
 * What an operator asks of a supervised nginx, and what follows from who is master. Whoever serves
 * hands the address over first: its priority falls to 1, a peer takes over while the address is
 * still held here, and only then is nginx touched. Where nobody takes over in a master-down time
 * it goes on all the same. Every question gets one answer.
 */
import { after, type Duration, type Instant } from '../time';
import {
  attempt,
  enter,
  type Plan,
  type Role,
  type Service,
  type Stepped,
  withGrace,
} from './service';
import type { NginxAsked, NginxReloaded, ServiceCommand } from './service-terms';

const answer = (ask: string, fault: string, said: string): ServiceCommand => ({
  kind: 'nginx-answer',
  ask,
  ok: fault === '',
  said: fault === '' ? said : fault,
});

export function asked(service: Service, event: NginxAsked): Stepped {
  const { ask, want, at } = event;
  const { plan, nginx, phase, pid } = service;
  const says = (fault: string, said = ''): Stepped => [service, [answer(ask, fault, said)]];
  if (plan !== null) return says(`a ${plan.want} of it is under way`);
  const begun = (stage: Plan['stage']): Service => ({
    ...service,
    plan: { ask, want, stage, until: null },
  });
  const runs = pid !== null;
  switch (want) {
    case 'reload':
      return runs
        ? [begun('testing'), [{ kind: 'nginx-reload', nginx: nginx.name, ask }]]
        : says(`it does not run: ${service.why}`);
    case 'stop':
      if (service.held && !runs) return says('', 'it is stopped already');
      return handOver(begun('handing-over'), at);
    case 'restart':
      if (!runs) return release(begun('starting'), at);
      return [begun('testing'), [{ kind: 'nginx-test', nginx: nginx.name }]];
    case 'start':
      if (runs && phase !== 'stopped') return says('', `it runs already, process ${pid}`);
      return release(begun('starting'), at);
  }
}

/** `nginx -t` before a planned restart. */
export function tested(service: Service, fault: string, at: Instant): Stepped {
  const { plan } = service;
  const seen = { ...service, signals: { ...service.signals, config: fault } };
  if (plan?.stage !== 'testing') return [seen, []];
  if (fault !== '') return conclude(seen, invalidText(fault), '');
  return handOver({ ...seen, plan: { ...plan, stage: 'handing-over' } }, at);
}

export function reloaded(service: Service, { ask, fault, invalid }: NginxReloaded): Stepped {
  const { signals } = service;
  const config = fault === '' ? '' : invalid ? fault : signals.config;
  const seen = { ...service, signals: { ...signals, config } };
  if (service.plan?.ask !== ask) return [seen, []];
  return conclude(seen, invalid ? invalidText(fault) : fault, 'reloaded: new workers serve');
}

const invalidText = (fault: string): string => `config invalid, serving the old one: ${fault}`;

/** To whoever takes over. Where this is no master, or nothing runs, there is nothing to do. */
function handOver(service: Service, at: Instant): Stepped {
  const { plan, role } = service;
  if (plan === null) return [service, []];
  if (!role.master || service.phase !== 'up') return stopNow(service, at);
  return [{ ...service, plan: { ...plan, until: after(at, role.patience) } }, []];
}

export function stopNow(service: Service, at: Instant): Stepped {
  const { plan, nginx } = service;
  if (plan === null) return [service, []];
  const stops = plan.want === 'stop';
  const stopping: Service = {
    ...service,
    plan: { ...plan, stage: 'stopping', until: null },
    held: stops,
    waiting: true,
    retryAt: null,
    graceUntil: null,
    probeAt: null,
    surveyAt: null,
  };
  const next = stops ? enter(stopping, 'stopped', 'the operator stopped it', at) : stopping;
  return [next, [{ kind: 'nginx-stop', nginx: nginx.name }]];
}

/** The stop has been carried out. */
export function stopped(service: Service, at: Instant): Stepped {
  const { plan } = service;
  const gone: Service = { ...service, pid: null, waiting: false, probeAt: null, surveyAt: null };
  const still = { ...gone, lookedAt: at };
  if (plan?.stage !== 'stopping') return [still, []];
  if (plan.want === 'stop') return conclude(still, '', 'stopped');
  return release({ ...still, plan: { ...plan, stage: 'starting' } }, at);
}

/** Started because somebody wants it; earlier restarts do not count against it. */
function release(service: Service, at: Instant): Stepped {
  const free: Service = { ...service, held: false, attempts: [], notBefore: at };
  const serves = service.phase === 'up';
  const phase = serves ? 'reviving' : 'starting';
  return attempt(enter(withGrace(free, at), phase, 'the operator started it', at), at);
}

/** What was asked is done, or cannot be. */
function conclude(service: Service, fault: string, said: string): Stepped {
  const { plan } = service;
  if (plan === null) return [service, []];
  return [{ ...service, plan: null }, [answer(plan.ask, fault, said)]];
}

/** A start that was asked for has come out one way or the other. */
export function concludeStart(service: Service): Stepped {
  const { plan, phase, pid, why } = service;
  if (plan?.stage !== 'starting') return [service, []];
  if (phase === 'up') return conclude(service, '', `${plan.want}ed, process ${pid}`);
  return phase === 'down' || phase === 'given-up' ? conclude(service, why, '') : [service, []];
}

/** Its instances may have changed sides. */
export function follow(service: Service, role: Role, at: Instant): Stepped {
  const before = service.role;
  const { plan, nginx, phase } = service;
  const same =
    before.master === role.master && before.vip === role.vip && before.patience === role.patience;
  if (same) return [service, []];
  const moved = { ...service, role };
  if (before.master === role.master) return [moved, []];
  if (plan?.stage === 'handing-over' && !role.master) return stopNow(moved, at);
  if (!nginx.masterOnly || service.held || plan !== null) return [moved, []];
  if (role.master && phase === 'stopped') {
    return attempt(enter(withGrace(moved, at), 'starting', 'the address is here', at), at);
  }
  // One that is down goes on trying, so that it is known whether it could serve.
  if (role.master || phase !== 'up') return [moved, []];
  const resting = { ...moved, waiting: true, probeAt: null, surveyAt: null };
  return [
    enter(resting, 'stopped', 'the address has gone to a peer', at),
    [{ kind: 'nginx-stop', nginx: nginx.name }],
  ];
}

export const rolePatience = (interval: Duration, adverts: number): Duration =>
  (interval * (adverts + 1) + 500_000) as Duration;
