/**
 * One run: a seed makes nodes and a network, things go wrong, everything heals, and in the end the
 * master dies. Deterministic: the same seed is the same run, and is run again to print its table.
 */
import type { PlaneEvent } from '../../src/core/event';
import { type NativeOrders, native } from '../../src/drivers/addon';
import { type Agenda, agenda } from '../../src/simulate/agenda';
import { lan } from '../../src/simulate/lan';
import {
  crash,
  hang,
  holds,
  instancesOf,
  newRouter,
  type Router,
  start,
} from '../../src/simulate/router';
import { fails, succeeds } from '../core/fixture';
import { Checks, LATE_MAX, Violation } from './checks';
import { chaos, type Field, heal } from './faults';
import { luck } from './luck';
import { bestIsMaster, mastersOf, oneMaster } from './outcome';
import { type Random, random } from './random';
import { type Scenario, scenario } from './scenario';
import { KeptTable, noTable, type Table } from './table';
import { witness } from './witness';

export interface Mutation {
  readonly name: string;
  readonly orders?: (orders: NativeOrders) => NativeOrders;
  readonly censor?: (event: PlaneEvent) => PlaneEvent | null;
}

export interface Failure {
  readonly seed: number;
  readonly rule: string;
  readonly detail: string;
}

const START = 1_000_000_000;

/** Null: all was well. */
export function simulate(seed: number, mutation: Mutation | null = null): Failure | null {
  return run(seed, mutation, noTable);
}

/** The same run again, told. */
export function explain(failure: Failure, mutation: Mutation | null = null): string {
  const table = new KeptTable(START);
  run(failure.seed, mutation, table);
  const names = scenario(failure.seed, random(failure.seed)).nodes.map((node) => node.name);
  return [
    `seed ${failure.seed}: ${failure.rule}`,
    failure.detail,
    `again: npm run sim -- --seed ${failure.seed}`,
    '',
    table.render(names),
  ].join('\n');
}

/** Everything that happens in the run of a seed. */
export function transcript(seed: number): string {
  const table = new KeptTable(START);
  run(seed, null, table);
  return table.render(['n1', 'n2', 'n3', 'n4']);
}

function run(seed: number, mutation: Mutation | null, table: Table): Failure | null {
  const chance = random(seed);
  const setting = scenario(seed, chance);
  try {
    new Simulation(setting, chance, mutation, table).run();
    return null;
  } catch (error) {
    if (error instanceof Violation) {
      table.row(START, -1, error.message);
      return { seed, rule: error.rule, detail: error.message };
    }
    const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return { seed, rule: 'the core threw', detail };
  }
}

class Simulation {
  private readonly agenda: Agenda = agenda(START);
  private readonly routers: readonly Router[];
  private readonly checks: Checks;
  private readonly field: Field;

  constructor(
    private readonly scenario: Scenario,
    private readonly random: Random,
    mutation: Mutation | null,
    table: Table,
  ) {
    const { Orders } = native();
    const wrap = mutation?.orders ?? ((orders: NativeOrders) => orders);
    const censor = mutation?.censor ?? ((event: PlaneEvent) => event);
    const routers: Router[] = [];
    this.routers = routers;
    this.checks = new Checks(scenario, routers, this.agenda);
    const chance = luck(random);
    for (const spec of scenario.nodes) {
      routers.push(
        newRouter(spec, {
          agenda: this.agenda,
          chance,
          witness: witness(this.checks, table, this.agenda),
          newOrders: () => wrap(new Orders()),
          censor,
          goodbye: 3 * LATE_MAX,
          serve: () => {},
          run: ({ failing }, { name, interval }) => ({
            lasts: chance.runtime(interval),
            ends: () => (failing.has(name) ? fails : succeeds),
          }),
        }),
      );
    }
    const network = lan(routers, this.agenda, chance, scenario.delay);
    this.checks.lan = network;
    for (const router of routers) router.lan = network;
    this.field = {
      scenario,
      routers: this.routers,
      lan: network,
      agenda: this.agenda,
      random,
      table,
      networkChanged: () => this.checks.networkChanged(),
      epoch: 0,
    };
  }

  run(): void {
    for (const router of this.routers) {
      const at = START + this.random.below(this.scenario.interval * 2);
      this.agenda.enter(at, () => start(router));
    }
    if (this.scenario.flavour === 'hang') this.hangMaster();
    else {
      const phase = this.scenario.interval * this.random.between(10, 30);
      chaos(this.field, phase);
      this.pass(phase);
    }
    heal(this.field);
    this.converge();
    this.killMaster();
  }

