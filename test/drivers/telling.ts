/** What tests of sinks share: news, models with commands, and what /proc says of this process. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Config, Global, Hook, Notify as Hooks } from '../../src/config/model';
import type { Telling } from '../../src/config/model-telling';
import type { Notify } from '../../src/core/command';
import { at, config, globalWith, instance } from '../core/fixture';
import { silent } from '../core/fixture-plain';

export const news = (state: Notify['state'], change: Partial<Notify> = {}): Notify => ({
  kind: 'notify',
  at: at(0),
  scope: 'INSTANCE',
  name: 'VI',
  state,
  previous: 'INIT',
  reason: 'as the test says',
  priority: 100,
  ...change,
});

/** A command that runs as script_user. */
export const hook = (...argv: readonly string[]): Hook => ({ argv, user: null });

/** One instance, VI, with these commands. */
export const withHooks = (hooks: Partial<Hooks>, global: Partial<Global> = {}): Config => ({
  ...config({ instances: [instance('VI', { notify: { ...silent, ...hooks } })] }),
  global: globalWith(global),
});

export const tellingWith = (change: Partial<Telling>): Telling => ({
  ...globalWith({}).telling,
  ...change,
});

/** Open descriptors of this process. */
export const descriptors = (): number => readdirSync('/proc/self/fd').length;

/** Processes whose parent is this one, zombies among them: 'Z sleep', 'S sh'. */
export function children(): readonly string[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const [pid, comm, state, parent] = statOf(name);
    return parent === process.pid && pid !== 0 ? [`${state} ${comm}`] : [];
  });
}

/** A process of this group that is no zombie. */
export const livesInGroup = (group: number): boolean =>
  readdirSync('/proc').some((name) => {
    if (!/^\d+$/.test(name)) return false;
    const [, , state, , own] = statOf(name);
    return own === group && state !== 'Z';
  });

function statOf(pid: string): readonly [number, string, string, number, number] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state = '', parent, group] = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const comm = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'));
    return [Number(pid), comm, state, Number(parent), Number(group)];
  } catch {
    return [0, '', '', 0, 0];
  }
}
