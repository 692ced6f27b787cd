/**
 * The shell script that a check comes down to, as far as it can be read: the file itself, what
 * `sh FILE` runs, or the text behind `sh -c`. Null when it is something else or not to be seen.
 */
import type { Host, Program } from './host';
import { readShell, type ShellCommand } from './shell';
import { createSource, type Source } from './source';

export interface CheckScript {
  /** null: the text stands in the configuration itself. */
  readonly file: Source | null;
  readonly text: string;
  readonly commands: readonly ShellCommand[];
}

const shells: ReadonlySet<string> = new Set(['sh', 'bash', 'dash', 'ash', 'ksh', 'zsh']);

export const baseName = (path: string): string => path.split('/').at(-1) ?? path;
export const isShell = (program: string): boolean => shells.has(baseName(program));

/** Several rules ask for the same script, and a script may serve a thousand instances. */
const known = new WeakMap<Host, Map<string, CheckScript | null>>();

export function checkScript(argv: readonly string[], host: Host): CheckScript | null {
  const scripts = known.get(host) ?? new Map<string, CheckScript | null>();
  known.set(host, scripts);
  const key = argv.join('\0');
  const found = scripts.get(key);
  if (found !== undefined) return found;
  const script = resolve(argv, host);
  scripts.set(key, script);
  return script;
}

function resolve(argv: readonly string[], host: Host): CheckScript | null {
  const [program = '', ...args] = argv;
  if (!isShell(program)) return fromFile(program, host);
  const first = args.findIndex((word) => !/^-\w+$/.test(word) || word.includes('c'));
  const operand = args[first];
  if (operand === undefined) return null;
  if (!operand.startsWith('-')) return fromFile(operand, host);
  const inline = args[first + 1];
  return inline === undefined ? null : read(null, inline);
}

function fromFile(path: string, host: Host): CheckScript | null {
  const text = textOf(host.program(path));
  if (text === null || !isShellText(text)) return null;
  return read(createSource(path, text), text);
}

const textOf = (program: Program | null): string | null =>
  program?.kind === 'program' || program?.kind === 'unsafe' ? program.text : null;

/** Without an interpreter line it is /bin/sh that reads it. */
function isShellText(text: string): boolean {
  if (!text.startsWith('#!')) return true;
  const [interpreter = '', argument = ''] = text.slice(2).trimStart().split(/\s+/, 2);
  return isShell(baseName(interpreter) === 'env' ? argument : interpreter);
}

/** A script that catches signals decides for itself what a timeout does to it. */
function read(file: Source | null, text: string): CheckScript | null {
  const commands = readShell(text);
  return { file, text, commands };
}

export const catchesSignals = ({ commands }: CheckScript): boolean =>
  commands.some(({ words }) => words[0] === 'trap');

/** As it is written, on one line. */
export const writtenAs = ({ text }: CheckScript, { start, end }: ShellCommand): string =>
  text.slice(start, end).replace(/\s+/g, ' ');
