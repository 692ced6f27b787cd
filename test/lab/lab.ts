/**
 * The lab: nodes in network namespaces on one bridge, the bridge in a namespace of its own, so that
 * a capture there sees what the wire sees. Everything a lab made is gone after close(), after a
 * failure, and after Ctrl-C; what a kill -9 left is removed by the next lab.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Capture, type CaptureOptions } from './capture';
import { Child, type SpawnOptions } from './child';
import {
  deleteNamespace,
  type ExecOptions,
  execSync,
  inside,
  ipBatch,
  type Outcome,
  removeLeftovers,
} from './namespace';

export type Node = {
  readonly name: string;
  readonly namespace: string;
  readonly device: 'eth0';
  readonly mac: string;
  readonly address: string;
  readonly linkLocal: string;
};

/** switch-port-down: the node sees its carrier go. port-vanish: it does not; nothing passes. */
export type Pull = 'switch-port-down' | 'port-vanish';

export type LabOptions = {
  readonly nodes: readonly string[];
  /** The first three octets of the nodes' network; the n-th node is .n, the client .100. */
  readonly network?: string;
  /** Last octets by node, where the n-th is not wanted. */
  readonly hosts?: Readonly<Record<string, number>>;
};

/** Packets lost at a node's port, in percent, as the node sees them. */
export type Loss = {
  readonly inbound?: number;
  readonly outbound?: number;
  /** An nft match that narrows it, for example 'ip protocol 112'. */
  readonly match?: string;
};

const SWITCH = 'sw';
const CLIENT = 'client';
const CLIENT_HOST = 100;

const open = new Set<Lab>();
let count = 0;

export class Lab {
  readonly directory: string;
  readonly nodes: ReadonlyMap<string, Node>;
  readonly #prefix: string;
  readonly #children = new Set<Child>();
  readonly #captures = new Set<Capture>();

  /** Nodes of the given names, and `client`. */
  constructor(options: LabOptions) {
    if (count === 0) {
      cleanUpAtExit();
      removeLeftovers();
    }
    count += 1;
    this.#prefix = `hf${process.pid}-${count}-`;
    this.directory = mkdtempSync(join(tmpdir(), `holdfast-lab-${process.pid}-`));
    this.nodes = this.#plan(options);
    open.add(this);
    try {
      this.#build();
    } catch (error) {
      this.closeSync();
      throw error;
    }
  }

  node(name: string): Node {
    const node = this.nodes.get(name);
    if (node === undefined) throw new Error(`the lab has no node ${name}`);
    return node;
  }

  /** Runs a command in a node and waits for it. */
  exec(name: string, command: readonly string[], options: ExecOptions = {}): Outcome {
    return execSync(inside(this.node(name).namespace, command), options);
  }

  spawn(name: string, command: readonly string[], options: SpawnOptions = {}): Child {
    return this.#track(new Child(this.node(name).namespace, command, options));
  }

  spawnInSwitch(command: readonly string[], options: SpawnOptions = {}): Child {
    return this.#track(new Child(this.switchNamespace, command, options));
  }

  /** Every frame on the bridge (or at one node's port), from the moment this resolves. */
  async capture(options: CaptureOptions = {}): Promise<Capture> {
    const capture = await Capture.start(this, options);
    this.#captures.add(capture);
    return capture;
  }

  pullCable(name: string, pull: Pull): void {
    const port = this.port(name);
    const change = pull === 'switch-port-down' ? 'down' : 'nomaster';
    execSync(['ip', '-n', this.switchNamespace, 'link', 'set', port, change]);
  }

  /** Undoes either way of pulling. */
  plugCable(name: string): void {
    ipBatch(this.switchNamespace, [`link set ${this.port(name)} master br0 up`]);
  }

  /** Replaces what was set for this node before; all zero removes it. */
  setLoss(name: string, loss: Loss): void {
    const port = this.port(name);
    // At the switch's port the directions are turned round: what the node sends comes in here.
    const rule = (hook: string, percent: number) => {
      const dice = percent >= 100 ? '' : `numgen random mod 100 < ${percent}`;
      const chain = `type filter hook ${hook} device "${port}" priority 0;`;
      return `chain ${hook} { ${chain} ${loss.match ?? ''} ${dice} counter drop; }`;
    };
    const table = `netdev ${port}`;
    const chains = [
      (loss.outbound ?? 0) > 0 ? rule('ingress', loss.outbound ?? 0) : '',
      (loss.inbound ?? 0) > 0 ? rule('egress', loss.inbound ?? 0) : '',
    ];
    // Declared before it is deleted: deleting what does not exist would be an error.
    const replace = [`table ${table} {}`, `delete table ${table}`, `table ${table} {`];
    const input = `${[...replace, ...chains, '}'].join('\n')}\n`;
    execSync(inside(this.switchNamespace, ['nft', '-f', '-']), { input });
  }

