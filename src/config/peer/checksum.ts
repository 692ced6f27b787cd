/**
 * The checksum of version 3 over IPv4 has two forms. An end that was told to use the old one
 * accepts both; keepalived without that word accepts the new one alone.
 */
import { type Diagnostic, error, warning } from '../diagnostic';
import { keywordPlace, nameOf, type Pair } from './ends';

const word = 'v3_checksum_as_v2';

export function checksum(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const { version, family } = own.instance;
  if (version !== 3 || other.instance.version !== 3 || family !== 4) return [];
  if (own.instance.checksumAsV2 === other.instance.checksumAsV2) return [];
  const plainHere = own.instance.checksumAsV2;
  const exact = plainHere ? other : own;
  const make = exact.instance.strict ? error : warning;
  const span = keywordPlace(own, word);
  const what = `${nameOf(pair)} sends two forms of the checksum`;
  const whose = plainHere ? 'the other end' : 'this end';
  return [
    make('peer-checksum', span, what, {
      label: `${plainHere ? 'with' : 'without'} the pseudo-header there`,
      why: exact.instance.strict
        ? `${whose} is strict and drops the old form (RFC 9568 §5.2.8): two masters`
        : `keepalived at ${whose} drops the old form, and both are master; holdfast takes both`,
      help: `${word} in both files, or in neither`,
      related: [{ span: keywordPlace(other, word), what: 'the other form is sent here' }],
    }),
  ];
}
