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

export function run(command: readonly string[], timeout: Duration, user: User | null): Running {
  const [program = '', ...args] = command;
  let output = '';
  let timedOut = false;
  let child: ChildProcess | null = null;
  const kill = (signal: NodeJS.Signals): void => {
    if (child?.pid === undefined) return;
    try {
      process.kill(-child.pid, signal);
    } catch {
      // It has ended meanwhile.
    }
  };
  const finished = new Promise<Finished>((resolve) => {
    const limits: NodeJS.Timeout[] = [];
    const end = (outcome: Outcome): void => {
      for (const limit of limits) clearTimeout(limit);
      resolve({ outcome, output });
    };
    const refused = (failure: unknown): void => {
      const why = failure instanceof Error ? failure.message : String(failure);
      end({ kind: 'not-started', why });
    };
    const start = (file: string, argv: readonly string[], again: boolean): void => {
      const started = launch(file, argv, user);
      child = started;
      const keep = (text: Buffer): void => {
        output = (output + text.toString()).slice(-OUTPUT_MAX);
      };
      started.stdout?.on('data', keep);
      started.stderr?.on('data', keep);
      started.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOEXEC' && again) attempt('/bin/sh', [file, ...argv], false);
        else refused(error);
      });
      // 'exit', not 'close': a daemon that the script leaves behind may hold the pipes open.
      started.on('exit', (status, signal) => {
        if (timedOut) end({ kind: 'timed-out' });
        else if (signal !== null) end({ kind: 'signalled', signal });
        else end({ kind: 'exited', status: status ?? 0 });
      });
    };
    const attempt = (file: string, argv: readonly string[], again: boolean): void => {
      try {
        start(file, argv, again);
      } catch (failure) {
        refused(failure);
      }
    };
    limits.push(
      setTimeout(() => {
        timedOut = true;
        kill('SIGTERM');
        limits.push(setTimeout(() => kill('SIGKILL'), GRACE_MS));
      }, toMilliseconds(timeout)),
    );
    attempt(program, args, true);
  });
  return { kill, finished };
}

/** Throws for what spawn refuses at once, and for a user or group that does not exist. */
function launch(file: string, argv: readonly string[], user: User | null): ChildProcess {
  const account = user === null ? null : accountOf(user);
  if (user !== null && account === null) {
    throw new Error(`user or group unknown: ${user.user} ${user.group ?? ''}`.trimEnd());
  }
  return spawn(file, argv, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: safeEnvironment(),
    ...(account ?? {}),
  });
}

function safeEnvironment(): NodeJS.ProcessEnv {
  const { LD_PRELOAD: _preload, LD_LIBRARY_PATH: _path, IFS: _ifs, ...rest } = process.env;
  return rest;
}
