/** What happens to a supervised nginx, for the log: every change of its state, with the reason. */
import type { Logger } from 'pino';
import type { Phase, Service } from '../core/service';
import type { Services } from '../core/services';
import { between, toSeconds } from '../time';

export function logServices(log: Logger, before: Services, after: Services): void {
  if (before === after) return;
  for (const [name, service] of after) {
    const old = before.get(name);
    if (old !== undefined && old !== service) logService(log, old, service);
  }
}

const loud: ReadonlySet<Phase> = new Set(['reviving', 'down', 'given-up']);

const words: Readonly<Record<Phase, (service: Service) => string>> = {
  unknown: () => 'not looked at yet',
  stopped: ({ why }) => `stopped: ${why}`,
  starting: ({ why }) => `starting it: ${why}`,
  up: ({ pid, why }) => `up, process ${pid}: ${why}`,
  reviving: ({ why }) => `starting it again: ${why}`,
  down: ({ why }) => `down: ${why}`,
  'given-up': ({ why }) =>
    `given up: ${why}; 'holdfast nginx start' tries again, and it is noticed when it is back`,
};

function logService(log: Logger, old: Service, { phase, ...rest }: Service): void {
  const service: Service = { phase, ...rest };
  const { name } = service.nginx;
  const level = loud.has(phase) ? 'warn' : 'info';
  if (old.phase !== phase) {
    const lasted = toSeconds(between(old.since, service.since));
    const fields = { nginx: name, phase, was: old.phase, after: lasted, pid: service.pid };
    log[level](fields, `nginx ${name} ${words[phase](service)}`);
  }
  // A start that failed while the address had left already.
  const failed = old.waiting && !service.waiting && phase === 'down' && old.why !== service.why;
  if (old.phase === phase && failed) {
    log.warn({ nginx: name, phase }, `nginx ${name} ${words.down(service)}`);
  }
  const { config } = service.signals;
  if (config && config !== old.signals.config) {
    const text = `nginx ${name}: config invalid, serving the old one: ${config}`;
    log.warn(
      { nginx: name, config },
      service.pid === null ? text.replace(/, serv[^:]*/, '') : text,
    );
  }
  const stage = service.plan?.stage;
  if (stage === 'handing-over' && old.plan?.stage !== stage) {
    log.info({ nginx: name }, `nginx ${name}: the address is handed over before it is touched`);
  }
}
