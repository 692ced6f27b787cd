/**
 * Priority 255 is for the one router whose own address it is (RFC 9568 §6.4.1): it asks nobody.
 */
import { type Diagnostic, error } from '../diagnostic';
import { placeOf } from '../values';
import { nameOf, type Pair } from './ends';

const owner = 255;

export function owners(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  if (own.instance.priority !== owner || other.instance.priority !== owner) return [];
  const what = `${nameOf(pair)} has priority ${owner} at both ends`;
  const place = ({ reading }: Pair['own']) =>
    placeOf(reading, reading.entries.has('priority') ? 'priority' : 'state');
  return [
    error('peer-owners', place(own), what, {
      label: 'the other end is an owner as well',
      why: 'an owner is master as soon as it starts, whoever else is (RFC 9568 §6.4.1)',
      help: 'a priority below 255 at one end at least; state MASTER without priority means 255',
      related: [{ span: place(other), what: 'priority 255 here, too' }],
    }),
  ];
}
