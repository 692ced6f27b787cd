/**
 * A name that no interface of this host has is most often a file from another host. keepalived
 * does not start with it unless dynamic_interfaces says that it may come later.
 */
import type { Built } from '../build';
import { type Diagnostic, didYouMean, warning } from '../diagnostic';
import type { Host } from '../host';
import { firstOfEach, instancesOf } from '../places';
import type { Reading } from '../read';
import type { Span } from '../source';
import { directiveOf, linesOf, placeOf, textOf } from '../values';

interface Named {
  readonly name: string;
  readonly span: Span;
}

const namesMax = 6;

export function knownInterface(built: Built, host: Host): readonly Diagnostic[] {
  const { interfaces } = host;
  if (interfaces === null || built.config.global.dynamicInterfaces) return [];
  const made = namesMade(built);
  const unknown = namesUsed(built).filter(({ name }) => !interfaces.has(name) && !made(name));
  return firstOfEach(unknown, ({ name }) => name).map(({ name, span }) => {
    const near = didYouMean(name, interfaces.keys());
    const present = [...interfaces.keys()].slice(0, namesMax);
    return warning('unknown-interface', span, `this host has no interface '${name}'`, {
      why: 'keepalived does not start without it; holdfast waits until it is there',
      help:
        near !== null
          ? `did you mean '${near}'?`
          : `there is ${present.join(', ')}; dynamic_interfaces says that others may come`,
    });
  });
}

function namesUsed(built: Built): readonly Named[] {
  const tracked = (reading: Reading): readonly Named[] =>
    linesOf(reading, 'track_interface').map(({ keyword: { text, span } }) => ({
      name: text,
      span,
    }));
  const instances = instancesOf(built).flatMap(({ reading }) => {
    const own = textOf(reading, 'interface');
    const first = own === null ? [] : [{ name: own, span: placeOf(reading, 'interface') }];
    return [...first, ...tracked(reading), ...devicesOf(reading)];
  });
  return [...instances, ...[...built.groups.values()].flatMap(tracked)];
}

/** Behind the word `dev` of an address. */
const devicesOf = (reading: Reading): readonly Named[] =>
  ['virtual_ipaddress', 'virtual_ipaddress_excluded'].flatMap((word) =>
    linesOf(reading, word).flatMap(({ words }) => {
      const device = words[words.findIndex(({ text }) => text === 'dev') + 1];
      const isGiven = words.some(({ text }) => text === 'dev') && device !== undefined;
      return isGiven ? [{ name: device.text, span: device.span }] : [];
    }),
  );

/** Interfaces that use_vmac and use_ipvlan make, with a name of their own or vrrp.VRID. */
function namesMade(built: Built): (name: string) => boolean {
  const given = new Set<string>();
  let any = false;
  for (const { reading } of instancesOf(built)) {
    for (const word of ['use_vmac', 'use_ipvlan']) {
      const directive = directiveOf(reading, word);
      any ||= directive !== null;
      for (const { text } of directive?.words ?? []) given.add(text);
    }
  }
  return (name) => given.has(name) || (any && /^vrrp[46]?\d*\.\d+$/.test(name));
}
