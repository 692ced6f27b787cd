/**
 * Small builders of the model for tests of the core and for the simulator: everything defaulted as
 * the configuration language defaults it, and only what a test is about said by the test.
 */
import type {
  Address,
  Config,
  Global,
  Instance,
  Script,
  SyncGroup,
  Track,
} from '../../src/config/model';
import type { Command } from '../../src/core/command';
import type { Advert, Event, InterfaceChanged, Outcome } from '../../src/core/event';
import { type Node, newNode, step } from '../../src/core/node';
import { type Instant, instantAt, microseconds, seconds } from '../../src/time';
import { noTracks, plainLink, plainTerms, silent, system } from './fixture-plain';

const global: Global = {
  routerId: null,
  mail: {
    to: [],
    from: null,
    server: null,
    connectTimeout: seconds(30),
    heloName: null,
    faults: true,
    checkers: null,
    eachChecker: true,
    tls: 'off',
    tlsAuthorities: null,
    login: null,
  },
  vipLease: seconds(10),
  onStall: 'offer',
  stallLease: seconds(3),
  realtime: false,
  dynamicInterfaces: false,
  startupDelay: microseconds(0),
  scriptUser: null,
  scriptSecurity: false,
  delayAfterBoot: microseconds(0),
  telling: { coalesce: false, timeout: seconds(30), webhooks: [], bearer: null },
  system,
};

/** How the data plane knows the instances of most tests: eth0, IPv4, VRID 51 and 52. */
export const ROUTER_51 = 'eth0/4/51';
export const ROUTER_52 = 'eth0/4/52';

export const globalWith = (change: Partial<Global>): Global => ({ ...global, ...change });

export function address(text: string, prefix = 24): Address {
  return {
    address: text,
    family: text.includes(':') ? 6 : 4,
    prefix,
    device: null,
    scope: 0,
    broadcast: null,
    label: null,
    peer: null,
    noPrefixRoute: false,
    dad: false,
    home: false,
    manageTemporary: false,
    autoJoin: false,
    useVmac: false,
    preferredSeconds: null,
    track: true,
    trackGroup: null,
  };
}

export function instance(name: string, change: Partial<Instance> = {}): Instance {
  return {
    name,
    interface: 'eth0',
    family: 4,
    version: 2,
    vrid: 51,
    priority: 100,
    interval: seconds(1),
    preempt: true,
    preemptDelay: microseconds(0),
    authentication: { kind: 'none' },
    checksumAsV2: false,
    strict: false,
    source: null,
    group: '224.0.0.18',
    peers: [],
    unicastTtl: 255,
    checkUnicastSource: false,
    addresses: [address('192.0.2.100')],
    excluded: [],
    virtualRoutes: [],
    virtualRules: [],
    garp: {
      repeat: 5,
      delay: seconds(5),
      refresh: microseconds(0),
      refreshRepeat: 1,
      lowerPriorityRepeat: 5,
      lowerPriorityDelay: seconds(5),
    },
    downTimerAdverts: 3,
    lowerPriorityNoAdvert: false,
    ...plainLink,
    ...plainTerms,
    ...noTracks,
    trackPrimary: true,
    notify: silent,
    smtpAlert: false,
    ...change,
  };
}

export function script(name: string, change: Partial<Script> = {}): Script {
  return {
    name,
    command: ['/usr/bin/true'],
    interval: seconds(1),
    timeout: seconds(1),
    weight: 0,
    reverse: false,
    rise: 1,
    fall: 1,
    user: null,
    ...change,
  };
}

export const track = (name: string, weight = 0, reverse = false): Track => ({
  name,
  weight,
  reverse,
});

export function syncGroup(
  name: string,
  members: readonly string[],
  change: Partial<SyncGroup> = {},
): SyncGroup {
  return {
    name,
    members,
    ...noTracks,
    trackingWeight: false,
    notify: silent,
    smtpAlert: false,
    ...change,
  };
}

export function config(change: Partial<Config> = {}): Config {
  return {
    global,
    scripts: [],
    instances: [],
    groups: [],
    staticAddresses: [],
    staticRoutes: [],
    staticRules: [],
    virtualServers: [],
    serverGroups: [],
    tls: null,
    bfd: [],
    services: [],
    trackFiles: [],
    trackProcesses: [],
    trackGroups: [],
    linkDelays: [],
    garpGroups: [],
    ...change,
  };
}

export const succeeds: Outcome = { kind: 'exited', status: 0 };
export const fails: Outcome = { kind: 'exited', status: 1 };

export function link(at: Instant, change: Partial<InterfaceChanged> = {}): InterfaceChanged {
  return {
    kind: 'interface-changed',
    at,
    interface: 'eth0',
    index: 2,
    up: true,
    mtu: 1500,
    addresses: ['192.0.2.1'],
    ...change,
  };
}

export function advertOf(priority: number, change: Partial<Advert> = {}): Advert {
  return {
    source: '192.0.2.2',
    version: 2,
    priority,
    interval: seconds(1),
    addressesMatch: true,
    plainChecksum: false,
    ...change,
  };
}

export const at = (s: number): Instant => instantAt(s * 1_000_000);

export const configured = (when: Instant, model: Config): Event => ({
  kind: 'configured',
  at: when,
  config: model,
});

export const advertReceived = (when: Instant, name: string, advert: Advert): Event => ({
  kind: 'advert-received',
  at: when,
  instance: name,
  advert,
});

export const tookOver = (when: Instant, instances: readonly string[], turn: number): Event => ({
  kind: 'took-over',
  at: when,
  instances,
  turn,
  late: microseconds(0),
});

export const yielded = (
  when: Instant,
  instances: readonly string[],
  turn: number,
  advert: Advert,
): Event => ({
  kind: 'yielded',
  at: when,
  instance: instances[0] ?? '',
  advert,
  instances,
  turn,
});

export const finished = (when: Instant, name: string, outcome: Outcome): Event => ({
  kind: 'script-finished',
  at: when,
  script: name,
  outcome,
  output: '',
});

export const surveyed = (when: Instant): Event => ({ kind: 'surveyed', at: when });

export const woken = (when: Instant): Event => ({ kind: 'woken', at: when });

/** Steps all events; answers the node and what the last of them ordered. */
export function play(
  events: readonly Event[],
  from: Node = newNode,
): readonly [Node, readonly Command[]] {
  let node = from;
  let commands: readonly Command[] = [];
  for (const event of events) [node, commands] = step(node, event);
  return [node, commands];
}

/** A node with this configuration and eth0 up, at second 0. */
export const started = (model: Config): Node =>
  play([configured(at(0), model), link(at(0)), surveyed(at(0))])[0];

export const stateOf = (node: Node, name: string): string =>
  node.units.find((unit) => unit.name === name)?.state ?? 'unknown';

export const kinds = (commands: readonly Command[]): string[] =>
  commands.map((command) => command.kind);
