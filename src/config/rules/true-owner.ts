/**
 * Priority 255 says that the addresses are the router's own (RFC 9568 §5.2.4). Where they are not,
 * it takes over at once at every start, no weight moves it and no peer can be better.
 */
import type { Built } from '../build';
import { ownerPriority } from '../build-election';
import { type Diagnostic, warning } from '../diagnostic';
import type { Host } from '../host';
import { instancesOf, interfaceOf, presentOn } from '../places';
import { isSet, placeOf } from '../values';

export function trueOwner(built: Built, host: Host): readonly Diagnostic[] {
  return instancesOf(built).flatMap((placed) => {
    const { instance, reading } = placed;
    const own = presentOn(placed, host);
    // Without the word it is state MASTER that made the owner, and that has been said.
    if (instance.priority !== ownerPriority || !isSet(reading, 'priority')) return [];
    const [first] = instance.addresses;
    if (own === null || first === undefined || own.includes(first.address)) return [];
    const { address } = first;
    return [
      warning('not-the-owner', placeOf(reading, 'priority'), '255 is for the owner', {
        label: `${address} is none of ${interfaceOf(placed) ?? 'this host'}`,
        why:
          'the owner is master at once, no weight moves it and none preempts it ' +
          '(RFC 9568 §5.2.4)',
        help: 'a priority below 255',
      }),
    ];
  });
}
