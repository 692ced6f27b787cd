/** What is left of a configuration on a host where some of its commands cannot be run. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nowhere, type Program } from '../../src/config/host';
import { loadConfig } from '../../src/config/load';
import type { Config } from '../../src/config/model';
import { leftOut, runnable } from '../../src/config/runnable';

const text = (global: string): string => `global_defs { ${global} }
vrrp_script chk { script "/opt/chk"\n weight -5 }
vrrp_instance A { interface eth0\n virtual_router_id 7\n priority 100
 virtual_ipaddress { 192.0.2.1 }\n track_script { chk }\n notify_master /opt/tell\n}`;

const passwd = 'root:x:0:0::/root:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n';

function loaded(program: Program | null, global = '') {
  const files = { ...nowhere.files, read: () => ({ kind: 'text', text: passwd }) as const };
  const host = { ...nowhere, files, program: () => program };
  const { config } = loadConfig('t', text(global.replace(/;/g, '\n')), host);
  assert.ok(config);
  return { config, host };
}

function left(program: Program | null, global = ''): Config {
  const { config, host } = loaded(program, global);
  return runnable(config, host);
}

function said(program: Program | null, global = ''): readonly string[] {
  const { config, host } = loaded(program, global);
  return leftOut(config, host);
}
test('nor whoever reads a FIFO, nor the scripts of the start and the end', () => {
  const unsafe: Program = { kind: 'unsafe', component: '/opt', text: null };
  const words =
    'startup_script /opt/a;shutdown_script /opt/b;notify_fifo /run/f;notify_fifo_script /opt/c;';
  const hooks = ({ global }: Config): readonly boolean[] => [
    global.system.hooks.startup !== null,
    global.system.hooks.shutdown !== null,
    global.system.fifos.all?.reader !== null,
  ];
  assert.deepEqual(hooks(left(unsafe, words)), [true, true, true]);
  const secure = left(unsafe, `${words}enable_script_security;`);
  assert.deepEqual(hooks(secure), [false, false, false]);
  assert.equal(secure.global.system.fifos.all?.path, '/run/f');
});

const tracked = ({ instances, scripts }: Config): readonly unknown[] => [
  scripts.length,
  instances[0]?.trackScripts.length,
  instances[0]?.notify.master !== null,
];

test('what runs, and what nobody knows, stays', () => {
  assert.deepEqual(tracked(left({ kind: 'program', text: null })), [1, 1, true]);
  assert.deepEqual(tracked(left(null)), [1, 1, true]);
});

test('a check that cannot be run is not tracked', () => {
  assert.deepEqual(tracked(left({ kind: 'missing' })), [0, 0, true]);
  assert.deepEqual(tracked(left({ kind: 'not-executable' })), [0, 0, true]);
});

test('enable_script_security keeps root from running what others may change', () => {
  const unsafe: Program = { kind: 'unsafe', component: '/opt', text: null };
  assert.deepEqual(tracked(left(unsafe)), [1, 1, true]);
  assert.deepEqual(tracked(left(unsafe, 'enable_script_security;')), [0, 0, false]);
  const nobody = 'enable_script_security; script_user nobody;';
  assert.deepEqual(tracked(left(unsafe, nobody)), [1, 1, true]);
});

test('a user whom the host does not know cannot run anything', () => {
  const fine: Program = { kind: 'program', text: null };
  assert.deepEqual(tracked(left(fine, 'script_user nobody;')), [1, 1, true]);
  assert.deepEqual(tracked(left(fine, 'script_user nemo;')), [0, 0, true]);
});

test('what is left out is told with the reason, and the part of the path at fault', () => {
  const unsafe: Program = { kind: 'unsafe', component: '/opt', text: null };
  const why = (path: string): string =>
    `Unsafe permissions found for script '${path}': others than root can change '/opt'`;
  assert.deepEqual(said(unsafe, 'enable_script_security;'), [
    `${why('/opt/chk')} - disabling track script chk`,
    `${why('/opt/tell')} - disabling notify script of A`,
  ]);
  assert.deepEqual(said(unsafe), []);
  assert.deepEqual(said({ kind: 'missing' }), [
    'Script /opt/chk cannot be accessed - disabling track script chk',
  ]);
  assert.deepEqual(said({ kind: 'program', text: null }, 'script_user nemo;'), [
    "Script user 'nemo' does not exist - disabling track script chk",
  ]);
});
