/**
 * The lab judged by itself, without a daemon: cables, loss, injected frames, outages, clean-up.
 * A wrong harness makes every other lab test worthless, so each tool is shown to see both sides.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Client, outages } from './client';
import { adverts, defects } from './decode';
import { forgedAdvert, Injector, ipv4Frame } from './inject';
import { Lab, type Node, withLab } from './lab';
import { execSync } from './namespace';
import { Nginx } from './nginx';
import { until } from './until';

const GROUP_MAC = '01:00:5e:00:00:12';
const VIP = '192.0.2.10';

/** Nothing listens on port 9 of a node: a refusal proves that packets go both ways. */
function reaches(lab: Lab, from: string, address: string): boolean {
  const command = ['timeout', '0.5', 'bash', '-c', `</dev/tcp/${address}/9`];
  return /refused/.test(lab.exec(from, command, { allowFailure: true }).stderr);
}

const namespacesOf = (pid: number): readonly string[] =>
  readdirSync('/run/netns').filter((name) => name.startsWith(`hf${pid}-`));

function advertFrom(node: Node, priority: number): Buffer {
  const addresses = [VIP];
  const fields = { vrid: 51, priority, interval: 1, source: node.address, addresses };
  return ipv4Frame({
    sourceMac: node.mac,
    targetMac: GROUP_MAC,
    source: node.address,
    target: '224.0.0.18',
    payload: forgedAdvert({ ...fields, password: '1111' }),
  });
}

describe('the lab', () => {
  it('connects its nodes, with IPv4 and IPv6, and pulls a cable in two ways', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const carrier = () => lab.exec('a', ['cat', '/sys/class/net/eth0/carrier']).stdout.trim();
      assert.ok(reaches(lab, 'a', lab.node('b').address));
      assert.ok(reaches(lab, 'a', `${lab.node('b').linkLocal}%eth0`));

      lab.pullCable('a', 'switch-port-down');
      assert.equal(carrier(), '0');
      assert.ok(!reaches(lab, 'client', lab.node('a').address));
      lab.plugCable('a');
      await until(() => reaches(lab, 'client', lab.node('a').address), { what: 'a to be back' });

      lab.pullCable('a', 'port-vanish');
      assert.equal(carrier(), '1');
      assert.ok(!reaches(lab, 'client', lab.node('a').address));
      assert.ok(reaches(lab, 'client', lab.node('b').address));
      lab.plugCable('a');
      await until(() => reaches(lab, 'client', lab.node('a').address), { what: 'a to be back' });
    });
  });

  it('captures injected adverts, good and spoiled, and tshark tells them apart', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const capture = await lab.capture({ filter: 'vrrp' });
      const injector = new Injector(lab, 'a');
      const good = advertFrom(lab.node('a'), 100);
      const spoiled = Buffer.from(good);
      spoiled.writeUInt8(101, 14 + 20 + 2); // another priority under the same checksum
      const short = good.subarray(0, 14 + 20 + 6);
      assert.equal(await injector.send(good, { count: 3 }), 3);
      assert.equal(await injector.send(spoiled), 1);
      assert.equal(await injector.send(short), 1);
      await until(() => capture.frames().length >= 5, { what: 'five frames', every: 200 });
      await capture.stop();

      const frames = capture.frames();
      const seen = adverts(frames, 51).map(({ vrrp }) => [vrrp.priority, vrrp.checksum]);
      assert.deepEqual(seen.slice(0, 4), [
        [100, 'good'],
        [100, 'good'],
        [100, 'good'],
        [101, 'bad'],
      ]);
      const first = adverts(frames)[0];
      assert.equal(first?.hops, 255);
      assert.deepEqual(first?.vrrp.addresses, [VIP]);
      assert.equal(first?.vrrp.authText, '1111');
      assert.deepEqual(defects(frames.slice(0, 3)), []);
      assert.match(defects(frames.slice(3, 4)).join(), /bad VRRP checksum/);
      assert.notDeepEqual(defects(frames.slice(4)), []);
    });
  });

  it('loses what it is told to lose, one way only', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const atA = await lab.capture({ filter: 'vrrp', at: 'a' });
      const atB = await lab.capture({ filter: 'vrrp', at: 'b' });
      const [fromA, fromB] = [new Injector(lab, 'a'), new Injector(lab, 'b')];
      lab.setLoss('a', { outbound: 100, match: 'ip protocol 112' });
      assert.ok(reaches(lab, 'a', lab.node('b').address), 'the match narrows the loss');
      await fromA.send(advertFrom(lab.node('a'), 1), { count: 20 });
      await fromB.send(advertFrom(lab.node('b'), 2), { count: 20 });
      lab.setLoss('a', {});
      await fromA.send(advertFrom(lab.node('a'), 3));
      const heard = () => adverts(atB.frames()).map(({ vrrp }) => vrrp.priority);
      await until(() => heard().includes(3), { what: 'the advert after the loss', every: 200 });
      assert.ok(!heard().includes(1));
      await atA.stop();
      const arrived = adverts(atA.frames()).filter(({ vrrp }) => vrrp.priority === 2);
      assert.equal(arrived.length, 20);
    });
  });

  it('measures an outage as the client sees it', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const nginx = await Nginx.start(lab, 'a');
      const client = new Client(lab, { url: `http://${lab.node('a').address}/` });
      await client.answeredBy('a');
      assert.deepEqual(client.outages(), []);
      await nginx.kill();
      await until(() => client.requests.some((request) => !request.ok), { what: 'a failure' });
      const failedAt = client.requests.findIndex((request) => !request.ok);
      await Nginx.start(lab, 'a');
      await client.answeredBy('a');
      const [outage] = client.outages();
      assert.ok(outage !== undefined && outage.duration > 0 && outage.failures > 0);
      assert.ok(outage.from <= (client.requests[failedAt]?.start ?? 0));
      assert.equal(outage.before, 'a');
    });
  });

  it('removes everything on close: namespaces, processes, files', async () => {
    const lab = new Lab({ nodes: ['a'] });
    const names = [...lab.nodes.values()].map((node) => node.namespace);
    const child = lab.spawn('a', ['sleep', '1000']);
    await lab.capture();
    assert.ok(names.every((name) => existsSync(join('/run/netns', name))));
    await lab.close();
    assert.notEqual(child.ended, null);
    assert.ok(!names.some((name) => existsSync(join('/run/netns', name))));
    assert.ok(!existsSync(lab.directory));
  });

  it('removes everything when its process is interrupted, fails or was killed', async () => {
    const endings = [
      { how: 'setTimeout(() => { throw new Error("a test that fails"); }, 0)', signal: null },
      { how: 'setInterval(() => undefined, 1000)', signal: 'SIGINT' },
      { how: 'setInterval(() => undefined, 1000)', signal: 'SIGKILL' },
    ] as const;
    for (const { how, signal } of endings) {
      const pid = await runLabProcess(how, signal);
      if (signal === 'SIGKILL') {
        assert.notDeepEqual(namespacesOf(pid), [], 'nobody could clean up after kill -9');
        await runLabProcess('process.exit(0)', null);
      }
      assert.deepEqual(namespacesOf(pid), []);
    }
  });
});

