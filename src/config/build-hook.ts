/**
 * The commands of virtual servers and their checks: `command [user [[:]group]]`. A command that
 * cannot be run is left out with a warning, as keepalived goes on without it.
 */
import { splitCommand, splitFields } from './command-line';
import { type Report, warning } from './diagnostic';
import type { Hook, User } from './model';
import type { Directive } from './parser';
import type { Reading } from './read';
import { directiveOf, rawText } from './values';

export function buildHook(
  reading: Reading,
  word: string,
  scriptUser: User | null,
  report: Report,
): Hook | null {
  const directive = directiveOf(reading, word);
  if (directive === null) return null;
  const command = readCommandLine(directive, report);
  if (command === null) return null;
  const [user, group] = command.rest;
  return { argv: command.argv, user: user === undefined ? scriptUser : userFrom(user, group) };
}

/** keepalived 2.4 lets a colon stand before the group. */
export const userFrom = (user: string, group: string | undefined): User => ({
  user,
  group: group === undefined ? null : group.replace(/^:/, ''),
});

export interface CommandLine {
  readonly argv: readonly string[];
  /** the fields after the command. */
  readonly rest: readonly string[];
}

export function readCommandLine(directive: Directive, report: Report): CommandLine | null {
  const text = rawText(directive);
  if (text === null) return null;
  const [command = '', ...rest] = splitFields(text) ?? [];
  const argv = splitCommand(command) ?? [];
  if (argv[0] !== undefined && argv[0] !== '') return { argv, rest };
  const place = directive.words[0]?.span ?? directive.keyword.span;
  report(
    warning('bad-command', place, `${directive.keyword.text} is not a command that can be run`, {
      label: 'left out',
      why: splitFields(text) === null ? 'a quote does not match' : 'there is no program in it',
    }),
  );
  return null;
}
