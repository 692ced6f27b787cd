/**
 * The same configuration at both ends: one thing to say, not one for every line. Some of it may
 * be meant; an address that only one of the machines has is not.
 */
import type { Built } from '../build';
import { type Diagnostic, error, info } from '../diagnostic';
import type { Instance } from '../model';
import type { Span } from '../source';
import { placeOf } from '../values';
import { type End, endsOf, keywordPlace } from './ends';

const owner = 255;

/** Null: the two differ in something that an instance is made of. */
export function sameFile(own: Built, other: Built): Diagnostic | null {
  if (essence(own) !== essence(other)) return null;
  const ends = endsOf(own);
  const twins = endsOf(other);
  const at = Math.max(
    0,
    ends.findIndex(({ instance }) => faultOf(instance) !== null),
  );
  const [end, twin] = [ends[at], twins[at]];
  if (end === undefined || twin === undefined) return null;
  const fault = faultOf(end.instance);
  const place = placeIn(end);
  const related = [{ span: placeIn(twin), what: 'the same at the other end' }];
  if (fault === null) {
    return info('peer-same-file', place, 'both ends have the same configuration', {
      label: 'the same priority',
      why: 'whoever is master first stays; only two masters that meet are told apart by address',
      help: 'a higher priority at the end that should be master',
      related,
    });
  }
  return error('peer-same-file', place, 'both ends have the same configuration', {
    label: fault,
    why: 'the two do not believe each other, or do not reach each other: both are master',
    help: 'priority, unicast_src_ip and unicast_peer are what the files of two ends differ in',
    related,
  });
}

const essence = ({ config: { instances, groups, scripts } }: Built): string =>
  JSON.stringify([instances, groups, scripts]);

/** What cannot be right on two machines. */
function faultOf({ source, peers, priority }: Instance): string | null {
  if (source !== null) return `both send from ${source}`;
  if (peers.length === 1) return `both send to ${peers[0]?.address}`;
  return priority === owner ? 'both are the owner' : null;
}

function placeIn(end: End): Span {
  const { source, peers } = end.instance;
  const word = ['unicast_src_ip', 'mcast_src_ip'].find((one) => end.reading.entries.has(one));
  if (source !== null && word !== undefined) return placeOf(end.reading, word);
  if (peers.length === 1) return keywordPlace(end, 'unicast_peer');
  return placeOf(end.reading, end.reading.entries.has('priority') ? 'priority' : 'state');
}
