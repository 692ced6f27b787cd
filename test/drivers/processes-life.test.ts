/**
 * The life of the thread that watches processes: how soon it tells, what it forgets, what it makes
 * of losses and of nonsense, and how it ends. Scenes run as processes of their own.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { after, describe, it } from 'node:test';
import { planeNow } from '../../src/drivers/plane';
import { until } from '../lab/until';
import { endAll, mustLook, named, ownName, program, start, watcher } from './processes-bench';
import { scratch } from './scratch';

const files = scratch();
after(endAll);

describe('the watcher', () => {
  it('tells the end of a process within milliseconds', async (t) => {
    const took: number[] = [];
    const noticed: number[] = [];
    let killed = 0;
    const w = watcher({}, (event) => {
      if (event.kind !== 'process-gone' || event.key !== 'it') return;
      took.push(planeNow() - killed);
      noticed.push(event.at - killed);
    });
    for (let i = 0; i < 100; i++) {
      const child = start('/bin/sleep');
      w.processes.watch('it', child.pid);
      await w.settled();
      killed = planeNow();
      process.kill(child.pid, 'SIGKILL');
      await until(() => took.length > i, { what: 'the end to be told', every: 2 });
    }
    const figures = (all: number[]): string => {
      all.sort((a, b) => a - b);
      const at = (share: number): string => `${all[Math.floor((all.length - 1) * share)]} us`;
      return `median ${at(0.5)}, 90 % ${at(0.9)}, most ${at(1)}`;
    };
    t.diagnostic(`from kill -9 until the thread knows: ${figures(noticed)}`);
    t.diagnostic(`from kill -9 until JavaScript knows: ${figures(took)}`);
    w.processes.close();
  });

  it('forgets a key at once, even when its end is on the way', async () => {
    const w = watcher();
    const child = start('/bin/sleep');
    w.processes.watch('it', child.pid);
    await w.settled();
    await child.end();
    // Nothing was fetched since: the event waits, or is about to.
    w.processes.watch('again', child.pid);
    w.processes.unwatch('again');
    w.processes.unwatch('never was');
    await w.settled();
    assert.ok(!w.events.some((e) => e.kind === 'process-gone' && e.key === 'again'));
    w.processes.close();
  });

  it('forgets earlier trackers at once', async () => {
    const name = ownName();
    const w = watcher();
    const child = start(program(files, name));
    w.processes.count([named('no-such-name', { name: 'same' })]);
    w.processes.count([named(name, { name: 'same' })]);
    await w.counts('same', 1);
    assert.equal(w.events.filter((e) => e.kind === 'processes-counted').length, 1);
    w.processes.count([]);
    await child.end();
    await w.settled();
    assert.equal(w.latest('same'), 1);
    w.processes.count([named(name, { name: 'same' })]);
    await w.counts('same', 0);
    w.processes.close();
  });

  it('comes right after the kernel had to throw events away', async (t) => {
    const w = watcher({ receiveBuffer: 1 });
    const name = ownName();
    program(files, name);
    w.processes.count([named(name)]);
    await w.counts(name, 0);
    const all = Array.from({ length: 200 }, () => start(files.at(name)));
    await w.counts(name, 200);
    await Promise.all(all.splice(0, 150).map((one) => one.end()));
    await w.counts(name, 50);
    const { losses, surveys } = w.processes.counters();
    t.diagnostic(`${losses} losses, ${surveys} surveys`);
    assert.ok(mustLook(w) || (losses > 0 && surveys > 1));
    await Promise.all(all.map((one) => one.end()));
    w.processes.close();
  });

  it('says once what it must look for, and why', async () => {
    const w = watcher({ connector: false, pidfd: false });
    const name = ownName();
    const child = start(program(files, name));
    w.processes.watch('one', child.pid);
    w.processes.watch('two', process.pid);
    w.processes.count([named(name)]);
    w.processes.count([named(name)]);
    await w.counts(name, 1);
    const polled = w.events.flatMap((e) => (e.kind === 'processes-polled' ? [e] : []));
    assert.deepEqual(polled.map(({ what }) => what).sort(), ['counted', 'gone']);
    assert.match(polled.find(({ what }) => what === 'gone')?.why ?? '', /pidfd_open/);
    await child.end();
    w.processes.close();
  });

  it('takes no malformed word, and is as it was', async () => {
    const w = watcher();
    const name = ownName();
    const child = start(program(files, name));
    w.processes.count([named(name)]);
    for (const pid of [0, -1, 1.5, Number.NaN, 2 ** 31, '1' as never, undefined as never]) {
      assert.throws(() => w.processes.watch('it', pid), /pid/);
    }
    assert.throws(() => w.processes.watch(1 as never, 1), /key/);
    assert.throws(() => w.processes.count({} as never), /count\(trackers\)/);
    assert.throws(() => w.processes.count([null as never]), /tracker/);
    const wrong = (change: object): void =>
      w.processes.count([named(name), { ...named(name), ...change }]);
    assert.throws(() => wrong({ name: 1 }), /name/);
    assert.throws(() => wrong({ process: undefined }), /process/);
    assert.throws(() => wrong({ parameters: 'x' }), /parameters/);
    assert.throws(() => wrong({ parameters: [1] }), /parameter/);
    assert.throws(() => wrong({ paramMatch: 'regex' }), /paramMatch/);
    await w.counts(name, 1);
    await child.end();
    await w.counts(name, 0);
    w.processes.close();
  });
});

const SCENES = path.join(__dirname, 'processes-scenes.js');

function play(scene: string, before: readonly string[], node: readonly string[]): void {
  const argv = [...before, process.execPath, '--enable-source-maps', ...node, SCENES, scene];
  const { status, signal, stdout, stderr } = spawnSync(argv[0] ?? '', argv.slice(1), {
    encoding: 'utf8',
    timeout: 60_000,
  });
  const output = `${stdout}${stderr}`;
  assert.equal(status, 0, `${scene}: code ${status}, signal ${signal}\n${output}`);
  assert.doesNotMatch(output, /Warning|FATAL/);
}

describe('the thread', () => {
  const passes = (
    what: string,
    scene: string,
    { before = [], node = [] }: { before?: readonly string[]; node?: readonly string[] } = {},
  ): void => {
    it(what, () => play(scene, before, node));
  };
  passes('opened and closed 1000 times leaves neither threads nor descriptors', 'open and close');
  passes('of a watcher that nobody refers to ends', 'garbage collection', {
    node: ['--expose-gc'],
  });
  passes('ends with a process that exits without closing', 'exit without close');
  passes('ends with a process that exits in the midst of a storm', 'exit in a storm');
  passes('is one for each worker, and either end is clean', 'workers');
  passes('ends with a worker that is ended in the midst of a storm', 'workers ended in a storm');
  passes('may be closed while its events are handed over', 'close in an event');
  passes('after its end does nothing', 'after the end');
  passes('tells every end, however many come at once', 'many ends');
  passes('looks for births in another network namespace, and says so', 'in a namespace', {
    before: ['unshare', '-n'],
  });
  passes('looks for births in another PID namespace, and says so', 'in a namespace', {
    before: ['unshare', '--pid', '--fork', '--mount-proc'],
  });
  passes('needs no privileges', 'without privileges', {
    before: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--'],
  });
});
