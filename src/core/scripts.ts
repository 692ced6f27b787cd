/**
 * When tracked scripts run: every `interval` from start to start, spread over it so that many do
 * not start in one burst. At the start of all, those whose failure is a fault run at once: nobody
 * can take part without their result. A run that is still going when the next is due makes that
 * one skipped, never doubled. What came of the last run is kept. Verdicts are health.ts's.
 */
import type { Config, Script } from '../config/model';
import { after, between, type Duration, type Instant, microseconds, milliseconds } from '../time';
import type { Command } from './command';
import type { Outcome, ScriptFinished } from './event';
import { type Health, judge, relimit, unknownHealth } from './health';

export interface Watched {
  readonly script: Script;
  readonly health: Health;
  readonly running: boolean;
  /** what runs is the command of an earlier configuration: its outcome says nothing. */
  readonly stale: boolean;
  readonly dueAt: Instant;
  /** how much later the run after the next one is, once. */
  readonly phase: Duration;
  /** when the last run was started; null: none was. */
  readonly startedAt: Instant | null;
  readonly last: LastRun | null;
  /** runs not started because the one before was still going. */
  readonly skipped: number;
  /** of them, before the last run. */
  readonly skippedBefore: number;
}

/** The last run that ended. */
export interface LastRun {
  readonly outcome: Outcome;
  readonly startedAt: Instant;
  /** from the order to start it to its end. */
  readonly took: Duration;
  /** the last of what it printed. */
  readonly output: string;
}

export type Scripts = ReadonlyMap<string, Watched>;

/** Of what a script printed; there may be hundreds of them. */
const OUTPUT_MAX = 1000;
/** Between two starts: few scripts need not be spread over all of their interval. */
const STEP_MAX = milliseconds(50);

export const succeeded = (outcome: Outcome): boolean =>
  outcome.kind === 'exited' && outcome.status === 0;

/** A new set: those of equal name and command keep their verdict and their schedule. */
export function configureScripts(old: Scripts, config: Config, at: Instant): Scripts {
  const phases = phasesOf(config.scripts);
  const needed = deciding(config);
  return new Map(
    config.scripts.map((script) => {
      const before = old.get(script.name);
      const same = before?.script.command.join('\0') === script.command.join('\0');
      if (before !== undefined && same) {
        const health = relimit(before.health, script.rise, script.fall);
        return [script.name, { ...before, script, health }];
      }
      const offset = phases.get(script.name) ?? microseconds(0);
      const atOnce = needed.has(script.name);
      const watched: Watched = {
        script,
        health: unknownHealth(script.rise, script.fall),
        running: before?.running ?? false,
        stale: before?.running ?? false,
        dueAt: atOnce ? at : after(at, offset),
        phase: atOnce ? offset : microseconds(0),
        startedAt: before?.startedAt ?? null,
        last: null,
        skipped: 0,
        skippedBefore: 0,
      };
      return [script.name, watched];
    }),
  );
}

export function finishScript(scripts: Scripts, event: ScriptFinished): Scripts {
  const { script: name, outcome, at } = event;
  const watched = scripts.get(name);
  if (watched === undefined) return scripts;
  if (watched.stale) {
    return new Map(scripts).set(name, { ...watched, running: false, stale: false });
  }
  const startedAt = watched.startedAt ?? at;
  const last: LastRun = {
    outcome,
    startedAt,
    took: between(startedAt, at),
    output: event.output.slice(-OUTPUT_MAX),
  };
  const health = judge(watched.health, succeeded(outcome));
  return new Map(scripts).set(name, { ...watched, health, running: false, last });
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
    const later = microseconds((missed + 1) * interval + watched.phase);
    const planned = { ...watched, dueAt: after(watched.dueAt, later), phase: microseconds(0) };
    if (watched.running) {
      next.set(name, { ...planned, skipped: watched.skipped + 1 });
    } else {
      const skippedBefore = watched.skipped;
      next.set(name, { ...planned, running: true, startedAt: at, skippedBefore });
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

/** Where in its interval each script starts: evenly, among those of the same interval. */
function phasesOf(scripts: readonly Script[]): ReadonlyMap<string, Duration> {
  const sizes = new Map<Duration, number>();
  for (const { interval } of scripts) sizes.set(interval, (sizes.get(interval) ?? 0) + 1);
  const taken = new Map<Duration, number>();
  return new Map(
    scripts.map(({ name, interval }) => {
      const index = taken.get(interval) ?? 0;
      taken.set(interval, index + 1);
      const step = Math.min(STEP_MAX, interval / (sizes.get(interval) ?? 1));
      return [name, microseconds(index * step)];
    }),
  );
}

/** Those whose failure is a fault somewhere. */
const deciding = ({ instances, groups }: Config): ReadonlySet<string> =>
  new Set(
    [...instances, ...groups].flatMap(({ trackScripts }) =>
      trackScripts.filter(({ weight }) => weight === 0).map(({ name }) => name),
    ),
  );
