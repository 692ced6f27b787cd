/**
 * The words of holdfast { } about telling: notify_coalesce, notify_timeout and the webhooks. An URL
 * that nothing could be sent to is an error: whoever waits for the news would wait for ever.
 */
import { seconds } from '../time';
import { error, type Report, warning } from './diagnostic';
import type { Telling } from './model-telling';
import type { Word } from './parser';
import type { Reading } from './read';
import { booleanOf, durationOf, placeOf, textOf } from './values';

const webhooksMax = 16;

export function buildTelling(own: Reading, report: Report): Telling {
  const webhooks = webhooksOf(own, report);
  const bearer = bearerOf(own, report);
  if (bearer !== null) reportBearer(own, webhooks, report);
  return {
    coalesce: booleanOf(own, 'notify_coalesce') ?? false,
    timeout: durationOf(own, 'notify_timeout') ?? seconds(30),
    webhooks,
    bearer,
  };
}

function webhooksOf(own: Reading, report: Report): readonly string[] {
  const found = new Map<string, Word>();
  for (const { directive } of own.entries.get('notify_webhook') ?? []) {
    const [word] = directive.words;
    if (word === undefined) continue;
    const url = urlOf(word, report);
    if (url === null) continue;
    const before = found.get(url);
    if (before !== undefined) {
      report(
        warning('duplicate', word.span, 'this URL is told already', {
          label: 'ignored',
          related: [{ span: before.span, what: 'here' }],
        }),
      );
    } else if (found.size === webhooksMax) {
      report(error('too-many', word.span, `more than ${webhooksMax} webhooks`));
    } else {
      found.set(url, word);
    }
  }
  return [...found.keys()];
}

function urlOf(word: Word, report: Report): string | null {
  const refuse = (what: string, help: string): null => {
    report(error('bad-url', word.span, what, { help }));
    return null;
  };
  const url = parse(word.text);
  if (url === null || !/^https?:$/.test(url.protocol)) {
    return refuse(
      `notify_webhook needs an http or https URL, found '${word.text}'`,
      'notify_webhook https://alerts.example.net/vrrp',
    );
  }
  if (url.username !== '' || url.password !== '') {
    return refuse(
      'an URL must not hold a user or password',
      'take them out; webhook_bearer is sent as an Authorization header',
    );
  }
  url.hash = '';
  return url.href;
}

function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

/** RFC 6750 §2.1 */
const token = /^[A-Za-z0-9\-._~+/]+=*$/;

function bearerOf(own: Reading, report: Report): string | null {
  const bearer = textOf(own, 'webhook_bearer');
  if (bearer === null || token.test(bearer)) return bearer;
  report(
    error('bad-token', placeOf(own, 'webhook_bearer'), 'this cannot be sent as a bearer token', {
      why: 'it has letters, digits and -._~+/, and may end in = (RFC 6750 §2.1)',
    }),
  );
  return null;
}

function reportBearer(own: Reading, webhooks: readonly string[], report: Report): void {
  const place = placeOf(own, 'webhook_bearer');
  if (webhooks.length === 0) {
    if (own.attempted.has('notify_webhook')) return;
    report(
      warning('bearer-without-webhook', place, 'there is no notify_webhook to send it to', {
        label: 'has no effect',
      }),
    );
    return;
  }
  const clear = webhooks.filter((url) => url.startsWith('http:') && !isLocal(url));
  const [first] = clear;
  if (first === undefined) return;
  report(
    warning('secret-in-clear', place, `webhook_bearer goes to ${new URL(first).origin} in clear`, {
      why: 'whoever sees the packets has the secret',
      help: 'use https',
    }),
  );
}

const isLocal = (url: string): boolean =>
  /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
