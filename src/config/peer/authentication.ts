/**
 * Adverts carry the kind of authentication and what proves it: a password, which both ends must
 * share, or a signature, whose key the receiver must have. What is said here never holds a secret.
 */
import { type Diagnostic, error } from '../diagnostic';
import type { Authentication } from '../model';
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
      error('peer-authentication', keywordPlace(own, 'authentication'), what, {
        label: `${reverse} there`,
        why,
        help: 'the same authentication block in both files, or in neither',
        related: [{ span: keywordPlace(other, 'authentication'), what: `sends ${reverse}` }],
      }),
    ];
  }
  if (here.kind === 'none' || there.kind === 'none') return [];
  if (here.kind === 'hmac' || there.kind === 'hmac') {
    return [...unknownKey(own, other), ...unknownKey(other, own)].slice(0, 1);
  }
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
function unknownKey(sender: End, receiver: End): readonly Diagnostic[] {
  const [from, to] = [sender.instance.authentication, receiver.instance.authentication];
  if (from.kind !== 'hmac' || to.kind !== 'hmac' || to.mode !== 'enforce') return [];
  const signs = from.keys.find(({ id }) => id === from.active)?.secret;
  const knows = to.keys.find(({ id }) => id === from.active)?.secret;
  if (signs === undefined || signs.kind === 'file' || knows?.kind === 'file') return [];
  if (knows !== undefined && String(signs.octets) === String(knows.octets)) return [];
  const what = `key ${from.active} signs at one end and is ${
    knows === undefined ? 'missing' : 'another one'
  } at the other`;
  return [
    error('peer-key', keywordPlace(sender, 'auth_hmac'), what, {
      why: 'an advert with a signature that cannot be checked is dropped: two masters',
      help: 'the same keys in both files, by the same numbers',
      related: [{ span: keywordPlace(receiver, 'auth_hmac'), what: 'the keys of the other end' }],
    }),
  ];
}

function passwordPlace(end: End): Span {
  const lines = directiveOf(end.reading, 'authentication')?.block?.body ?? [];
  const line = lines.filter(({ keyword }) => keyword.text === 'auth_pass').at(-1);
  return line?.words[0]?.span ?? keywordPlace(end, 'authentication');
}
