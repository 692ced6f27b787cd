/**
 * What signs an instance's adverts: the password of version 2 (PASS), its IPsec header (AH), or
 * the trailer of auth_hmac. No finding here quotes a secret.
 */
import { type Duration, seconds } from '../time';
import { ownerPriority } from './build-election';
import { info, type Report, warning } from './diagnostic';
import type { Authentication, HmacKey, Version } from './model';
import type { Directive, Word } from './parser';
import { type Reading, readBlock, reportInactive, type Session } from './read';
import { directiveOf, durationOf, numberOf, placeOf, textOf } from './values';

const passwordBytesMax = 8;
const hmacWindowMin = 5;

export interface AuthFacts {
  readonly version: Version;
  readonly priority: number;
  readonly strict: boolean;
  readonly interval: Duration;
}

const none: Authentication = { kind: 'none' };

export function authenticationOf(
  reading: Reading,
  facts: AuthFacts,
  session: Session,
): Authentication {
  const legacy = directiveOf(reading, 'authentication');
  const hmac = directiveOf(reading, 'auth_hmac');
  const password =
    legacy === null ? none : passwordOf(reading, legacy, facts, session, hmac !== null);
  return hmac === null ? password : hmacOf(hmac, facts, session);
}

function passwordOf(
  reading: Reading,
  directive: Directive,
  facts: AuthFacts,
  session: Session,
  hasHmac: boolean,
): Authentication {
  const { report } = session;
  const block = readBlock(directive, 'authentication', session);
  const type = textOf(block, 'auth_type');
  const span = directive.keyword.span;
  const obstacle = hasHmac ? null : obstacleTo(facts);
  if (hasHmac || obstacle !== null) {
    report(
      warning(
        'auth-dropped',
        span,
        hasHmac ? 'auth_hmac is set' : `${obstacle} knows no authentication`,
        {
          label: 'ignored',
          why: hasHmac
            ? 'auth_hmac signs the whole advert; a password beside it adds nothing'
            : 'it went out of the protocol with RFC 3768; the password was readable on the wire',
        },
      ),
    );
    return none;
  }
  if (type === null || textOf(block, 'auth_pass') === null) {
    reportIncomplete(block, type === null ? 'auth_type' : 'auth_pass', span, report);
    return none;
  }
  const secret = { password: passwordIn(block, report) };
  if (type !== 'AH') return { kind: 'pass', ...secret };
  reportInactive("'auth_type AH'", placeOf(block, 'auth_type'), headerWhy, session);
  if (textOf(reading, 'state') === 'MASTER' && facts.priority !== ownerPriority) {
    report(
      info('ah-state', placeOf(reading, 'state'), 'state MASTER does not go with auth_type AH', {
        why: 'keepalived takes BACKUP; a start is the same either way',
      }),
    );
  }
  return { kind: 'header', ...secret };
}

const headerWhy = 'routers with and without it do not hear each other';

function obstacleTo(facts: AuthFacts): string | null {
  if (facts.strict) return 'strict mode';
  return facts.version === 3 ? 'VRRP version 3' : null;
}

function reportIncomplete(
  block: Reading,
  missing: string,
  span: Directive['keyword']['span'],
  report: Report,
): void {
  const wrong = block.attempted.has(missing);
  report(
    warning('auth-dropped', span, `authentication without ${wrong ? 'a good ' : ''}${missing}`, {
      label: 'ignored, adverts go without a password',
      help: wrong ? null : 'auth_type and auth_pass stand on lines of their own',
    }),
  );
}

/** The password is eight octets on the wire; what is longer was never compared. */
function passwordIn(block: Reading, report: Report): string {
  const password = textOf(block, 'auth_pass') ?? '';
  const octets = Buffer.from(password);
  if (octets.length <= passwordBytesMax) return password;
  const cut = octets.subarray(0, passwordBytesMax).toString();
  report(
    warning('password-cut', placeOf(block, 'auth_pass'), 'a password has at most 8 octets', {
      label: 'only the first 8 count',
    }),
  );
  return cut;
}

