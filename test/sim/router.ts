/**
 * One simulated node: a data plane and a control plane with a common fate. It can start, crash,
 * stop, pause and hang, and lose its cables; what it does it reports to the checks and the table.
 */
import { virtualRouter } from '../../src/config/identity';
import type { Config, Instance } from '../../src/config/model';
import type { PlaneCommand } from '../../src/core/command';
import type { Event, PlaneEvent } from '../../src/core/event';
import type { Node } from '../../src/core/node';
import type { NativeOrders } from '../../src/drivers/addon';
import { instantAt } from '../../src/time';
import type { Agenda } from './agenda';
import type { Checks } from './checks';
import { Control, type ControlHost } from './control';
import type { Lan, Packet, Port } from './lan';
import { Plane, type PlaneHost } from './plane';
import type { Random } from './random';
import type { NodeSpec } from './scenario';
import { commandText, eventText, type Table } from './table';

export interface RouterSetting {
  readonly agenda: Agenda;
  readonly random: Random;
  readonly table: Table;
  readonly newOrders: (router: Router) => NativeOrders;
  /** null: the event is lost. For mutations. */
  readonly censor: (event: PlaneEvent) => PlaneEvent | null;
  /** how long before an orderly stop ends the process. */
  readonly goodbye: number;
}

export class Router implements Port, PlaneHost, ControlHost {
  plane: Plane | null = null;
  control: Control | null = null;
  paused = false;
  /** a reload has changed who is in a group with whom, and both planes are not at rest since. */
  regrouping = false;
  /** since the start of this life. */
  regrouped = false;
  /** what its tracked scripts would say. */
  readonly failing = new Set<string>();
  readonly index: number;
  config: Config;
  lan: Lan | null = null;
  checks: Checks | null = null;
  private readonly unplugged = new Set<string>();
  /** interfaces that changed while it was paused. */
  private readonly missed = new Set<string>();
  private stopping = false;
  /** started again while it was still stopping. */
  private comesBack = false;

  constructor(
    readonly spec: NodeSpec,
    private readonly setting: RouterSetting,
  ) {
    this.index = spec.index;
    this.config = spec.config;
  }

  get name(): string {
    return this.spec.name;
  }

  /** Its data plane works: it hears and speaks. */
  runs(): boolean {
    return this.plane !== null && !this.paused;
  }

  linked(name: string): boolean {
    return this.plane !== null && !this.unplugged.has(name);
  }

  /** By key, as every node calls it: what it runs when nothing has been altered. */
  get instances(): ReadonlyMap<string, Instance> {
    return new Map(this.spec.config.instances.map((one) => [virtualRouter(one), one]));
  }

  holds(instance: string): boolean {
    return this.plane?.held.has(instance) ?? false;
  }

  quiet(): boolean {
    return this.control?.quiet() ?? false;
  }

  node(): Node | null {
    return this.control?.node ?? null;
  }

  hangs(): boolean {
    return this.control?.hangs() ?? false;
  }

  // ---- its fate

  start(): void {
    this.comesBack = this.stopping;
    if (this.plane !== null) return;
    const { agenda, random } = this.setting;
    this.say('starts');
    this.plane = new Plane(this.setting.newOrders(this), this, agenda, random);
    this.control = new Control(this, agenda, random);
    this.regrouping = false;
    this.regrouped = this.config !== this.spec.config;
    this.checks?.started(this);
    for (const name of this.spec.addresses.keys()) this.tellLink(name);
    this.tell({ kind: 'surveyed', at: this.now() });
    const configured: Event = { kind: 'configured', at: this.now(), config: this.config };
    const control = this.control;
    agenda.enter(agenda.now() + random.below(40), () => control.arrive(configured));
  }

  crash(): void {
    if (this.plane === null) return;
    this.say('crashes');
    this.vanish();
  }

  /** Orderly: priority 0, addresses released, gone. */
  stop(): void {
    if (this.plane === null || this.stopping || this.hangs()) return;
    this.say('stops');
    this.stopping = true;
    const plane = this.plane;
    this.control?.arrive({ kind: 'stopped', at: this.now() });
    const { agenda, goodbye } = this.setting;
    agenda.enter(agenda.now() + goodbye, () => {
      if (this.plane !== plane) return;
      this.vanish();
      if (this.comesBack) this.start();
    });
  }

  pause(keepsPackets: boolean): void {
    if (this.plane === null || this.paused) return;
    this.say(keepsPackets ? 'pauses' : 'pauses deaf');
    this.paused = true;
    this.plane.pause(keepsPackets);
    this.control?.stall();
    this.checks?.changed(this);
  }

