/**
 * One simulated node: a data plane and a control plane with a common fate. It can start, crash,
 * stop, pause and hang, and lose its cables; what it does it reports to a witness.
 */
import { virtualRouter } from '../config/identity';
import type { Config, Instance, Script } from '../config/model';
import type { PlaneCommand } from '../core/command';
import type { Event, PlaneEvent } from '../core/event';
import type { Node } from '../core/node';
import type { ServiceCommand } from '../core/service-terms';
import type { NativeOrders } from '../drivers/addon';
import { type Instant, instantAt } from '../time';
import type { Agenda } from './agenda';
import type { Chance } from './chance';
import {
  arrive,
  type Control,
  type ControlHost,
  closeControl,
  count,
  isQuiet,
  newControl,
  proceed,
  type Run,
  readFile,
  stall,
  tellControl,
} from './control';
import type { Lan, Packet, Port } from './lan';
import {
  closePlane,
  newPlane,
  type Plane,
  type PlaneHost,
  pausePlane,
  receive,
  resumePlane,
  submit,
} from './plane';

/** What a node is before anything happens to it. */
export interface NodeSpec {
  readonly index: number;
  readonly name: string;
  readonly config: Config;
  /** own address, by interface. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** what an interface is connected to, where that is not called like itself. */
  readonly segments: ReadonlyMap<string, string>;
}

/** Who is told of everything that happens, as it happens. */
export interface Witness {
  /** its fate, in words. */
  said(router: Router, text: string): void;
  started(router: Router): void;
  /** Its power, link or ability to hear changed. */
  changed(router: Router): void;
  plugged(router: Router, name: string): void;
  reloads(router: Router, before: Config): void;
  ordered(router: Router, command: PlaneCommand): void;
  told(router: Router, event: PlaneEvent): void;
  heard(router: Router, instance: string, packet: Packet, at: number): void;
  claimed(router: Router, instance: string, why: 'order' | 'silence'): void;
  released(router: Router, instance: string): void;
  sent(router: Router, instance: string, priority: number): void;
  overslept(router: Router, gap: number): void;
  stepped(router: Router, before: Node, event: Event, after: Node): void;
  /** A turn of either plane is over. */
  settled(router: Router): void;
}

export interface RouterSetting {
  readonly agenda: Agenda;
  readonly chance: Chance;
  readonly witness: Witness;
  readonly newOrders: (router: Router) => NativeOrders;
  /** null: the event is lost. For broken models. */
  readonly censor: (event: PlaneEvent) => PlaneEvent | null;
  /** how long before an orderly stop ends the process. */
  readonly goodbye: number;
  readonly run: (router: Router, script: Script) => Run;
  readonly serve: (router: Router, command: ServiceCommand) => void;
}

export interface Router extends Port {
  readonly spec: NodeSpec;
  readonly setting: RouterSetting;
  plane: Plane | null;
  control: Control | null;
  paused: boolean;
  /** tracked scripts that fail. */
  readonly failing: Set<string>;
  /** the numbers in tracked files; 0 where there is none. */
  readonly files: Map<string, number>;
  /** how many tracked processes run, where that is not as many as should. */
  readonly counts: Map<string, number>;
  config: Config;
  lan: Lan | null;
  readonly unplugged: Set<string>;
  /** interfaces that changed while it was paused. */
  readonly missed: Set<string>;
  stopping: boolean;
  /** started again while it was still stopping. */
  comesBack: boolean;
}

export function newRouter(spec: NodeSpec, setting: RouterSetting): Router {
  const router: Router = {
    index: spec.index,
    receive: (packet) => takeIn(router, packet),
    spec,
    setting,
    plane: null,
    control: null,
    paused: false,
    failing: new Set(),
    files: new Map(),
    counts: new Map(),
    config: spec.config,
    lan: null,
    unplugged: new Set(),
    missed: new Set(),
    stopping: false,
    comesBack: false,
  };
  return router;
}

// ---- small answers

/** Its data plane works: it hears and speaks. */
export const runs = ({ plane, paused }: Router): boolean => plane !== null && !paused;

export const linked = ({ plane, unplugged }: Router, name: string): boolean =>
  plane !== null && !unplugged.has(name);

/** By key: what it runs when nothing has been altered. */
export const instancesOf = ({ spec }: Router): ReadonlyMap<string, Instance> =>
  new Map(spec.config.instances.map((one) => [virtualRouter(one), one]));

export const holds = ({ plane }: Router, instance: string): boolean =>
  plane?.held.has(instance) ?? false;

export const quiet = ({ control }: Router): boolean => control !== null && isQuiet(control);

export const nodeOf = ({ control }: Router): Node | null => control?.node ?? null;

export const hangs = ({ control }: Router): boolean => control?.stalled ?? false;

const nowOf = ({ setting }: Router): Instant => instantAt(setting.agenda.now());

const segmentOf = ({ spec }: Router, name: string): string => spec.segments.get(name) ?? name;

function say(router: Router, text: string): void {
  router.setting.witness.said(router, text);
}

// ---- its fate

export function start(router: Router): void {
  router.comesBack = router.stopping;
  if (router.plane !== null) return;
  const { setting, spec } = router;
  const { agenda, chance, witness } = setting;
  say(router, 'starts');
  router.plane = newPlane(setting.newOrders(router), planeHost(router), agenda, chance);
  const control = newControl(controlHost(router), agenda, chance);
  router.control = control;
  witness.started(router);
  for (const name of spec.addresses.keys()) tellLink(router, name);
  tell(router, { kind: 'surveyed', at: nowOf(router) });
  const configured: Event = { kind: 'configured', at: nowOf(router), config: router.config };
  agenda.enter(agenda.now() + chance.reading(), () => arrive(control, configured));
}

