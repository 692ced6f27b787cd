/**
 * holdfast run -f FILE: the daemon in the foreground. SIGTERM and SIGINT stop it, SIGHUP reloads;
 * a file with an error changes nothing.
 */
import type { Logger } from 'pino';
import { diff } from '../config/diff';
import type { Config } from '../config/model';
import { render } from '../config/render';
import { leftOut, runnable } from '../config/runnable';
import { locate } from '../config/source';
import { openControl } from '../daemon/control';
import { type Daemon, startDaemon } from '../daemon/daemon';
import { shutdownScript, startupScript } from '../daemon/life-scripts';
import { createLogger } from '../daemon/logger';
import { answerTo } from '../daemon/questions';
import { installTestHooks } from '../daemon/test-hooks';
import { detailsOf, headline } from './diff';
import { loadFile, type ReadOptions } from './load-file';

export interface RunOptions extends ReadOptions {
  readonly file: string;
  readonly logLevel: string;
  /** where the control socket is to be. */
  readonly control: string;
  /** start although the file asks for what is not carried out yet. */
  readonly allowInactive: boolean;
}

/** keepalived's exit code for a configuration that cannot be run. */
const EXIT_CONFIG = 2;
const EXIT_FATAL = 1;
const NEEDS = ' (it needs root, or the capabilities CAP_NET_ADMIN and CAP_NET_RAW)';

/** Resolves with the exit code, after SIGTERM or when it could not start. */
export async function run(options: RunOptions): Promise<number> {
  const log = createLogger(options.logLevel);
  const config = read(options, log);
  if (config === null) return EXIT_CONFIG;
  // From here on a stop is an orderly one, whenever it comes.
  const stop = signalled(['SIGTERM', 'SIGINT']);
  const reloads = reloadRequests();
  const goesOn = await startupScript(config.global, stop, log);
  if (!goesOn) log.info('Stopping');
  const { code, inForce } = goesOn
    ? await serve(options, { config, stop, reloads, log })
    : { code: 0, inForce: config };
  // What the one has prepared the other clears away, even when nothing came between them.
  await shutdownScript(inForce.global, log);
  if (code === 0) log.info('Stopped');
  return code;
}

interface Service {
  readonly config: Config;
  readonly stop: Promise<unknown>;
  readonly reloads: ReloadRequests;
  readonly log: Logger;
}

interface Served {
  readonly code: number;
  /** what a reload has left in force at the end. */
  readonly inForce: Config;
}

/** From the first advert that is heard to the last address that goes. */
async function serve(
  options: RunOptions,
  { config, stop, reloads, log }: Service,
): Promise<Served> {
  const { file } = options;
  let daemon: Daemon;
  try {
    daemon = startDaemon(config, log);
  } catch (failure) {
    const why = message(failure);
    const hint = /not permitted|denied/.test(why) ? NEEDS : '';
    log.fatal(`cannot start the data plane: ${why}${hint}`);
    return { code: EXIT_FATAL, inForce: config };
  }
  installTestHooks();
  log.info({ file }, `Startup complete: ${config.instances.length} instance(s) of ${file}`);
  let inForce = config;
  reloads.answer(() => {
    inForce = reload(options, { daemon, inForce }, log);
  });
  const control = await openControl(
    options.control,
    (request) => answerTo(daemon.asked, request),
    (why) => log.warn({ path: options.control }, `no control socket: ${why}`),
  );
  await stop;
  reloads.answer(() => log.warn('Stopping; nothing is reloaded'));
  log.info('Stopping');
  control?.close();
  await daemon.stop();
  return { code: 0, inForce };
}

interface ReloadRequests {
  /** `reload` is called at every SIGHUP, and at once when one has come before. */
  answer(reload: () => void): void;
}

/** SIGHUP from now on: it would end us while the startup script runs. */
function reloadRequests(): ReloadRequests {
  let asked = false;
  let reload = (): void => {
    asked = true;
  };
  process.on('SIGHUP', () => reload());
  return {
    answer: (how) => {
      reload = how;
      if (asked) how();
      asked = false;
    },
  };
}

interface Running {
  readonly daemon: Daemon;
  readonly inForce: Config;
}

/** Answers what is in force from then on. */
function reload(options: RunOptions, { daemon, inForce }: Running, log: Logger): Config {
  const { file } = options;
  log.info({ file }, 'Reloading ...');
  const config = read(options, log);
  if (config === null) {
    log.error({ file }, 'New config failed validation; the old one stays in force');
    return inForce;
  }
  daemon.configure(config);
  for (const change of diff(inForce, config)) {
    if (change.kind !== 'kept') log.info({ lines: detailsOf(change) }, headline(change));
  }
  log.info({ file }, 'Reload complete');
  return config;
}

/** Errors go to stderr as `check` prints them; warnings to the log. */
function read({ file, allowInactive, ...reading }: RunOptions, log: Logger): Config | null {
  const read = loadFile(file, reading);
  if (read.kind === 'unreadable') {
    log.error({ file }, `cannot read ${file}: ${read.why}`);
    return null;
  }
  const { config, diagnostics, inactive } = read.loaded;
  for (const one of diagnostics) {
    const { span, line, column } = locate(one.span);
    const fields = { code: one.code, where: `${span.source.name}:${line}:${column}` };
    if (one.severity === 'error') {
      process.stderr.write(`${render(one, { color: process.stderr.isTTY === true })}\n\n`);
      log.error(fields, one.what);
    } else {
      log[one.severity === 'warning' ? 'warn' : 'debug'](fields, one.what);
    }
  }
  if (config === null) return null;
  if (inactive.length === 0 || allowInactive) {
    for (const text of leftOut(config, read.host)) log.warn(text);
    return runnable(config, read.host);
  }
  const places = inactive.map(({ what, span }) => `${what} (line ${locate(span).line})`);
  log.error(
    { file },
    `not carried out yet, so not started: ${places.join(', ')}; --allow-inactive goes on without`,
  );
  return null;
}

const message = (failure: unknown): string =>
  failure instanceof Error ? failure.message : String(failure);

function signalled(signals: readonly NodeJS.Signals[]): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of signals) process.on(signal, () => resolve(signal));
  });
}