/** A process with a lab and a sleeper in it; ends as told. Returns its pid once it is gone. */
async function runLabProcess(how: string, signal: NodeJS.Signals | null): Promise<number> {
  const module = JSON.stringify(join(__dirname, 'lab.js'));
  const script = `const { Lab } = require(${module}); const lab = new Lab({ nodes: ['a'] });
    lab.spawn('a', ['sleep', '1000']); console.log('ready'); ${how};`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'] });
  const gone = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
  });
  await new Promise<void>((resolve) => {
    child.stdout.once('data', () => resolve());
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('the process did not start');
  if (signal !== null) child.kill(signal);
  await gone;
  return pid;
}

describe('outages', () => {
  const at = (start: number, ok: boolean, answer = 'a') => ({ start, end: start + 1, ok, answer });

  it('are gaps between good answers with failures in them', () => {
    const requests = [at(0, true), at(10, false), at(20, false), at(30, true, 'b'), at(40, true)];
    assert.deepEqual(outages(requests), [
      { from: 1, to: 31, duration: 30, failures: 2, before: 'a', after: 'b' },
    ]);
  });

  it('are not: failures before the first answer, and after the last', () => {
    assert.deepEqual(outages([at(0, false), at(10, true), at(20, false)]), []);
  });

  it('sort a late timeout to where it was asked', () => {
    const timedOut = { start: 5, end: 255, ok: false, answer: 'timeout' };
    assert.equal(outages([at(0, true), at(10, true), timedOut]).length, 1);
  });
});

describe('the tools', () => {
  it('fail loudly when a command fails', () => {
    assert.throws(() => execSync(['ip', 'link', 'show', 'no-such']), /exit 1/);
  });
});
