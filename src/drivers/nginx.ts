/**
 * nginx as a driver: carries out what the core orders of one and reports what came of it. One thing
 * at a time for each nginx; what is ordered meanwhile waits its turn. Probes do not wait.
 */
import type { Nginx } from '../config/model-nginx';
import type { NginxProbe, ServiceCommand, ServiceEvent } from '../core/service-terms';
import { reloadNginx, startNginx, stopNginx, testConfig } from './nginx-control';
import { genuineFault, masterOf, socketsOf, type Traces, workersOf } from './nginx-process';
import { type Asked, ask } from './probe';

type WithoutInstant<T> = T extends unknown ? Omit<T, 'at'> : never;

/** What happens to an nginx, without its instant. */
export type NginxReport = WithoutInstant<ServiceEvent>;
/** What is carried out here; an answer is for whoever asked. */
export type NginxOrder = Exclude<
  ServiceCommand,
  { readonly kind: 'nginx-answer' | 'nginx-forget' }
>;

/** Tells of the end of a process, whoever its parent is; see processes.ts. */
export interface Watcher {
  watch(key: string, pid: number): void;
  unwatch(key: string): void;
}

export interface NginxDriver {
  obey(order: NginxOrder, nginx: Nginx): void;
  /** It is none of ours any more. */
  forget(nginx: string): void;
  /** A watched process has ended. */
  gone(nginx: string, pid: number): void;
  /** Nothing is reported any more. What runs goes on. */
  close(): void;
}

/** What is known and under way. */
interface State {
  readonly watcher: Watcher;
  readonly tell: (one: NginxReport) => void;
  /** the last job of each; the next one begins when it is done. */
  readonly turns: Map<string, Promise<void>>;
  readonly asked: Map<string, Asked>;
  /** the workers seen last; the master that knew them may be dead when they are in the way. */
  readonly workers: Map<string, readonly number[]>;
  /** the master that was watched last; its workers are of its session. */
  readonly masters: Map<string, number>;
}

export function nginxDriver(watcher: Watcher, report: (one: NginxReport) => void): NginxDriver {
  let closed = false;
  const state: State = {
    watcher,
    tell: (one) => {
      if (!closed) report(one);
    },
    turns: new Map(),
    asked: new Map(),
    workers: new Map(),
    masters: new Map(),
  };
  return {
    obey: (order, nginx) => {
      if (closed) return;
      if (order.kind === 'nginx-probe') return probe(state, nginx, order);
      inTurn(state, nginx.name, () => carryOut(state, nginx, order));
    },
    forget: (name) => {
      watcher.unwatch(name);
      for (const through of ['loopback', 'vip']) {
        state.asked.get(`${name} ${through}`)?.cancel();
        state.asked.delete(`${name} ${through}`);
      }
    },
    gone: (nginx, pid) => state.tell({ kind: 'nginx-gone', nginx, pid }),
    close: () => {
      closed = true;
      for (const one of state.asked.values()) one.cancel();
    },
  };
}

/** Jobs report what goes wrong; one that throws must not hold up the next. */
function inTurn({ turns }: State, name: string, job: () => Promise<void>): void {
  turns.set(
    name,
    (turns.get(name) ?? Promise.resolve()).then(job).catch(() => undefined),
  );
}

async function carryOut(
  state: State,
  nginx: Nginx,
  order: Exclude<NginxOrder, { readonly kind: 'nginx-probe' }>,
): Promise<void> {
  const { tell, watcher } = state;
  const { name } = nginx;
  switch (order.kind) {
    case 'nginx-look':
      return look(state, nginx);
    case 'nginx-survey':
      return survey(state, nginx);
    case 'nginx-start':
      return start(state, nginx, order.kill);
    case 'nginx-stop':
      await stopNginx(nginx, tracesOf(state, name));
      watcher.unwatch(name);
      return tell({ kind: 'nginx-stopped', nginx: name });
    case 'nginx-test':
      return tell({ kind: 'nginx-tested', nginx: name, fault: await testConfig(nginx) });
    case 'nginx-reload': {
      const outcome = await reloadNginx(nginx);
      return tell({ kind: 'nginx-reloaded', nginx: name, ask: order.ask, ...outcome });
    }
  }
}

function look(state: State, nginx: Nginx): void {
  const { name } = nginx;
  const master = masterOf(nginx);
  if (master.kind === 'missing') {
    state.tell({ kind: 'nginx-found', nginx: name, pid: null, why: master.why });
  } else {
    const { pid } = master;
    adopt(state, { kind: 'nginx-found', nginx: name, pid, why: '' }, pid);
  }
}

/** Reported first, so that its end cannot be told before it is known. */
function adopt({ tell, watcher, masters }: State, one: NginxReport, pid: number): void {
  masters.set(one.nginx, pid);
  tell(one);
  watcher.watch(one.nginx, pid);
}

async function start(state: State, nginx: Nginx, kill: boolean): Promise<void> {
  const { name } = nginx;
  state.watcher.unwatch(name);
  const outcome = await startNginx(nginx, kill, tracesOf(state, name));
  const one = { kind: 'nginx-started', nginx: name, outcome } as const;
  if (outcome.kind === 'started') adopt(state, one, outcome.pid);
  else state.tell(one);
}

const tracesOf = ({ workers, masters }: State, name: string): Traces => ({
  workers: workers.get(name) ?? [],
  master: masters.get(name) ?? null,
});

function probe({ asked, tell }: State, nginx: Nginx, { through, address }: NginxProbe): void {
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
}

function survey(state: State, nginx: Nginx): void {
  const master = masterOf(nginx);
  if (master.kind === 'missing') return;
  const seen = workersOf(master.pid);
  const current = seen.filter(({ leaving }) => !leaving).length;
  state.workers.set(
    nginx.name,
    seen.map(({ pid }) => pid),
  );
  state.tell(surveyed(nginx, master.pid, current));
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
