/** VRID 51: told once, and only where a stranger could be heard. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, places } from './rule';

test('51 is told at the number', () => {
  const text = file('virtual_router_id 51');
  assert.deepEqual(places('tutorial-vrid', text), ['info 5:51']);
  assert.match(findings('tutorial-vrid', text)[0]?.help ?? '', /any number 1\.\.255/);
});

test('another number, and unicast, are fine', () => {
  assert.deepEqual(places('tutorial-vrid', file('virtual_router_id 52')), []);
  const unicast = file('virtual_router_id 51\nunicast_peer { 192.0.2.2 }');
  assert.deepEqual(places('tutorial-vrid', unicast), []);
});