  /** Addresses on a node's eth0, as `ip` lists them, without prefix length. */
  addresses(name: string): readonly string[] {
    const { namespace, device } = this.node(name);
    const { stdout } = execSync(['ip', '-n', namespace, '-o', 'address', 'show', 'dev', device]);
    return [...stdout.matchAll(/inet6? ([0-9a-f.:]+)/g)].map((match) => match[1] ?? '');
  }

  /** Names of the nodes that have this address. */
  holders(address: string): readonly string[] {
    return [...this.nodes.keys()].filter((name) => this.addresses(name).includes(address));
  }

  get switchNamespace(): string {
    return `${this.#prefix}${SWITCH}`;
  }

  /** The name of a node's port in the switch's namespace. */
  port(name: string): string {
    return `p-${this.node(name).name}`;
  }

  async close(): Promise<void> {
    if (!open.has(this)) return;
    await Promise.all([...this.#captures].map((capture) => capture.stop()));
    const children = [...this.#children];
    this.closeSync();
    await Promise.all(children.map((child) => child.exited));
  }

  closeSync(): void {
    open.delete(this);
    for (const child of this.#children) child.killSync();
    for (const node of this.nodes.values()) deleteNamespace(node.namespace);
    deleteNamespace(this.switchNamespace);
    rmSync(this.directory, { recursive: true, force: true });
  }

  #track(child: Child): Child {
    this.#children.add(child);
    void child.exited.then(() => this.#children.delete(child));
    return child;
  }

  #plan(options: LabOptions): ReadonlyMap<string, Node> {
    const network = options.network ?? '192.0.2';
    const plan = (name: string, host: number): readonly [string, Node] => [
      name,
      {
        name,
        namespace: `${this.#prefix}${name}`,
        device: 'eth0',
        mac: `02:00:00:00:00:${host.toString(16).padStart(2, '0')}`,
        address: `${network}.${host}`,
        linkLocal: `fe80::${host.toString(16)}`,
      },
    ];
    const named = options.nodes.map((name, i) => plan(name, options.hosts?.[name] ?? i + 1));
    return new Map([...named, plan(CLIENT, CLIENT_HOST)]);
  }

  #build(): void {
    const sw = this.switchNamespace;
    const nodes = [...this.nodes.values()];
    execSync(['ip', '-batch', '-'], {
      input: [sw, ...nodes.map((node) => node.namespace)].map((n) => `netns add ${n}\n`).join(''),
    });
    // The switch is silent and simple: no IPv6 of its own, no spanning tree, no snooping.
    // Nor does it look into packets: with br_netfilter loaded it would drop what is malformed.
    const filters = ['ip', 'ip6', 'arp'].map((f) => `net.bridge.bridge-nf-call-${f}tables=0`);
    const settings = ['net.ipv6.conf.all.disable_ipv6=1', ...filters];
    execSync(inside(sw, ['sysctl', '-e', '-qw', ...settings]));
    ipBatch(sw, [
      'link add br0 type bridge forward_delay 0 stp_state 0 mcast_snooping 0',
      'link set br0 up',
      ...nodes.map((node) => `link add p-${node.name} type veth peer eth0 netns ${node.namespace}`),
      ...nodes.map((node) => `link set p-${node.name} master br0 up`),
    ]);
    for (const node of nodes) buildNode(node);
  }
}

/** Runs a test in a lab of its own; the lab is gone afterwards, whatever happened. */
export async function withLab<T>(options: LabOptions, act: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = new Lab(options);
  try {
    return await act(lab);
  } finally {
    await lab.close();
  }
}

function buildNode(node: Node): void {
  ipBatch(node.namespace, [
    'link set lo up',
    `link set eth0 address ${node.mac} addrgenmode none`,
    `address add ${node.address}/24 dev eth0`,
    'link set eth0 up',
    // Without duplicate address detection the address is usable at once, not after a second.
    `address add ${node.linkLocal}/64 dev eth0 nodad`,
  ]);
}

function cleanUpAtExit(): void {
  const closeAll = () => {
    for (const lab of open) lab.closeSync();
  };
  process.on('exit', closeAll);
  for (const [signal, number] of [
    ['SIGINT', 2],
    ['SIGTERM', 15],
    ['SIGHUP', 1],
  ] as const) {
    process.once(signal, () => process.exit(128 + number));
  }
}
