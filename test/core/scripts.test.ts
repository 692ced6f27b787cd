/** When scripts start, and what is kept of their runs. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Script } from '../../src/config/model';
import type { Command } from '../../src/core/command';
import { deadline, type Node, newNode, step } from '../../src/core/node';
import { seconds } from '../../src/time';
import {
  at,
  config,
  configured,
  fails,
  finished,
  instance,
  play,
  script,
  started,
  succeeds,
  track,
  woken,
} from './fixture';

const many = (n: number, change: Partial<Script> = {}): readonly Script[] =>
  Array.from({ length: n }, (_, i) => script(`s${i}`, change));

const tracked = (scripts: readonly Script[], weight: number) =>
  config({
    scripts,
    instances: [instance('VI_1', { trackScripts: scripts.map(({ name }) => track(name, weight)) })],
  });

/** Wakes it whenever it wants; scripts end at once. Start times in milliseconds, by script. */
function starts(model: ReturnType<typeof config>, until: number): Map<string, number[]> {
  const found = new Map<string, number[]>();
  let node: Node = newNode;
  const take = (when: number, commands: readonly Command[]): void => {
    for (const one of commands) {
      if (one.kind !== 'run-script') continue;
      found.set(one.script, [...(found.get(one.script) ?? []), when / 1000]);
      [node] = step(node, finished(at(when / 1e6), one.script, succeeds));
    }
  };
  let commands: readonly Command[];
  [node, commands] = step(node, configured(at(0), model));
  take(0, commands);
  for (let due = deadline(node); due !== null && due.at <= at(until); due = deadline(node)) {
    [node, commands] = step(node, woken(due.at));
    take(due.at, commands);
  }
  return found;
}

const all = (found: ReadonlyMap<string, readonly number[]>): number[] =>
  [...found.values()].flat().sort((a, b) => a - b);

test('one script: at once, then every interval', () => {
  const found = starts(tracked(many(1), 0), 3);
  assert.deepEqual(found.get('s0'), [0, 1000, 2000, 3000]);
  assert.deepEqual(starts(tracked(many(1), 5), 2).get('s0'), [0, 1000, 2000]);
});

test('200 scripts of a second: one every 5 ms, from start to start a second', () => {
  const found = starts(tracked(many(200), 5), 2.999);
  assert.deepEqual(
    all(found).slice(0, 200),
    Array.from({ length: 200 }, (_, i) => i * 5),
  );
  for (const [name, times] of found) {
    assert.deepEqual(
      times.slice(1).map((time, i) => time - (times[i] ?? 0)),
      [1000, 1000],
      name,
    );
  }
});

test('those whose failure is a fault begin at once, and are spread from their second run on', () => {
  const found = starts(tracked(many(200), 0), 2.999);
  for (const [name, times] of found) {
    const index = Number(name.slice(1));
    assert.deepEqual(times, [0, 1000 + index * 5, 2000 + index * 5].slice(0, times.length), name);
  }
});

test('few scripts stay close together, and each interval is spread by itself', () => {
  const two = starts(tracked([...many(2), script('slow', { interval: seconds(10) })], 5), 1.9);
  assert.deepEqual(
    ['s0', 's1', 'slow'].map((name) => two.get(name)),
    [[0, 1000], [50, 1050], [0]],
  );
});

test('what is new after a reload is spread too; what goes on keeps its rhythm', () => {
  const before = started(tracked(many(2), 5));
  const [node] = play([woken(at(0.05)), configured(at(0.3), tracked(many(4), 5))], before);
  const dues = [...node.trackers.scripts.values()].map(({ dueAt }) => dueAt / 1e6);
  assert.deepEqual(dues, [1, 1.05, 0.4, 0.45]);
});

test('a run keeps its outcome, its start, how long it took, and the end of what it printed', () => {
  const output = `${'x'.repeat(5000)}the end\n`;
  const [node] = play(
    [{ ...finished(at(0.25), 's0', fails), output } as ReturnType<typeof finished>],
    started(tracked(many(1), 5)),
  );
  const last = node.trackers.scripts.get('s0')?.last;
  assert.deepEqual([last?.outcome, last?.startedAt, last?.took], [fails, at(0), seconds(0.25)]);
  assert.equal(last?.output.length, 1000);
  assert.ok(last?.output.endsWith('xthe end\n'));
});

test('a run that outlasts its interval makes others be skipped, and they are counted', () => {
  let node = started(tracked(many(1), 5));
  [node] = play([woken(at(1)), woken(at(2)), finished(at(2.5), 's0', succeeds)], node);
  const script = node.trackers.scripts.get('s0');
  assert.deepEqual([script?.skipped, script?.skippedBefore, script?.dueAt], [2, 0, at(3)]);
  [node] = play([woken(at(3)), woken(at(4))], node);
  const later = node.trackers.scripts.get('s0');
  assert.deepEqual([later?.skipped, later?.skippedBefore], [3, 2]);
});
