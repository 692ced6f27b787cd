/**
 * Reads a shell script far enough to say what it certainly does: its simple commands, in order,
 * and how long it has slept on every way to each. What it cannot follow it leaves out, so that a
 * sum is never more than what is slept. Runs nothing, expands nothing.
 */
import { lexShell, type ShellToken } from './shell-lexer';

export interface ShellCommand {
  /** without assignments, redirections and quotes. */
  readonly words: readonly string[];
  readonly start: number;
  readonly end: number;
  /** seconds slept for certain before it, where it is reached. */
  readonly slept: number;
  /** seconds it sleeps itself. */
  readonly sleeps: number;
  readonly background: boolean;
  /** stands behind an exit that nothing avoids. */
  readonly unreachable: boolean;
}

interface Frame {
  readonly kind: 'list' | 'if' | 'loop' | 'case' | 'group' | 'function';
  /** seconds slept so far in the list that is being read. */
  slept: number;
  /** slept in the conditions of an `if`, which every branch has behind it. */
  conditions: number;
  ended: boolean;
  /** of a case: the next words are a pattern. */
  atPattern: boolean;
  /** of the line in which it stands, to go on with behind it. */
  readonly outer: Line;
  /** index of its first command. */
  readonly from: number;
}

/** Commands joined by && and ||. */
interface Line {
  /** slept behind && or ||: counts until the line ends, not after. */
  readonly perhaps: number;
  readonly conditional: boolean;
}

interface State {
  readonly tokens: readonly ShellToken[];
  readonly commands: ShellCommand[];
  readonly frames: Frame[];
  at: number;
  line: Line;
  nextIsFunction: boolean;
  /** what a group that has just been closed added, should it turn out to be in the background. */
  closed: { readonly from: number; readonly slept: number } | null;
}

/** Deeper than any script that is meant to be read. */
const nestingMax = 64;
const newLine: Line = { perhaps: 0, conditional: false };

export function readShell(text: string): readonly ShellCommand[] {
  const state: State = {
    tokens: lexShell(text),
    commands: [],
    frames: [],
    at: 0,
    line: newLine,
    nextIsFunction: false,
    closed: null,
  };
  push(state, 'list');
  while (state.at < state.tokens.length) step(state);
  return state.commands;
}

const top = (state: State): Frame => state.frames[state.frames.length - 1] as Frame;

function push(state: State, kind: Frame['kind']): void {
  if (state.frames.length >= nestingMax) return;
  const { line: outer, commands } = state;
  const atPattern = kind === 'case';
  const fresh = { slept: 0, conditions: 0, ended: false, atPattern };
  state.frames.push({ kind, ...fresh, outer, from: commands.length });
  state.line = newLine;
}

/** Only what surely ran to its end adds to the list around it. */
function pop(state: State): void {
  if (state.frames.length === 1) return;
  const done = state.frames.pop() as Frame;
  const slept = done.kind === 'group' ? done.slept : 0;
  state.line = done.outer;
  addSleep(state, slept);
  if (done.kind === 'group' && done.ended && !state.line.conditional) top(state).ended = true;
  state.closed = { from: done.from, slept };
}

function addSleep(state: State, slept: number): void {
  const { perhaps, conditional } = state.line;
  if (conditional) state.line = { conditional, perhaps: perhaps + slept };
  else top(state).slept += slept;
}

function step(state: State): void {
  const token = state.tokens[state.at];
  if (token === undefined) return;
  if (top(state).atPattern && token.text !== '\n' && token.text !== 'esac') {
    skipPattern(state);
  } else if (token.kind === 'operator') {
    state.at++;
    operate(state, token.text);
  } else if (!token.quoted && reserved(state, token.text)) {
    state.closed = isClosing(token.text) ? state.closed : null;
  } else {
    simpleCommand(state);
  }
}

const isClosing = (word: string): boolean => ['fi', 'done', 'esac', '}'].includes(word);

function operate(state: State, operator: string): void {
  switch (operator) {
    case '&&':
    case '||':
      state.line = { ...state.line, conditional: true };
      break;
    case '&':
      if (state.closed !== null) toBackground(state, state.closed);
      state.line = newLine;
      break;
    case ';':
    case '\n':
      state.line = newLine;
      break;
    case ';;':
      state.line = newLine;
      reset(state);
      break;
    case '(':
      push(state, state.nextIsFunction ? 'function' : 'group');
      state.nextIsFunction = false;
      break;
    case ')':
      if (top(state).kind === 'group' || top(state).kind === 'function') pop(state);
      return;
    default:
  }
  state.closed = null;
}

function toBackground(state: State, closed: { from: number; slept: number }): void {
  if (!state.line.conditional) top(state).slept -= closed.slept;
  for (let i = closed.from; i < state.commands.length; i++) {
    const command = state.commands[i];
    if (command !== undefined) state.commands[i] = { ...command, background: true };
  }
}

