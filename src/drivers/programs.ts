/**
 * Starting programs, and how they end. A thread of the addon does it: a start by Node holds the
 * event loop up for milliseconds, because it copies the process. Knows no users' names, no limits.
 */
import { constants } from 'node:os';
import { getSystemErrorMap } from 'node:util';
import type { Outcome } from '../core/event';
import { type NativePrograms, native } from './addon';

/** What is started, and as whom. */
export interface ProgramOrder {
  /** the program, looked for in PATH, then its arguments. */
  readonly words: readonly string[];
  /** NAME=value */
  readonly environment: readonly string[];
  /** null: as we are. With a user all groups of ours are given up. */
  readonly account: ProgramAccount | null;
  /** null: as ours. */
  readonly umask: number | null;
  /** it gets SIGTERM when this process ends, however that comes. */
  readonly mortal: boolean;
}

export interface ProgramAccount {
  readonly uid: number;
  readonly gid: number;
  /** a user whose other groups it has too; null: none. */
  readonly groupsOf: string | null;
}

export interface Ended {
  readonly outcome: Outcome;
  /** it ran when it was signalled by us. */
  readonly told: boolean;
  /** the last of what it printed, both streams; 4 KiB at most. */
  readonly output: string;
}

let opened: NativePrograms | null = null;
let serials = 0;
/** Keeps Node here while a program runs: the thread's bell keeps nobody. */
let vigil: NodeJS.Timeout | null = null;
const VIGIL_MS = 2 ** 30;
const waiting = new Map<number, (ended: Ended) => void>();

/**
 * Answers the number by which it can be signalled. `onEnded` is called once, later. Throws a
 * TypeError for what no program can be given, and an Error when the kernel refuses a thread.
 */
export function startProgram(order: ProgramOrder, onEnded: (ended: Ended) => void): number {
  opened ??= open();
  serials += 1;
  const { account, ...rest } = order;
  opened.start({ ...rest, ...account, serial: serials });
  waiting.set(serials, onEnded);
  vigil ??= setInterval(() => {}, VIGIL_MS);
  return serials;
}

/** To the program and those it started; nothing once it has ended. */
export function signalProgram(serial: number, signal: NodeJS.Signals): void {
  if (waiting.has(serial)) opened?.signal(serial, constants.signals[signal]);
}

function open(): NativePrograms {
  const { Programs } = native();
  const programs = new Programs(() => {
    for (let one = programs.next(); one !== null; one = programs.next()) {
      const onEnded = waiting.get(one.serial);
      waiting.delete(one.serial);
      rest();
      const { how, code, told, output } = one;
      if (how === 'refused') {
        const why = refusal(code, output);
        onEnded?.({ outcome: { kind: 'not-started', why }, told, output: '' });
      } else if (how === 'signalled') {
        onEnded?.({ outcome: { kind: 'signalled', signal: signalName(code) }, told, output });
      } else {
        onEnded?.({ outcome: { kind: 'exited', status: code }, told, output });
      }
    }
  });
  // Node runs no destructor of ours on process.exit or an uncaught exception; it runs this.
  process.once('exit', () => programs.close());
  return programs;
}

function rest(): void {
  if (waiting.size > 0 || vigil === null) return;
  clearInterval(vigil);
  vigil = null;
}

/** `execve` is what one expects to fail; anything else is named. */
function refusal(errno: number, what: string): string {
  const [code, text] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, 'unknown error'];
  return `${what === 'execve' ? '' : `${what}: `}${text} (${code})`;
}

function signalName(number: number): string {
  const found = Object.entries(constants.signals).find(([, one]) => one === number);
  return found?.[0] ?? `signal ${number}`;
}
