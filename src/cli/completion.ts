/**
 * Completion scripts for bash, zsh and fish, drawn from the commander tree: what can be typed is
 * what is offered. Words that name a file complete as files; choices are offered as they are.
 */
import type { Argument, Command, Option } from 'commander';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

/** What the shells need to know of one command. */
interface Offer {
  readonly name: string;
  readonly about: string;
  readonly options: readonly Flag[];
  /** of its arguments: choices, or files when there are none. */
  readonly argument: Values | null;
}

interface Flag {
  readonly long: string | null;
  readonly short: string | null;
  readonly about: string;
  /** null: it takes no value. */
  readonly value: Values | null;
}

type Values = { readonly kind: 'files' } | { readonly kind: 'any' } | Choices;
interface Choices {
  readonly kind: 'choices';
  readonly choices: readonly string[];
}

export function completion(program: Command, shell: Shell): string {
  const own = offerOf(program);
  const commands = program.commands.map(offerOf);
  switch (shell) {
    case 'bash':
      return bash(own, commands);
    case 'zsh':
      return zsh(own, commands);
    case 'fish':
      return fish(own, commands);
  }
}

function offerOf(command: Command): Offer {
  const help = command.createHelp();
  const argument = command.registeredArguments[0];
  return {
    name: command.name(),
    about: command.description(),
    options: help.visibleOptions(command).map(flagOf),
    argument: argument === undefined ? null : valuesOf(argument.name(), argument),
  };
}

function flagOf(option: Option): Flag {
  const takesValue = option.required || option.optional;
  const name = /<([^>]+)>/.exec(option.flags)?.[1] ?? '';
  return {
    long: option.long ?? null,
    short: option.short ?? null,
    about: option.description,
    value: takesValue ? valuesOf(name, option) : null,
  };
}

function valuesOf(name: string, { argChoices }: Pick<Argument | Option, 'argChoices'>): Values {
  if (argChoices !== undefined) return { kind: 'choices', choices: argChoices };
  return { kind: /file|path|old|new/.test(name) ? 'files' : 'any' };
}

const words = (flag: Flag): readonly string[] =>
  [flag.long, flag.short].filter((word) => word !== null);
const header = (shell: string): string =>
  `# ${shell} completion for holdfast; made by holdfast completion\n`;

// ---- bash

function bash(own: Offer, commands: readonly Offer[]): string {
  const cases = commands.map((one) => `    ${one.name})\n${bashCommand(one)}      ;;`).join('\n');
  const first = [...commands.map(({ name }) => name), ...own.options.flatMap(words)].join(' ');
  return `${header('bash')}_holdfast() {
  local word=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]}
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${first}' -- "$word"))
    return
  fi
  case \${COMP_WORDS[1]} in
${cases}
  esac
}
complete -o filenames -F _holdfast holdfast
`;
}

function bashCommand({ options, argument }: Offer): string {
  const valued = options.filter(({ value }) => value !== null);
  const before = valued.map(
    (flag) => `        ${words(flag).join('|')}) ${bashReply(flag.value)} return ;;\n`,
  );
  const flags = options.flatMap(words).join(' ');
  const lines = before.length === 0 ? '' : `      case $before in\n${before.join('')}      esac\n`;
  return `${lines}      case $word in
        -*) COMPREPLY=($(compgen -W '${flags}' -- "$word")) ;;
        *) ${bashReply(argument)} ;;
      esac
`;
}

function bashReply(values: Values | null): string {
  if (values === null || values.kind === 'any') return 'COMPREPLY=();';
  if (values.kind === 'files') return 'COMPREPLY=($(compgen -f -- "$word"));';
  return `COMPREPLY=($(compgen -W '${values.choices.join(' ')}' -- "$word"));`;
}

// ---- zsh

function zsh(own: Offer, commands: readonly Offer[]): string {
  const list = commands.map(({ name, about }) => `    ${zshQuote(`${name}:${about}`)}`).join('\n');
  const cases = commands.map(
    (one) => `    ${one.name})\n      _arguments -s ${zshArguments(one)}\n      ;;`,
  );
  return `#compdef holdfast
${header('zsh')}_holdfast() {
  local -a commands
  commands=(
${list}
  )
  if (( CURRENT == 2 )); then
    _describe -t commands command commands
    _arguments -s ${zshArguments({ ...own, argument: null })}
    return
  fi
  local name=\${words[2]}
  shift words
  (( CURRENT-- ))
  case $name in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _holdfast ]; then _holdfast "$@"; else compdef _holdfast holdfast; fi
`;
}

function zshArguments({ options, argument }: Offer): string {
  const specs = options.flatMap((flag) => {
    const value = flag.value === null ? '' : `:value:${zshAction(flag.value)}`;
    const about = flag.about.replace(/[[\]:]/g, ' ');
    const exclusive = `(${words(flag).join(' ')})`;
    return words(flag).map((word) => zshQuote(`${exclusive}${word}[${about}]${value}`));
  });
  if (argument !== null) specs.push(zshQuote(`*:${'argument'}:${zshAction(argument)}`));
  return specs.join(' \\\n        ');
}

function zshAction(values: Values): string {
  if (values.kind === 'choices') return `(${values.choices.join(' ')})`;
  return values.kind === 'files' ? '_files' : '';
}

const zshQuote = (text: string): string => `'${text.replace(/'/g, "'\\''")}'`;

// ---- fish

function fish(own: Offer, commands: readonly Offer[]): string {
  const lines = [
    'complete -c holdfast -f',
    ...own.options.map((flag) => fishFlag('__fish_use_subcommand', flag)),
    ...commands.flatMap((one) => [
      `complete -c holdfast -n __fish_use_subcommand -a ${one.name} -d ${fishQuote(one.about)}`,
      ...one.options.map((flag) => fishFlag(seen(one.name), flag)),
      ...fishArgument(one),
    ]),
  ];
  return `${header('fish')}${lines.join('\n')}\n`;
}

const seen = (name: string): string => `'__fish_seen_subcommand_from ${name}'`;

function fishFlag(condition: string, { long, short, about, value }: Flag): string {
  const names = [
    long === null ? '' : ` -l ${long.replace(/^--/, '')}`,
    short === null ? '' : ` -s ${short.replace(/^-/, '')}`,
  ].join('');
  return `complete -c holdfast -n ${condition}${names}${fishValue(value)} -d ${fishQuote(about)}`;
}

function fishValue(value: Values | null): string {
  if (value === null) return '';
  if (value.kind === 'files') return ' -r -F';
  return value.kind === 'any' ? ' -x' : ` -x -a ${fishQuote(value.choices.join(' '))}`;
}

function fishArgument({ name, argument }: Offer): readonly string[] {
  if (argument === null || argument.kind === 'any') return [];
  const what = argument.kind === 'files' ? '-F' : `-a ${fishQuote(argument.choices.join(' '))}`;
  return [`complete -c holdfast -n ${seen(name)} ${what}`];
}

const fishQuote = (text: string): string => `'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'")}'`;