  // ---- phases

  private converge(): void {
    this.pass(this.settlingTime());
    oneMaster(this.routers, 'no single master after healing');
    bestIsMaster(this.routers);
    const settledAt = this.agenda.now();
    this.pass(2 * this.scenario.down);
    oneMaster(this.routers, 'no single master after healing');
    if (this.checks.lastMove > settledAt) {
      throw new Violation('mastership moves after healing', 'somebody claimed or let go');
    }
  }

  /**
   * How long healing may take: the scripts' verdicts; the delays before a start and a preemption;
   * one master-down time until somebody is master, one more until the best has preempted, one for a
   * sync group whose members' silence ends one after another, and one for a master that offers.
   */
  private settlingTime(): number {
    const { verdict, patience, down, delay } = this.scenario;
    return verdict + patience + 4 * down + 8 * (delay + LATE_MAX);
  }

  private killMaster(): void {
    const [name = ''] = this.keys();
    const master = mastersOf(this.routers, name)[0];
    if (master === undefined) return;
    crash(master);
    const others = this.routers.filter((router) => router !== master);
    const { down, patience, delay, nodes } = this.scenario;
    // In a group the survivors may first have to agree who gives way to whom; and after a slow
    // master a backup may have learnt the interval of a quick one that did not stay.
    const grouped = (nodes[0]?.config.groups.length ?? 0) > 0;
    const intervals = new Set(nodes.map((node) => node.config.instances[0]?.interval));
    const simple = !grouped && intervals.size === 1;
    this.pass(simple ? down + patience + 2 * (delay + LATE_MAX) : this.settlingTime());
    oneMaster(others, 'nobody succeeds a dead master');
  }

  /** Nothing is wrong but that the master's JS hangs, with peers or alone. */
  private hangMaster(): void {
    const { down, interval, delay, patience } = this.scenario;
    this.pass(2 * interval);
    this.pass(this.settlingTime());
    const [name = ''] = this.keys();
    const master = mastersOf(this.routers, name)[0];
    if (master === undefined) {
      throw new Violation('no single master after healing', `nobody holds ${name} after the start`);
    }
    const others = this.routers.filter((router) => router !== master);
    const alone = this.random.oneIn(3);
    const everybody = !alone && this.random.oneIn(4);
    if (alone) for (const router of others) crash(router);
    hang(master);
    if (everybody) for (const router of others) hang(router);
    const { stallLease } = master.config.global;
    this.pass(stallLease + down + patience + 2 * (delay + LATE_MAX));
    this.judgeHang(master, name, alone ? 'alone' : everybody ? 'everybody' : 'one');
    this.pass(this.random.below(2 * down));
  }

  private judgeHang(master: Router, name: string, who: 'alone' | 'everybody' | 'one'): void {
    const { onStall } = master.config.global;
    if (onStall === 'keep') {
      if (holds(master, name)) return;
      throw new Violation(
        'the master hangs alone and lets go',
        `${master.spec.name} (on_stall keep)`,
      );
    }
    if (onStall === 'resign' && holds(master, name)) {
      throw new Violation(
        'the master hangs and no peer takes over',
        `${master.spec.name} holds ${name}`,
      );
    }
    if (who === 'one') {
      const others = this.routers.filter((router) => router !== master);
      oneMaster(others, 'the master hangs and no peer takes over');
      return;
    }
    const { nodes } = this.scenario;
    const nobodyResigns = nodes.every((node) => node.config.global.onStall !== 'resign');
    const offers = onStall === 'offer' && (who === 'alone' || nobodyResigns);
    if (offers) this.offerUnwanted(master, name, who);
  }

  /** The service must not be without its address because nobody else is well. */
  private offerUnwanted(master: Router, name: string, who: 'alone' | 'everybody'): void {
    const { down, delay } = this.scenario;
    this.pass(down);
    if (mastersOf(this.routers, name).length > 0) return;
    // Offers may have crossed, and each given way to the other: for one silence it is with nobody.
    if (who === 'everybody') this.pass(down + 2 * (delay + LATE_MAX));
    if (mastersOf(this.routers, name).length > 0) return;
    throw new Violation(
      'the master hangs alone and lets go',
      `${master.spec.name} offered and let go`,
    );
  }

  private keys(): Iterable<string> {
    const [first] = this.routers;
    return first === undefined ? [] : instancesOf(first).keys();
  }

  private pass(duration: number): void {
    this.agenda.runUntil(this.agenda.now() + Math.round(duration));
  }
}
