/**
 * A command without a slash is looked up in the PATH of whoever starts the daemon, which is not
 * the PATH of whoever tried the command out.
 */
import type { Built } from '../build';
import { type Diagnostic, info } from '../diagnostic';
import type { Host } from '../host';
import { commandsOf, firstOfEach, partOf } from '../places';

export function programByPath(built: Built, host: Host): readonly Diagnostic[] {
  const bare = commandsOf(built).filter(({ argv }) => argv[0]?.includes('/') === false);
  return firstOfEach(bare, ({ argv }) => argv[0] ?? '').flatMap(({ argv, span }) => {
    const [name = ''] = argv;
    const found = host.program(name);
    if (found?.kind !== 'program' && found?.kind !== 'unsafe') return [];
    return [
      info('program-by-path', partOf(span, name), `'${name}' is looked up in PATH`, {
        why: "what is found depends on the daemon's PATH, and keepalived warns at each start",
        help: `write the whole path, as 'command -v ${name}' prints it`,
      }),
    ];
  });
}
