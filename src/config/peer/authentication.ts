/**
 * Adverts carry the kind of authentication and what proves it: a password, which both ends must
 * share, or a signature, whose key the receiver must have. What is said here never holds a secret.
 */
import { type Diagnostic, error } from '../diagnostic';
import type { Authentication, Hmac, HmacKey } from '../model';
import type { Span } from '../source';
import { directiveOf } from '../values';
import { type End, keywordPlace, nameOf, type Pair } from './ends';

const why =
  'an advert with other authentication is dropped (RFC 2338 §7.1), at both ends: two masters';

export function authentication(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  if (own.instance.version !== other.instance.version) return [];
  const here = own.instance.authentication;
  const there = other.instance.authentication;
  if (here.kind !== there.kind) {
    const [word, reverse] = [wordFor(here), wordFor(there)];
    const what = `${nameOf(pair)} sends ${word} here and ${reverse} at the other end`;
    return [
      error('peer-authentication', place(own), what, {
        label: `${reverse} there`,
        why,
        help: 'the same authentication block in both files, or in neither',
        related: [{ span: place(other), what: `sends ${reverse}` }],
      }),
    ];
  }
  if (here.kind === 'none' || there.kind === 'none') return [];
  if (here.kind === 'hmac' || there.kind === 'hmac') return signatures(pair);
  if (here.password === there.password) return [];
  return [
    error('peer-password', passwordPlace(own), `${nameOf(pair)} has two passwords`, {
      label: 'the other end has another one',
      why,
      help: 'the same auth_pass in both files; its first 8 octets count',
      related: [{ span: passwordPlace(other), what: 'the password of the other end' }],
    }),
  ];
}

function wordFor({ kind }: Authentication): string {
  switch (kind) {
    case 'none':
      return 'no password';
    case 'pass':
      return 'a password';
    case 'header':
      return 'an authentication header';
    case 'hmac':
      return 'a signature';
    default: {
      const never: never = kind;
      return never;
    }
  }
}

/** The receiver looks the key up by its number; a file with one cannot be compared. */
function lacking(sender: Authentication, receiver: Authentication): string | null {
  if (sender.kind !== 'hmac' || receiver.kind !== 'hmac' || receiver.mode !== 'enforce')
    return null;
  const find = ({ keys }: Hmac): HmacKey['secret'] | undefined =>
    keys.find(({ id }) => id === sender.active)?.secret;
  const [signs, knows] = [find(sender), find(receiver)];
  if (signs === undefined || signs.kind === 'file' || knows?.kind === 'file') return null;
  if (knows === undefined) return 'missing';
  return String(signs.octets) === String(knows.octets) ? null : 'another one';
}

function signatures(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const [here, there] = [own.instance.authentication, other.instance.authentication];
  if (here.kind !== 'hmac' || there.kind !== 'hmac') return [];
  const abroad = lacking(here, there);
  const home = lacking(there, here);
  if (abroad === null && home === null) return [];
  const what =
    abroad !== null
      ? `${nameOf(pair)} signs with key ${here.active} here, which is ${abroad} at the other end`
      : `${nameOf(pair)} signs with key ${there.active} at the other end, which is ${home} here`;
  return [
    error('peer-key', place(own), what, {
      why: 'an advert with a signature that cannot be checked is dropped: two masters',
      help: 'the same keys in both files, by the same numbers',
      related: [{ span: place(other), what: 'the keys of the other end' }],
    }),
  ];
}

/** Of what is in force. */
const place = (end: End): Span =>
  keywordPlace(end, end.instance.authentication.kind === 'hmac' ? 'auth_hmac' : 'authentication');

function passwordPlace(end: End): Span {
  const lines = directiveOf(end.reading, 'authentication')?.block?.body ?? [];
  const line = lines.filter(({ keyword }) => keyword.text === 'auth_pass').at(-1);
  return line?.words[0]?.span ?? keywordPlace(end, 'authentication');
}
