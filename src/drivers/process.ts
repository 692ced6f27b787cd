/**
 * Runs one program to its end: own process group, a time limit, output kept up to a bound.
 * Never a shell, unless the file itself has no interpreter line (as keepalived does it).
 */
import type { Global, User } from '../config/model';
import type { Outcome } from '../core/event';
import { type Duration, toMilliseconds } from '../time';
import { accountOf } from './account';
import { type Ended, type ProgramAccount, signalProgram, startProgram } from './programs';

/** From SIGTERM to SIGKILL. */
const GRACE_MS = 2000;

export type Finished = Omit<Ended, 'told'>;

export interface Running {
  /** Ends it and its children. */
  kill(signal: NodeJS.Signals): void;
  readonly finished: Promise<Finished>;
}

type Environment = Readonly<Record<string, string>>;

/** How programs of ours run, beside as whom. */
export interface Terms {
  /** set_supplementary_groups: with the other groups of its user. */
  readonly supplementaryGroups: boolean;
  /** null: ours. */
  readonly umask: number | null;
  /** it ends when we do, even when we are killed. */
  readonly mortal: boolean;
}

const PLAIN: Terms = { supplementaryGroups: false, umask: null, mortal: false };

/** keepalived's own: what its scripts create is its user's alone, and no program. */
const UMASK = 0o177;

/** As global_defs wants them, for commands of the file. */
export const termsOf = ({ system: { scripts } }: Global): Terms => ({
  supplementaryGroups: scripts.supplementaryGroups,
  umask: scripts.umask ?? UMASK,
  mortal: false,
});

/** `timeout` null: it may run for ever. `environment`: beside our own. Never throws. */
export function run(
  command: readonly string[],
  timeout: Duration | null,
  user: User | null,
  environment: Environment = {},
  terms: Terms = PLAIN,
): Running {
  const limits: NodeJS.Timeout[] = [];
  let serial: number | null = null;
  let timedOut = false;
  const kill = (signal: NodeJS.Signals): void => {
    if (serial !== null) signalProgram(serial, signal);
  };
  const finished = new Promise<Finished>((resolve) => {
    const end = ({ outcome, told, output }: Ended): void => {
      for (const limit of limits) clearTimeout(limit);
      // After a pause of ours both may be found at once, its end and that its time is over.
      resolve({ outcome: timedOut && told ? { kind: 'timed-out' } : outcome, output });
    };
    const expire = (): void => {
      timedOut = true;
      kill('SIGTERM');
      limits.push(setTimeout(() => kill('SIGKILL'), GRACE_MS));
    };
    const limit = (ms: number): void => {
      limits.push(setTimeout(expire, ms));
    };
    try {
      const order = {
        words: command,
        environment: variables({ ...safeEnvironment(), ...environment }),
        account: user === null ? null : become(user, terms),
        umask: terms.umask,
        mortal: terms.mortal,
      };
      serial = startProgram(order, end);
      if (timeout !== null) limit(toMilliseconds(timeout));
    } catch (failure) {
      end({ outcome: notStarted(failure), told: false, output: '' });
    }
  });
  return { kill, finished };
}

const notStarted = (failure: unknown): Outcome => ({
  kind: 'not-started',
  why: failure instanceof Error ? failure.message : String(failure),
});

/** Throws for a user or group that does not exist. */
function become(user: User, { supplementaryGroups }: Terms): ProgramAccount {
  const account = accountOf(user);
  if (account === null) {
    throw new Error(`user or group unknown: ${user.user} ${user.group ?? ''}`.trimEnd());
  }
  return { ...account, groupsOf: supplementaryGroups ? user.user : null };
}

const variables = (environment: NodeJS.ProcessEnv): readonly string[] =>
  Object.entries(environment).map(([name, value = '']) => `${name}=${value}`);

/** Ours, without what would load code into a program or split its words. */
export function safeEnvironment(): NodeJS.ProcessEnv {
  const { LD_PRELOAD: _preload, LD_LIBRARY_PATH: _path, IFS: _ifs, ...rest } = process.env;
  return rest;
}
