/**
 * Scenes of a plane's life, each run by plane.test.ts as a process of its own inside a network
 * namespace of its own: `plane-scenes.js NAME`. What a scene asserts and its process's exit code
 * are the test; a scene that returns must let the process end by itself.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import type { PlaneCommand } from '../../src/core/command';
import { native } from '../../src/drivers/addon';
import { planeNow } from '../../src/drivers/plane';
import { after, seconds } from '../../src/time';
import { address } from '../core/fixture';
import { until } from '../lab/until';
import {
  addressesOf,
  advertising,
  becomeMaster,
  descriptors,
  failures,
  holds,
  ip,
  LINK,
  layCable,
  opening,
  type Scenes,
  startBench,
  threads,
  VIP,
} from './plane-bench';
import { orderScenes } from './plane-order-scenes';
import { reloadScenes } from './plane-reload-scenes';

/** Blocks JS, as a bug or a garbage collection would. */
const block = (ms: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};

const planeThreads = (): number => threads().filter((name) => name === 'holdfast-plane').length;

const scenes: Scenes = {
  ...orderScenes,
  ...reloadScenes,

  'open and close': async () => {
    layCable();
    const { Plane } = native();
    const cycle = (orders: readonly PlaneCommand[]): void => {
      const plane = new Plane({ realtime: false }, () => {});
      plane.submit(orders);
      plane.close();
    };
    // An instance costs the kernel some 20 ms at its end, so not every plane gets one.
    const busy = (): void =>
      cycle([{ kind: 'lease', until: after(planeNow(), seconds(9)) }, opening(), advertising()]);
    busy();
    const before = descriptors().slice().sort();
    for (let i = 0; i < 200; i++) i % 10 === 0 ? busy() : cycle([]);
    assert.equal(planeThreads(), 0);
    await until(() => descriptors().length <= before.length, {
      what: 'the file descriptors to be as before',
      detail: () => `${before}\n${descriptors().slice().sort()}`,
      timeout: 2000,
    });
    assert.ok(!holds());
  },

  'garbage collection': async () => {
    const collect = (globalThis as { gc?: () => void }).gc;
    assert.ok(collect !== undefined, 'runs with --expose-gc');
    const { Plane } = native();
    // Referred to until the thread shows itself: a collection by chance would end it unseen.
    const referred = [new Plane({ realtime: false }, () => {})];
    await until(() => planeThreads() === 1, { what: 'the thread to take its name', every: 1 });
    assert.equal(referred.splice(0).length, 1);
    await until(
      () => {
        collect();
        return planeThreads() === 0;
      },
      { what: 'the thread of a forgotten plane to end' },
    );
  },

  'exit without close': async () => {
    layCable();
    await becomeMaster(startBench());
    process.exit(0);
  },

  'exit in a storm': async () => {
    const bench = startBench();
    await bench.event('surveyed');
    for (let i = 0; i < 20; i++) bench.plane.submit(failures(500));
    process.exit(0);
  },

  'close in a storm': async () => {
    const bench = startBench();
    await bench.event('surveyed');
    bench.plane.submit(failures(500));
    const last = bench.plane.close();
    const failed = [...bench.events, ...last].filter(({ kind }) => kind === 'open-failed');
    assert.equal(failed.length, 500);
  },

  'killed while master': async () => {
    layCable();
    await becomeMaster(startBench());
    const [held] = addressesOf().filter(({ local }) => local === VIP);
    assert.ok(held !== undefined && held.valid_life_time <= 10, JSON.stringify(held));
    process.kill(process.pid, 'SIGKILL');
  },

  'uncaught exception': async () => {
    layCable();
    await becomeMaster(startBench());
    setImmediate(() => {
      throw new Error('a bug of ours');
    });
  },

  'uncaught exception in the batch': async () => {
    layCable();
    let armed = false;
    const bench = startBench(() => {
      if (armed) throw new Error('a bug of ours');
    });
    await becomeMaster(bench);
    armed = true;
    bench.plane.submit([{ kind: 'wake', at: planeNow() }]);
  },

  workers: async () => {
    layCable('one', '192.0.2.1/24');
    layCable('two', '198.51.100.1/24');
    const hire = (name: string, source: string, vip: string, how: string): Worker =>
      new Worker(__filename, { workerData: { name, source, vip, how }, argv: ['in a worker'] });
    const says = (worker: Worker, word: string): Promise<void> =>
      new Promise((resolve, reject) => {
        worker.on('error', reject);
        worker.on('message', (message) => message === word && resolve());
      });
    const one = hire('one', '192.0.2.1', '192.0.2.100', 'closes');
    const two = hire('two', '198.51.100.1', '198.51.100.100', 'is ended');
    await Promise.all([says(one, 'master'), says(two, 'master')]);
    assert.ok(holds('192.0.2.100', 'one') && holds('198.51.100.100', 'two'));
    assert.equal(planeThreads(), 2);
    const closed = new Promise((resolve) => one.once('exit', resolve));
    one.postMessage('close');
    assert.equal(await closed, 0);
    assert.ok(!holds('192.0.2.100', 'one'));
    assert.ok(holds('198.51.100.100', 'two'), 'the other plane is another one');
    await two.terminate();
    assert.ok(!holds('198.51.100.100', 'two'), 'the plane of an ended worker lets go');
    assert.equal(planeThreads(), 0);
  },

  'workers ended in a storm': async () => {
    for (let round = 0; round < 5; round++) {
      const worker = new Worker(__filename, { workerData: null, argv: ['storm in a worker'] });
      await new Promise((resolve) => worker.once('message', resolve));
      await worker.terminate();
    }
    assert.equal(planeThreads(), 0);
  },

  overrun: async () => {
    const bench = startBench();
    await bench.event('surveyed');
    const many = 20_000;
    bench.plane.submit(failures(many));
    block(50);
    await until(() => bench.events.length > 4000, { what: 'what was not lost' });
    bench.plane.submit([{ kind: 'wake', at: planeNow() }]);
    await bench.event('woken');
    const told = bench.events.flatMap((e) => (e.kind === 'overrun' ? [e.lost] : []));
    const failed = bench.events.filter((e) => e.kind === 'open-failed').length;
    const lost = told.reduce((sum, one) => sum + one, 0);
    assert.ok(lost > 0 && failed > 4000, `${failed} arrived, ${lost} were lost`);
    // What else happened meanwhile, on a link say, may be among the lost.
    const others = failed + lost - many;
    assert.ok(others >= 0 && others < 10, `${failed} arrived, ${lost} were lost of ${many}`);
    assert.equal(bench.plane.counters().eventsLost, lost);
    // In order: what was lost is told at its place, before all that came later.
    const kinds = bench.events.map(({ kind }) => kind);
    assert.ok(kinds.indexOf('overrun') < kinds.indexOf('woken'));
    bench.plane.close();
  },

  'a wake in an overrun': async () => {
    const bench = startBench();
    await bench.event('surveyed');
    bench.plane.submit(failures(20_000));
    // Without a turn of the event loop between: the ring is full when the alarm rings.
    while (bench.plane.counters().eventsLost === 0) block(5);
    bench.plane.submit([{ kind: 'wake', at: planeNow() }]);
    block(50);
    await bench.event('woken');
    assert.ok(bench.events.some(({ kind }) => kind === 'overrun'));
    bench.plane.close();
  },

  'a flood of addresses': async () => {
    layCable();
    const bench = startBench();
    await bench.event('surveyed');
    const lines = Array.from({ length: 6000 }, (_, i) => {
      const verb = i % 2 === 0 ? 'add' : 'del';
      return `addr ${verb} 198.51.100.7/32 dev ${LINK}`;
    });
    // JS sees nothing of this while it waits for ip.
    execFileSync('ip', ['-batch', '-'], { input: `${lines.join('\n')}\n` });
    ip('addr', 'add', '198.51.100.8/32', 'dev', LINK);
    await bench.event('interface-changed', (e) => e.addresses.includes('198.51.100.8'));
    const last = bench.events.filter((e) => e.kind === 'interface-changed').at(-1);
    assert.deepEqual(last?.kind === 'interface-changed' && last.addresses, [
      '192.0.2.1',
      '198.51.100.8',
    ]);
    bench.plane.close();
  },

  'after the end': async () => {
    const plane = new (native().Plane)({ realtime: false }, () => {});
    const last = plane.close();
    assert.deepEqual(
      last.filter(({ kind }) => kind === 'surveyed' || kind === 'scheduled').map((e) => e.kind),
      ['scheduled', 'surveyed'],
    );
    assert.deepEqual(plane.drain(), []);
    assert.deepEqual(plane.close(), []);
    plane.submit([{ kind: 'wake', at: planeNow() }]);
    assert.deepEqual(plane.drain(), []);
    assert.equal(plane.counters().eventsLost, 0);
  },

  // ---- not by themselves: a worker's half of the scenes above

  'in a worker': async () => {
    const { parentPort, workerData } = await import('node:worker_threads');
    const { name, source, vip } = workerData as Record<string, string>;
    const bench = startBench();
    await bench.event('surveyed');
    const change = { interface: name ?? '', addresses: [address(vip ?? '')] };
    bench.plane.submit([
      { kind: 'lease', until: after(planeNow(), seconds(20)) },
      opening(change, source),
      advertising(change),
    ]);
    await until(() => holds(vip, name), { what: 'the VIP' });
    parentPort?.once('message', () => {
      bench.plane.close();
      parentPort.close();
    });
    parentPort?.postMessage('master');
  },

  'storm in a worker': async () => {
    const { parentPort } = await import('node:worker_threads');
    const bench = startBench();
    await bench.event('surveyed');
    setInterval(() => bench.plane.submit(failures(200)), 1);
    await bench.event('open-failed');
    parentPort?.postMessage('storm');
  },
};

const name = process.argv[2] ?? '';
const scene = scenes[name];
if (scene === undefined) throw new Error(`no scene is called ${name}`);
void (async () => scene())();
