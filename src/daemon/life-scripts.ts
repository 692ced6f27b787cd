/**
 * startup_script and shutdown_script: once in the life of the process, before it takes part and
 * after it has let go of everything. A reload runs neither.
 */
import type { Logger } from 'pino';
import type { Global, Hook } from '../config/model';
import { run, termsOf } from '../drivers/process';
import { within } from '../drivers/within';
import type { Duration } from '../time';
import { outcomeText } from './texts';

/** How long one that is told to end, since we stop, has before it is killed. */
const GRACE_MS = 200;

/**
 * Waits for it, at most startup_script_timeout; when `stop` comes first, it is ended, and the
 * answer is false. One that fails is logged and changes nothing, as keepalived does it. Never
 * throws.
 */
export async function startupScript(
  global: Global,
  stop: Promise<unknown>,
  log: Logger,
): Promise<boolean> {
  const { startup, startupTimeout } = global.system.hooks;
  return startup === null || attend('startup', startup, startupTimeout, { global, stop, log });
}

/** Waits for it, at most shutdown_script_timeout. Never throws. */
export async function shutdownScript(global: Global, log: Logger): Promise<void> {
  const { shutdown, shutdownTimeout } = global.system.hooks;
  if (shutdown === null) return;
  await attend('shutdown', shutdown, shutdownTimeout, { global, stop: null, log });
}

interface Circumstances {
  readonly global: Global;
  /** null: nothing ends it but its time. */
  readonly stop: Promise<unknown> | null;
  readonly log: Logger;
}

/** False: `stop` came before its end. */
async function attend(
  when: 'startup' | 'shutdown',
  { argv, user }: Hook,
  timeout: Duration,
  { global, stop, log }: Circumstances,
): Promise<boolean> {
  const command = argv.join(' ');
  log.info({ command }, `Running ${when} script ${argv[0]}`);
  const script = run(argv, timeout, user ?? global.scriptUser, {}, termsOf(global));
  let ended = false;
  const told = script.finished.then(({ outcome, output }) => {
    ended = true;
    const ok = outcome.kind === 'exited' && outcome.status === 0;
    const fields = { command, outcome, output: output.trim() };
    log[ok ? 'debug' : 'warn'](fields, `${when} script ${outcomeText(outcome)}`);
  });
  await (stop === null ? told : Promise.race([told, stop]));
  if (ended) return true;
  script.kill('SIGTERM');
  await within(GRACE_MS, told);
  script.kill('SIGKILL');
  await told;
  return false;
}
