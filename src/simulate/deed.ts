/**
 * What can be done to simulated nodes, as it is typed: `t=5 kill nginx on a`, or short
 * `script:chk@a`. A wrong word is answered with those that are possible in these files.
 */
import { didYouMean } from '../config/diagnostic';
import { type Duration, seconds } from '../time';
import type { NginxCheck } from './nginx-checks';
import type { NginxState } from './nginx-service';
import { interfacesOf, type NodeFile } from './world';

export type Deed =
  | { readonly kind: 'nginx'; readonly node: number; readonly to: NginxState }
  | {
      readonly kind: 'script';
      readonly node: number;
      readonly script: string;
      readonly fails: boolean;
    }
  | {
      readonly kind: 'link';
      readonly node: number;
      readonly interfaces: readonly string[];
      readonly up: boolean;
    }
  | { readonly kind: 'file'; readonly node: number; readonly file: string; readonly value: number }
  | {
      readonly kind: 'process';
      readonly node: number;
      readonly process: string;
      readonly runs: boolean;
    }
  | { readonly kind: 'fate'; readonly node: number; readonly to: Fate }
  | { readonly kind: 'reload'; readonly node: number; readonly file: string }
  | { readonly kind: 'wire'; readonly a: number; readonly b: number; readonly cut: boolean };

export type Fate = 'crash' | 'stop' | 'start' | 'pause' | 'resume';

/** A deed, when it happens (null: once everything has come to rest), and how it was put. */
export interface Planned {
  readonly at: Duration | null;
  readonly deed: Deed;
  readonly text: string;
}

/** The nodes and what they have, for names in deeds. */
export interface Vocabulary {
  readonly nodes: readonly NodeWords[];
}

export interface NodeWords {
  readonly name: string;
  readonly scripts: readonly string[];
  readonly files: readonly string[];
  readonly processes: readonly string[];
  readonly interfaces: readonly string[];
  readonly nginx: readonly NginxCheck[];
  /** nginx { } blocks. */
  readonly services: readonly string[];
}

export const wordsOf = (file: NodeFile, nginx: readonly NginxCheck[]): NodeWords => ({
  name: file.name,
  scripts: file.config.scripts.map(({ name }) => name),
  files: file.config.trackFiles.map(({ name }) => name),
  processes: file.config.trackProcesses.map(({ name }) => name),
  interfaces: interfacesOf(file.config),
  nginx,
  services: file.config.services.map(({ name }) => name),
});

/** What is wrong with the words, and what would be right. */
export interface Wrong {
  readonly what: string;
  readonly help: string;
}

const isWrong = <T extends object>(one: T | Wrong): one is Wrong => 'what' in one;

/** One row each: how it is written, and what becomes of its words. */
export interface Form {
  /** UPPER CASE stands for something to fill in; [..] may be left out. */
  readonly form: string;
  readonly read: (words: readonly string[], node: number, all: Vocabulary) => Deed | Wrong;
}

const nginx =
  (to: NginxState): Form['read'] =>
  (_, node, { nodes }) =>
    hasNginx(nodes[node]) ? { kind: 'nginx', node, to } : noNginx(nodes[node]);
const script =
  (fails: boolean): Form['read'] =>
  ([name = ''], node, { nodes }) =>
    unknown('script', name, nodes[node], nodes[node]?.scripts) ?? {
      kind: 'script',
      node,
      script: name,
      fails,
    };
const process =
  (runs: boolean): Form['read'] =>
  ([name = ''], node, { nodes }) =>
    unknown('process', name, nodes[node], nodes[node]?.processes) ?? {
      kind: 'process',
      node,
      process: name,
      runs,
    };
const link =
  (up: boolean): Form['read'] =>
  ([name], node, { nodes }) => {
    const known = nodes[node]?.interfaces ?? [];
    if (name === undefined) return { kind: 'link', node, interfaces: known, up };
    const wrong = unknown('interface', name, nodes[node], known);
    return wrong ?? { kind: 'link', node, interfaces: [name], up };
  };
const fate =
  (to: Fate): Form['read'] =>
  (_, node) => ({ kind: 'fate', node, to });

