/**
 * A check or a notify command must be a program on this host. keepalived drops a check that it
 * cannot run and goes on without: the router stays master whatever the check would have found.
 */
import type { Built } from '../build';
import { type Diagnostic, warning } from '../diagnostic';
import type { Host } from '../host';
import { commandsOf, firstOfEach, type PlacedCommand, partOf } from '../places';
import { isShellWord } from '../shell-words';

/** Where a program comes from that minimal systems lack. */
const packages: ReadonlyMap<string, string> = new Map([
  ['killall', 'psmisc'],
  ['pidof', 'procps or sysvinit-utils'],
  ['curl', 'curl'],
  ['nc', 'netcat'],
]);

export function missingProgram(built: Built, host: Host): readonly Diagnostic[] {
  return firstOfEach(commandsOf(built), ({ argv }) => argv[0] ?? '').flatMap((placed) => {
    const name = placed.argv[0] ?? '';
    const found = host.program(name)?.kind;
    if (isShellWord(name) || /^[“”‘’]/.test(name)) return [];
    if (found === 'not-executable') {
      return [
        warning(
          'not-executable',
          partOf(placed.span, name),
          `'${name}' is not an executable file`,
          {
            label: 'cannot be run',
            why: consequence(placed),
            help: `chmod +x ${name}`,
          },
        ),
      ];
    }
    return found === 'missing' ? [missing(name, placed)] : [];
  });
}

function missing(name: string, placed: PlacedCommand): Diagnostic {
  const isPath = name.includes('/');
  const from = packages.get(name);
  return warning(
    // keepalived's own test speaks of checks alone.
    placed.script === null ? 'missing-notify' : 'missing-program',
    partOf(placed.span, name),
    isPath ? `there is no '${name}' on this host` : `there is no program '${name}' in PATH`,
    {
      label: 'cannot be run',
      why: consequence(placed),
      help: from === undefined ? null : `the package ${from} has it`,
    },
  );
}

const consequence = ({ script }: PlacedCommand): string =>
  script === null
    ? 'nobody will be told'
    : 'the router goes on without this check, as under keepalived';
