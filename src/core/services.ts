/**
 * All supervised nginxes: which event is whose, whom each concerns, and what the instances are told
 * of them. What one does by itself is service.ts's.
 */
import type { Config, Instance, SyncGroup } from '../config/model';
import type { Nginx } from '../config/model-nginx';
import type { Duration, Instant } from '../time';
import type { Unit } from './election';
import type { Event } from './event';
import {
  died,
  found,
  newService,
  probed,
  type Role,
  reformService,
  type Service,
  type Stepped as ServiceStepped,
  started,
  surveyed,
} from './service';
import { serviceDeadline, wakeService } from './service-clock';
import type { ServiceStanding, ServiceVerdict } from './service-effect';
import {
  asked,
  concludeStart,
  follow,
  reloaded,
  rolePatience,
  stopped,
  tested,
} from './service-plan';
import { isServiceEvent, type ServiceCommand, type ServiceEvent } from './service-terms';

export type Services = ReadonlyMap<string, Service>;

type Stepped = readonly [Services, readonly ServiceCommand[]];

export function stepService(service: Service, event: ServiceEvent): ServiceStepped {
  const [next, commands] = happen(service, event);
  const [concluded, answers] = concludeStart(next);
  return [concluded, [...commands, ...answers]];
}

function happen(service: Service, event: ServiceEvent): ServiceStepped {
  const { at } = event;
  switch (event.kind) {
    case 'nginx-found':
      return found(service, event);
    case 'nginx-gone':
      return event.pid === service.pid ? died(service, event.pid, at) : [service, []];
    case 'nginx-started':
      return started(service, event.outcome, at);
    case 'nginx-stopped':
      return stopped(service, at);
    case 'nginx-tested':
      return tested(service, event.fault, at);
    case 'nginx-reloaded':
      return reloaded(service, event);
    case 'nginx-surveyed':
      return surveyed(service, event, at);
    case 'nginx-probed':
      return probed(service, event);
    case 'nginx-asked':
      return asked(service, event);
  }
}

/** What the instances are told of one. */
export function serviceVerdict({ phase, held, plan }: Service): ServiceVerdict {
  // A restart leaves a lone master the address.
  const leaves = plan !== null && (plan.stage === 'handing-over' || plan.want === 'restart');
  switch (phase) {
    case 'unknown':
    case 'starting':
      return 'unknown';
    case 'up':
    case 'reviving':
      return leaves && plan.stage !== 'testing' ? 'leaving' : 'up';
    case 'stopped':
      // A standby that is not meant to serve yet is well; one that was told to stop is not.
      return held ? 'down' : 'up';
    case 'down':
    case 'given-up':
      return 'down';
  }
}

/** Anything that happened to the node, as far as it concerns them. */
export function stepServices(
  services: Services,
  event: Event,
  config: Config | null,
  units: readonly Unit[],
): Stepped {
  if (event.kind === 'stopped' || config === null) return [services, []];
  const commands: ServiceCommand[] = [];
  const next = new Map(services);
  const take = (name: string, [service, orders]: ServiceStepped): void => {
    next.set(name, service);
    commands.push(...orders);
  };
  if (event.kind === 'configured') configureServices(next, config.services, event.at, commands);
  const own = isServiceEvent(event) ? next.get(event.nginx) : undefined;
  if (own !== undefined && isServiceEvent(event)) take(own.nginx.name, stepService(own, event));
  for (const [name, service] of next) {
    const [woken, orders] = event.kind === 'woken' ? wakeService(service, event.at) : [service, []];
    const [followed, more] = follow(woken, roleOf(service.nginx, config, units), event.at);
    const [concluded, answers] = concludeStart(followed);
    take(name, [concluded, [...orders, ...more, ...answers]]);
  }
  const same =
    next.size === services.size && [...next].every(([name, one]) => services.get(name) === one);
  return [same ? services : next, commands];
}

function configureServices(
  services: Map<string, Service>,
  nginxes: readonly Nginx[],
  at: Instant,
  commands: ServiceCommand[],
): void {
  const wanted = new Map(nginxes.map((nginx) => [nginx.name, nginx]));
  for (const name of [...services.keys()]) {
    if (wanted.has(name)) continue;
    services.delete(name);
    commands.push({ kind: 'nginx-forget', nginx: name });
  }
  for (const [name, nginx] of wanted) {
    const before = services.get(name);
    if (before !== undefined && isSame(before.nginx, nginx)) {
      services.set(name, reformService(before, nginx, at));
      continue;
    }
    if (before !== undefined) commands.push({ kind: 'nginx-forget', nginx: name });
    const [service, orders] = newService(nginx, at);
    services.set(name, service);
    commands.push(...orders);
  }
}

/** Another program or pid file is another nginx. */
const isSame = (a: Nginx, b: Nginx): boolean =>
  a.binary === b.binary && a.pidFile === b.pidFile && a.config === b.config;

export function servicesDeadline(
  services: Services,
): { readonly at: Instant; readonly why: string } | null {
  let first: { readonly at: Instant; readonly why: string } | null = null;
  for (const service of services.values()) {
    const due = serviceDeadline(service);
    if (due !== null && (first === null || due.at < first.at)) first = due;
  }
  return first;
}

/** What concerns one member of a group concerns them all: they move together. */
export const standingsOf = (
  services: Services,
  instance: Instance,
  group: SyncGroup | null,
): readonly ServiceStanding[] =>
  [...services.values()]
    .filter(({ nginx }) => concerns(nginx, group?.members ?? [instance.name]))
    .map((service) => ({
      name: service.nginx.name,
      verdict: serviceVerdict(service),
      weight: service.nginx.weight,
      why: service.why,
    }));

const concerns = ({ instances }: Nginx, names: readonly string[]): boolean =>
  instances === null || names.some((name) => instances.includes(name));

function roleOf(nginx: Nginx, config: Config, units: readonly Unit[]): Role {
  const concerned = units.filter(({ members, group }) =>
    concerns(nginx, group?.members ?? members.map(({ instance }) => instance.name)),
  );
  const masters = concerned
    .filter(({ state }) => state === 'master')
    .flatMap((unit) => unit.members);
  const held = masters.flatMap(({ instance }) => [...instance.addresses, ...instance.excluded]);
  const patience = config.instances.reduce<Duration>((longest, instance) => {
    const own = rolePatience(instance.interval, instance.downTimerAdverts);
    return own > longest ? own : longest;
  }, 0 as Duration);
  return { master: masters.length > 0, vip: held[0]?.address ?? null, patience };
}