export const forms: readonly Form[] = [
  { form: 'kill nginx', read: nginx('dead') },
  { form: 'break nginx', read: nginx('broken') },
  { form: 'hang nginx', read: nginx('hung') },
  { form: 'mend nginx', read: nginx('well') },
  { form: 'kill process NAME', read: process(false) },
  { form: 'start process NAME', read: process(true) },
  { form: 'fail script NAME', read: script(true) },
  { form: 'pass script NAME', read: script(false) },
  { form: 'down interface NAME', read: link(false) },
  { form: 'up interface NAME', read: link(true) },
  { form: 'pull cable [NAME]', read: link(false) },
  { form: 'plug cable [NAME]', read: link(true) },
  { form: 'set file NAME NUMBER', read: setFile },
  { form: 'crash', read: fate('crash') },
  { form: 'stop', read: fate('stop') },
  { form: 'start', read: fate('start') },
  { form: 'pause', read: fate('pause') },
  { form: 'resume', read: fate('resume') },
  { form: 'reload FILE', read: ([file = ''], node) => ({ kind: 'reload', node, file }) },
];

/** Between two nodes: no `on`. */
const wires = { cut: true, join: false } as const;
export const wireForms: readonly string[] = ['cut NODE NODE', 'join NODE NODE'];

const possible = (): string =>
  [...forms.map(({ form }) => `${form} on NODE`), ...wireForms].join(', ');

// ---- t=SECONDS WHAT on NODE

export function parseDeed(text: string, all: Vocabulary): Planned | Wrong {
  const words = text.trim().split(/\s+/);
  const time = timeOf(words[0] ?? '');
  if (time !== null && isWrong(time)) return time;
  const deed = deedOf(time === null ? words : words.slice(1), all);
  if (isWrong(deed)) return deed;
  const rest = time === null ? words : words.slice(1);
  return { at: time?.at ?? null, deed, text: rest.join(' ') };
}

/** Null: no time is given. */
function timeOf(word: string): { readonly at: Duration } | Wrong | null {
  const match = /^t=(.*)$/.exec(word);
  if (match === null) return null;
  const [, number = ''] = match;
  if (!/^\d+(?:\.\d+)?s?$/.test(number)) {
    return { what: `'${word}' is no time`, help: 'seconds since the start, as t=5 or t=7.5' };
  }
  const at = Number.parseFloat(number);
  if (at <= TIME_MAX) return { at: seconds(at) };
  return { what: `${word} is too late`, help: `at most t=${TIME_MAX}, which is a day` };
}

const TIME_MAX = 86_400;

function deedOf(words: readonly string[], all: Vocabulary): Deed | Wrong {
  const [verb = '', ...rest] = words;
  if (verb === 'cut' || verb === 'join') return wireOf(verb, rest, all);
  const on = words.lastIndexOf('on');
  const what = on === -1 ? words : words.slice(0, on);
  const node = nodeOf(on === -1 ? [] : words.slice(on + 1), all);
  const found = forms.find(({ form }) => fits(form, what));
  if (found === undefined) return unknownWords(what);
  if (typeof node !== 'number') return node;
  return found.read(what.slice(literals(found.form).length), node, all);
}

const literals = (form: string): readonly string[] =>
  form.split(' ').filter((word) => /^[a-z]+$/.test(word));

function fits(form: string, words: readonly string[]): boolean {
  const all = form.split(' ');
  const needed = all.filter((word) => !word.startsWith('['));
  if (words.length < needed.length || words.length > all.length) return false;
  return literals(form).every((word, i) => words[i] === word);
}

function unknownWords(words: readonly string[]): Wrong {
  const [verb = '', noun = ''] = words;
  const text = words.join(' ');
  const mine = forms.filter(({ form }) => literals(form)[0] === verb);
  if (mine.length > 0) {
    const meant = didYouMean(
      noun,
      mine.flatMap(({ form }) => literals(form)[1] ?? []),
    );
    const guess = meant === null || meant === noun ? '' : `did you mean '${meant}'? `;
    const ways = mine.map(({ form }) => `'${form}'`).join(' or ');
    return { what: `'${text}' is not complete or too much`, help: `${guess}it is ${ways}` };
  }
  const verbs = [...forms.flatMap(({ form }) => literals(form)[0] ?? []), ...Object.keys(wires)];
  const meant = didYouMean(verb, verbs);
  const help = meant === null ? `possible are ${possible()}` : `did you mean '${meant}'?`;
  return { what: text === '' ? 'nothing is said to happen' : `unknown word '${verb}'`, help };
}

function nodeOf(words: readonly string[], { nodes }: Vocabulary): number | Wrong {
  const [name] = words;
  if (name === undefined || words.length > 1) {
    if (nodes.length === 1 && name === undefined) return 0;
    const what = name === undefined ? 'it does not say on which node' : 'one node at a time';
    return { what, help: `'on NODE' at the end, where NODE is ${nodeNames(nodes)}` };
  }
  return nodeNamed(name, nodes);
}

