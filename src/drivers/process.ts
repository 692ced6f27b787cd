/**
 * Runs one program to its end: own process group, a time limit, output kept up to a bound.
 * Never a shell, unless the file itself has no interpreter line (as keepalived does it).
 */
import { type ChildProcess, spawn } from 'node:child_process';
import type { User } from '../config/model';
import type { Outcome } from '../core/event';
import { type Duration, toMilliseconds } from '../time';
import { accountOf } from './account';

const OUTPUT_MAX = 4096;
/** From SIGTERM to SIGKILL. */
const GRACE_MS = 2000;
const OUTPUT_PATIENCE_MS = 50;
const SHELL = '/bin/sh';

export interface Finished {
  readonly outcome: Outcome;
  /** the last of what it printed, both streams. */
  readonly output: string;
}

export interface Running {
  /** Ends it and its children. */
  kill(signal: NodeJS.Signals): void;
  readonly finished: Promise<Finished>;
}

interface Attempt {
  child: ChildProcess | null;
  output: string;
  timedOut: boolean;
  ended: boolean;
  /** The program has ended: no time limit applies any more. */
  readonly over: () => void;
  readonly end: (outcome: Outcome) => void;
}

export function run(command: readonly string[], timeout: Duration, user: User | null): Running {
  const limits: NodeJS.Timeout[] = [];
  let resolve: (finished: Finished) => void = () => {};
  const finished = new Promise<Finished>((settle) => {
    resolve = settle;
  });
  const attempt: Attempt = {
    child: null,
    output: '',
    timedOut: false,
    ended: false,
    over: () => {
      attempt.ended = true;
      for (const limit of limits) clearTimeout(limit);
      // It had its SIGTERM; a child of it that did not listen must not pile up.
      if (attempt.timedOut) kill('SIGKILL');
    },
    end: (outcome) => {
      attempt.ended = true;
      for (const limit of limits) clearTimeout(limit);
      resolve({ outcome, output: attempt.output });
    },
  };
  const kill = (signal: NodeJS.Signals): void => {
    if (attempt.child?.pid === undefined) return;
    try {
      process.kill(-attempt.child.pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  };
  const expire = (): void => {
    if (attempt.ended) return;
    attempt.timedOut = true;
    kill('SIGTERM');
    limits.push(setTimeout(() => kill('SIGKILL'), GRACE_MS));
  };
  // After a hang of ours the exit of a child is still unread when timers run: read it first.
  limits.push(setTimeout(() => setImmediate(expire), toMilliseconds(timeout)));
  start(attempt, command, user);
  return { kill, finished };
}

function start(attempt: Attempt, command: readonly string[], user: User | null): void {
  const refused = (failure: unknown): void => {
    const why = failure instanceof Error ? failure.message : String(failure);
    attempt.end({ kind: 'not-started', why });
  };
  try {
    const child = launch(command, user);
    attempt.child = child;
    const keep = (text: Buffer): void => {
      attempt.output = (attempt.output + text.toString()).slice(-OUTPUT_MAX);
    };
    child.stdout?.on('data', keep);
    child.stderr?.on('data', keep);
    child.on('error', (error: NodeJS.ErrnoException) => {
      const unshelled = error.code === 'ENOEXEC' && command[0] !== SHELL;
      if (unshelled) start(attempt, [SHELL, ...command], user);
      else refused(error);
    });
    child.on('exit', (status, signal) => {
      const outcome = outcomeOf(attempt, status, signal);
      // 'close' follows when all output is read; a daemon left behind may hold the pipes for ever.
      child.once('close', () => attempt.end(outcome));
      setTimeout(() => attempt.end(outcome), OUTPUT_PATIENCE_MS);
    });
  } catch (failure) {
    refused(failure);
  }
}

function outcomeOf(attempt: Attempt, status: number | null, signal: string | null): Outcome {
  attempt.over();
  if (attempt.timedOut) return { kind: 'timed-out' };
  if (signal !== null) return { kind: 'signalled', signal };
  return { kind: 'exited', status: status ?? 0 };
}

/** Throws for what spawn refuses at once, and for a user or group that does not exist. */
function launch([program = '', ...args]: readonly string[], user: User | null): ChildProcess {
  const account = user === null ? null : accountOf(user);
  if (user !== null && account === null) {
    throw new Error(`user or group unknown: ${user.user} ${user.group ?? ''}`.trimEnd());
  }
  return spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: safeEnvironment(),
    ...(account ?? {}),
  });
}

export function safeEnvironment(): NodeJS.ProcessEnv {
  const { LD_PRELOAD: _preload, LD_LIBRARY_PATH: _path, IFS: _ifs, ...rest } = process.env;
  return rest;
}
