/**
 * A file without an instance gives the daemon nothing to do.
 */
import type { Built } from '../build';
import { type Diagnostic, warning } from '../diagnostic';

export function emptyConfiguration(built: Built): readonly Diagnostic[] {
  if (built.instances.size > 0) return [];
  return [
    warning('nothing-to-do', built.whole, 'there is no vrrp_instance', {
      help: 'the daemon would run and hold no address',
    }),
  ];
}
