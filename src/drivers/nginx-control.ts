/**
 * What is done to an nginx: its configuration tested, itself started, reloaded, stopped. Nothing is
 * ever done over a configuration that fails its test. What is started is nobody's child: a session
 * of its own, which goes on when holdfast ends.
 */
import { spawn } from 'node:child_process';
import type { Nginx } from '../config/model-nginx';
import type { Started } from '../core/service-terms';
import { type Duration, seconds } from '../time';
import { holdsSockets, masterOf, orphansOf, type Traces, workersOf } from './nginx-process';
import { type Finished, run, safeEnvironment } from './process';

const TEST_TIMEOUT = seconds(10);
const SYSTEMD_TIMEOUT = seconds(20);
/** nginx itself gives up on an address that is in use after 2.5 s. */
const START_PATIENCE_MS = 5000;
/** From one look at a pid file or a process to the next. */
const LOOK_MS = 3;
/** What is served may end within this time. */
const QUIT_PATIENCE_MS = 5000;
const TERM_PATIENCE_MS = 2000;
const KILL_PATIENCE_MS = 2000;
/** A worker that is not stuck lets go of its sockets in its next turn. */
const DISMISS_PATIENCE_MS = 100;
/** New workers after a reload. */
const RELOAD_PATIENCE_MS = 10_000;
const OUTPUT_MAX = 4096;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** '' when `nginx -t` is content, else its first complaint. */
export async function testConfig(nginx: Nginx): Promise<string> {
  const { outcome, output } = await run([...base(nginx), '-t', '-q'], TEST_TIMEOUT, null).finished;
  if (outcome.kind === 'exited' && outcome.status === 0) return '';
  if (outcome.kind === 'not-started') return outcome.why;
  return complaint(output) || `its test ${outcome.kind}`;
}

const base = ({ binary, config }: Nginx): readonly string[] =>
  config === null ? [binary] : [binary, '-c', config];

/** The first line of level emerg, without its number of process; else the last line there is. */
const complaint = (output: string): string =>
  /\[emerg\] (?:\d+#\d+: )?(.*)/.exec(output)?.[1] ?? output.trim().split('\n').at(-1) ?? '';

/** `kill`: what the pid file names hangs, and goes first. `traces`: of an earlier one. */
export async function startNginx(nginx: Nginx, kill: boolean, traces: Traces): Promise<Started> {
  const before = masterOf(nginx);
  // Somebody else was quicker, or it was replaced by an upgrade.
  if (!kill && before.kind === 'running') return { kind: 'started', pid: before.pid };
  const testing = testConfig(nginx);
  const orphans = orphansOf(traces, nginx);
  const fault = await testing;
  if (fault !== '') return { kind: 'config-invalid', why: fault };
  if (kill) {
    const master = before.kind === 'running' ? [before.pid] : [];
    const workers = master.flatMap((pid) => workersOf(pid)).map(({ pid }) => pid);
    await end([...new Set([...master, ...workers, ...orphans])], [['SIGKILL', KILL_PATIENCE_MS]]);
  } else {
    // They hold the sockets, and a new master could not bind them. Told to quit they let go of
    // these at once; what they are serving may end.
    await dismiss(orphans);
  }
  return nginx.systemdUnit === null ? launch(nginx) : systemdStart(nginx, nginx.systemdUnit);
}

async function systemdStart(nginx: Nginx, unit: string): Promise<Started> {
  const { outcome, output } = await systemctl('start', unit);
  if (outcome.kind !== 'exited' || outcome.status !== 0) {
    return { kind: 'failed', why: complaint(output) || `systemctl start ${unit} ${outcome.kind}` };
  }
  return (await appears(nginx, () => false)) ?? { kind: 'failed', why: missing(nginx) };
}

const systemctl = (verb: string, unit: string): Promise<Finished> =>
  run(['systemctl', verb, unit], SYSTEMD_TIMEOUT as Duration, null).finished;

/** With `daemon off` it is what was started; otherwise that ends, and its child is the master. */
async function launch(nginx: Nginx): Promise<Started> {
  const [program = '', ...args] = base(nginx);
  let output = '';
  let ended: string | null = null;
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: safeEnvironment(),
  });
  const keep = (text: Buffer): void => {
    output = (output + text.toString()).slice(-OUTPUT_MAX);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  child.on('error', (error) => {
    ended = error.message;
  });
  child.on('exit', (status, by) => {
    if (status !== 0) ended = by === null ? `exited with status ${status}` : `was killed by ${by}`;
  });
  const outcome = await appears(nginx, () => ended !== null);
  child.unref();
  if (outcome !== null) return outcome;
  if (ended === null && child.pid !== undefined) signal(child.pid, 'SIGTERM');
  return { kind: 'failed', why: complaint(output) || (ended ?? missing(nginx)) };
}

