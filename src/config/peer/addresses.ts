/**
 * virtual_ipaddress at both ends. An advert is obeyed whatever it lists, so an address that one
 * end lacks comes and goes with the other. The order does not matter, but for the first of IPv6.
 */
import { type Diagnostic, error, warning } from '../diagnostic';
import { isLinkLocal, parseIp } from '../ip';
import { type End, keywordPlace, nameOf, type Pair, sharesAddresses } from './ends';
import { addressPlace, counted, placesOf } from './lists';

const word = 'virtual_ipaddress';
const help = 'the same virtual_ipaddress in both files';

export function addresses(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const isEmpty = ({ instance }: End): boolean => instance.addresses.length === 0;
  const countsMatter = [own, other].every(({ instance }) => instance.version === 3);
  if (countsMatter && isEmpty(own) !== isEmpty(other)) return [emptyList(pair)];
  // Nothing in common: that is said of the VRID.
  if (!sharesAddresses(own, other) && !isEmpty(own) && !isEmpty(other)) return [];
  return [...missingThere(pair), ...missingHere(pair), ...firstAddress(pair)];
}

/** Version 3: whoever has addresses drops an advert without. */
function emptyList(pair: Pair): Diagnostic {
  const { own, other } = pair;
  const here = own.instance.addresses.length;
  const whose = here === 0 ? 'this end' : 'the other end';
  const what = `${nameOf(pair)} advertises no address at ${whose}`;
  return error('peer-addresses', keywordPlace(own, word), what, {
    label: `${other.instance.addresses.length} at the other end`,
    why: 'an advert of version 3 without addresses is dropped (RFC 9568 §5.2.5): two masters',
    help,
    related: [{ span: keywordPlace(other, word), what: 'the list of the other end' }],
  });
}

/** What one end advertises and the other does not have at all. */
function surplus(from: End, end: End): readonly string[] {
  return from.instance.addresses.map(({ address }) => address).filter((one) => !end.held.has(one));
}

const why = 'adverts are obeyed whatever addresses they list, so nobody takes this one over';

function missingThere(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const missing = surplus(own, other);
  if (missing.length === 0) return [];
  const what = `${counted(missing)} of ${nameOf(pair)} is not in the list of the other end`;
  return [
    warning('peer-addresses', addressPlace(own, missing[0]), plural(what, missing), {
      label: 'gone while the other end is master',
      why: plural(why, missing),
      help,
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
  const what = `${counted(missing)} of the other end is not in the list of ${nameOf(pair)}`;
  return [
    warning('peer-addresses', keywordPlace(own, word), plural(what, missing), {
      label: 'gone while this end is master',
      why: plural(why, missing),
      help,
      related: placesOf(other, missing),
    }),
  ];
}

const plural = (text: string, of: readonly string[]): string =>
  of.length === 1 ? text : text.replace(' is not in ', ' are not in ').replace('this one', 'these');

/** RFC 9568 §5.2.9. An end whose own list begins right drops adverts that do not. */
function firstAddress(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  if (own.instance.family !== 6 || own.instance.addresses.length === 0) return [];
  const [here, there] = [beginsRight(own), beginsRight(other)];
  if (here === there || other.instance.addresses.length === 0) return [];
  const whose = here ? 'the other end' : 'this end';
  const what = `the list of ${nameOf(pair)} begins with a link-local address at one end only`;
  return [
    error('peer-first-address', firstPlace(own), what, {
      label: here ? 'not so at the other end' : 'link-local at the other end',
      why: `holdfast drops such adverts of ${whose} (RFC 9568 §5.2.9): two masters`,
      help: `a link-local address first in virtual_ipaddress of ${whose}`,
      related: [{ span: firstPlace(other), what: 'the first address of the other end' }],
    }),
  ];
}

function beginsRight({ instance }: End): boolean {
  const ip = parseIp(instance.addresses[0]?.address ?? '');
  return ip !== null && isLinkLocal(ip);
}

const firstPlace = (end: End) => addressPlace(end, end.instance.addresses[0]?.address);