export function crash(router: Router): void {
  if (router.plane === null) return;
  say(router, 'crashes');
  vanish(router);
}

/** Orderly: priority 0, addresses released, gone. */
export function stop(router: Router): void {
  if (router.plane === null || router.stopping || hangs(router)) return;
  say(router, 'stops');
  router.stopping = true;
  const { plane, control } = router;
  if (control !== null) arrive(control, { kind: 'stopped', at: nowOf(router) });
  const { agenda, goodbye } = router.setting;
  agenda.enter(agenda.now() + goodbye, () => {
    if (router.plane !== plane) return;
    vanish(router);
    if (router.comesBack) start(router);
  });
}

export function pause(router: Router, keepsPackets: boolean): void {
  if (router.plane === null || router.paused) return;
  say(router, keepsPackets ? 'pauses' : 'pauses deaf');
  router.paused = true;
  pausePlane(router.plane, keepsPackets);
  if (router.control !== null) stall(router.control);
  router.setting.witness.changed(router);
}

export function resume(router: Router): void {
  if (router.plane === null || !router.paused) return;
  say(router, 'resumes');
  router.paused = false;
  resumePlane(router.plane);
  for (const name of router.missed) tellLink(router, name);
  router.missed.clear();
  if (router.control !== null) proceed(router.control);
  router.setting.witness.changed(router);
}

export function hang(router: Router): void {
  if (router.control === null || router.paused || hangs(router)) return;
  say(router, 'JS hangs');
  stall(router.control);
}

export function recover(router: Router): void {
  if (router.control === null || router.paused || !hangs(router)) return;
  say(router, 'JS is back');
  proceed(router.control);
}

export function unplug(router: Router, name: string): void {
  if (router.unplugged.has(name)) return;
  router.unplugged.add(name);
  say(router, `${name} down`);
  router.setting.witness.changed(router);
  tellLink(router, name);
}

export function plug(router: Router, name: string): void {
  if (!router.unplugged.delete(name)) return;
  say(router, `${name} up`);
  router.setting.witness.plugged(router, name);
  router.setting.witness.changed(router);
  tellLink(router, name);
}

export function reload(router: Router, config: Config): void {
  const { config: before, control } = router;
  if (before === config) return;
  router.config = config;
  router.setting.witness.reloads(router, before);
  if (router.stopping || control === null) return;
  say(router, 'reloads');
  arrive(control, { kind: 'configured', at: nowOf(router), config });
}

/** A tracked file says another number from here on. */
export function write(router: Router, file: string, value: number): void {
  router.files.set(file, value);
  if (router.control !== null) readFile(router.control, file);
}

/** So many processes of that kind run from here on. */
export function populate(router: Router, tracker: string, number: number): void {
  router.counts.set(tracker, number);
  const one = router.config.trackProcesses.find(({ name }) => name === tracker);
  if (router.control !== null && one !== undefined) count(router.control, one);
}

function vanish(router: Router): void {
  if (router.plane !== null) closePlane(router.plane);
  if (router.control !== null) closeControl(router.control);
  router.plane = null;
  router.control = null;
  router.paused = false;
  router.stopping = false;
  router.missed.clear();
  router.setting.witness.changed(router);
}

// ---- its surroundings

/** Arrives on every interface of that segment, or on the one that has the address. */
function takeIn(router: Router, packet: Packet): void {
  for (const [name, own] of router.spec.addresses) {
    const here = packet.terms.unicast
      ? own.includes(packet.destination)
      : segmentOf(router, name) === packet.segment;
    if (!here || !linked(router, name) || router.plane === null) continue;
    receive(router.plane, { ...packet, interface: name });
  }
}

function tellLink(router: Router, name: string): void {
  const { addresses } = router.spec;
  const own = addresses.get(name);
  if (router.plane === null || own === undefined) return;
  // The kernel tells a process that does not run when it runs again.
  if (router.paused) {
    router.missed.add(name);
    return;
  }
  tell(router, {
    kind: 'interface-changed',
    at: nowOf(router),
    interface: name,
    index: 2 + [...addresses.keys()].indexOf(name),
    up: !router.unplugged.has(name),
    mtu: 1500,
    addresses: own,
  });
}

function tell(router: Router, event: PlaneEvent): void {
  router.setting.witness.told(router, event);
  const passed = router.setting.censor(event);
  if (passed !== null && router.control !== null) tellControl(router.control, passed);
}

function planeHost(router: Router): PlaneHost {
  const { witness } = router.setting;
  return {
    transmit: (packet) => {
      if (!linked(router, packet.interface)) return;
      router.lan?.send(router, { ...packet, segment: segmentOf(router, packet.interface) });
    },
    tell: (event) => tell(router, event),
    ordered: (command) => witness.ordered(router, command),
    heard: (instance, packet, at) => witness.heard(router, instance, packet, at),
    claimed: (instance, why) => witness.claimed(router, instance, why),
    released: (instance) => witness.released(router, instance),
    sent: (instance, priority) => witness.sent(router, instance, priority),
    overslept: (gap) => witness.overslept(router, gap),
    settled: () => witness.settled(router),
  };
}

function controlHost(router: Router): ControlHost {
  const { witness } = router.setting;
  return {
    submit: (commands) => {
      if (router.plane !== null) submit(router.plane, commands);
    },
    stepped: (before, event, after) => witness.stepped(router, before, event, after),
    settled: () => witness.settled(router),
    run: (script) => router.setting.run(router, script),
    serve: (command) => router.setting.serve(router, command),
    file: (name) => router.files.get(name) ?? 0,
    count: ({ name, quorum, quorumMax }) =>
      router.counts.get(name) ?? (quorumMax === 0 ? 0 : quorum),
  };
}
