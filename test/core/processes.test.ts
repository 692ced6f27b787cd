/** How many processes run → up or down, and when that is believed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TrackProcess } from '../../src/config/model-tracking';
import { deadline, type Node } from '../../src/core/node';
import {
  believeProcesses,
  configureProcesses,
  countProcesses,
  type Processes,
  processesDeadline,
} from '../../src/core/processes';
import { type Instant, microseconds, seconds } from '../../src/time';
import {
  at,
  config,
  configured,
  instance,
  kinds,
  play,
  started,
  stateOf,
  syncGroup,
  track,
  woken,
} from './fixture';

const tracker = (change: Partial<TrackProcess> = {}): TrackProcess => ({
  name: 'web',
  process: ['nginx'],
  match: 'any',
  fullCommand: false,
  weight: 0,
  reverse: false,
  quorum: 1,
  quorumMax: null,
  forkDelay: seconds(0),
  terminateDelay: seconds(0),
  ...change,
});

const counted = (when: number, count: number, name = 'web') =>
  ({ kind: 'processes-counted', at: at(when), tracker: name, count }) as const;

const tracking = (trackers: readonly TrackProcess[], weight = 0) =>
  config({
    trackProcesses: trackers,
    instances: [instance('VI_1', { trackProcesses: [track('web', weight)] })],
  });

const priorityOf = (node: Node): number => node.units[0]?.members[0]?.priority ?? 0;

const verdictOf = (processes: Processes): string => processes.get('web')?.verdict ?? 'none';

test('the first count decides at once, and until then nobody takes part', () => {
  const slow = tracker({ forkDelay: seconds(9), terminateDelay: seconds(9) });
  const node = started(tracking([slow]));
  assert.equal(stateOf(node, 'VI_1'), 'init');
  assert.equal(stateOf(play([counted(1, 1)], node)[0], 'VI_1'), 'backup');
  const [fault] = play([counted(1, 0)], node);
  assert.equal(stateOf(fault, 'VI_1'), 'fault');
  assert.equal(fault.units[0]?.reason, 'process web is without quorum');
});

test('with a weight nobody waits, and the priority moves', () => {
  const node = started(tracking([tracker()], -30));
  assert.equal(stateOf(node, 'VI_1'), 'backup');
  assert.equal(priorityOf(node), 100);
  const [without] = play([counted(1, 0)], node);
  assert.equal(priorityOf(without), 70);
  assert.equal(priorityOf(play([counted(2, 3)], without)[0]), 100);
});

test('too few are believed after terminate_delay, enough after fork_delay', () => {
  const model = tracking([tracker({ forkDelay: seconds(2), terminateDelay: seconds(5) })]);
  let [node] = play([counted(1, 1), counted(2, 0)], started(model));
  assert.equal(stateOf(node, 'VI_1'), 'backup');
  [node] = play([woken(at(6.9))], node);
  assert.equal(stateOf(node, 'VI_1'), 'backup');
  [node] = play([woken(at(7))], node);
  assert.equal(stateOf(node, 'VI_1'), 'fault');
  [node] = play([counted(8, 1), woken(at(9.9))], node);
  assert.equal(stateOf(node, 'VI_1'), 'fault');
  assert.equal(stateOf(play([woken(at(10))], node)[0], 'VI_1'), 'backup');
});

test('what goes back within its delay has never been', () => {
  const model = tracking([tracker({ terminateDelay: seconds(5) })]);
  const [node] = play([counted(1, 1), counted(2, 0), counted(6, 1), woken(at(20))], started(model));
  assert.equal(stateOf(node, 'VI_1'), 'backup');
  const [again] = play([counted(21, 0), woken(at(25.9))], node);
  assert.equal(stateOf(again, 'VI_1'), 'backup', 'the delay begins anew');
  assert.equal(stateOf(play([woken(at(26))], again)[0], 'VI_1'), 'fault');
});

test('the machine wants to be woken when a count is to be believed', () => {
  const model = tracking([tracker({ terminateDelay: milli(300) })]);
  const [node] = play([counted(1, 1), counted(1, 0)], started(model));
  // The lease is renewed later than that.
  const [renewed] = play([woken(at(1))], node);
  assert.deepEqual(deadline(renewed), { at: at(1.3), why: 'the count of process web is believed' });
});

const milli = (n: number) => microseconds(n * 1000);

test('quorum_max: too many are as bad as too few; 0 means that none must run', () => {
  const judged = (change: Partial<TrackProcess>, count: number): string => {
    const fresh = configureProcesses(new Map(), [tracker(change)], at(0));
    return verdictOf(countProcesses(fresh, 'web', count, at(1)));
  };
  assert.deepEqual(
    [1, 2, 3, 4].map((n) => judged({ quorum: 2, quorumMax: 3 }, n)),
    ['down', 'up', 'up', 'down'],
  );
  assert.deepEqual([judged({ quorumMax: 0 }, 0), judged({ quorumMax: 0 }, 1)], ['up', 'down']);
});

test('a sync group: what it tracks is a fault of all its members', () => {
  const model = config({
    trackProcesses: [tracker()],
    instances: [instance('VI_1'), instance('VI_2', { vrid: 52 })],
    groups: [syncGroup('G', ['VI_1', 'VI_2'], { trackProcesses: [track('web')] })],
  });
  const [node] = play([counted(1, 0)], started(model));
  assert.equal(stateOf(node, 'G'), 'fault');
});

test('reverse: a quorum is the fault', () => {
  const node = started(
    config({
      trackProcesses: [tracker()],
      instances: [instance('VI_1', { trackProcesses: [track('web', 0, true)] })],
    }),
  );
  assert.equal(stateOf(play([counted(1, 1)], node)[0], 'VI_1'), 'fault');
  assert.equal(stateOf(play([counted(1, 0)], node)[0], 'VI_1'), 'backup');
});

test('a reload keeps what counts the same processes, and orders a count of what does not', () => {
  const [node] = play([counted(1, 2)], started(tracking([tracker()])));
  const [stricter, none] = play([configured(at(2), tracking([tracker({ quorum: 3 })]))], node);
  assert.equal(stateOf(stricter, 'VI_1'), 'fault', 'the count is known, the quorum is another');
  assert.ok(!kinds(none).includes('count-processes'));
  const other = tracking([tracker({ process: ['haproxy'] })]);
  const [unknown, orders] = play([configured(at(2), other)], node);
  assert.ok(kinds(orders).includes('count-processes'));
  assert.equal(unknown.trackers.processes.get('web')?.verdict, 'unknown');
  const [, gone] = play([configured(at(2), config())], node);
  assert.deepEqual(
    gone.filter(({ kind }) => kind === 'count-processes'),
    [{ kind: 'count-processes', trackers: [] }],
  );
});

test('a reload within a delay does not begin it anew', () => {
  const delayed = tracker({ terminateDelay: seconds(5) });
  const [node] = play([counted(1, 1), counted(2, 0)], started(tracking([delayed])));
  const [reloaded] = play([configured(at(6), tracking([delayed]))], node);
  assert.equal(stateOf(play([woken(at(7))], reloaded)[0], 'VI_1'), 'fault');
});

const steps = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 3 }), count: fc.integer({ min: 0, max: 4 }) }),
  { maxLength: 30 },
);

test('whatever the counts do: what is believed was so for its delay, or is what is seen', () => {
  const delay = seconds(2);
  const judge = tracker({ quorum: 2, quorumMax: 3, forkDelay: delay, terminateDelay: delay });
  const isUp = (count: number): boolean => count >= 2 && count <= 3;
  fc.assert(
    fc.property(steps, (played) => {
      let processes = configureProcesses(new Map(), [judge], at(0));
      let now = 0;
      let since = 0;
      let seen: boolean | null = null;
      for (const { after, count } of played) {
        now += after;
        // An alarm comes before what happens later.
        const due = processesDeadline(processes);
        if (due !== null && due.at <= at(now)) processes = believeProcesses(processes, due.at);
        if (seen !== null && now - since >= 2) {
          assert.equal(verdictOf(processes), seen ? 'up' : 'down');
        }
        processes = countProcesses(processes, 'web', count, at(now));
        if (seen === null) assert.equal(verdictOf(processes), isUp(count) ? 'up' : 'down');
        if (seen !== isUp(count)) since = now;
        seen = isUp(count);
        const waits = verdictOf(processes) !== (seen ? 'up' : 'down');
        const expected: Instant | null = waits ? at(since + 2) : null;
        assert.equal(processesDeadline(processes)?.at ?? null, expected);
      }
    }),
  );
});