/** The master that the pid file names; null when there is none in time, or `over`. */
async function appears(nginx: Nginx, over: () => boolean): Promise<Started | null> {
  const deadline = performance.now() + START_PATIENCE_MS;
  for (;;) {
    const isOver = over();
    const master = masterOf(nginx);
    if (master.kind === 'running') return { kind: 'started', pid: master.pid };
    if (isOver || performance.now() > deadline) return null;
    await pause(LOOK_MS);
  }
}

function missing(nginx: Nginx): string {
  const master = masterOf(nginx);
  return master.kind === 'missing' ? `it was started, and ${master.why}` : '';
}

/** In order; whoever does not listen is ended all the same. Resolves when nothing of it runs. */
export async function stopNginx(nginx: Nginx, traces: Traces): Promise<void> {
  if (nginx.systemdUnit !== null) await systemctl('stop', nginx.systemdUnit);
  const master = masterOf(nginx);
  const workers = master.kind === 'running' ? workersOf(master.pid).map(({ pid }) => pid) : [];
  if (master.kind === 'running') {
    await end(
      [master.pid],
      [
        ['SIGQUIT', QUIT_PATIENCE_MS],
        ['SIGTERM', TERM_PATIENCE_MS],
        ['SIGKILL', KILL_PATIENCE_MS],
      ],
    );
  }
  const left = orphansOf({ ...traces, workers: [...traces.workers, ...workers] }, nginx);
  await end(left, [['SIGKILL', KILL_PATIENCE_MS]]);
}

interface Reload {
  readonly fault: string;
  readonly invalid: boolean;
}

/** Proven: workers that were not there before serve. The old ones may finish what they serve. */
export async function reloadNginx(nginx: Nginx): Promise<Reload> {
  const fault = await testConfig(nginx);
  if (fault !== '') return { fault, invalid: true };
  const master = masterOf(nginx);
  if (master.kind === 'missing') return { fault: master.why, invalid: false };
  const before = new Set(workersOf(master.pid).map(({ pid }) => pid));
  if (nginx.systemdUnit === null) signal(master.pid, 'SIGHUP');
  else {
    const { outcome, output } = await systemctl('reload', nginx.systemdUnit);
    if (outcome.kind !== 'exited' || outcome.status !== 0) {
      return { fault: complaint(output) || `systemctl reload ${outcome.kind}`, invalid: false };
    }
  }
  const deadline = performance.now() + RELOAD_PATIENCE_MS;
  for (;;) {
    const now = workersOf(master.pid).filter(({ leaving }) => !leaving);
    const old = now.filter(({ pid }) => before.has(pid)).length;
    if (now.length - old >= nginx.workersMin && old === 0) return { fault: '', invalid: false };
    if (performance.now() > deadline) {
      const why = `the old workers go on; its error log says why (${now.length - old} new ones)`;
      return { fault: why, invalid: false };
    }
    await pause(LOOK_MS);
  }
}

/** Workers without a master leave; who does not is ended. */
async function dismiss(orphans: readonly number[]): Promise<void> {
  for (const pid of orphans) signal(pid, 'SIGQUIT');
  const deadline = performance.now() + DISMISS_PATIENCE_MS;
  while (orphans.some(holdsSockets) && performance.now() < deadline) await pause(LOOK_MS);
  await end(orphans.filter(holdsSockets), [['SIGKILL', KILL_PATIENCE_MS]]);
}

/** Each signal in its turn, to those who are still there after the patience of the one before. */
async function end(
  pids: readonly number[],
  ways: readonly (readonly [NodeJS.Signals, patience: number])[],
): Promise<void> {
  let left = pids;
  for (const [how, patience] of ways) {
    for (const pid of left) signal(pid, how);
    const deadline = performance.now() + patience;
    while (performance.now() < deadline) {
      left = left.filter(isAlive);
      if (left.length === 0) return;
      await pause(LOOK_MS);
    }
  }
}

function signal(pid: number, how: NodeJS.Signals): void {
  try {
    process.kill(pid, how);
  } catch {
    // It has gone meanwhile.
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
