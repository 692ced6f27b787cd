/**
 * One supervised nginx. Whether it is well is worked out from signals that each have their own
 * result: its master process, its workers, its sockets, its answers. A death is met with a restart
 * in the same instant; only when that does not help within `grace` is the verdict `down`, and then
 * the address goes to a peer while the restarts go on. Pure, like all of the core. What an operator
 * asks for is in service-plan.ts, what time alone changes in service-clock.ts.
 */
import type { Nginx } from '../config/model-nginx';
import { after, type Duration, type Instant } from '../time';
import { type Health, judge, relimit, unknownHealth, verdict } from './health';
import type { NginxFound, NginxProbed, ServiceCommand, Started, Want } from './service-terms';

/**
 * unknown: nobody has looked yet. stopped: as wanted, not running. starting: a first start, not
 * answering yet. up. reviving: it died or is restarted, and has until `graceUntil`. down: that did
 * not help in time, or it does not answer; restarts go on. given-up: too many restarts.
 */
export type Phase = 'unknown' | 'stopped' | 'starting' | 'up' | 'reviving' | 'down' | 'given-up';

export interface Service {
  readonly nginx: Nginx;
  readonly phase: Phase;
  readonly since: Instant;
  /** in words, for logs and people. */
  readonly why: string;
  /** of the master process; null: none is known to run. */
  readonly pid: number | null;
  /** of the probe; without a probe, of the process itself. */
  readonly health: Health;
  /** of its workers and sockets. */
  readonly body: Health;
  readonly signals: Signals;
  /** a start, a stop or a look has been ordered and is not answered yet. */
  readonly waiting: boolean;
  /** restarts that count against the limit. */
  readonly attempts: readonly Instant[];
  readonly graceUntil: Instant | null;
  readonly retryAt: Instant | null;
  readonly probeAt: Instant | null;
  readonly probing: boolean;
  readonly surveyAt: Instant | null;
  /** when it was last looked for; somebody else may bring it back. */
  readonly lookedAt: Instant;
  /** not well again before, whatever it answers. */
  readonly notBefore: Instant;
  /** the operator said stop; nothing is started before he says start. */
  readonly held: boolean;
  readonly role: Role;
  readonly plan: Plan | null;
}

/** null: not looked at yet; '' is well; else what is wrong, in words. */
export interface Signals {
  readonly process: string | null;
  readonly genuine: string | null;
  readonly workers: string | null;
  readonly sockets: string | null;
  readonly probe: string | null;
  readonly vip: string | null;
  /** what `nginx -t` said last. */
  readonly config: string | null;
}

/** What the instances that it concerns are. */
export interface Role {
  /** one of them is master. */
  readonly master: boolean;
  /** the first address that is held with it. */
  readonly vip: string | null;
  /** how long a peer may take to take over. */
  readonly patience: Duration;
}

/** Something asked that takes more than one step. */
export interface Plan {
  readonly ask: string;
  readonly want: Want;
  readonly stage: 'testing' | 'handing-over' | 'stopping' | 'starting';
  /** handing-over: when it goes on although nobody took over. */
  readonly until: Instant | null;
}

export type Stepped = readonly [Service, readonly ServiceCommand[]];

const nothingSeen: Signals = {
  process: null,
  genuine: null,
  workers: null,
  sockets: null,
  probe: null,
  vip: null,
  config: null,
};

/** A pause between restarts never grows beyond this many times the first one. */
const backoffFactorMax = 32;
/** While a start is hoped for, it is asked this often. */
const eagerly = 20_000 as Duration;
const surveyInterval = 1_000_000 as Duration;
const surveySoon = 100_000 as Duration;

/** One bad look at its workers may be a moment between two generations. */
const soundBody = judge(unknownHealth(1, 2), true);

export function newService(nginx: Nginx, at: Instant): Stepped {
  const service: Service = {
    nginx,
    phase: 'unknown',
    since: at,
    why: 'not looked at yet',
    pid: null,
    health: unknownHealth(nginx.probe?.rise ?? 1, nginx.probe?.fall ?? 1),
    body: soundBody,
    signals: nothingSeen,
    waiting: true,
    attempts: [],
    graceUntil: null,
    retryAt: null,
    probeAt: null,
    probing: false,
    surveyAt: null,
    lookedAt: at,
    notBefore: at,
    held: false,
    role: { master: false, vip: null, patience: 0 as Duration },
    plan: null,
  };
  return [service, [{ kind: 'nginx-look', nginx: nginx.name }]];
}

/** The same nginx under other terms; its probe may be new, or gone. */
export function reformService(service: Service, nginx: Nginx, at: Instant): Service {
  const { probe } = nginx;
  const health = relimit(service.health, probe?.rise ?? 1, probe?.fall ?? 1);
  const probeAt = probe === null || service.pid === null ? null : (service.probeAt ?? at);
  const signals = probe === null ? { ...service.signals, probe: null, vip: null } : service.signals;
  return { ...service, nginx, health, probeAt, signals };
}

