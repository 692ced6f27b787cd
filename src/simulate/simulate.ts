/**
 * A simulation: every node starts at second 0, deeds happen at their time or once everything has
 * come to rest, and what has come of them is told at the next rest. Deterministic: the same files
 * and deeds give the same report.
 */
import type { Config } from '../config/model';
import { masterDown, silence } from '../core/timing';
import { type Duration, formatDuration, microseconds, seconds } from '../time';
import { note, type Row, serves, unheldOf } from './chronicle';
import type { Planned } from './deed';
import { nginxChecks } from './nginx-checks';
import * as fate from './router';
import { perform, type Stage, stageOf } from './stage';
import { placeOf, type Standing, standingOf, sum, verdicts } from './verdict';
import { type NodeFile, type Service, worldOf } from './world';

export interface Report {
  readonly nodes: readonly { readonly name: string; readonly file: string }[];
  readonly assumed: readonly string[];
  readonly rows: readonly Row[];
  readonly end: readonly Ending[];
}

/** Who holds what in the end. */
export interface Ending {
  readonly name: string;
  readonly addresses: readonly string[];
  /** names of nodes: one, if all is well. */
  readonly heldBy: readonly string[];
  readonly nodes: readonly EndOfNode[];
}

export interface EndOfNode {
  readonly node: string;
  readonly instance: string;
  readonly state: 'init' | 'backup' | 'master' | 'fault' | 'gone' | 'paused' | 'down';
  readonly priority: number | null;
  /** '104 = 102 + 2 (script chk)' */
  readonly arithmetic: string;
}

/** `reloads`: what deeds of that kind read, by node and file. */
export function simulate(
  files: readonly NodeFile[],
  planned: readonly Planned[],
  reloads: ReadonlyMap<string, Config> = new Map(),
): Report {
  const world = worldOf(files);
  const stage = stageOf(world, files.map(nginxChecks), reloads);
  const patience = patienceOf([...files.map(({ config }) => config), ...reloads.values()]);
  for (const router of stage.routers) fate.start(router);
  act(stage, planned, patience);
  return {
    nodes: files.map(({ name, file }) => ({ name, file })),
    assumed: world.assumed,
    rows: stage.chronicle.rows,
    end: world.services.map((service) => endingOf(stage, service)),
  };
}

/** Exactly one node holds it, or all that could are meant to be away. */
export const isWell = ({ heldBy, nodes }: Ending): boolean =>
  heldBy.length === 1 || (heldBy.length === 0 && nodes.every(({ state }) => state === 'down'));

function act(stage: Stage, planned: readonly Planned[], patience: Duration): void {
  let before: Standing | null = null;
  const rest = (until: Duration | null): void => {
    const rests = settle(stage, until, patience);
    if (!rests && until !== null) {
      before = interrupted(stage, before);
      return;
    }
    tell(stage, before);
    before = standingOf(stage.chronicle);
  };
  for (const batch of batchesOf(planned)) {
    const at = batch[0]?.at ?? null;
    rest(at);
    if (at !== null) pass(stage, stage.chronicle.start + at);
    for (const { deed, text } of batch) perform(stage, deed, text);
  }
  rest(null);
}

/** The next deed comes before all is at rest: a move that is over by then is told. */
function interrupted(stage: Stage, before: Standing | null): Standing | null {
  const { chronicle } = stage;
  const now = standingOf(chronicle);
  if (!now.masters.every(({ length }) => length === 1)) return before;
  if (JSON.stringify(before?.masters) === JSON.stringify(now.masters)) return before;
  if (before !== null) tell(stage, before);
  else chronicle.services.forEach((_, i) => void unheldOf(chronicle, i));
  return now;
}

function tell(stage: Stage, before: Standing | null): void {
  for (const text of verdicts(stage, before)) {
    note(stage.chronicle, 'outcome', text);
  }
}

