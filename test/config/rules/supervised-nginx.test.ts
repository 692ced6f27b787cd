/** What an `nginx { }` says of a host: its program, its pid file, the address that is asked. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const text = (body: string, addresses = '192.0.2.100'): string =>
  `${file('priority 100', { addresses })}nginx {\n${body}\n}\n`;
const installed = { '/usr/sbin/nginx': { kind: 'program', text: null } } as const;
const host = (files: Readonly<Record<string, string>> = {}) =>
  machine({ programs: installed, files });

test('a program that is not there', () => {
  const nowhere = machine({ programs: { '/usr/sbin/nginx': { kind: 'missing' } } });
  assert.deepEqual(places('missing-nginx', text(''), nowhere), ['warning 12:nginx']);
  assert.deepEqual(places('missing-nginx', text(''), host()), []);
});

test('a pid file that is not the one of its configuration', () => {
  const files = {
    '/etc/nginx/nginx.conf': 'user www;\n#pid /x;\npid /run/www/nginx.pid; # here\n',
  };
  const [said] = findings('other-pid-file', text(''), host(files));
  assert.deepEqual([said?.severity, said?.help], ['warning', 'pid_file /run/www/nginx.pid']);
  const given = text('pid_file /var/run/www/nginx.pid');
  assert.deepEqual(places('other-pid-file', given, host(files)), []);
  const own = text('config /opt/a.conf\npid_file /run/a.pid');
  const wrong = host({ ...files, '/opt/a.conf': 'pid "/run/b.pid";' });
  assert.deepEqual(places('other-pid-file', own, wrong), ['warning 14:/run/a.pid']);
  assert.deepEqual(places('other-pid-file', own, host({ '/opt/a.conf': 'pid logs/a;' })), []);
});

test('asking through an address that nobody has', () => {
  const asks = 'probe { through_vip on }';
  assert.deepEqual(places('no-vip-to-probe', text(asks), host()), []);
  const none = text(asks).replace(/virtual_ipaddress .*/, 'no_virtual_ipaddress');
  assert.deepEqual(places('no-vip-to-probe', none, host()).length, 1);
});

test('a copied check is told that the block is there already', () => {
  const script = '#!/bin/sh\npidof nginx || systemctl restart nginx\n';
  const other = machine({ programs: installed, scripts: { '/opt/chk': script } });
  const tracked = `${file('track_script { chk }')}`;
  const proposed = findings('classic-nginx-check', tracked, other)[0]?.help ?? '';
  assert.match(proposed, /^ {4}systemd_unit nginx$/m);
  assert.match(proposed, /^ {4}probe \{$/m);
  const both = findings('classic-nginx-check', `${tracked}nginx { }\n`, other)[0]?.help ?? '';
  assert.match(both, /does all of this already/);
});
