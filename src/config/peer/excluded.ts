/**
 * virtual_ipaddress_excluded is in no advert, so no router ever complains of a difference.
 */
import { type Diagnostic, info, warning } from '../diagnostic';
import { type End, keywordPlace, nameOf, type Pair } from './ends';
import { addressPlace, counted, placesOf } from './lists';

const word = 'virtual_ipaddress_excluded';
const why = 'these addresses are in no advert: no router notices that they differ';

export function excluded(pair: Pair): readonly Diagnostic[] {
  return [...missingThere(pair), ...missingHere(pair), ...advertisedOnce(pair)];
}

function surplus(from: End, end: End): readonly string[] {
  return from.instance.excluded.map(({ address }) => address).filter((one) => !end.held.has(one));
}

function missingThere(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const missing = surplus(own, other);
  if (missing.length === 0) return [];
  const what = `the other end of ${nameOf(pair)} does not hold ${counted(missing)}`;
  return [
    warning('peer-excluded', addressPlace(own, missing[0]), what, {
      label: 'gone while the other end is master',
      why,
      help: `the same ${word} in both files`,
      related: [
        ...placesOf(own, missing.slice(1)),
        { span: keywordPlace(other, word), what: 'the list of the other end' },
      ],
    }),
  ];
}

function missingHere(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const missing = surplus(other, own);
  if (missing.length === 0) return [];
  const what = `${nameOf(pair)} does not hold ${counted(missing)} of the other end`;
  return [
    warning('peer-excluded', keywordPlace(own, word), what, {
      label: 'gone while this end is master',
      why,
      help: `the same ${word} in both files`,
      related: placesOf(other, missing),
    }),
  ];
}

/** Held by both, advertised by one. */
function advertisedOnce(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const both = [...crossed(own, other), ...crossed(other, own)];
  if (both.length === 0) return [];
  const what = `only one end of ${nameOf(pair)} advertises ${counted(both)}`;
  return [
    info('peer-advertised', addressPlace(own, both[0]), what, {
      label: 'both ends hold it',
      why: 'keepalived complains of each advert whose list is not its own, and obeys it',
      help: `in ${word} of both files, or of neither`,
      related: placesOf(other, both),
    }),
  ];
}

function crossed(from: End, end: End): readonly string[] {
  const held = new Set(end.instance.excluded.map(({ address }) => address));
  return from.instance.addresses.map(({ address }) => address).filter((one) => held.has(one));
}
