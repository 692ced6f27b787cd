/**
 * The nodes of a simulation on their network, and what a deed does to them. What scripts say of
 * nginx is worked out here: each run as its script is written, where that could be read.
 */
import type { Config, Script } from '../config/model';
import type { Outcome } from '../core/event';
import type { NginxStarted, ServiceCommand } from '../core/service-terms';
import { native } from '../drivers/addon';
import { formatDuration, instantAt, microseconds } from '../time';
import { type Agenda, agenda } from './agenda';
import { steady } from './chance';
import { type Chronicle, newChronicle, note, witnessOf } from './chronicle';
import { arrive, type Run } from './control';
import type { Deed } from './deed';
import { type Lan, lan } from './lan';
import type { NginxCheck } from './nginx-checks';
import {
  befall,
  calledNginx,
  type Nginxes,
  type NginxState,
  newNginxes,
  serve,
} from './nginx-service';
import * as fate from './router';
import { initialOf, type World } from './world';

export interface Stage {
  readonly agenda: Agenda;
  readonly chronicle: Chronicle;
  readonly routers: readonly fate.Router[];
  readonly lan: Lan;
  /** by node. */
  readonly nginx: readonly Nginxes[];
  readonly checks: readonly (readonly NginxCheck[])[];
  /** what `reload` reads, by node and file. */
  readonly reloads: ReadonlyMap<string, Config>;
}

/** Far from zero: nothing may look as if it had been heard before the start. */
const START = 1_000_000_000;
const PACKET_MAX = 100;
/** An orderly stop is over after this. */
const GOODBYE = 10_000;

export function stageOf(
  world: World,
  checks: readonly (readonly NginxCheck[])[],
  reloads: ReadonlyMap<string, Config>,
): Stage {
  const clock = agenda(START);
  const chronicle = newChronicle(clock, world.services);
  const { Orders } = native();
  const routers = world.nodes.map((spec) => {
    const router: fate.Router = fate.newRouter(spec, {
      agenda: clock,
      chance: steady,
      witness: witnessOf(chronicle),
      newOrders: () => new Orders(),
      censor: (event) => event,
      goodbye: GOODBYE,
      run: (one, script) => runOf(stage, one, script),
      serve: (one, command) => serveNginx(stage, one, command),
    });
    for (const file of spec.config.trackFiles) router.files.set(file.name, initialOf(file));
    return router;
  });
  chronicle.routers = routers;
  const network = lan(routers, clock, steady, PACKET_MAX);
  for (const router of routers) router.lan = network;
  const nginx = world.nodes.map(({ config }) => newNginxes(config.services));
  const stage: Stage = { agenda: clock, chronicle, routers, lan: network, nginx, checks, reloads };
  return stage;
}

// ---- deeds

/** Does it; what it means is told in the row. */
export function perform(stage: Stage, deed: Deed, text: string): void {
  const { chronicle, routers, lan: network } = stage;
  const means = meaningOf(stage, deed);
  note(chronicle, 'deed', means === '' ? text : `${text}: ${means}`);
  chronicle.lastMove = stage.agenda.now();
  if (deed.kind === 'wire') {
    const change = deed.cut ? network.cut : network.mend;
    change(deed.a, deed.b);
    change(deed.b, deed.a);
    return;
  }
  const router = routers[deed.node];
  if (router === undefined) return;
  switch (deed.kind) {
    case 'nginx':
      strike(stage, router, deed.to);
      return;
    case 'script':
      if (deed.fails) router.failing.add(deed.script);
      else router.failing.delete(deed.script);
      return;
    case 'link':
      for (const name of deed.interfaces) (deed.up ? fate.plug : fate.unplug)(router, name);
      return;
    case 'file':
      fate.write(router, deed.file, deed.value);
      return;
    case 'process': {
      const quorum = router.config.trackProcesses.find(({ name }) => name === deed.process)?.quorum;
      fate.populate(router, deed.process, deed.runs ? (quorum ?? 1) : 0);
      return;
    }
    case 'fate':
      meet(router, deed.to);
      return;
    case 'reload': {
      const config = stage.reloads.get(reloadKey(deed));
      if (config !== undefined) fate.reload(router, config);
    }
  }
}

export const reloadKey = ({ node, file }: Extract<Deed, { kind: 'reload' }>): string =>
  `${node} ${file}`;

function meet(router: fate.Router, to: Extract<Deed, { kind: 'fate' }>['to']): void {
  switch (to) {
    case 'crash':
      fate.crash(router);
      return;
    case 'stop':
      fate.stop(router);
      return;
    case 'start':
      fate.start(router);
      return;
    case 'pause':
      fate.pause(router, true);
      return;
    case 'resume':
      fate.resume(router);
  }
}