// ---- what happens

export function found(service: Service, { pid, why, at }: NginxFound): Stepped {
  const signals = { ...service.signals, process: pid === null ? why : '' };
  const seen = { ...service, waiting: false, signals };
  if (pid !== null) {
    // Somebody else has started it, so the operator's stop is over.
    const rests = service.phase === 'stopped';
    const free = { ...seen, pid, held: false };
    return running(rests ? enter(withGrace(free, at), 'starting', 'it runs', at) : free, at);
  }
  const gone = { ...seen, pid: null };
  // Looked for once more, in vain.
  if (service.phase === 'stopped' || service.phase === 'given-up') return [gone, []];
  if (restsNow(service)) return [enter(gone, 'stopped', 'not master', at), []];
  return attempt(enter(withGrace(gone, at), 'starting', why, at), at);
}

/** Meant to run only where the address is, and it is not here. */
export const restsNow = ({ nginx, role }: Service): boolean => nginx.masterOnly && !role.master;

/** Its master process runs; whether it is well is for the probe, if there is one. */
function running(service: Service, at: Instant): Stepped {
  const survey: ServiceCommand = { kind: 'nginx-survey', nginx: service.nginx.name };
  const watched = { ...service, surveyAt: after(at, surveyInterval), body: soundBody };
  if (service.nginx.probe === null) {
    const health = judge(watched.health, true);
    const [settled, orders] = settle({ ...watched, health }, 'its master process runs', at);
    return [settled, [survey, ...orders]];
  }
  const [asked, orders] = ask(watched, at);
  return [asked, [survey, ...orders]];
}

export function died(service: Service, pid: number, at: Instant): Stepped {
  const why = `its master process ${pid} died`;
  const gone: Service = {
    ...service,
    pid: null,
    probeAt: null,
    probing: false,
    surveyAt: null,
    signals: { ...service.signals, process: why, probe: null, vip: null },
  };
  // Told to; whoever carries that out will say when it is done.
  if (service.plan?.stage === 'stopping' || service.waiting) return [gone, []];
  if (service.phase === 'given-up') return [{ ...gone, lookedAt: at }, []];
  if (service.held || service.phase === 'stopped' || restsNow(service)) {
    return [enter(gone, 'stopped', why, at), []];
  }
  // While a restart is tried the peer need not know: most are back before it would have noticed.
  if (service.phase === 'up' || service.phase === 'unknown') {
    return attempt(enter(withGrace(gone, at), 'reviving', why, at), at);
  }
  return [backOff({ ...gone, why }, at), []];
}

export function started(service: Service, outcome: Started, at: Instant): Stepped {
  const { signals } = service;
  const here = { ...service, waiting: false };
  // The stop that was ordered behind it is still to come.
  if (service.held || service.plan?.stage === 'stopping') return [{ ...here, waiting: true }, []];
  if (outcome.kind === 'started') {
    const { pid } = outcome;
    return running({ ...here, pid, signals: { ...signals, process: '', config: '' } }, at);
  }
  if (outcome.kind === 'failed') {
    const counted = enter({ ...here, graceUntil: null }, 'down', outcome.why, at);
    return [backOff(counted, at), []];
  }
  // No start at all, so none that counts; it is tested again until somebody has mended it.
  const failed: Service = {
    ...here,
    signals: { ...signals, config: outcome.why },
    attempts: service.attempts.slice(0, -1),
    graceUntil: null,
    retryAt: after(at, service.nginx.restart.backoff),
  };
  return [enter(failed, 'down', `its configuration is invalid: ${outcome.why}`, at), []];
}

export function surveyed(
  service: Service,
  event: { readonly workers: string; readonly sockets: string; readonly genuine: string },
  at: Instant,
): Stepped {
  if (service.pid === null) return [service, []];
  const { workers, sockets, genuine } = event;
  const fault = genuine || workers || sockets;
  const next: Service = {
    ...service,
    signals: { ...service.signals, workers, sockets, genuine },
    body: judge(service.body, fault === ''),
    surveyAt: after(at, fault === '' ? surveyInterval : surveySoon),
  };
  return settle(next, fault === '' ? next.why : fault, at);
}

