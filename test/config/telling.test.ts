/** The words of holdfast { } about telling: what counts, and what is said of the rest. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import type { Telling } from '../../src/config/model-telling';
import { render } from '../../src/config/render';
import { milliseconds, seconds } from '../../src/time';
import { accepted, file, findings } from './snippet';

const own = (...lines: readonly string[]): string => file('', `holdfast {\n${lines.join('\n')}\n}`);
const telling = (...lines: readonly string[]): Telling => accepted(own(...lines)).global.telling;

test('nothing said: every command runs, for 30 s at most, and nobody else is told', () => {
  const none = { coalesce: false, timeout: seconds(30), webhooks: [], bearer: null };
  assert.deepEqual(accepted(file('')).global.telling, none);
});

test('all that can be said', () => {
  const said = telling(
    'notify_coalesce',
    'notify_timeout 2.5',
    'notify_webhook http://127.0.0.1:8080/hook',
    'notify_webhook HTTPS://Alerts.Example.net/a?b=c',
    'webhook_bearer abc.DEF-123==',
  );
  assert.deepEqual(said, {
    coalesce: true,
    timeout: milliseconds(2500),
    webhooks: ['http://127.0.0.1:8080/hook', 'https://alerts.example.net/a?b=c'],
    bearer: 'abc.DEF-123==',
  });
});

test('what nothing could be sent to is an error', () => {
  const wrong = ['alerts.example.net', 'ftp://h/', 'http://', 'https://me:pw@h/', '/run/x'];
  for (const url of wrong) {
    assert.deepEqual(findings(own(`notify_webhook ${url}`)), ['error bad-url'], url);
  }
  const many = Array.from({ length: 17 }, (_, i) => `notify_webhook http://127.0.0.1:${i + 1}/`);
  assert.deepEqual(findings(own(...many)), ['error too-many']);
  assert.deepEqual(findings(own('notify_timeout 0')), ['error out-of-range']);
});

test('the same URL counts once', () => {
  const twice = own('notify_webhook http://h:80/x', 'notify_webhook http://h/x');
  assert.deepEqual(findings(twice), ['warning duplicate']);
  assert.deepEqual(accepted(twice).global.telling.webhooks, ['http://h/x']);
});

test('a secret that goes nowhere, or in clear, is told', () => {
  assert.deepEqual(findings(own('webhook_bearer x')), ['warning bearer-without-webhook']);
  const clear = own('webhook_bearer x', 'notify_webhook http://h.example/');
  assert.deepEqual(findings(clear), ['warning secret-in-clear']);
  for (const url of [
    'https://h.example/',
    'http://localhost/',
    'http://[::1]:8/',
    'http://127.9.9.9/',
  ]) {
    assert.deepEqual(findings(own('webhook_bearer x', `notify_webhook ${url}`)), [], url);
  }
});

test('a secret is in no finding', () => {
  for (const line of ['webhook_bearer "top secret"', 'webhook_bearer topsecret; secret']) {
    const { diagnostics } = loadConfig('t', own(line));
    assert.ok(diagnostics.length > 0, line);
    for (const one of diagnostics) {
      assert.doesNotMatch(render(one, { color: false }), /secret;|top|"secret/, line);
    }
  }
});
