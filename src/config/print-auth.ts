/**
 * What signs an instance's adverts: a password, or the keys of auth_hmac.
 */
import { type Duration, seconds, toSeconds } from '../time';
import type { Authentication, Hmac, HmacKey } from './model';
import { block, line, type Printed, unless } from './print-text';

/** `interval`: the instance's, which the window of auth_hmac follows unless it is set. */
export function printAuthentication(
  authentication: Authentication,
  interval: Duration,
): readonly Printed[] {
  switch (authentication.kind) {
    case 'none':
      return [];
    case 'pass':
    case 'header':
      return block(
        ['authentication'],
        [
          ...line('auth_type', authentication.kind === 'pass' ? 'PASS' : 'AH'),
          ...line('auth_pass', authentication.password),
        ],
      );
    case 'hmac':
      return printHmac(authentication, interval);
  }
}

const printHmac = (hmac: Hmac, interval: Duration): readonly Printed[] =>
  block(
    ['auth_hmac'],
    [
      ...hmac.keys.flatMap(printKey),
      ...line('active_key', hmac.active),
      ...line('anti_replay', hmac.replay),
      ...line('time_window', unless(toSeconds(hmac.window), toSeconds(usualWindow(interval)))),
      ...line('mode', hmac.mode),
    ],
  );

const usualWindow = (interval: Duration): Duration =>
  Math.max(3 * interval, seconds(5)) as Duration;

function printKey({ id, secret }: HmacKey): readonly Printed[] {
  switch (secret.kind) {
    case 'file':
      return line('key', id, `file:${secret.path}`);
    case 'octets':
      return line('key', id, `hex:${Buffer.from(secret.octets).toString('hex')}`);
  }
}
