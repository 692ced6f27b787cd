/**
 * What is logged of links and trackers, in keepalived's wording where it logs the same.
 */
import type { Logger } from 'pino';
import type { InterfaceChanged } from '../core/event';
import { verdict } from '../core/health';
import type { Node } from '../core/node';
import type { Counted } from '../core/processes';
import type { LastRun, Watched } from '../core/scripts';
import type { Trackers } from '../core/trackers';
import { outcomeText, spanText } from './texts';

/** Somebody stands on this interface, or watches it. */
export const concerned = (node: Node, name: string): boolean =>
  node.units.some((unit) =>
    [...unit.members.map((m) => m.instance), ...(unit.group === null ? [] : [unit.group])].some(
      (one) =>
        ('interface' in one && one.interface === name) ||
        one.trackInterfaces.some((track) => track.name === name),
    ),
  );

export function logInterface(log: Logger, now: InterfaceChanged, before: Node, after: Node): void {
  const { interface: name, up } = now;
  const old = before.heldLinks.get(name)?.facts ?? before.interfaces.get(name);
  if (!concerned(before, name) || old?.up === up) return;
  const delays = after.config?.linkDelays.find((one) => one.interface === name);
  const delay = after.heldLinks.has(name) ? (up ? delays?.up : delays?.down) : undefined;
  const waits = delay === undefined ? '' : `; believed when it has been so for ${spanText(delay)}`;
  const text = `Netlink reports ${name} ${up ? 'up' : 'down'}${waits}`;
  log[up ? 'info' : 'warn']({ interface: name }, text);
}

export function logTrackers(log: Logger, before: Trackers, after: Trackers): void {
  for (const [file, value] of changed(before.files, after.files)) {
    logFile(log, file, before.files.get(file), value);
  }
  for (const [name, script] of changed(before.scripts, after.scripts)) {
    logScript(log, before.scripts.get(name), script);
  }
  for (const [name, counted] of changed(before.processes, after.processes)) {
    logProcess(log, before.processes.get(name), counted);
  }
}

const changed = <T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>) =>
  before === after ? [] : [...after].filter(([name, one]) => before.get(name) !== one);

/** The first reading is what there was; only a change is news. */
function logFile(log: Logger, file: string, old: number | undefined, value: number): void {
  if (old === undefined) return;
  log.info({ file, value }, `Track file ${file} now says ${value}, it said ${old}`);
}

function logScript(log: Logger, old: Watched | undefined, now: Watched): void {
  const { name } = now.script;
  if (now.running && now.skipped > (old?.skipped ?? 0)) logSkip(log, now);
  if (now.last === null || now.last === old?.last) return;
  const text = outcomeText(now.last.outcome);
  const output = lastLine(now.last.output);
  const fields = { script: name, took: spanText(now.last.took), ...(output && { output }) };
  const side = verdict(now.health);
  const turned = old === undefined || verdict(old.health) !== side;
  // How it ended follows anyway, unless it is a number.
  const told = turned && now.last.outcome.kind !== 'exited';
  if (!told) logOutcome(log, old?.last ?? null, now.last, fields);
  if (!turned) return;
  const word = side === 'up' ? 'succeeded' : 'failed';
  log[side === 'up' ? 'info' : 'warn'](fields, `VRRP_Script(${name}) ${word} (${text})`);
}

/** keepalived tells each exit code that differs; how else a run can end differs as much. */
function logOutcome(log: Logger, old: LastRun | null, now: LastRun, fields: ScriptFields): void {
  const text = outcomeText(now.outcome);
  if (old !== null && outcomeText(old.outcome) === text) return;
  const exited = now.outcome.kind === 'exited';
  const news = exited ? `now returning ${now.outcome.status}` : text;
  log.info(fields, `Script \`${fields.script}\` ${news}`);
}

interface ScriptFields {
  readonly script: string;
  readonly took: string;
  readonly output?: string;
}

/** Once for each run that takes so long; how often is counted. */
function logSkip(log: Logger, { script: { name }, skipped, skippedBefore }: Watched): void {
  if (skipped > skippedBefore + 1) return;
  const text = `Track script ${name} is already running, expect idle - skipping run`;
  log.info({ script: name, skipped }, text);
}

function logProcess(log: Logger, old: Counted | undefined, now: Counted): void {
  const { verdict: side, count, tracker } = now;
  const { name } = tracker;
  const fields = { process: name, count, quorum: tracker.quorum, quorumMax: tracker.quorumMax };
  if (count !== null && old?.count !== count) {
    log.debug(fields, `tracked process ${name} now has ${count}`);
  }
  if (side === 'unknown' || side === old?.verdict) return;
  const word = side === 'up' ? 'gained' : 'lost';
  log[side === 'up' ? 'info' : 'warn'](fields, `Quorum ${word} for tracked process ${name}`);
}

/** Of what a program printed: the last line with something on it. */
export const lastLine = (output: string): string =>
  output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .at(-1)
    ?.slice(0, 200) ?? '';