/** Another branch: what the one before slept is not behind it. */
function reset(state: State): void {
  const frame = top(state);
  frame.slept = frame.conditions;
  frame.ended = false;
  frame.atPattern = frame.kind === 'case';
}

/** Takes a reserved word and what belongs to it; false when it is none. */
function reserved(state: State, word: string): boolean {
  switch (word) {
    case 'if':
      push(state, 'if');
      break;
    case 'while':
    case 'until':
      push(state, 'loop');
      break;
    case 'for':
    case 'select':
      push(state, 'loop');
      skipWords(state);
      return true;
    case 'case':
      push(state, 'case');
      skipWords(state);
      return true;
    case '{':
      push(state, state.nextIsFunction ? 'function' : 'group');
      state.nextIsFunction = false;
      break;
    case 'then':
      top(state).conditions = top(state).slept;
      break;
    case 'else':
    case 'elif':
      reset(state);
      break;
    case 'fi':
    case 'done':
    case 'esac':
    case '}':
      pop(state);
      break;
    case 'function':
      state.at += state.tokens[state.at + 2]?.text === '(' ? 3 : 1;
      state.nextIsFunction = true;
      break;
    case 'do':
    case '!':
    case 'time':
      break;
    default:
      return false;
  }
  state.at++;
  return true;
}

/** The rest of `for x in a b` or `case $x in`. */
function skipWords(state: State): void {
  state.at++;
  for (; state.at < state.tokens.length; state.at++) {
    const token = state.tokens[state.at];
    if (token?.kind === 'operator') return;
    if (top(state).kind === 'case' && token?.text === 'in') {
      state.at++;
      return;
    }
  }
}

/** `a|b)` or `(a|b)`. */
function skipPattern(state: State): void {
  const isEnd = (token: ShellToken | undefined): boolean =>
    token === undefined || (token.kind === 'operator' && token.text === ')');
  while (!isEnd(state.tokens[state.at])) state.at++;
  state.at++;
  top(state).atPattern = false;
}

function simpleCommand(state: State): void {
  const words: string[] = [];
  const first = state.tokens[state.at];
  let end = first?.end ?? 0;
  for (; state.at < state.tokens.length; state.at++) {
    const token = state.tokens[state.at];
    if (token === undefined || token.kind === 'operator') break;
    end = token.end;
    if (words.length > 0 || !/^\w+=/.test(token.text)) words.push(token.text);
  }
  if (isDefinition(state)) {
    state.at += 2;
    state.nextIsFunction = true;
    return;
  }
  state.closed = null;
  if (words.length > 0) emit(state, withoutPrefix(words), first?.start ?? 0, end);
}

const isDefinition = ({ tokens, at }: State): boolean =>
  tokens[at]?.kind === 'operator' && tokens[at]?.text === '(' && tokens[at + 1]?.text === ')';

/** `exec`, `command` and the like run what follows them. */
function withoutPrefix(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  const prefixes = ['exec', 'command', 'builtin', 'nohup'];
  return first !== undefined && prefixes.includes(first) && rest.length > 0 ? rest : words;
}

function emit(state: State, words: readonly string[], start: number, end: number): void {
  const background = state.tokens[state.at]?.text === '&';
  const sleeps = secondsOf(words);
  const slept = sleptSoFar(state);
  const unreachable = state.frames.some(({ ended }) => ended);
  state.commands.push({ words, start, end, slept, sleeps, background, unreachable });
  if (background) return;
  addSleep(state, sleeps);
  const leaves = words[0] === 'exit' || words[0] === 'return';
  if (leaves && !state.line.conditional) top(state).ended = true;
}

/** A function does not know what has run before it is called. */
function sleptSoFar({ frames, line }: State): number {
  const from = Math.max(0, frames.map(({ kind }) => kind).lastIndexOf('function'));
  const within = frames.slice(from).reduce((sum, { slept }) => sum + slept, line.perhaps);
  return frames.slice(from + 1).reduce((sum, { outer }) => sum + outer.perhaps, within);
}

const unitSeconds: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86400 };

/** Of `sleep` and `usleep`; what is only known at run time counts as nothing. */
function secondsOf(words: readonly string[]): number {
  const program = words[0]?.split('/').at(-1);
  if (program !== 'sleep' && program !== 'usleep') return 0;
  const seconds = words.slice(1).map((word) => {
    const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(word);
    return match === null ? 0 : Number(match[1]) * (unitSeconds[match[2] ?? ''] ?? 0);
  });
  const sum = seconds.reduce((a, b) => a + b, 0);
  return program === 'usleep' ? sum / 1_000_000 : sum;
}
