/**
 * A tracked script that runs while the daemon hangs, and ends in its time: the hang is the daemon's
 * own and no verdict on the script. Whether its event loop is blocked or the whole process stopped,
 * the master stays master and keeps its priority.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom } from './rhythm';
import { until } from './until';

const VIP = '192.0.2.10';
const HANG_MS = 2500;
const env = { HOLDFAST_TEST_BLOCK: String(HANG_MS) };

/** Runs for 0.3 s each second; its time limit is its interval, less than the hang. */
async function master(lab: Lab, weight: number) {
  const file = join(lab.directory, 'runs');
  const script = join(lab.directory, 'slow.sh');
  const program = `#!/bin/sh\necho begun >> ${file}\nsleep 0.3\necho ended >> ${file}\n`;
  writeFileSync(script, program, { mode: 0o755 });
  const check = `vrrp_script slow {\n  script "${script}"\n  interval 1\n  weight ${weight}\n}\n`;
  const more = ['track_script {', '  slow', '}'];
  const instance = { version: 3, interval: 0.1, priority: 200, addresses: [VIP], more } as const;
  // The lease is longer than the hang: this is about the script alone.
  const own = 'holdfast {\n  stall_lease 20\n}\n';
  const a = new Holdfast(lab, 'a', own + check + vrrpInstance(instance), { env });
  await becomes(a, 'MASTER');
  await heldBy(lab, [VIP], 'a', () => a.child.tail());
  const runs = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);
  const detail = () => `${runs().join()}\n${a.child.tail()}`;
  const patience = { detail, timeout: 20_000 };
  const begun = async () => {
    const before = runs().length;
    const fresh = () => runs().length > before && runs().at(-1) === 'begun';
    await until(fresh, { what: 'the script to begin', every: 10, ...patience });
  };
  const again = async () => {
    const before = runs().length;
    await until(() => runs().length >= before + 3, { what: 'two more runs', ...patience });
  };
  return { a, begun, again };
}

async function survives(weight: number, hang: (a: Holdfast) => Promise<void>): Promise<void> {
  await withLab({ nodes: ['a'] }, async (lab) => {
    const { a, begun, again } = await master(lab, weight);
    const own = 200 + weight;
    const capture = await lab.capture({ filter: 'vrrp' });
    const latest = () => advertsFrom(lab, 'a', capture.frames()).at(-1)?.vrrp.priority;
    await until(() => latest() === own, { what: `priority ${own}`, every: 200 });
    const mark = a.mark();
    await begun();
    await hang(a);
    await again();
    await capture.stop();
    assert.equal(a.child.find(/Entering|timed out|effective priority/, mark), undefined);
    const sent = advertsFrom(lab, 'a', capture.frames()).map(({ vrrp }) => vrrp.priority);
    const settled = sent.slice(sent.indexOf(own));
    assert.deepEqual([...new Set(settled)], [own]);
    assert.deepEqual(lab.holders(VIP), ['a']);
  });
}

/** Long enough for the time limit of a script to pass meanwhile. */
async function stopped(a: Holdfast): Promise<void> {
  const from = performance.now();
  a.child.signal('SIGSTOP');
  await until(() => performance.now() - from > HANG_MS, { what: 'time to pass' });
  a.child.signal('SIGCONT');
}

const blocked = async (a: Holdfast): Promise<void> => a.child.signal('SIGUSR2');

describe('a tracked script that ends while the daemon hangs', { concurrency: 2 }, () => {
  it('is no fault (weight 0), the event loop being blocked', () => survives(0, blocked));

  it('costs no priority (weight 10), the event loop being blocked', () => survives(10, blocked));

  it('is no fault (weight 0), the process being stopped', () => survives(0, stopped));
});
