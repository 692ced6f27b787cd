/**
 * Standing orders without a policy, step by step: what is offered while the control plane hangs,
 * given away, and taken back when nobody is there.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { OnStall } from '../../src/config/model';
import type { Command, PlaneCommand } from '../../src/core/command';
import { type Node, newNode, step } from '../../src/core/node';
import { type Effect, native } from '../../src/drivers/addon';
import { instantAt, milliseconds } from '../../src/time';
import {
  advertOf,
  config,
  configured,
  globalWith,
  instance,
  link,
  ROUTER_51,
  ROUTER_52,
  surveyed,
  syncGroup,
} from '../core/fixture';

const T = 1_000_000_000;
const MS = 1000;
const INTERVAL = milliseconds(100);

interface Alone {
  readonly effects: (string | number)[];
  pass(ms: number): void;
  hear(key: string, priority: number): void;
  submit(commands: readonly PlaneCommand[]): void;
}

/** A master whose policy ordered everything at second 0, and then hangs. */
function alone(onStall: OnStall, grouped = false): Alone {
  const { Orders } = native();
  const orders = new Orders();
  const one = instance('VI_1', { version: 3, interval: INTERVAL, priority: 100 });
  const two = { ...one, name: 'VI_2', vrid: 52 };
  const model = config({
    global: globalWith({ onStall, stallLease: milliseconds(600) }),
    instances: grouped ? [one, two] : [one],
    groups: grouped ? [syncGroup('G', ['VI_1', 'VI_2'])] : [],
  });
  let now = T;
  let node: Node = newNode;
  const effects: string[] = [];
  const note = (done: readonly Effect[]): void => {
    for (const effect of done) {
      if (effect.kind === 'report') effects.push(effect.event.kind);
      if (effect.kind === 'send-advert') effects.push(`sends ${effect.priority}`);
      if (effect.kind === 'claim') effects.push(`claims ${effect.instance}`);
      if (effect.kind === 'release') effects.push(`releases ${effect.instance}`);
    }
  };
  const isPlanes = (command: Command): command is PlaneCommand =>
    !['run-script', 'track-files', 'notify', 'wake'].includes(command.kind);
  const at = () => instantAt(now);
  for (const event of [
    configured(at(), model),
    link(at(), { addresses: ['192.0.2.1'] }),
    surveyed(at()),
  ]) {
    const [next, commands] = step(node, event);
    node = next;
    note(orders.submit(commands.filter(isPlanes), at()));
  }
  return {
    effects,
    pass(ms) {
      const until = now + ms * MS;
      for (let due = orders.deadline(); due !== null && due <= until; due = orders.deadline()) {
        now = Math.max(now, due);
        note(orders.expire(at()));
      }
      now = until;
    },
    hear(key, priority) {
      const terms = { source: '192.0.2.9', version: 3, interval: INTERVAL } as const;
      note(orders.heard(key, advertOf(priority, terms), at(), at()));
    },
    submit: (commands) => note(orders.submit(commands, at())),
  };
}

/** What has happened since, without the adverts in between. */
const since = (one: Alone): readonly (string | number)[] =>
  one.effects.splice(0).filter((each, i, all) => each !== all[i - 1]);

/** Master after its silence, lapsed after 600 ms, offering. */
function offering(onStall: OnStall, grouped = false): Alone {
  const one = alone(onStall, grouped);
  one.pass(700);
  return one;
}

test('who gave way while its policy hangs offers again when it hears nobody', () => {
  const one = offering('offer');
  assert.ok(since(one).includes('lease-lapsed'));
  one.hear(ROUTER_51, 50);
  assert.deepEqual(since(one), [`releases ${ROUTER_51}`, 'yielded']);
  one.pass(355);
  assert.deepEqual(since(one), [], 'not before a whole silence');
  one.pass(10);
  assert.deepEqual(since(one), ['sends 0', `claims ${ROUTER_51}`, 'took-over']);
  one.pass(1000);
  assert.deepEqual(since(one), ['sends 0', 'sends 1'], 'then it holds at priority 1');
});

test('as long as somebody is there, it stays away', () => {
  const one = offering('offer');
  one.hear(ROUTER_51, 50);
  since(one);
  for (let i = 0; i < 50; i++) {
    one.pass(100);
    one.hear(ROUTER_51, 50);
  }
  assert.ok(!since(one).includes(`claims ${ROUTER_51}`));
});

test('a resignation of that master is no invitation to be quick', () => {
  const one = offering('offer');
  one.hear(ROUTER_51, 50);
  one.hear(ROUTER_51, 0);
  since(one);
  one.pass(355);
  assert.deepEqual(since(one), []);
  one.pass(10);
  assert.ok(since(one).includes(`claims ${ROUTER_51}`));
});

test('a sync group comes back as a whole, and when all of it is silent', () => {
  const one = offering('offer', true);
  one.hear(ROUTER_51, 50);
  assert.ok(since(one).includes(`releases ${ROUTER_52}`));
  one.pass(300);
  one.hear(ROUTER_52, 50);
  one.pass(300);
  assert.ok(!since(one).includes(`claims ${ROUTER_51}`));
  one.pass(100);
  const said = since(one);
  assert.ok(said.includes(`claims ${ROUTER_51}`) && said.includes(`claims ${ROUTER_52}`));
});

test('on_stall resign means away; a policy that resigns means it too', () => {
  const one = offering('resign');
  since(one);
  one.pass(5000);
  assert.deepEqual(since(one), []);
  const two = offering('offer');
  two.hear(ROUTER_51, 50);
  two.submit([{ kind: 'resign', instance: ROUTER_51 }]);
  since(two);
  two.pass(5000);
  assert.deepEqual(since(two), []);
});

test('a standby whose policy hangs takes nothing over', () => {
  const one = alone('offer');
  one.pass(300);
  one.hear(ROUTER_51, 200);
  one.pass(350);
  assert.ok(since(one).includes('lease-lapsed'));
  one.pass(5000);
  assert.deepEqual(since(one), []);
});
