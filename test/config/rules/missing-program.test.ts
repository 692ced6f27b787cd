/** Programs that are not there or cannot be run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const track = 'track_script { chk }';
const gone = machine({
  programs: {
    '/opt/chk': { kind: 'missing' },
    '/opt/tell': { kind: 'missing' },
    killall: { kind: 'missing' },
    '/opt/plain': { kind: 'not-executable' },
    exit: { kind: 'missing' },
  },
});
const command = (words: string): string => file(track).replace('/opt/chk', words);

test('a check that is not there: where, and what becomes of it', () => {
  assert.deepEqual(places('missing-program', file(track), gone), ['warning 8:/opt/chk']);
  const [said] = findings('missing-program', file(track), gone);
  assert.match(said?.what ?? '', /no '\/opt\/chk' on this host/);
  assert.match(said?.why ?? '', /goes on without this check, as under keepalived/);
});

test('a program that PATH does not have, and the package it is in', () => {
  const [said] = findings('missing-program', command('killall -0 nginx'), gone);
  assert.match(said?.what ?? '', /'killall' in PATH/);
  assert.match(said?.help ?? '', /psmisc/);
});

test('a file that is not executable', () => {
  const [said] = findings('not-executable', command('/opt/plain'), gone);
  assert.equal(said?.help, 'chmod +x /opt/plain');
});

test('a notify command, once however often it is used', () => {
  const text = file('notify_master "/opt/tell m"\nnotify_backup "/opt/tell b"');
  assert.deepEqual(places('missing-notify', text, gone), ['warning 5:/opt/tell']);
  assert.match(findings('missing-notify', text, gone)[0]?.why ?? '', /nobody will be told/);
});

test('whatever the name, the carets find it', () => {
  const name = '/o-p.t/[c]$*^+(h){k}?|x';
  const host = machine({ programs: { [name]: { kind: 'missing' } } });
  assert.deepEqual(places('missing-program', command(`${name} -a`), host), [`warning 8:${name}`]);
});

test('nothing is said of what is there, unknown, never run, or a word of the shell', () => {
  const there = machine({ scripts: { '/opt/chk': '#!/bin/sh\n' } });
  assert.deepEqual(places('missing-program', file(track), there), []);
  assert.deepEqual(places('missing-program', file(track)), []);
  assert.deepEqual(places('missing-program', file(''), gone), []);
  assert.deepEqual(places('missing-program', command('exit 1'), gone), []);
});