  resume(): void {
    if (this.plane === null || !this.paused) return;
    this.say('resumes');
    this.paused = false;
    this.plane.resume();
    for (const name of this.missed) this.tellLink(name);
    this.missed.clear();
    this.control?.proceed();
    this.checks?.changed(this);
  }

  hang(): void {
    if (this.control === null || this.paused || this.hangs()) return;
    this.say('JS hangs');
    this.control.stall();
  }

  recover(): void {
    if (this.control === null || this.paused || !this.hangs()) return;
    this.say('JS is back');
    this.control.proceed();
  }

  unplug(name: string): void {
    if (this.unplugged.has(name)) return;
    this.unplugged.add(name);
    this.say(`${name} down`);
    this.checks?.changed(this);
    this.tellLink(name);
  }

  plug(name: string): void {
    if (!this.unplugged.delete(name)) return;
    this.say(`${name} up`);
    this.checks?.plugged(this, name);
    this.checks?.changed(this);
    this.tellLink(name);
  }

  reload(config: Config): void {
    if (this.config === config) return;
    const groups = JSON.stringify(this.config.groups.map((group) => group.members));
    const regroups = groups !== JSON.stringify(config.groups.map((group) => group.members));
    this.config = config;
    this.regrouping ||= regroups;
    this.regrouped ||= regroups;
    if (this.stopping || this.control === null) return;
    this.say('reloads');
    this.control.arrive({ kind: 'configured', at: this.now(), config });
  }

  // ---- Port

  receive(packet: Packet): void {
    this.plane?.receive(packet);
  }

  // ---- PlaneHost

  transmit(packet: Packet): void {
    this.lan?.send(this, packet);
  }

  tell(event: PlaneEvent): void {
    if (event.kind !== 'woken') this.say(eventText(event));
    this.checks?.told(this, event);
    const passed = this.setting.censor(event);
    if (passed !== null) this.control?.tell(passed);
  }

  ordered(command: PlaneCommand): void {
    if (command.kind !== 'wake' && command.kind !== 'lease') this.say(`< ${commandText(command)}`);
    this.checks?.ordered(this, command);
  }

  heard(instance: string, packet: Packet, at: number): void {
    this.say(`. ${instance} ${packet.priority} from ${packet.source}`);
    this.checks?.heard(this, instance, packet, at);
  }

  claimed(instance: string, why: 'order' | 'silence'): void {
    this.say(`HOLDS ${instance}`);
    this.checks?.claimed(this, instance, why);
  }

  released(instance: string): void {
    this.say(`lets go ${instance}`);
    this.checks?.released(this, instance);
  }

  sent(instance: string, priority: number): void {
    if (priority === 0) this.say(`resigns ${instance}`);
    this.checks?.sent(this, instance, priority);
  }

  overslept(gap: number): void {
    this.checks?.overslept(this, gap);
  }

  // ---- ControlHost

  submit(commands: readonly PlaneCommand[]): void {
    this.plane?.submit(commands);
  }

  stepped(before: Node, event: Event, after: Node): void {
    for (const unit of after.units) {
      for (const { key } of unit.members) {
        const held = before.units.find((one) => one.members.some((m) => m.key === key));
        const old = held?.state ?? 'none';
        if (old !== unit.state) this.say(`${key} ${old} -> ${unit.state} (${event.kind})`);
      }
    }
  }

  /** Both planes report the end of a turn here. */
  settled(): void {
    this.checks?.settled(this);
  }

  succeeds(script: string): boolean {
    return !this.failing.has(script);
  }

  // ---- small answers

  private vanish(): void {
    this.plane?.close();
    this.control?.close();
    this.plane = null;
    this.control = null;
    this.paused = false;
    this.stopping = false;
    this.missed.clear();
    this.checks?.changed(this);
  }

  private tellLink(name: string): void {
    const own = this.spec.addresses.get(name);
    if (this.plane === null || own === undefined) return;
    // The kernel tells a process that does not run when it runs again.
    if (this.paused) {
      this.missed.add(name);
      return;
    }
    const up = !this.unplugged.has(name);
    const index = name === 'eth0' ? 2 : 3;
    this.tell({
      kind: 'interface-changed',
      at: this.now(),
      interface: name,
      index,
      up,
      mtu: 1500,
      addresses: [own],
    });
  }

  say(text: string): void {
    this.setting.table.row(this.setting.agenda.now(), this.index, text);
  }

  private now() {
    return instantAt(this.setting.agenda.now());
  }
}
