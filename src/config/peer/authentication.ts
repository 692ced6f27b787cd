/**
 * Adverts of version 2 carry the kind of authentication and the password; both must be the same.
 * What is said here never holds a password.
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
  if (here.kind === 'none' || there.kind === 'none' || here.password === there.password) return [];
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
    default: {
      const never: never = kind;
      return never;
    }
  }
}

function passwordPlace(end: End): Span {
  const lines = directiveOf(end.reading, 'authentication')?.block?.body ?? [];
  const line = lines.filter(({ keyword }) => keyword.text === 'auth_pass').at(-1);
  return line?.words[0]?.span ?? keywordPlace(end, 'authentication');
}
