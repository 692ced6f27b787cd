/** Checks that sleep longer than they may run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'sleepy-script';
const run = (script: string, words: string) => {
  const host = machine({ scripts: { '/opt/chk': script } });
  return findings(code, file('track_script { chk }', { script: words }), host);
};

test('one sleep: where it ends, and why', () => {
  const [said] = run('#!/bin/sh\nif ! pidof x; then\n  sleep 3\n  exit 1\nfi\n', 'interval 2');
  assert.equal(said?.at, '8:"/opt/chk"');
  assert.equal(said?.label, 'timeout 2 s, as the interval');
  assert.deepEqual(said?.see, ['/opt/chk:3:sleep 3']);
  assert.match(said?.help ?? '', /a longer timeout/);
});

test('several on one way add up', () => {
  const [said] = run('#!/bin/bash\nsleep 1\nif x; then sleep 1; fi\n', 'interval 5\ntimeout 2');
  assert.match(said?.why ?? '', /2 s of sleep in all/);
  assert.equal(said?.label, 'timeout 2 s');
});

test('through sh FILE and sh -c', () => {
  const host = machine({ scripts: { '/x.sh': 'sleep 9\n' } });
  const text = file('track_script { chk }');
  assert.equal(places(code, text.replace('/opt/chk', '/bin/sh -e /x.sh'), host).length, 1);
  assert.equal(places(code, text.replace('/opt/chk', "/bin/sh -ec 'sleep 9; true'")).length, 1);
});

test('short sleeps, other branches, other languages and what catches signals are fine', () => {
  assert.deepEqual(run('#!/bin/sh\nsleep 1\n', 'interval 2'), []);
  assert.deepEqual(run('#!/bin/sh\nif x; then sleep 1; else sleep 1; fi\n', 'interval 2'), []);
  assert.deepEqual(run('#!/bin/sh\nsleep 9 &\n', 'interval 2'), []);
  assert.deepEqual(run('#!/bin/sh\nexit 0\nsleep 9\n', 'interval 2'), []);
  assert.deepEqual(run('#!/usr/bin/python3\nsleep 9\n', 'interval 2'), []);
  assert.deepEqual(run('#!/bin/sh\ntrap "" TERM\nsleep 9\n', 'interval 2'), []);
});
