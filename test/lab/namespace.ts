/**
 * Network namespaces as files and commands: create, run in, delete; synchronous, because the last
 * clean-up runs in a process's exit handler. Names carry the owner's pid: hf<pid>-<lab>-<node>,
 * so that what a killed run left behind can be told from what a living one uses.
 */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const RUN_NETNS = '/run/netns';
const NAMESPACE = /^hf(\d+)-/;
const DIRECTORY = /^holdfast-lab-(\d+)-/;

export type Outcome = {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
};

export type ExecOptions = { readonly input?: string; readonly allowFailure?: boolean };

export function execSync(
  command: readonly [string, ...string[]],
  options: ExecOptions = {},
): Outcome {
  const [program, ...args] = command;
  const done: SpawnSyncReturns<string> = spawnSync(program, args, {
    encoding: 'utf8',
    input: options.input ?? '',
    maxBuffer: 1 << 28,
  });
  if (done.error !== undefined) throw done.error;
  const status = done.status ?? 128;
  if (status !== 0 && options.allowFailure !== true) {
    throw new Error(`${command.join(' ')}: exit ${status}\n${done.stdout}${done.stderr}`);
  }
  return { status, stdout: done.stdout, stderr: done.stderr };
}

/** The command line that runs `command` inside; `ip` replaces itself, so the pid stays. */
export const inside = (
  namespace: string,
  command: readonly string[],
): readonly [string, ...string[]] => ['ip', 'netns', 'exec', namespace, ...command];

/** Many `ip` commands in one process: `ip -n NAMESPACE -batch -`. */
export function ipBatch(namespace: string, lines: readonly string[]): void {
  execSync(['ip', '-n', namespace, '-batch', '-'], { input: `${lines.join('\n')}\n` });
}

/** Kills what runs inside, then deletes the namespace; nothing outside of it is touched. */
export function deleteNamespace(namespace: string): void {
  if (!existsSync(join(RUN_NETNS, namespace))) return;
  const { stdout } = execSync(['ip', 'netns', 'pids', namespace], { allowFailure: true });
  for (const pid of stdout.split('\n').map(Number)) if (pid > 1) killQuietly(pid, 'SIGKILL');
  execSync(['ip', 'netns', 'delete', namespace], { allowFailure: true });
}

export function killQuietly(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It was gone already, which is what was wanted.
  }
}

/** A process and all its descendants, children first in no particular order. */
export function processTree(pid: number): readonly number[] {
  const children = readQuietly(`/proc/${pid}/task/${pid}/children`).trim();
  if (children === '') return [pid];
  return [pid, ...children.split(' ').flatMap((child) => processTree(Number(child)))];
}

function readQuietly(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

/** Removes namespaces and directories whose owner no longer lives. Returns what it removed. */
export function removeLeftovers(): readonly string[] {
  const removed: string[] = [];
  for (const name of namesIn(RUN_NETNS, NAMESPACE)) {
    deleteNamespace(name);
    removed.push(name);
  }
  for (const name of namesIn(tmpdir(), DIRECTORY)) {
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
    removed.push(name);
  }
  return removed;
}

function namesIn(directory: string, pattern: RegExp): readonly string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).filter((name) => {
    const owner = pattern.exec(name)?.[1];
    return owner !== undefined && !existsSync(`/proc/${owner}`);
  });
}
