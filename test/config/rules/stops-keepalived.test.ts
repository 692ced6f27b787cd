/** Checks that stop the daemon. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine } from './rule';

const run = (script: string) =>
  findings(
    'stops-keepalived',
    file('track_script { chk }'),
    machine({ scripts: { '/opt/chk': script } }),
  );

test('in each of the usual ways', () => {
  for (const way of [
    'systemctl stop keepalived.service',
    '/etc/init.d/keepalived stop',
    'service keepalived stop',
    '/usr/bin/killall keepalived',
    'pkill -9 keepalived',
    'kill `cat /run/keepalived.pid`',
  ]) {
    const [said] = run(`#!/bin/sh\npidof mysqld || ${way}\n`);
    assert.equal(said?.at, '8:"/opt/chk"', way);
    assert.deepEqual(said?.see, [`/opt/chk:2:${way}`]);
    assert.match(said?.help ?? '', /exit 1/);
  }
});

test('looking for it, or not getting there, is fine', () => {
  assert.deepEqual(run('#!/bin/sh\nkillall -0 keepalived\n'), []);
  assert.deepEqual(run('#!/bin/sh\nexit 1\nsystemctl stop keepalived\n'), []);
  assert.deepEqual(run('#!/bin/sh\n# systemctl stop keepalived\n'), []);
});
