/** Mail in the model: the words of both blocks, their defaults, and a password that nobody sees. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { detailsOf } from '../../src/cli/diff';
import { diff } from '../../src/config/diff';
import { loadConfig } from '../../src/config/load';
import type { Config } from '../../src/config/model';
import { print } from '../../src/config/print';
import { toJson } from '../../src/config/print-json';
import { render } from '../../src/config/render';
import { accepted, file } from './snippet';

const own = (lines: string, global = 'smtp_server mail.example.org'): string =>
  `${file('')}global_defs {\n${global}\n}\nholdfast {\n${lines}\n}\n`;

const mailOf = (lines: string, global?: string) => accepted(own(lines, global)).global.mail;

const login = 'smtp_user lb1\nsmtp_password geheim';

test('without a word of ours it is as keepalived has it', () => {
  const { tls, tlsAuthorities, login: who, server } = mailOf('');
  assert.deepEqual([tls, tlsAuthorities, who, server?.port], ['off', null, null, 25]);
});

test('a login asks for encryption, unless the file says otherwise', () => {
  assert.equal(mailOf(login).tls, 'require');
  assert.equal(mailOf(`${login}\nsmtp_tls off`).tls, 'off');
  assert.deepEqual(mailOf(login).login, { user: 'lb1', password: 'geheim', passwordFile: null });
  const both = mailOf(`${login}\nsmtp_password_file /etc/secret`).login;
  assert.deepEqual(both, { user: 'lb1', password: null, passwordFile: '/etc/secret' });
  assert.equal(mailOf('smtp_user lb1').login, null);
});

test('implicit TLS has a port of its own', () => {
  assert.equal(mailOf('smtp_tls implicit').server?.port, 465);
  assert.equal(mailOf('smtp_tls require').server?.port, 25);
  assert.equal(mailOf('smtp_tls implicit', 'smtp_server 192.0.2.1 26').server?.port, 26);
});

test('what smtp_tls is not is an error', () => {
  assert.equal(loadConfig('t', own('smtp_tls yes')).config, null);
});

const loaded = (text: string): Config => accepted(text);

test('it prints and reads back; without secrets the password is nowhere', () => {
  const config = loaded(own(`${login}\nsmtp_tls_ca /etc/ca.pem`));
  assert.deepEqual(loaded(print(config)).global.mail, config.global.mail);
  assert.ok(print(config).includes('geheim'));
  assert.ok(!print(config, { secrets: false }).includes('geheim'));
  assert.match(print(config, { secrets: false }), /smtp_password \*+/);
  assert.ok(!JSON.stringify(toJson(config, { secrets: false })).includes('geheim'));
});

test('no difference and no finding shows it', () => {
  const changes = diff(loaded(own(login)), loaded(own(login.replace('geheim', 'topsecret'))));
  const lines = JSON.stringify(
    changes.flatMap((change) => (change.kind === 'kept' ? [] : detailsOf(change))),
  );
  assert.match(lines, /smtp_password/);
  assert.ok(!/geheim|topsecret/.test(lines), lines);
  const wrong = own(`smtp_password geheim geheim2\nsmtp_user lb1`);
  const said = loadConfig('t', wrong)
    .diagnostics.map((one) => render(one, { color: false }))
    .join('\n');
  assert.match(said, /surplus word/);
  assert.ok(!said.includes('geheim'), said);
});