export function probed(service: Service, event: NginxProbed): Stepped {
  const { nginx, phase } = service;
  const { at, fault, through } = event;
  const { probe } = nginx;
  if (probe === null || service.pid === null) return [{ ...service, probing: false }, []];
  const ok = fault === '';
  const signals = { ...service.signals, [through === 'vip' ? 'vip' : 'probe']: fault };
  const seen: Service = { ...service, signals };
  const { vip, master } = service.role;
  if (ok && through === 'loopback' && probe.throughVip && master && vip !== null) {
    return [seen, [{ kind: 'nginx-probe', nginx: nginx.name, through: 'vip', address: vip }]];
  }
  const ended: Service = { ...seen, probing: false, probeAt: after(at, probe.interval) };
  const why = ok ? 'it answers' : through === 'vip' ? `through ${vip}: ${fault}` : fault;
  if (phase === 'reviving' || phase === 'starting') {
    if (!ok) return [{ ...ended, probeAt: after(at, eagerly) }, []];
    const health = judge(unknownHealth(probe.rise, probe.fall), true);
    return settle({ ...ended, health }, why, at);
  }
  const health = judge(service.health, ok);
  // What failed is asked again at once: the count of failures is the patience, not the interval.
  const again = !ok && phase === 'up' && verdict(health) === 'up';
  const judged = { ...ended, health, probeAt: again ? at : ended.probeAt };
  const [settled, orders] = settle(judged, why, at);
  return settled.phase === 'down' && phase === 'up' && through === 'vip'
    ? [deafOutside(settled, at), orders]
    : [settled, orders];
}

/**
 * It answers here and not through the address, which is about to leave: nobody could tell when
 * that has been mended. It counts as a restart that failed, so that it cannot go to and fro.
 */
function deafOutside(service: Service, at: Instant): Service {
  const counted = { ...service, attempts: [...recent(service, at), at] };
  const waits = backOff(counted, at);
  const notBefore = waits.retryAt ?? at;
  if (counted.attempts.length < service.nginx.restart.attempts) return { ...waits, notBefore };
  return giveUp({ ...counted, notBefore: after(at, service.nginx.restart.within) }, at);
}

// ---- what follows

/** Up or down, by all that is known of it. */
function settle(service: Service, why: string, at: Instant): Stepped {
  const { phase } = service;
  const process = verdict(service.health);
  const isIll = process === 'down' || verdict(service.body) === 'down';
  const early = phase === 'reviving' || phase === 'starting';
  if (isIll) {
    // Neither has it answered yet, nor is its time over.
    if (early) return [service, []];
    const ill = enter({ ...service, graceUntil: null }, hopeless(phase), why, at);
    const retries = ill.phase === 'down' && ill.retryAt === null && !ill.waiting;
    return [retries ? backOff(ill, at) : ill, []];
  }
  if (process === 'unknown' || phase === 'stopped' || at < service.notBefore) return [service, []];
  return [enter({ ...service, graceUntil: null, retryAt: null }, 'up', why, at), []];
}

const hopeless = (phase: Phase): Phase => (phase === 'given-up' ? 'given-up' : 'down');

export function enter(service: Service, phase: Phase, why: string, at: Instant): Service {
  if (service.phase === phase) return { ...service, why };
  return { ...service, phase, why, since: at, health: healthIn(phase, service) };
}

/** What it answered before says nothing of a start, and who was down answers `rise` times. */
function healthIn(phase: Phase, { health, nginx }: Service): Health {
  const fresh = unknownHealth(health.rise, health.fall);
  if (phase === 'reviving' || phase === 'starting') return fresh;
  const isDown = phase === 'down' || phase === 'given-up';
  return isDown && nginx.probe !== null ? judge(fresh, false) : health;
}

export const withGrace = (service: Service, at: Instant): Service => ({
  ...service,
  graceUntil: after(at, service.nginx.grace),
});

const recent = ({ attempts, nginx }: Service, at: Instant): readonly Instant[] =>
  attempts.filter((one) => at - one < nginx.restart.within);

/** Starts it, unless it was started too often. */
export function attempt(service: Service, at: Instant): Stepped {
  const { name, restart } = service.nginx;
  const attempts = recent(service, at);
  if (attempts.length >= restart.attempts) return [giveUp({ ...service, attempts }, at), []];
  const kill = service.pid !== null;
  return [
    { ...service, attempts: [...attempts, at], waiting: true, probeAt: null, retryAt: null },
    [{ kind: 'nginx-start', nginx: name, kill }],
  ];
}

function giveUp(service: Service, at: Instant): Service {
  const { restart } = service.nginx;
  const times = `${service.attempts.length} restarts in ${restart.within / 1_000_000} s`;
  const tired: Service = { ...service, graceUntil: null, retryAt: null, lookedAt: at };
  return enter(tired, 'given-up', `${times} did not help: ${service.why}`, at);
}

/** The next start, after a pause that doubles with each one that did not help. */
export function backOff(service: Service, at: Instant): Service {
  const count = service.attempts.length;
  const factor = Math.min(backoffFactorMax, 2 ** Math.max(0, count - 1));
  // What runs and does not answer may only be slow: it is not ended at once.
  const pause = count === 0 && service.pid === null ? 0 : service.nginx.restart.backoff * factor;
  return { ...service, retryAt: after(at, pause as Duration) };
}

export function ask(service: Service, at: Instant): Stepped {
  const { name, probe } = service.nginx;
  if (probe === null) return [service, []];
  return [
    { ...service, probing: true, probeAt: after(at, probe.interval) },
    [{ kind: 'nginx-probe', nginx: name, through: 'loopback', address: null }],
  ];
}
