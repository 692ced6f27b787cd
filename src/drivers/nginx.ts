/**
 * nginx as a driver: carries out what the core orders of one and reports what came of it. One thing
 * at a time for each nginx; what is ordered meanwhile waits its turn. Probes do not wait.
 */
import type { Nginx } from '../config/model-nginx';
import type { NginxProbe, ServiceCommand, ServiceEvent } from '../core/service-terms';
import { reloadNginx, startNginx, stopNginx, testConfig } from './nginx-control';
import { genuineFault, masterOf, socketsOf, workersOf } from './nginx-process';
import { type Asked, ask } from './probe';

type WithoutInstant<T> = T extends unknown ? Omit<T, 'at'> : never;

/** What happens to an nginx, without its instant. */
export type NginxReport = WithoutInstant<ServiceEvent>;
/** What is carried out here; an answer is for whoever asked. */
export type NginxOrder = Exclude<ServiceCommand, { readonly kind: 'nginx-answer' }>;

/** Tells of the end of a process, whoever its parent is; see processes.ts. */
export interface Watcher {
  watch(key: string, pid: number): void;
  unwatch(key: string): void;
}

export interface NginxDriver {
  obey(order: NginxOrder, nginx: Nginx): void;
  /** A watched process has ended. */
  gone(nginx: string, pid: number): void;
  /** Nothing is reported any more. What runs goes on. */
  close(): void;
}

export function nginxDriver(watcher: Watcher, report: (one: NginxReport) => void): NginxDriver {
  const turns = new Map<string, Promise<void>>();
  const asked = new Map<string, Asked>();
  /** the workers seen last; the master that knew them may be dead when they are in the way. */
  const workers = new Map<string, readonly number[]>();
  let closed = false;
  const tell = (one: NginxReport): void => {
    if (!closed) report(one);
  };
  const inTurn = (name: string, job: () => Promise<void>): void => {
    // Jobs report what goes wrong; one that throws must not hold up the next.
    const tail = (turns.get(name) ?? Promise.resolve()).then(job).catch(() => undefined);
    turns.set(name, tail);
  };
  /** Reported first, so that its end cannot be told before it is known. */
  const adopt = (one: NginxReport, nginx: string, pid: number): void => {
    tell(one);
    if (!closed) watcher.watch(nginx, pid);
  };
  const look = ({ name, ...nginx }: Nginx): void => {
    const master = masterOf({ name, ...nginx });
    if (master.kind === 'missing') {
      tell({ kind: 'nginx-found', nginx: name, pid: null, why: master.why });
    } else {
      const { pid } = master;
      adopt({ kind: 'nginx-found', nginx: name, pid, why: '' }, name, pid);
    }
  };
  const survey = (nginx: Nginx): void => {
    const master = masterOf(nginx);
    if (master.kind === 'missing') return;
    const seen = workersOf(master.pid);
    const known = seen.map(({ pid }) => pid);
    workers.set(nginx.name, known);
    tell(surveyed(nginx, master.pid, seen.filter(({ leaving }) => !leaving).length));
  };
  const start = async (nginx: Nginx, kill: boolean): Promise<void> => {
    const { name } = nginx;
    watcher.unwatch(name);
    const outcome = await startNginx(nginx, kill, workers.get(name) ?? []);
    const one = { kind: 'nginx-started', nginx: name, outcome } as const;
    if (outcome.kind === 'started') adopt(one, name, outcome.pid);
    else tell(one);
  };
  const probe = (nginx: Nginx, { through, address }: NginxProbe): void => {
    if (nginx.probe === null) return;
    const key = `${nginx.name} ${through}`;
    asked.get(key)?.cancel();
    const one = ask(nginx.probe, address ?? undefined);
    asked.set(key, one);
    void one.answer.then((fault) => {
      if (asked.get(key) !== one) return;
      asked.delete(key);
      tell({ kind: 'nginx-probed', nginx: nginx.name, through, fault });
    });
  };
  const forget = (name: string): void => {
    watcher.unwatch(name);
    for (const through of ['loopback', 'vip']) {
      asked.get(`${name} ${through}`)?.cancel();
      asked.delete(`${name} ${through}`);
    }
  };
  return {
    obey: (order, nginx) => {
      const { name } = nginx;
      switch (order.kind) {
        case 'nginx-look':
          return inTurn(name, async () => look(nginx));
        case 'nginx-survey':
          return inTurn(name, async () => survey(nginx));
        case 'nginx-start':
          return inTurn(name, () => start(nginx, order.kill));
        case 'nginx-stop':
          return inTurn(name, async () => {
            await stopNginx(nginx, workers.get(name) ?? []);
            watcher.unwatch(name);
            tell({ kind: 'nginx-stopped', nginx: name });
          });
        case 'nginx-test':
          return inTurn(name, async () => {
            tell({ kind: 'nginx-tested', nginx: name, fault: await testConfig(nginx) });
          });
        case 'nginx-reload':
          return inTurn(name, async () => {
            const outcome = await reloadNginx(nginx);
            tell({ kind: 'nginx-reloaded', nginx: name, ask: order.ask, ...outcome });
          });
        case 'nginx-probe':
          return probe(nginx, order);
        case 'nginx-forget':
          return forget(name);
      }
    },
    gone: (nginx, pid) => tell({ kind: 'nginx-gone', nginx, pid }),
    close: () => {
      closed = true;
      for (const one of asked.values()) one.cancel();
    },
  };
}

function surveyed(nginx: Nginx, master: number, current: number): NginxReport {
  const { workersMin } = nginx;
  return {
    kind: 'nginx-surveyed',
    nginx: nginx.name,
    workers: current < workersMin ? `${current} of ${workersMin} workers run` : '',
    sockets: socketsOf(master),
    genuine: genuineFault(nginx, master),
  };
}