function nodeNamed(name: string, nodes: readonly NodeWords[]): number | Wrong {
  const index = nodes.findIndex((node) => node.name === name);
  return index >= 0 ? index : { what: `there is no node '${name}'`, help: nodeNames(nodes) };
}

const nodeNames = (nodes: readonly NodeWords[]): string =>
  `${nodes.map(({ name }) => name).join(' or ')}, as the files are called (or --name)`;

function wireOf(verb: 'cut' | 'join', words: readonly string[], { nodes }: Vocabulary) {
  const [first, second, ...rest] = words;
  if (first === undefined || second === undefined || rest.length > 0) {
    return { what: `${verb} takes two nodes`, help: `as in '${verb} a b': ${nodeNames(nodes)}` };
  }
  const a = nodeNamed(first, nodes);
  const b = nodeNamed(second, nodes);
  if (typeof a !== 'number') return a;
  if (typeof b !== 'number') return b;
  return a === b
    ? { what: `${verb} takes two different nodes`, help: nodeNames(nodes) }
    : ({ kind: 'wire', a, b, cut: wires[verb] } as const);
}

function setFile(words: readonly string[], node: number, { nodes }: Vocabulary): Deed | Wrong {
  const [file = '', number = ''] = words;
  const wrong = unknown('file', file, nodes[node], nodes[node]?.files);
  if (wrong !== null) return wrong;
  if (!/^-?\d{1,9}$/.test(number)) {
    return { what: `'${number}' is no whole number`, help: `as in 'set file ${file} 1'` };
  }
  return { kind: 'file', node, file, value: Number(number) };
}

// ---- WHAT@NODE

const shortForms = 'nginx, script:NAME, process:NAME, interface:NAME, cable, node';

/** `script:chk@a` → what fails, and what makes it well again. */
export function parseFailure(text: string, all: Vocabulary): readonly Planned[] | Wrong {
  const at = text.lastIndexOf('@');
  const what = at === -1 ? text : text.slice(0, at);
  const [kind = '', ...names] = what.split(':');
  const name = names.join(':');
  const pair = shortPair(kind, name);
  if (pair === null) {
    const meant = didYouMean(kind, ['nginx', 'script', 'process', 'interface', 'cable', 'node']);
    const help = meant === null || meant === kind ? `possible are ${shortForms}` : null;
    return { what: `nothing called '${what}' can fail`, help: help ?? `did you mean '${meant}'?` };
  }
  const on = at === -1 ? '' : ` on ${text.slice(at + 1)}`;
  const [fails, recovers] = pair.map((words) => parseDeed(`${words}${on}`, all));
  if (fails === undefined || recovers === undefined) return [];
  if (isWrong(fails)) return fails;
  return isWrong(recovers) ? recovers : [fails, recovers];
}

function shortPair(kind: string, name: string): readonly [string, string] | null {
  switch (kind) {
    case 'nginx':
      return name === '' ? ['break nginx', 'mend nginx'] : null;
    case 'script':
      return [`fail script ${name}`, `pass script ${name}`];
    case 'process':
      return [`kill process ${name}`, `start process ${name}`];
    case 'interface':
      return [`down interface ${name}`, `up interface ${name}`];
    case 'cable':
      return [`pull cable ${name}`.trim(), `plug cable ${name}`.trim()];
    case 'node':
      return name === '' ? ['crash', 'start'] : null;
    default:
      return null;
  }
}

// ---- small answers

/** Null: it is one of those. */
function unknown(
  noun: string,
  name: string,
  node: NodeWords | undefined,
  known: readonly string[] = [],
): Wrong | null {
  if (known.includes(name)) return null;
  const what = `${node?.name} has no ${noun} '${name}'`;
  if (known.length === 0) return { what, help: `it has no ${noun} at all` };
  const meant = didYouMean(name, known);
  const help = meant === null ? `it has ${known.join(', ')}` : `did you mean '${meant}'?`;
  return { what, help };
}

const hasNginx = (node: NodeWords | undefined): boolean =>
  node !== undefined && node.nginx.length + node.services.length > 0;

function noNginx(node: NodeWords | undefined): Wrong {
  const scripts = node?.scripts ?? [];
  const what = `nothing on ${node?.name} looks after nginx`;
  if (scripts.length === 0)
    return { what, help: 'there it may die unnoticed: no script tracks it' };
  return {
    what,
    help: `if it is one of its scripts: 'fail script ${scripts[0]} on ${node?.name}'`,
  };
}
