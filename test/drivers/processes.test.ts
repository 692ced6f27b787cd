/**
 * Ends and counts of real processes, where the kernel tells of them and where one has to look:
 * both must come to the same. Every name counted is one that nothing else on this host has.
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import { planeNow } from '../../src/drivers/plane';
import type { ProcessesOptions } from '../../src/drivers/processes';
import { until } from '../lab/until';
import {
  endAll,
  killNamed,
  NOBODY,
  named,
  ownName,
  program,
  type Started,
  start,
  watcher,
} from './processes-bench';
import { scratch } from './scratch';

const files = scratch();
after(endAll);

/** Starts a program of its own name; the name is what is counted. */
const sleeper = (name: string, args?: readonly string[]): Started =>
  start(program(files, name), args);

const state = (pid: number): string =>
  readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.[0] ?? '';

const WAYS: readonly (readonly [string, ProcessesOptions])[] = [
  ['as the kernel tells', {}],
  ['looking for births', { connector: false }],
  ['looking for deaths', { pidfd: false }],
  ['looking for both', { connector: false, pidfd: false }],
];

for (const [way, options] of WAYS) {
  describe(`the end of a process, ${way}`, { concurrency: 4 }, () => {
    it('is told once, and ends the watch', async () => {
      const w = watcher(options);
      const child = start('/bin/sleep');
      w.processes.watch('it', child.pid);
      w.processes.watch('other', process.pid);
      await w.settled();
      const before = planeNow();
      await child.end();
      const event = await w.gone('it');
      assert.ok(event.kind === 'process-gone' && event.pid === child.pid);
      assert.ok(event.at >= before && event.at <= planeNow());
      await w.settled();
      const keys = w.events.flatMap((e) => (e.kind === 'process-gone' ? [e.key] : []));
      assert.equal(keys.filter((key) => key === 'it').length, 1);
      assert.ok(!keys.includes('other'));
      w.processes.close();
    });

    it('is told of those who are not our children', async () => {
      const w = watcher(options);
      const parent = start('/bin/sh', ['-c', '(sleep 60 >/dev/null & echo $!)']);
      const orphan = Number(await parent.line());
      assert.ok(orphan > 1);
      w.processes.watch('orphan', orphan);
      await w.settled();
      process.kill(orphan, 'SIGKILL');
      await w.gone('orphan');
      w.processes.close();
    });

    it('is told of a zombie, whether it is one already or becomes one', async () => {
      const w = watcher(options);
      const parent = start('/usr/bin/perl', [
        '-e',
        '$| = 1; $p = fork; if (!$p) { sleep 60; exit } print "$p\\n"; sleep 60',
      ]);
      const child = Number(await parent.line());
      w.processes.watch('becomes', child);
      await w.settled();
      process.kill(child, 'SIGKILL');
      await w.gone('becomes');
      await until(() => state(child) === 'Z', { what: 'a zombie' });
      w.processes.watch('is', child);
      await w.gone('is');
      await parent.end();
      w.processes.close();
    });

    it('is told at once when it was before', async () => {
      const w = watcher(options);
      w.processes.watch('nobody', NOBODY);
      await w.gone('nobody');
      w.processes.close();
    });
  });

  describe(`counting, ${way}`, { concurrency: 4 }, () => {
    it('tells every tracker at once, then every change', async () => {
      const w = watcher(options);
      const name = ownName();
      const first = sleeper(name);
      const none = ownName();
      w.processes.count([named(name), named(none)]);
      await w.counts(name, 1);
      await w.counts(none, 0);
      const more = Array.from({ length: 10 }, () => start(files.at(name)));
      await w.counts(name, 11);
      await first.end();
      await w.counts(name, 10);
      for (const one of more) await one.end();
      await w.counts(name, 0);
      assert.equal(w.events.filter((e) => 'tracker' in e && e.tracker === none).length, 1);
      w.processes.close();
    });

    it('follows an exec into another program', async () => {
      const w = watcher(options);
      const [one, two] = [ownName(), ownName()];
      const script = `sleep 0.5; exec ${program(files, two)} 60`;
      w.processes.count([named(one), named(two)]);
      const child = start(program(files, one, '/bin/sh'), ['-c', script]);
      await w.saw(one, 1);
      await w.counts(two, 1);
      await w.counts(one, 0);
      await child.end();
      await w.counts(two, 0);
      w.processes.close();
    });

    it('follows a new name that a process gives itself', async () => {
      const w = watcher(options);
      const [one, two] = [ownName(), ownName()];
      w.processes.count([named(one), named(two)]);
      const child = start('/usr/bin/perl', [
        '-e',
        `$0 = "${one}"; sleep 1; $0 = "${two}"; sleep 60`,
      ]);
      await w.saw(one, 1);
      await w.counts(two, 1);
      await w.counts(one, 0);
      await child.end();
      await w.counts(two, 0);
      w.processes.close();
    });

    it('counts no zombies and no threads', async () => {
      const w = watcher(options);
      const [zombie, threads] = [ownName(), ownName()];
      const parent = start('/usr/bin/perl', [
        '-e',
        `$| = 1; $p = fork; if (!$p) { $0 = "${zombie}"; exit } print "$p\\n"; sleep 60`,
      ]);
      const child = Number(await parent.line());
      await until(() => state(child) === 'Z', { what: 'a zombie' });
      assert.equal(readFileSync(`/proc/${child}/comm`, 'utf8').trim(), zombie);
      const many = start(program(files, threads, process.execPath), [
        '-e',
        'console.log(1); setTimeout(() => {}, 60_000)',
      ]);
      await many.line();
      w.processes.count([named(zombie), named(threads)]);
      await w.counts(threads, 1);
      await w.counts(zombie, 0);
      await Promise.all([parent.end(), many.end()]);
      w.processes.close();
    });

    it('finds daemons, which fork twice and leave', async () => {
      const w = watcher(options);
      const name = ownName();
      const file = program(files, name);
      w.processes.count([named(name)]);
      await w.counts(name, 0);
      for (let i = 0; i < 30; i++) {
        execFileSync('/bin/sh', ['-c', `(${file} 61.${i} >/dev/null 2>&1 &)`]);
      }
      await w.counts(name, 30);
      killNamed(name);
      await w.counts(name, 0);
      w.processes.close();
    });

    it('finds those whose parents left before they were looked at', async () => {
      const w = watcher(options);
      const name = ownName();
      const file = program(files, name, '/usr/bin/perl');
      w.processes.count([named(name)]);
      await w.counts(name, 0);
      const each = 'unless (fork) { unless (fork) { sleep 60 } exit } wait';
      await start(file, ['-e', `for (1..60) { ${each} }`]).ended;
      await w.counts(name, 60);
      killNamed(name);
      await w.counts(name, 0);
      w.processes.close();
    });

    it('is right after 500 random starts and stops', { timeout: 120_000 }, async (t) => {
      const seed = Date.now() % 2 ** 31;
      t.diagnostic(`seed ${seed}`);
      let dice = seed;
      const roll = (sides: number): number => {
        dice = (Math.imul(dice, 1103515245) + 12345) >>> 0;
        return (dice >>> 8) % sides;
      };
      const w = watcher(options);
      const names = [ownName(), ownName(), ownName()];
      for (const name of names) program(files, name);
      const alive = new Map<string, Started[]>(names.map((name) => [name, []]));
      w.processes.count(names.map((name) => named(name)));
      const ends: Promise<void>[] = [];
      for (let i = 0; i < 500; i++) {
        const name = names[roll(3)] ?? '';
        const own = alive.get(name) ?? [];
        const victim = roll(2) === 0 ? own.splice(roll(own.length || 1), 1)[0] : undefined;
        if (victim === undefined) own.push(start(files.at(name)));
        else ends.push(victim.end());
        if (roll(20) === 0) await w.settled();
      }
      await Promise.all(ends);
      for (const name of names) await w.counts(name, alive.get(name)?.length ?? -1);
      await Promise.all([...alive.values()].flat().map((one) => one.end()));
      for (const name of names) await w.counts(name, 0);
      w.processes.close();
    });
  });
}
