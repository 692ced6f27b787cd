/**
 * The control plane of one simulated node: the real core behind an event loop that may stall.
 * Events wait in its inbox and keep their instant; scripts end on a way of their own, so that a
 * result may overtake what the data plane has said.
 */
import type { Script } from '../config/model';
import type { TrackProcess } from '../config/model-tracking';
import type { Command, PlaneCommand } from '../core/command';
import type { Event, Outcome } from '../core/event';
import { deadline, type Node, newNode, step } from '../core/node';
import { isServiceCommand, isServiceEvent, type ServiceCommand } from '../core/service-terms';
import { type Duration, instantAt } from '../time';
import type { Agenda } from './agenda';
import type { Chance } from './chance';

/** One run of a script: how long, and what has come of it then. */
export interface Run {
  readonly lasts: Duration;
  readonly ends: () => Outcome;
}

export interface ControlHost {
  /** Commands that have crossed to the data plane. */
  submit(commands: readonly PlaneCommand[]): void;
  /** `before` and `after` one step. */
  stepped(before: Node, event: Event, after: Node): void;
  /** The events of one turn are dealt with. */
  settled(): void;
  run(script: Script): Run;
  /** The number in a tracked file. */
  file(name: string): number;
  /** What is ordered of a supervised nginx; the answer arrives as an event. */
  serve(command: ServiceCommand): void;
  /** How many processes of that kind run. */
  count(tracker: TrackProcess): number;
}

export interface Control {
  node: Node;
  readonly host: ControlHost;
  readonly agenda: Agenda;
  readonly chance: Chance;
  /** events and commands between the two planes, neither here nor there. */
  crossing: number;
  readonly inbox: Event[];
  stalled: boolean;
  lastArrival: number;
  lastSubmit: number;
  armed: number | null;
  closed: boolean;
}

export const newControl = (host: ControlHost, agenda: Agenda, chance: Chance): Control => ({
  node: newNode,
  host,
  agenda,
  chance,
  crossing: 0,
  inbox: [],
  stalled: false,
  lastArrival: 0,
  lastSubmit: 0,
  armed: null,
  closed: false,
});

/** Everything said has been heard on both sides. */
export const isQuiet = ({ crossing, inbox }: Control): boolean =>
  crossing === 0 && inbox.length === 0;

/** From the data plane: in order, each after its hop. */
export function tellControl(control: Control, event: Event): void {
  const { agenda, chance } = control;
  control.crossing++;
  control.lastArrival = Math.max(control.lastArrival, agenda.now() + chance.hop());
  agenda.enter(control.lastArrival, () => {
    control.crossing--;
    arrive(control, event);
  });
}

/** From the control side itself. */
export function arrive(control: Control, event: Event): void {
  if (control.closed) return;
  control.inbox.push(event);
  if (!control.stalled) turn(control);
}

export function stall(control: Control): void {
  control.stalled = true;
}

export function proceed(control: Control): void {
  control.stalled = false;
  if (!control.closed && control.inbox.length > 0) turn(control);
}

export function closeControl(control: Control): void {
  control.closed = true;
  control.inbox.length = 0;
}

// ---- one turn of the event loop

function turn(control: Control): void {
  const orders: PlaneCommand[] = [];
  for (const queued of control.inbox.splice(0)) {
    const event = dated(control, queued);
    const before = control.node;
    const [node, commands] = step(before, event);
    control.node = node;
    if (event.kind === 'woken') control.armed = null;
    control.host.stepped(before, event, node);
    for (const command of commands) obey(control, command, orders);
  }
  const at = deadline(control.node)?.at ?? null;
  if (at !== control.armed) {
    control.armed = at;
    orders.push({ kind: 'wake', at });
  }
  if (orders.length > 0) submitLater(control, orders);
  control.host.settled();
}

/** The control side reads the clock when it looks; the data plane's events bring theirs. */
function dated(control: Control, event: Event): Event {
  const own =
    isServiceEvent(event) ||
    event.kind === 'script-finished' ||
    event.kind === 'file-read' ||
    event.kind === 'processes-counted' ||
    event.kind === 'configured' ||
    event.kind === 'stopped';
  return own ? { ...event, at: instantAt(control.agenda.now()) } : event;
}

function obey(control: Control, command: Command, orders: PlaneCommand[]): void {
  if (isServiceCommand(command)) {
    control.host.serve(command);
    return;
  }
  switch (command.kind) {
    case 'run-script':
      run(control, command.script);
      return;
    case 'track-files':
      for (const { name } of command.files) later(control, () => readFile(control, name));
      return;
    case 'count-processes':
      for (const one of command.trackers) later(control, () => count(control, one));
      return;
    case 'notify':
      return;
    default:
      orders.push(command);
  }
}

/** How many processes of a kind run at this moment reaches the core as the kernel would tell it. */
export function count(control: Control, tracker: TrackProcess): void {
  const at = instantAt(control.agenda.now());
  const { name } = tracker;
  const counted = control.host.count(tracker);
  arrive(control, { kind: 'processes-counted', at, tracker: name, count: counted });
}

function run(control: Control, name: string): void {
  const watched = control.node.trackers.scripts.get(name);
  if (watched === undefined) return;
  const { lasts, ends } = control.host.run(watched.script);
  const { agenda } = control;
  agenda.enter(agenda.now() + lasts, () => {
    const at = instantAt(agenda.now());
    arrive(control, { kind: 'script-finished', at, script: name, outcome: ends(), output: '' });
  });
}

/** What a tracked file says at this moment reaches the core as a driver would bring it. */
export function readFile(control: Control, name: string): void {
  const at = instantAt(control.agenda.now());
  arrive(control, { kind: 'file-read', at, file: name, value: control.host.file(name) });
}

const later = ({ agenda }: Control, act: () => void): void => agenda.enter(agenda.now(), act);

function submitLater(control: Control, orders: readonly PlaneCommand[]): void {
  const { agenda, chance } = control;
  control.crossing++;
  control.lastSubmit = Math.max(control.lastSubmit, agenda.now() + chance.hop());
  agenda.enter(control.lastSubmit, () => {
    control.crossing--;
    control.host.submit(orders);
  });
}
