/**
 * VRID 51 is what the tutorials use, so it is what a stranger's pair on the same network uses too.
 * Two pairs with one VRID obey each other: the higher priority silences the other pair's master.
 */
import type { Built } from '../build';
import { type Diagnostic, info } from '../diagnostic';
import { instancesOf } from '../places';
import { placeOf } from '../values';

const tutorialVrid = 51;

export function tutorialVrid51(built: Built): readonly Diagnostic[] {
  return instancesOf(built)
    .filter(({ instance }) => instance.vrid === tutorialVrid && instance.peers.length === 0)
    .map(({ reading }) =>
      info('tutorial-vrid', placeOf(reading, 'virtual_router_id'), '51 is the VRID of tutorials', {
        why:
          'another pair with this VRID and password, and a higher priority, takes this router ' +
          'to BACKUP, whatever addresses it holds',
        help: 'any number 1..255 that nobody else on this network uses, the same on each router',
      }),
    );
}