function hmacOf(directive: Directive, facts: AuthFacts, session: Session): Authentication {
  const { report } = session;
  const block = readBlock(directive, 'auth_hmac', session);
  const keys = keysOf(block, report);
  const active = numberOf(block, 'active_key');
  if (active === null || !keys.some(({ id }) => id === active)) {
    const place = active === null ? directive.keyword.span : placeOf(block, 'active_key');
    report(
      warning('hmac-without-key', place, `auth_hmac has no good ${nameOf(active)}`, {
        label: 'adverts would go unsigned, and unsigned ones be believed',
        why: 'keepalived turns auth_hmac off then, and goes on without',
        help: 'key 1 … and active_key 1',
      }),
    );
    return none;
  }
  return {
    kind: 'hmac',
    keys,
    active,
    replay: textOf(block, 'anti_replay') === 'monotonic' ? 'monotonic' : 'time',
    window: durationOf(block, 'time_window') ?? windowFor(facts.interval),
    mode: modeOf(block, facts.strict, report),
  };
}

const nameOf = (active: number | null): string =>
  active === null ? 'active_key' : `key ${active}, which is the active one`;

function windowFor(interval: Duration): Duration {
  return Math.max(3 * interval, seconds(hmacWindowMin)) as Duration;
}

type Mode = Extract<Authentication, { readonly kind: 'hmac' }>['mode'];

function modeOf(block: Reading, strict: boolean, report: Report): Mode {
  const mode = textOf(block, 'mode');
  if (mode !== 'permissive' && mode !== 'receive-only') return 'enforce';
  if (!strict) return mode;
  report(
    warning('strict-hmac', placeOf(block, 'mode'), `mode ${mode} does not go with strict mode`, {
      label: 'enforce counts',
      help: 'finish the migration first, then turn strict mode on',
    }),
  );
  return 'enforce';
}

function keysOf(block: Reading, report: Report): readonly HmacKey[] {
  const keys = new Map<number, HmacKey>();
  for (const { directive } of block.entries.get('key') ?? []) {
    const [id, value] = directive.words;
    if (id === undefined || value === undefined) continue;
    const number = /^\d{1,3}$/.test(id.text) ? Number(id.text) : 0;
    if (number < 1 || number > 255) {
      report(
        warning('out-of-range', id.span, 'a key has a number of 1..255', { label: 'ignored' }),
      );
      continue;
    }
    if (keys.has(number)) {
      report(
        warning('duplicate', id.span, `there is a key ${number} already`, { label: 'ignored' }),
      );
      continue;
    }
    const secret = secretOf(value, report);
    if (secret !== null) keys.set(number, { id: number, secret });
  }
  return [...keys.values()];
}

const keyBytesMin = 32;
const keyBytesMax = 64;

/** `hex:…`, `file:…`, or the octets of the word itself. */
function secretOf(word: Word, report: Report): HmacKey['secret'] | null {
  if (word.text.startsWith('file:')) return { kind: 'file', path: word.text.slice(5) };
  const hex = word.text.startsWith('hex:') ? word.text.slice(4) : null;
  if (hex !== null && !/^([0-9A-Fa-f]{2})*$/.test(hex)) {
    report(
      warning('bad-key', word.span, 'hex: takes two hexadecimal digits for each octet', {
        label: 'ignored',
        help: 'openssl rand -hex 32',
      }),
    );
    return null;
  }
  const octets = [...Buffer.from(hex ?? word.text, hex === null ? 'utf8' : 'hex')];
  if (octets.length >= keyBytesMin && octets.length <= keyBytesMax) {
    return { kind: 'octets', octets };
  }
  report(
    warning('bad-key', word.span, `a key has ${keyBytesMin} to ${keyBytesMax} octets`, {
      label: `ignored: it has ${octets.length}`,
      help: 'hex:, and what openssl rand -hex 32 prints',
    }),
  );
  return null;
}
