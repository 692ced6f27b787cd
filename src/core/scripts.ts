/**
 * When tracked scripts run: at the start, then every `interval` from start to start. A run that is
 * still going when the next is due makes that one skipped, never doubled. Verdicts are health.ts's.
 */
import type { Script } from '../config/model';
import { after, type Instant } from '../time';
import type { Command } from './command';
import type { Outcome } from './event';
import { type Health, judge, relimit, unknownHealth } from './health';

export interface Watched {
  readonly script: Script;
  readonly health: Health;
  readonly running: boolean;
  /** what runs is the command of an earlier configuration: its outcome says nothing. */
  readonly stale: boolean;
  readonly dueAt: Instant;
  readonly last: Outcome | null;
  /** runs not started because the one before was still going. */
  readonly skipped: number;
}

export type Scripts = ReadonlyMap<string, Watched>;

export const succeeded = (outcome: Outcome): boolean =>
  outcome.kind === 'exited' && outcome.status === 0;

/** A new set: those of equal name and command keep their verdict and their schedule. */
export function configureScripts(old: Scripts, scripts: readonly Script[], at: Instant): Scripts {
  return new Map(
    scripts.map((script) => {
      const before = old.get(script.name);
      const same = before?.script.command.join('\0') === script.command.join('\0');
      const watched: Watched =
        before !== undefined && same
          ? { ...before, script, health: relimit(before.health, script.rise, script.fall) }
          : {
              script,
              health: unknownHealth(script.rise, script.fall),
              running: before?.running ?? false,
              stale: before?.running ?? false,
              dueAt: at,
              last: null,
              skipped: 0,
            };
      return [script.name, watched];
    }),
  );
}

export function finishScript(scripts: Scripts, name: string, outcome: Outcome): Scripts {
  const watched = scripts.get(name);
  if (watched === undefined) return scripts;
  if (watched.stale) {
    return new Map(scripts).set(name, { ...watched, running: false, stale: false });
  }
  const health = judge(watched.health, succeeded(outcome));
  return new Map(scripts).set(name, { ...watched, health, running: false, last: outcome });
}

/** Start what is due at this instant. */
export function runDue(scripts: Scripts, at: Instant): readonly [Scripts, readonly Command[]] {
  const due = [...scripts.values()].filter((watched) => watched.dueAt <= at);
  if (due.length === 0) return [scripts, []];
  const next = new Map(scripts);
  const commands: Command[] = [];
  for (const watched of due) {
    const { interval, name } = watched.script;
    const missed = Math.floor((at - watched.dueAt) / interval);
    const dueAt = after(watched.dueAt, ((missed + 1) * interval) as typeof interval);
    if (watched.running) {
      next.set(name, { ...watched, dueAt, skipped: watched.skipped + 1 });
    } else {
      next.set(name, { ...watched, dueAt, running: true });
      commands.push({ kind: 'run-script', script: name });
    }
  }
  return [next, commands];
}

export function scriptsDeadline(
  scripts: Scripts,
): { readonly at: Instant; readonly why: string } | null {
  let first: Watched | null = null;
  for (const watched of scripts.values()) {
    if (first === null || watched.dueAt < first.dueAt) first = watched;
  }
  return first === null ? null : { at: first.dueAt, why: `script ${first.script.name} is due` };
}
