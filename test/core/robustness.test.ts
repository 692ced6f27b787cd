/**
 * Whatever events come in whatever order: the core does not throw, its instants are whole, and its
 * deadline moves on when its alarm rings, so that no alarm can ring for ever at one instant.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Config } from '../../src/config/model';
import type { Event } from '../../src/core/event';
import { deadline, type Node, newNode, step } from '../../src/core/node';
import { type Instant, instantAt, microseconds, seconds } from '../../src/time';
import {
  advertOf,
  advertReceived,
  config,
  configured,
  fails,
  finished,
  globalWith,
  instance,
  link,
  ROUTER_51,
  ROUTER_52,
  script,
  succeeds,
  surveyed,
  syncGroup,
  tookOver,
  track,
  woken,
  yielded,
} from './fixture';

const RUNS = 400;
/** Rings at one instant until the deadline must lie behind it. */
const RINGS_MAX = 4;

const models: readonly Config[] = [
  config(),
  config({ instances: [instance('VI_1'), instance('VI_2', { vrid: 52, priority: 255 })] }),
  config({
    scripts: [script('chk', { weight: 20 }), script('must')],
    instances: [
      instance('VI_1', {
        preemptDelay: seconds(3),
        trackScripts: [track('chk', 20), track('must')],
      }),
      instance('VI_2', { vrid: 52, version: 3, preempt: false }),
    ],
    groups: [syncGroup('G', ['VI_1', 'VI_2'], { trackingWeight: true })],
  }),
  config({
    global: globalWith({ startupDelay: seconds(2), onStall: 'resign', stallLease: seconds(1) }),
    scripts: [script('chk', { interval: microseconds(700_001) })],
    instances: [
      instance('VI_1', { trackScripts: [track('chk')], trackInterfaces: [track('eth1')] }),
    ],
  }),
];

const name = fc.constantFrom(ROUTER_51, ROUTER_52, 'nobody');
const advert = fc.integer({ min: 0, max: 255 }).map((priority) => advertOf(priority));
const names = fc.uniqueArray(name, { minLength: 1 });
const turn = fc.integer({ min: 0, max: 3000 });

/** An event at an instant that is filled in later, mostly growing. */
const happening: fc.Arbitrary<(at: Instant) => Event> = fc.oneof(
  fc.constantFrom(...models).map((model) => (at: Instant) => configured(at, model)),
  fc.tuple(fc.constantFrom('eth0', 'eth1'), fc.boolean(), fc.boolean()).map(
    ([on, up, addressed]) =>
      (at: Instant): Event =>
        link(at, { interface: on, up, addresses: addressed ? ['192.0.2.1'] : [] }),
  ),
  fc.constantFrom('eth0', 'eth1').map(
    (on) =>
      (at: Instant): Event => ({
        kind: 'interface-gone',
        at,
        interface: on,
      }),
  ),
  fc.constant((at: Instant): Event => surveyed(at)),
  fc.tuple(name, advert).map(
    ([on, heard]) =>
      (at: Instant) =>
        advertReceived(at, on, heard),
  ),
  fc.tuple(names, turn).map(
    ([list, n]) =>
      (at: Instant) =>
        tookOver(at, list, n),
  ),
  fc.tuple(names, turn, advert).map(
    ([l, n, a]) =>
      (at: Instant) =>
        yielded(at, l, n, a),
  ),
  fc.tuple(fc.constantFrom('chk', 'must', 'other'), fc.boolean()).map(
    ([on, ok]) =>
      (at: Instant) =>
        finished(at, on, ok ? succeeds : fails),
  ),
  fc.constant((at: Instant): Event => ({ kind: 'lease-lapsed', at })),
  fc.constant((at: Instant): Event => ({ kind: 'clock-gap', at, late: seconds(1) })),
  fc.constant((at: Instant) => woken(at)),
);

const history = fc.array(fc.tuple(happening, fc.integer({ min: -200_000, max: 3_000_000 })), {
  maxLength: 60,
});

function live(
  events: readonly (readonly [(at: Instant) => Event, number])[],
  each: (node: Node, now: Instant) => void,
): void {
  let node: Node = newNode;
  let now = 10_000_000;
  for (const [happens, span] of events) {
    now = Math.max(0, now + span);
    [node] = step(node, happens(instantAt(now)));
    each(node, instantAt(now));
  }
}

test('no sequence of events makes the core throw, and deadlines are whole instants', () => {
  fc.assert(
    fc.property(history, (events) => {
      live(events, (node) => {
        const due = deadline(node);
        assert.ok(due === null || (Number.isInteger(due.at) && due.why !== ''));
      });
    }),
    { numRuns: RUNS },
  );
});

test('a deadline moves on when its alarm rings', () => {
  fc.assert(
    fc.property(history, (events) => {
      live(events, (node, now) => {
        let ringing = node;
        for (let ring = 0; ring < RINGS_MAX; ring++) {
          const due = deadline(ringing);
          if (due === null || due.at > now) return;
          [ringing] = step(ringing, woken(now));
        }
        const due = deadline(ringing);
        assert.ok(due === null || due.at > now, `still due at ${now}: ${due?.why ?? ''}`);
      });
    }),
    { numRuns: RUNS },
  );
});

test('ringing exactly at the deadline moves it, too', () => {
  fc.assert(
    fc.property(history, (events) => {
      live(events, (node) => {
        const due = deadline(node);
        if (due === null) return;
        let ringing = node;
        for (let ring = 0; ring < RINGS_MAX; ring++) [ringing] = step(ringing, woken(due.at));
        const next = deadline(ringing);
        assert.ok(next === null || next.at > due.at, `for ever: ${due.why}`);
      });
    }),
    { numRuns: RUNS },
  );
});

test('after stop nothing is ordered any more', () => {
  fc.assert(
    fc.property(history, history, (before, after) => {
      let node: Node = newNode;
      for (const [happens] of before) [node] = step(node, happens(instantAt(1)));
      [node] = step(node, { kind: 'stopped', at: instantAt(2) });
      for (const [happens] of after) assert.deepEqual(step(node, happens(instantAt(3)))[1], []);
    }),
    { numRuns: RUNS / 4 },
  );
});