function meaningOf(stage: Stage, deed: Deed): string {
  if (deed.kind === 'wire') return '';
  const router = stage.routers[deed.node];
  if (router === undefined) return '';
  const isOff = router.plane === null;
  if (deed.kind === 'fate') {
    if (deed.to === 'start') return isOff ? '' : 'it runs already';
    if (deed.to === 'resume') return router.paused ? '' : 'it is not paused';
    return isOff ? 'it does not run' : '';
  }
  if (deed.kind !== 'nginx') return isOff && deed.kind === 'reload' ? 'it does not run' : '';
  const checks = stage.checks[deed.node] ?? [];
  return [
    ...router.config.services.map(({ name }) => `${calledNginx(name)} is supervised`),
    ...checks.map((check) => `script ${check.script.name} ${effectOf(check, deed.to)}`),
  ].join('; ');
}

// ---- nginx, supervised

/** The end of a process is noticed at once. */
function strike(stage: Stage, router: fate.Router, to: NginxState): void {
  const nginxes = stage.nginx[router.index];
  if (nginxes === undefined) return;
  for (const [name, pid] of befall(nginxes, to)) {
    if (router.control === null) continue;
    arrive(router.control, {
      kind: 'nginx-gone',
      at: instantAt(stage.agenda.now()),
      nginx: name,
      pid,
    });
  }
}

function serveNginx(stage: Stage, router: fate.Router, command: ServiceCommand): void {
  const nginxes = stage.nginx[router.index];
  if (nginxes === undefined) return;
  const { control } = router;
  serve(nginxes, router.config.services, command, stage.agenda, (event) => {
    if (event.kind === 'nginx-started') tellStart(stage, router, event);
    if (control !== null) arrive(control, event);
  });
}

function tellStart(stage: Stage, router: fate.Router, event: NginxStarted): void {
  const { outcome, nginx } = event;
  const came = outcome.kind === 'started' ? 'is started' : `cannot be started: ${outcome.why}`;
  note(stage.chronicle, 'news', `${calledNginx(nginx)} ${came}`, router.spec.name);
  stage.chronicle.lastMove = stage.agenda.now();
}

// ---- nginx, as scripts see it

function effectOf(check: NginxCheck, state: NginxState): string {
  const limit = formatDuration(check.script.timeout);
  switch (state) {
    case 'well':
      return 'succeeds again';
    case 'hung':
      if (check.looksAt === 'process') return 'looks for the process alone, and finds it';
      return check.looksAt === 'answer'
        ? `gets no answer, until its timeout of ${limit} ends each run`
        : 'is taken to fail, as what it looks at could not be read';
    case 'dead':
      if (!check.starts) return fails(check);
      return check.timesOut
        ? `starts it again, and its timeout of ${limit} ends that run`
        : 'starts it again in its next run';
    case 'broken':
      if (!check.starts) return fails(check);
      return check.timesOut
        ? `tries to start it, until its timeout of ${limit} ends each run`
        : 'tries to start it, and fails';
  }
}

const fails = ({ timesOut, script }: NginxCheck): string =>
  timesOut
    ? `sleeps until its timeout of ${formatDuration(script.timeout)} ends each run`
    : 'fails from here on';

const OK: Outcome = { kind: 'exited', status: 0 };
const FAILED: Outcome = { kind: 'exited', status: 1 };
const TIMED_OUT: Outcome = { kind: 'timed-out' };

function runOf(stage: Stage, router: fate.Router, script: Script): Run {
  const usual = steady.runtime(script.interval);
  const nginx = stage.nginx[router.index];
  const state = nginx?.state ?? 'well';
  const check = stage.checks[router.index]?.find((one) => one.script.name === script.name);
  if (check === undefined || state === 'well' || router.failing.has(script.name)) {
    return { lasts: usual, ends: () => (router.failing.has(script.name) ? FAILED : OK) };
  }
  const slow: Run = { lasts: script.timeout, ends: () => TIMED_OUT };
  if (state === 'hung') {
    if (check.looksAt === 'answer') return slow;
    return { lasts: usual, ends: () => (check.looksAt === 'process' ? OK : FAILED) };
  }
  const helps = state === 'dead' && check.starts;
  if (helps && nginx !== undefined) {
    nginx.state = 'well';
    note(stage.chronicle, 'news', `script ${script.name} starts nginx again`, router.spec.name);
    stage.chronicle.lastMove = stage.agenda.now();
  }
  if (check.timesOut) return slow;
  const lasts = check.starts ? microseconds(usual + check.sleeps) : usual;
  return { lasts, ends: () => (helps ? OK : FAILED) };
}
