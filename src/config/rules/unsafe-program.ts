/**
 * With enable_script_security keepalived does not run as root what others than root can change.
 * A check that it disables is a check that nobody misses until it would have been needed.
 */
import type { Built } from '../build';
import { type Diagnostic, warning } from '../diagnostic';
import type { Host } from '../host';
import { commandsOf, firstOfEach, type PlacedCommand, partOf } from '../places';

export function unsafeProgram(built: Built, host: Host): readonly Diagnostic[] {
  const { scriptSecurity, scriptUser } = built.config.global;
  if (!scriptSecurity) return [];
  const asRoot = ({ user }: PlacedCommand): boolean =>
    ['root', '0'].includes((user ?? scriptUser)?.user ?? 'root');
  const commands = commandsOf(built).filter(asRoot);
  return firstOfEach(commands, ({ argv }) => argv[0] ?? '').flatMap(({ argv, span, script }) => {
    const name = argv[0] ?? '';
    const found = host.program(name);
    if (found?.kind !== 'unsafe') return [];
    const { component } = found;
    return [
      warning('unsafe-program', partOf(span, name), `others than root can change '${component}'`, {
        why:
          'with enable_script_security keepalived does not run it as root' +
          (script === null ? '' : ', and goes on without this check'),
        help: `chown root: ${component}; chmod go-w ${component}`,
      }),
    ];
  });
}
