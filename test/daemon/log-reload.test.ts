/** What the log says of a reload: states that did not change are not entered again. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Config, Instance } from '../../src/config/model';
import {
  advertOf,
  advertReceived,
  config,
  configured,
  instance,
  ROUTER_51,
  ROUTER_52,
  syncGroup,
  tookOver,
} from '../core/fixture';
import { begun, texts } from './journal';

const A = instance('A');
const B = instance('B', { vrid: 52 });

const lone = (...instances: readonly Instance[]): Config => config({ instances });
const group = (...instances: readonly Instance[]): Config =>
  config({ instances, groups: [syncGroup('G', ['A', 'B'].slice(0, instances.length))] });

test('another name: no state is entered, and later lines carry the new name', () => {
  const one = begun(lone(A));
  one.tell((t) => tookOver(t, [ROUTER_51], 1_000_000));
  assert.deepEqual(texts(one.tell((t) => configured(t, lone({ ...A, name: 'other' })))), []);
  assert.deepEqual(texts(one.tell((t) => advertReceived(t, ROUTER_51, advertOf(50)))), [
    '(other) Received advert from 192.0.2.2 with lower priority 50, ours 100, forcing new election',
  ]);
});

test('another name and another priority: the change is that of the new name', () => {
  const one = begun(lone(A));
  const changed = lone({ ...A, name: 'other', priority: 120 });
  assert.deepEqual(texts(one.tell((t) => configured(t, changed))), [
    '(other) Changing effective priority from 100 to 120',
  ]);
});

test('a new member of a group that is master: only it enters states', () => {
  const one = begun(group(A));
  one.tell((t) => tookOver(t, [ROUTER_51], 1_000_000));
  assert.deepEqual(texts(one.tell((t) => configured(t, group(A, B)))), [
    '(B) Entering BACKUP STATE (init)',
  ]);
  assert.deepEqual(texts(one.tell((t) => tookOver(t, [ROUTER_52], 2_000_000))), [
    '(B) Receive advertisement timeout',
    'VRRP_Group(G) Syncing instances to MASTER state',
    '(B) Entering MASTER STATE',
  ]);
});

test('a group that falls apart says nothing', () => {
  const one = begun(group(A, B));
  one.tell((t) => tookOver(t, [ROUTER_51, ROUTER_52], 1_000_000));
  assert.deepEqual(texts(one.tell((t) => configured(t, lone(A, B)))), []);
});
