/**
 * The same address with another prefix, or on another interface, is another thing to the hosts
 * around. Names of interfaces may differ between machines; whose they are may not.
 */
import { type Diagnostic, info } from '../diagnostic';
import type { Address, Instance } from '../model';
import { nameOf, type Pair } from './ends';
import { addressPlace, counted, placesOf } from './lists';

export function addressOptions(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const there = new Map(listOf(other.instance).map((one) => [one.address, one]));
  const both = listOf(own.instance).flatMap((here) => {
    const twin = there.get(here.address);
    return twin === undefined ? [] : [{ here, twin }];
  });
  const prefixes = both.filter(({ here, twin }) => here.prefix !== twin.prefix);
  const devices = both.filter(({ here, twin }) => isElsewhere(pair, here, twin));
  const report = (
    differ: typeof both,
    code: string,
    what: string,
    of: (one: Address) => string,
  ) => {
    const names = differ.map(({ here }) => here.address);
    const [first] = differ;
    if (first === undefined) return [];
    return [
      info(code, addressPlace(own, names[0]), `${counted(names)} of ${nameOf(pair)} ${what}`, {
        label: `${of(first.here)} here, ${of(first.twin)} there`,
        related: placesOf(other, names),
      }),
    ];
  };
  return [
    ...report(prefixes, 'peer-prefix', 'with two prefixes', (one) => `/${one.prefix}`),
    ...report(devices, 'peer-device', 'on two interfaces', (one) => deviceWord(one)),
  ];
}

const listOf = (instance: Instance): readonly Address[] => [
  ...instance.addresses,
  ...instance.excluded,
];

const deviceWord = ({ device }: Address): string =>
  device === null ? 'on the interface of the instance' : `dev ${device}`;

/** `dev` of the instance's own interface says nothing new. */
function isElsewhere({ own, other }: Pair, here: Address, twin: Address): boolean {
  const ours = here.device === own.instance.interface ? null : here.device;
  const theirs = twin.device === other.instance.interface ? null : twin.device;
  if (ours === null || theirs === null) return ours !== theirs;
  // Machines that name the instance's interface alike name the others alike, too.
  return own.instance.interface === other.instance.interface && ours !== theirs;
}
