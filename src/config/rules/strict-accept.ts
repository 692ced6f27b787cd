/**
 * Strict mode without accept is RFC 9568's letter: whoever does not own the addresses answers no
 * packet sent to them. That is the classic "master, and cannot be pinged".
 */
import type { Built } from '../build';
import { ownerPriority } from '../build-election';
import { type Diagnostic, warning } from '../diagnostic';
import { instancesOf } from '../places';
import { directiveOf, isSet } from '../values';

export function strictAccept(built: Built): readonly Diagnostic[] {
  return instancesOf(built)
    .filter(({ instance }) => instance.strict && instance.priority !== ownerPriority)
    .filter(({ reading }) => !isSet(reading, 'accept') && !isSet(reading, 'no_accept'))
    .map(({ instance, reading }) => {
      const span = directiveOf(reading, 'strict_mode')?.keyword.span ?? reading.span;
      return warning('strict-accept', span, `nobody reaches the addresses of ${instance.name}`, {
        label: 'strict mode without accept',
        why:
          'keepalived drops what is sent to them, ping too (RFC 9568 §6.1, Accept_Mode); ' +
          'holdfast lets a master answer so far',
        // keepalived: strict mode of version 2 knows no accept (RFC 3768).
        help: `${instance.version === 3 ? 'accept' : 'version 3 and accept'}, or no strict mode`,
      });
    });
}
