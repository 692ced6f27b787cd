/**
 * Everything that is tracked besides links: what is known of it, when to look again, what to order.
 * One kind of tracker is one file; here they are one thing to node.ts.
 */
import type { Config } from '../config/model';
import type { Instant } from '../time';
import type { Command } from './command';
import type { FileRead, ProcessesCounted, ScriptFinished } from './event';
import { verdict } from './health';
import type { Surroundings } from './priority';
import {
  believeProcesses,
  configureProcesses,
  countOrders,
  countProcesses,
  type Processes,
  processesDeadline,
} from './processes';
import { configureScripts, finishScript, runDue, type Scripts, scriptsDeadline } from './scripts';

export interface Trackers {
  readonly scripts: Scripts;
  /** the numbers in tracked files, by name. */
  readonly files: ReadonlyMap<string, number>;
  readonly processes: Processes;
}

/** What only trackers have to do with. */
export type TrackerEvent = ScriptFinished | FileRead | ProcessesCounted;

type Stepped = readonly [Trackers, readonly Command[]];

export const noTrackers: Trackers = {
  scripts: new Map(),
  files: new Map(),
  processes: new Map(),
};

/** Takes over what goes on as it was. Nothing is ordered before `startTrackers`. */
export const configureTrackers = (trackers: Trackers, config: Config, at: Instant): Trackers => ({
  ...trackers,
  scripts: configureScripts(trackers.scripts, config, at),
  processes: configureProcesses(trackers.processes, config.trackProcesses, at),
});

/** After a configuration: what is due now, and what is to be watched that was not. */
export function startTrackers(
  trackers: Trackers,
  before: Config | null,
  config: Config,
  at: Instant,
): Stepped {
  const [woken, runs] = wakeTrackers(trackers, at);
  const counts = countOrders(before?.trackProcesses ?? [], config.trackProcesses);
  return [woken, [...runs, ...trackFiles(before, config), ...counts]];
}

/** Something was learnt; what it asks for at once comes back with it. */
export function track(trackers: Trackers, event: TrackerEvent): Stepped {
  switch (event.kind) {
    case 'script-finished': {
      const scripts = finishScript(trackers.scripts, event);
      return [{ ...trackers, scripts }, []];
    }
    case 'file-read': {
      const files = new Map(trackers.files).set(event.file, event.value);
      return [{ ...trackers, files }, []];
    }
    case 'processes-counted': {
      const { tracker, count, at } = event;
      const processes = countProcesses(trackers.processes, tracker, count, at);
      return [{ ...trackers, processes }, []];
    }
  }
}

export function wakeTrackers(trackers: Trackers, at: Instant): Stepped {
  const [scripts, runs] = runDue(trackers.scripts, at);
  const processes = believeProcesses(trackers.processes, at);
  return [{ ...trackers, scripts, processes }, runs];
}

export function trackersDeadline({
  scripts,
  processes,
}: Trackers): { readonly at: Instant; readonly why: string } | null {
  const [script, count] = [scriptsDeadline(scripts), processesDeadline(processes)];
  if (script === null || count === null) return script ?? count;
  return count.at < script.at ? count : script;
}

/** Whether priorities may have changed by time alone. */
export const believedAnew = (before: Trackers, after: Trackers): boolean =>
  before.processes !== after.processes;

/** What priorities are made of. */
export const trackedBy = ({
  scripts,
  files,
  processes,
}: Trackers): Omit<Surroundings, 'link' | 'address'> => ({
  file: (name) => files.get(name) ?? null,
  process: (name) => processes.get(name)?.verdict ?? 'unknown',
  script: (name) => {
    const watched = scripts.get(name);
    return watched === undefined ? 'unknown' : verdict(watched.health);
  },
});

/** Which files to watch, where that is not what is watched already. */
function trackFiles(before: Config | null, { trackFiles: files }: Config): readonly Command[] {
  const same = JSON.stringify(before?.trackFiles ?? []) === JSON.stringify(files);
  return same ? [] : [{ kind: 'track-files', files }];
}
