/**
 * Scenes from the life of the thread that watches processes, each run by processes-life.test.ts as
 * a process of its own: `processes-scenes.js NAME`. What a scene asserts and its exit code are the
 * test; a scene that returns must let the process end by itself.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { native } from '../../src/drivers/addon';
import { until } from '../lab/until';
import { descriptors, type Scenes, threads } from './plane-bench';
import { NOBODY, named, type Watcher, watcher } from './processes-bench';

const ownThreads = (): number => threads().filter((name) => name === 'holdfast-procs').length;

/** Events without end: every watch of nobody is answered at once. */
function storm(w: Watcher): void {
  let asked = 0;
  setInterval(() => {
    for (let i = 0; i < 500; i++) w.processes.watch(`nobody ${++asked}`, NOBODY);
  }, 1);
}

async function lifeOfOne(w: Watcher): Promise<void> {
  const name = `hf${process.pid}one`;
  w.processes.count([named(name)]);
  await w.counts(name, 0);
  const child = spawn('/usr/bin/perl', ['-e', `$0 = "${name}"; sleep 60`]);
  await w.counts(name, 1);
  w.processes.watch('it', child.pid ?? 0);
  child.kill('SIGKILL');
  await w.gone('it');
  await w.counts(name, 0);
}

const scenes: Scenes = {
  'open and close': async () => {
    const { Processes } = native();
    const cycle = (round: number): void => {
      const opened = new Processes({ connector: round % 3 !== 0 }, () => {});
      if (round % 2 === 0) opened.watch('it', process.pid);
      if (round % 10 === 0) opened.count([named('node'), named('sh')]);
      opened.close();
    };
    cycle(0);
    const before = descriptors().slice().sort();
    for (let round = 0; round < 1000; round++) cycle(round);
    assert.equal(ownThreads(), 0);
    await until(() => descriptors().length <= before.length, {
      what: 'the file descriptors to be as before',
      detail: () => `${before}\n${descriptors().slice().sort()}`,
      timeout: 2000,
    });
  },

  'garbage collection': async () => {
    const collect = (globalThis as { gc?: () => void }).gc;
    assert.ok(collect !== undefined, 'runs with --expose-gc');
    const { Processes } = native();
    const started = (() => new Processes({}, () => {}) !== null)();
    assert.ok(started);
    await until(() => ownThreads() === 1, { what: 'the thread to take its name', every: 1 });
    await until(
      () => {
        collect();
        return ownThreads() === 0;
      },
      { what: 'the thread of a forgotten watcher to end' },
    );
  },

  'exit without close': async () => {
    const w = watcher();
    w.processes.watch('us', process.pid);
    w.processes.count([named('node')]);
    await w.settled();
    process.exit(0);
  },

  'exit in a storm': async () => {
    const w = watcher();
    storm(w);
    await until(() => w.events.length > 2000, { what: 'a storm' });
    process.exit(0);
  },

  workers: async () => {
    const hire = (): Worker => new Worker(__filename, { argv: ['in a worker'] });
    const says = (worker: Worker): Promise<void> =>
      new Promise((resolve, reject) => {
        worker.once('error', reject);
        worker.once('message', () => resolve());
      });
    const [one, two] = [hire(), hire()];
    await Promise.all([says(one), says(two)]);
    assert.equal(ownThreads(), 2);
    const ended = new Promise((resolve) => one.once('exit', resolve));
    one.postMessage('close');
    assert.equal(await ended, 0);
    assert.equal(ownThreads(), 1);
    await two.terminate();
    assert.equal(ownThreads(), 0);
  },

  'workers ended in a storm': async () => {
    for (let round = 0; round < 5; round++) {
      const worker = new Worker(__filename, { argv: ['storm in a worker'] });
      await new Promise((resolve) => worker.once('message', resolve));
      await worker.terminate();
    }
    assert.equal(ownThreads(), 0);
  },

  'close in an event': async () => {
    const w = watcher({}, (event) => {
      if (event.kind === 'process-gone') w.processes.close();
    });
    for (let i = 0; i < 100; i++) w.processes.watch(`nobody ${i}`, NOBODY);
    await until(() => w.events.length > 0, { what: 'the first event' });
    assert.equal(w.events.length, 1);
    assert.equal(ownThreads(), 0);
  },

  'after the end': () => {
    const opened = new (native().Processes)({}, () => {});
    opened.watch('it', process.pid);
    opened.close();
    opened.close();
    opened.watch('it', NOBODY);
    opened.unwatch('it');
    opened.count([named('node')]);
    assert.equal(opened.next(), null);
    assert.deepEqual(opened.counters(), { events: 0, looks: 0, surveys: 0, losses: 0 });
  },

  // More than the ring holds, and JS is not there to fetch them.
  'many ends': async () => {
    const w = watcher();
    const many = 20_000;
    for (let i = 0; i < many; i++) w.processes.watch(`nobody ${i}`, NOBODY);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);
    const ends = (): number => w.events.filter((e) => e.kind === 'process-gone').length;
    await until(() => ends() === many, { what: 'all ends', detail: () => `${ends()}` });
    w.processes.close();
  },

  'in a namespace': async () => {
    const w = watcher();
    await lifeOfOne(w);
    const [polled] = w.events.filter((event) => event.kind === 'processes-polled');
    assert.ok(polled?.kind === 'processes-polled' && polled.what === 'counted');
    assert.match(polled.why, /^the kernel's process events: .*namespace/);
    w.processes.close();
  },

  // Newer kernels tell everybody, older ones refuse.
  'without privileges': async () => {
    const w = watcher();
    await lifeOfOne(w);
    const [polled] = w.events.filter((event) => event.kind === 'processes-polled');
    assert.match(
      polled?.kind === 'processes-polled' ? polled.why : 'CAP_NET_ADMIN',
      /CAP_NET_ADMIN|namespace/,
    );
    w.processes.close();
  },

  // ---- not by themselves: a worker's half of the scenes above

  'in a worker': async () => {
    const { parentPort } = await import('node:worker_threads');
    const w = watcher();
    w.processes.count([named('node')]);
    await w.settled();
    parentPort?.once('message', () => {
      w.processes.close();
      parentPort.close();
    });
    parentPort?.postMessage('ready');
  },

  'storm in a worker': async () => {
    const { parentPort } = await import('node:worker_threads');
    const w = watcher();
    storm(w);
    await until(() => w.events.length > 2000, { what: 'a storm' });
    parentPort?.postMessage('storm');
  },
};

const name = process.argv[2] ?? '';
const scene = scenes[name];
if (scene === undefined) throw new Error(`no scene is called ${name}`);
void (async () => scene())();
