/**
 * What happened, as rows: states and priorities as the core of each node has them, with the reason
 * it gives; adverts that nobody believes; and for how long nobody held an address.
 */
import type { Config } from '../config/model';
import type { Member, State, Unit } from '../core/election';
import type { Event, Outcome } from '../core/event';
import type { Node } from '../core/node';
import { outcomeText, rejectionText } from '../daemon/texts';
import { type Duration, microseconds } from '../time';
import type { Agenda } from './agenda';
import { calledNginx } from './nginx-service';
import { holds, linked, type Router, runs, type Witness } from './router';
import type { Seat, Service } from './world';

export type Row = StateRow | PriorityRow | TextRow;

interface Told {
  /** since the start. */
  readonly at: Duration;
  readonly node: string;
  readonly instance: string;
  readonly state: State;
  readonly priority: number;
  /** '102 + 2 (script chk)' */
  readonly arithmetic: string;
  readonly reason: string;
}

export interface StateRow extends Told {
  readonly kind: 'state';
}
/** The same state with another priority. */
export interface PriorityRow extends Told {
  readonly kind: 'priority';
  readonly before: number;
}

/** deed: what was done; news: what a node noticed; outcome: what has come of a deed. */
export interface TextRow {
  readonly kind: 'deed' | 'news' | 'outcome';
  readonly at: Duration;
  readonly node: string | null;
  readonly text: string;
}

export interface Chronicle {
  readonly rows: Row[];
  readonly agenda: Agenda;
  readonly start: number;
  readonly services: readonly Service[];
  routers: readonly Router[];
  /** by node and sender's address: why its adverts are not believed. */
  readonly refusals: Map<string, string>;
  /** by service: since when nobody holds it; null: somebody does. */
  readonly unheldSince: (number | null)[];
  /** by service: how long nobody has held it since the last question. */
  readonly unheld: number[];
  /** the last instant at which anything moved. */
  lastMove: number;
}

export const newChronicle = (agenda: Agenda, services: readonly Service[]): Chronicle => ({
  rows: [],
  agenda,
  start: agenda.now(),
  services,
  routers: [],
  refusals: new Map(),
  unheldSince: services.map(() => agenda.now()),
  unheld: services.map(() => 0),
  lastMove: agenda.now(),
});

export const sinceStart = ({ agenda, start }: Chronicle): Duration =>
  microseconds(agenda.now() - start);

export function note(
  chronicle: Chronicle,
  kind: TextRow['kind'],
  text: string,
  node: string | null = null,
): void {
  chronicle.rows.push({ kind, at: sinceStart(chronicle), node, text });
}

/** It holds the addresses, is awake, and its cable is in. */
export function serves({ routers }: Chronicle, { node, key, instance }: Seat): boolean {
  const router = routers[node];
  if (router === undefined || !runs(router) || !holds(router, key)) return false;
  return instance.interface === null || linked(router, instance.interface);
}

/** How long nobody has held it since this was last asked. */
export function unheldOf(chronicle: Chronicle, service: number): Duration {
  account(chronicle);
  const sum = chronicle.unheld[service] ?? 0;
  chronicle.unheld[service] = 0;
  return microseconds(sum);
}

function account(chronicle: Chronicle): void {
  const now = chronicle.agenda.now();
  chronicle.services.forEach((service, i) => {
    const since = chronicle.unheldSince[i] ?? null;
    if (since !== null) chronicle.unheld[i] = (chronicle.unheld[i] ?? 0) + now - since;
    const held = service.members.some((seat) => serves(chronicle, seat));
    chronicle.unheldSince[i] = held ? null : now;
  });
}

/** To node names, which say more than addresses. */
export const named = (chronicle: Chronicle, text: string): string =>
  text.replace(/[0-9a-f.:]*[.:][0-9a-f.:]*[0-9a-f]/gi, (word) => nodeAt(chronicle, word) ?? word);

export function nodeAt({ routers }: Chronicle, address: string): string | null {
  const owner = routers.find(({ spec }) =>
    [...spec.addresses.values()].some((own) => own.includes(address)),
  );
  return owner?.spec.name ?? null;
}

