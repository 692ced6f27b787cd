/** Mail that nobody gets, and a password that others can read. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const email = 'notification_email {\na@example.org\n}\n';
const server = 'smtp_server 192.0.2.25\n';
const login = 'smtp_user me\nsmtp_password_file /etc/secret';

const full = (alert: string, global: string, own = ''): string =>
  `${file(alert, { global: `\n${global}` })}holdfast {\n${own}\n}\n`;

test('an alert that nobody gets is told where it is asked for', () => {
  assert.deepEqual(places('mail-to-nobody', full('smtp_alert', server)), ['warning 5:smtp_alert']);
  assert.deepEqual(places('mail-to-nobody', full('', `${server}smtp_alert_vrrp yes\n`)), [
    'warning 13:yes',
  ]);
  assert.deepEqual(places('mail-to-nobody', full('', `${server}smtp_alert\n`)), [
    'warning 13:smtp_alert',
  ]);
  assert.deepEqual(places('mail-to-nobody', full('smtp_alert off', server)), []);
  assert.deepEqual(places('mail-to-nobody', full('smtp_alert', server + email)), []);
});

test('mail without a server is told, and one with a wrong port is told of its port alone', () => {
  assert.deepEqual(places('mail-without-server', full('smtp_alert', email)), [
    'warning 12:notification_email',
  ]);
  assert.deepEqual(places('mail-without-server', full('smtp_alert', email + server)), []);
  const wrong = `${email}smtp_server 192.0.2.25 0\n`;
  assert.deepEqual(places('mail-without-server', full('smtp_alert', wrong)), []);
  assert.deepEqual(places('out-of-range', full('smtp_alert', wrong)), ['warning 15:0']);
});

test('recipients of nothing are a note', () => {
  assert.deepEqual(places('mail-of-nothing', full('', email + server)), [
    'info 12:notification_email',
  ]);
  assert.deepEqual(places('mail-of-nothing', full('smtp_alert', email + server)), []);
});

test('what is no address is told, and a name in front of one', () => {
  const bad = 'notification_email {\na@example.org\n"Me <me@example.org>"\n}\n';
  assert.deepEqual(places('bad-mail-address', full('smtp_alert', bad + server)), [
    'warning 14:"Me <me@example.org>"',
  ]);
  const from = (text: string): string => full('', `notification_email_from "${text}"\n`);
  assert.deepEqual(places('named-sender', from('Me <me@example.org>')), [
    'info 12:"Me <me@example.org>"',
  ]);
  assert.deepEqual(places('bad-mail-address', from('me at home')), ['warning 12:"me at home"']);
  assert.deepEqual(places('named-sender', from('me@example.org')), []);
});

test('a password that can be read on its way is told, unless it goes nowhere', () => {
  const told = (own: string, to = server): readonly string[] =>
    places('password-in-clear', full('smtp_alert', email + to, own));
  assert.deepEqual(told(`${login}\nsmtp_tls off`), ['warning 20:off']);
  assert.deepEqual(told(`${login}\nsmtp_tls starttls`), ['warning 20:starttls']);
  for (const tls of ['require', 'implicit'])
    assert.deepEqual(told(`${login}\nsmtp_tls ${tls}`), []);
  assert.deepEqual(told(login), [], 'a login asks for encryption by itself');
  assert.deepEqual(told(`${login}\nsmtp_tls off`, 'smtp_server 127.0.0.1\n'), []);
});

test('a password file that everybody may read, or that is not there, is told', () => {
  const text = full('smtp_alert', email + server, login);
  const said = (readers: 'missing' | 'everybody' | 'some') => {
    const host = machine({ readers: { '/etc/secret': readers } });
    return [...places('open-password', text, host), ...places('missing-file', text, host)];
  };
  assert.deepEqual(said('everybody'), ['warning 19:/etc/secret']);
  assert.deepEqual(said('missing'), ['warning 19:/etc/secret']);
  assert.deepEqual(said('some'), []);
  assert.deepEqual(places('open-password', text), []);
});

test('a password in the configuration is a note that does not repeat it', () => {
  const text = full('smtp_alert', email + server, 'smtp_user me\nsmtp_password geheim');
  const [note] = findings('password-in-file', text);
  assert.equal(note?.severity, 'info');
  assert.ok(!JSON.stringify(note).includes('geheim'));
});

test('certificates that nobody looks at are told, and a file of them that is not there', () => {
  const text = (tls: string): string =>
    full('smtp_alert', email + server, `smtp_tls ${tls}\nsmtp_tls_ca /etc/ca`);
  assert.deepEqual(places('unused-ca', text('starttls')), ['warning 19:/etc/ca']);
  assert.deepEqual(places('unused-ca', text('require')), []);
  const host = machine({ readers: { '/etc/ca': 'missing' } });
  assert.deepEqual(places('missing-file', text('require'), host), ['warning 19:/etc/ca']);
});

test('half a login, and two passwords, are told', () => {
  const said = (own: string): readonly string[] => {
    const text = full('smtp_alert', email + server, own);
    return [...places('half-login', text), ...places('two-passwords', text)];
  };
  assert.deepEqual(said('smtp_user me'), ['warning 18:smtp_user']);
  assert.deepEqual(said('smtp_password x'), ['warning 18:smtp_password']);
  assert.deepEqual(said('smtp_user me\nsmtp_password x\nsmtp_password_file /x'), [
    'warning 19:smtp_password',
  ]);
  assert.deepEqual(said(login), []);
});
