/**
 * The story that every pair must live through, told once for all: the better node is master, stops
 * cleanly, comes back and preempts, loses its cable without noticing, and gets it back. One of the
 * two is holdfast; tshark judges every frame that it sent.
 */
import assert from 'node:assert/strict';
import type { Capture } from './capture';
import { adverts, announcements, defects, type Frame } from './decode';
import { Holdfast } from './holdfast';
import { Keepalived } from './keepalived';
import { type Lab, type Node, withLab } from './lab';
import { heldBy } from './one-holder';

export type Side = 'holdfast' | 'keepalived';
export type Daemon = Holdfast | Keepalived;
export type State = 'MASTER' | 'BACKUP' | 'FAULT';

export type Story = {
  readonly master: Side;
  /** The file of either node, in the language that both daemons read. */
  readonly config: (self: Node, peer: Node, priority: number) => string;
  readonly instances: readonly Told[];
  /** What an advert of ours must look like on the wire, apart from its priority. */
  readonly advert: { readonly version: 2 | 3; readonly interval: number; readonly auth?: string };
};

export type Told = {
  readonly name: string;
  readonly vrid: number;
  readonly addresses: readonly string[];
};

// ICMPv6 errors quote our adverts while nobody listens yet; they are the kernel's, not ours.
const SPOKEN = 'vrrp or arp or (ip6 and not tcp and not (icmp6 and ip6[40] < 128))';

const HIGH = 200;
const LOW = 100;

export function start(side: Side, lab: Lab, node: string, config: string): Daemon {
  return side === 'holdfast' ? new Holdfast(lab, node, config) : new Keepalived(lab, node, config);
}

/** Waits for a change of state in the log, of every instance named; from a mark on. */
export async function becomes(
  daemon: Daemon,
  state: State,
  from = 0,
  names: readonly string[] = ['VI_1'],
): Promise<void> {
  const says = (name: string) =>
    daemon.says(new RegExp(`\\(${name}\\) Entering ${state} STATE`), from);
  await Promise.all(names.map(says));
}

export async function play(story: Story): Promise<void> {
  await withLab({ nodes: ['a', 'b'] }, async (lab) => {
    addGlobalNetwork(lab);
    const capture = await lab.capture({ filter: SPOKEN });
    await act(lab, story);
    await capture.stop();
    judge(lab, story, capture);
  });
}

async function act(lab: Lab, story: Story): Promise<void> {
  const [a, b] = [lab.node('a'), lab.node('b')];
  const names = story.instances.map(({ name }) => name);
  const addresses = story.instances.flatMap((instance) => instance.addresses);
  const other: Side = story.master === 'holdfast' ? 'keepalived' : 'holdfast';
  const beginA = () => start(story.master, lab, 'a', story.config(a, b, HIGH));

  let high = beginA();
  await becomes(high, 'MASTER', 0, names);
  const low = start(other, lab, 'b', story.config(b, a, LOW));
  await becomes(low, 'BACKUP', 0, names);
  const told = () => `${high.child.tail(15)}\n${low.child.tail(15)}`;
  await heldBy(lab, addresses, 'a', told);

  let mark = low.mark();
  await high.stop();
  await becomes(low, 'MASTER', mark, names);
  await heldBy(lab, addresses, 'b', told);

  mark = low.mark();
  high = beginA();
  await becomes(high, 'MASTER', 0, names);
  await becomes(low, 'BACKUP', mark, names);
  await heldBy(lab, addresses, 'a', told);

  mark = low.mark();
  lab.pullCable('a', 'port-vanish');
  await becomes(low, 'MASTER', mark, names);
  assert.ok(
    addresses.every((address) => lab.addresses('b').includes(address)),
    'behind a dead cable the standby serves',
  );
  mark = low.mark();
  lab.plugCable('a');
  await becomes(low, 'BACKUP', mark, names);
  await heldBy(lab, addresses, 'a', told);
  await low.stop();
  await high.stop();
}

/** A global IPv6 network beside the link-local one, so that a customer can ask from it. */
function addGlobalNetwork(lab: Lab): void {
  for (const { name, linkLocal } of lab.nodes.values()) {
    const address = `${linkLocal.replace('fe80::', '2001:db8::')}/64`;
    lab.exec(name, ['ip', 'address', 'add', address, 'dev', 'eth0', 'nodad']);
  }
}

function judge(lab: Lab, story: Story, capture: Capture): void {
  const node = lab.node(story.master === 'holdfast' ? 'a' : 'b');
  const frames = capture.frames().filter(({ sourceMac }) => sourceMac === node.mac);
  assert.deepEqual(defects(frames), [], 'tshark finds nothing wrong with what we sent');
  for (const instance of story.instances) judgeInstance(frames, instance, story);
}

function judgeInstance(frames: readonly Frame[], instance: Told, story: Story): void {
  const { version, interval, auth } = story.advert;
  const ours = adverts(frames, instance.vrid);
  assert.ok(ours.length >= 3, `${instance.name} advertised`);
  for (const { vrrp, hops } of ours) {
    assert.equal(hops, 255);
    assert.equal(vrrp.version, version);
    assert.equal(vrrp.type, 1);
    assert.equal(vrrp.interval, interval);
    assert.equal(vrrp.checksum, 'good');
    assert.equal(vrrp.authText, auth ?? null);
    assert.deepEqual(vrrp.addresses, instance.addresses);
  }
  // A member that gives way because of its fellow resigns; alone there is nobody to tell.
  const priorities = new Set(ours.map(({ vrrp }) => vrrp.priority));
  const own = story.master === 'holdfast' ? HIGH : LOW;
  assert.ok(priorities.delete(own));
  const resigned = priorities.delete(0);
  if (story.master === 'holdfast') assert.ok(resigned, 'a clean stop resigns');
  else if (story.instances.length === 1) assert.ok(!resigned, 'nobody asked it to resign');
  assert.deepEqual([...priorities], [], 'no other priority was advertised');
  for (const address of instance.addresses) {
    assert.ok(announcements(frames, address).length >= 5, `${address} was announced`);
  }
}