// ---- the witness

export function witnessOf(chronicle: Chronicle): Witness {
  const moved = (): void => {
    chronicle.lastMove = chronicle.agenda.now();
    account(chronicle);
  };
  const nothing = (): void => {};
  return {
    said: nothing,
    started: moved,
    changed: moved,
    plugged: nothing,
    reloads: nothing,
    ordered: nothing,
    told: (router, event) => told(chronicle, router, event),
    heard: nothing,
    claimed: moved,
    released: moved,
    sent: nothing,
    overslept: nothing,
    stepped: (router, before, event, after) => stepped(chronicle, router, before, event, after),
    settled: nothing,
  };
}

function told(chronicle: Chronicle, router: Router, event: Event): void {
  const { name } = router.spec;
  if (event.kind === 'lease-lapsed') {
    note(chronicle, 'news', 'the control plane hung for longer than its lease', name);
  }
  if (event.kind !== 'advert-rejected') return;
  const one = router.config.instances.find(({ vrid }) => vrid === event.vrid);
  const who = nodeAt(chronicle, event.source) ?? event.source;
  const why = rejectionText(event, one?.version ?? 2);
  chronicle.refusals.set(`${name} ${event.source} ${event.vrid}`, why);
  chronicle.lastMove = chronicle.agenda.now();
  note(chronicle, 'news', `${one?.name}: drops the adverts of ${who}: ${why}`, name);
}

function stepped(
  chronicle: Chronicle,
  router: Router,
  before: Node,
  event: Event,
  after: Node,
): void {
  for (const [name, { phase, why }] of after.services) {
    if (phase !== 'given-up' || before.services.get(name)?.phase === phase) continue;
    note(chronicle, 'news', `${calledNginx(name)} is given up: ${why}`, router.spec.name);
  }
  for (const unit of after.units) {
    for (const member of unit.members) {
      const row = rowOf(chronicle, router, member, unit, before, event);
      if (row === null) continue;
      chronicle.rows.push(row);
      chronicle.lastMove = chronicle.agenda.now();
    }
  }
}

function rowOf(
  chronicle: Chronicle,
  router: Router,
  member: Member,
  unit: Unit,
  before: Node,
  event: Event,
): Row | null {
  const { key, instance, priority, arithmetic } = member;
  const old = before.units.find((one) => one.members.some((each) => each.key === key));
  const then = old?.members.find((each) => each.key === key);
  const { state } = unit;
  const shared = {
    at: sinceStart(chronicle),
    node: router.spec.name,
    instance: instance.name,
    state,
    priority,
    arithmetic,
  };
  if (old?.state !== state) {
    if (state === 'init') return null;
    return { kind: 'state', ...shared, reason: named(chronicle, unit.reason) };
  }
  if (state === 'init' || then === undefined || then.priority === priority) return null;
  const reason = causeOf(event, router.config);
  return { kind: 'priority', ...shared, reason, before: then.priority };
}

const resultText = (outcome: Outcome): string =>
  outcome.kind === 'exited' && outcome.status === 0 ? 'succeeds' : outcomeText(outcome);

/** What made a priority another one. */
function causeOf(event: Event, { instances }: Config): string {
  switch (event.kind) {
    case 'script-finished':
      return `script ${event.script} ${resultText(event.outcome)}`;
    case 'file-read':
      return `file ${event.file} says ${event.value}`;
    case 'processes-counted':
      return `process ${event.tracker}: ${event.count} run`;
    case 'nginx-gone':
      return `${calledNginx(event.nginx)} has died`;
    case 'nginx-probed':
      return calledNginx(event.nginx) + (event.fault === '' ? ' answers' : `: ${event.fault}`);
    case 'nginx-started':
      return (
        calledNginx(event.nginx) + (event.outcome.kind === 'started' ? ' runs' : ' stays away')
      );
    case 'woken':
      return 'a delay is over';
    case 'interface-changed':
      return `interface ${event.interface} is ${event.up ? 'up' : 'down'}`;
    case 'configured':
      return instances.length === 0 ? 'the file has no instance any more' : 'reloaded';
    default:
      return event.kind;
  }
}
