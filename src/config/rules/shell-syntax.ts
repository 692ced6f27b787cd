/**
 * No shell reads a command of the configuration. What only a shell understands is passed to the
 * program as an argument, or looked for as a program of that name, and the check says something
 * else than its author thinks.
 */
import type { Built } from '../build';
import { isShell } from '../check-script';
import { type Diagnostic, warning } from '../diagnostic';
import type { Host } from '../host';
import { commandsOf, type PlacedCommand, partOf } from '../places';
import { isOperator, isShellWord } from '../shell-words';

export function shellSyntax(built: Built, host: Host): readonly Diagnostic[] {
  return commandsOf(built).flatMap((placed) => {
    const [program = '', ...args] = placed.argv;
    if (isShellWord(program) && !isThere(program, host)) return [builtin(program, placed)];
    const operator = isShell(program) ? undefined : args.find(isOperator);
    return operator === undefined ? [] : [argument(program, operator, placed)];
  });
}

/** `test` and `[` are programs too. */
const isThere = (program: string, host: Host): boolean =>
  ['program', 'unsafe'].includes(host.program(program)?.kind ?? '');

function builtin(program: string, { span, script }: PlacedCommand): Diagnostic {
  return warning(
    'shell-builtin',
    partOf(span, program),
    `'${program}' is a word of the shell, not a program`,
    {
      label: 'cannot be run',
      why:
        script === null
          ? 'no shell reads this line'
          : 'no shell reads this line; keepalived goes on without this check',
      help: "put it in a script, or write /bin/sh -c '…'",
    },
  );
}

function argument(program: string, operator: string, { span, argv }: PlacedCommand): Diagnostic {
  const what = `'${operator}' is passed to ${program} as an argument`;
  const first = argv.indexOf(operator);
  return warning('shell-syntax', partOf(span, operator), what, {
    why: `no shell reads this line: ${program} gets ${argv.length - 1} words as they stand`,
    help:
      first === argv.length - 1 && operator.includes('>')
        ? `leave it out: the output of a command goes nowhere anyway`
        : "put it in a script, or write /bin/sh -c '…'",
  });
}