/** Those of one instant happen together; those without a time one by one, after all others. */
function batchesOf(planned: readonly Planned[]): readonly (readonly Planned[])[] {
  const timed = planned.filter(({ at }) => at !== null);
  const instants = [...new Set(timed.map(({ at }) => at as Duration))].sort((a, b) => a - b);
  return [
    ...instants.map((at) => timed.filter((one) => one.at === at)),
    ...planned.filter(({ at }) => at === null).map((one) => [one]),
  ];
}

// ---- time

/** What keeps moving for so long does not come to rest. */
const RESTLESS = 12;
/** A simulation must end, whatever the files say. */
const STEPS_MAX = 3_000_000;
const SLICE = seconds(1);

/** Runs until nothing has moved for a while. False: `until` came first, or it never rests. */
function settle(stage: Stage, until: Duration | null, patience: Duration): boolean {
  const { agenda, chronicle } = stage;
  const latest = until === null ? Infinity : chronicle.start + until;
  const limit = agenda.now() + RESTLESS * patience;
  while (agenda.now() < chronicle.lastMove + patience) {
    const next = Math.min(chronicle.lastMove + patience, latest, limit);
    if (!pass(stage, next) || next === latest) return next !== latest;
    if (next === limit) {
      const time = formatDuration(microseconds(RESTLESS * patience));
      note(chronicle, 'news', `it does not come to rest: something has moved for ${time}`);
      return false;
    }
  }
  return true;
}

/** False: enough has happened. */
function pass({ agenda, chronicle }: Stage, to: number): boolean {
  while (agenda.now() < to) {
    if (agenda.steps() > STEPS_MAX) {
      note(chronicle, 'news', `${STEPS_MAX} things have happened: what follows is not worked out`);
      return false;
    }
    agenda.runUntil(Math.min(to, agenda.now() + SLICE));
  }
  return true;
}

/** Nothing is under way any more when nothing has moved for so long. */
function patienceOf(configs: readonly Config[]): Duration {
  const instances = configs.flatMap((config) => config.instances);
  const interval = Math.max(0, ...instances.map((one) => one.interval)) as Duration;
  const down = instances.map(({ version, downTimerAdverts }) =>
    masterDown(silence(version, 1, downTimerAdverts), interval),
  );
  const scripts = configs
    .flatMap((config) => config.scripts)
    .map((one) => one.interval * (Math.max(one.rise, one.fall) + 1) + one.timeout);
  const delays = [
    ...instances.map(({ preemptDelay }) => preemptDelay),
    ...configs.map(({ global }) => global.startupDelay),
    ...configs.flatMap(({ trackProcesses }) =>
      trackProcesses.map(({ forkDelay, terminateDelay }) => Math.max(forkDelay, terminateDelay)),
    ),
    ...configs.flatMap(({ services }) =>
      services.map(({ grace, probe }) =>
        probe === null ? grace : (probe.interval + probe.timeout) * (probe.rise + probe.fall),
      ),
    ),
    ...configs.flatMap(({ linkDelays }) =>
      linkDelays.map(({ up, down: off }) => Math.max(up, off)),
    ),
  ];
  const sum = [down, scripts, delays].map((list) => Math.max(0, ...list));
  return microseconds(sum.reduce((all, one) => all + one, 500_000));
}

// ---- the end

function endingOf({ chronicle, routers }: Stage, service: Service): Ending {
  const { name, addresses, members } = service;
  const nameOf = (node: number): string => routers[node]?.spec.name ?? '';
  return {
    name,
    addresses,
    heldBy: members.filter((seat) => serves(chronicle, seat)).map(({ node }) => nameOf(node)),
    nodes: members.map((seat): EndOfNode => {
      const router = routers[seat.node];
      const place = placeOf(router, seat);
      const shared = { node: nameOf(seat.node), instance: seat.instance.name };
      const nothing = { ...shared, priority: null, arithmetic: '' };
      if (router?.plane == null) return { ...nothing, state: 'down' };
      if (place === null) return { ...nothing, state: 'gone' };
      return {
        ...shared,
        state: router.paused ? 'paused' : place.unit.state,
        priority: place.member.priority,
        arithmetic: sum(place.member),
      };
    }),
  };
}
