/**
 * npm run docs: the keyword table as docs/directives.md, a section for each block. A test holds
 * the file against the table, so it is never edited by hand.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  blockOf,
  type Context,
  type Keyword,
  keywords,
  type Status,
  type ValueType,
} from '../src/config/keywords';

const FILE = join(__dirname, '..', '..', 'docs', 'directives.md');

const STATUSES: readonly Status[] = ['active', 'accepted', 'refused'];

const HEAD = `# What may stand in the file

Written by \`npm run docs\` from the table that \`holdfast check\` reads by; do not edit.

A keyword is

- **active**: in force;
- **accepted**: read, checked and kept, and without effect so far (\`check\` notes it);
- **accepted, decisive**: the same, but without it another router could be master, or other things
  be held: \`check\` warns, and \`holdfast run\` does not start (unless \`--allow-inactive\`);
- **refused**: left out for good, with what there is instead (\`check\` warns).

A value that is wrong is told, and the default counts, as in keepalived. Times are in seconds
unless another unit is given; a boolean is one of true, on, yes, false, off, no. The reference is
keepalived's manual unless it says more: *keepalived 2.4* is a word that 2.2 does not know.
`;

/** The whole file. */
export function directives(): string {
  const contexts = [...new Set(keywords.map(({ within }) => within))];
  const blocks = contexts.map((context) => section(context));
  return `${HEAD}\n${overview(contexts)}\n${blocks.join('\n')}`;
}

function overview(contexts: readonly Context[]): string {
  const count = (rows: readonly Keyword[]): readonly number[] => [
    rows.length,
    ...STATUSES.map((status) => rows.filter((row) => row.status === status).length),
    rows.filter((row) => row.decisive).length,
  ];
  const lines = contexts.map((context) => [
    `[${titleOf(context)}](#${titleOf(context).replaceAll(' ', '-')})`,
    ...count(keywords.filter(({ within }) => within === context)),
  ]);
  return table(
    ['block', 'keywords', ...STATUSES, 'decisive'],
    [...lines, ['**all**', ...count(keywords)]],
  );
}

const titleOf = (context: Context): string => (context === 'root' ? 'top level' : context);

function section(context: Context): string {
  const rows = keywords.filter(({ within }) => within === context);
  const opener = blockOf(context);
  const intro = opener === null ? '' : `\n\`${context}\` ${opener.about}.\n`;
  const body = table(
    ['keyword', 'takes', 'default', 'status', 'what it does', 'reference'],
    rows.map((row) => [
      `\`${row.word}\``,
      takes(row.value),
      row.default ?? '',
      row.decisive ? `${row.status}, decisive` : row.status,
      aboutOf(row),
      row.reference,
    ]),
  );
  return `## ${titleOf(context)}\n${intro}\n${body}`;
}

function aboutOf(row: Keyword): string {
  const parts = [row.about];
  if (row.old !== null) parts.push(`now written ${row.old}`);
  else if (row.means !== null) parts.push(`the same as ${row.means}`);
  if (row.repeated === 'first') parts.push('of two the first counts');
  if (row.instead !== null) parts.push(`instead: ${row.instead}`);
  return parts.join('; ');
}

/** How its values are written. */
function takes(type: ValueType): string {
  switch (type.kind) {
    case 'flag':
      return 'nothing';
    case 'boolean':
      return '[boolean]';
    case 'integer':
      return `${type.min}..${type.max}${type.unit === undefined ? '' : ` ${type.unit}`}`;
    case 'seconds':
      return `${type.min}..${type.max}${type.whole ? ', whole' : ''}`;
    case 'milliseconds':
      return `${type.min}..${type.max} ms`;
    case 'text':
      return type.noun ?? 'text';
    case 'choice':
      return type.of.join('|');
    case 'either':
      return `${type.words.join('|')}|${takes(type.or)}`;
    case 'optional':
      return `[${takes(type.of)}]`;
    case 'prefixed':
      return `[${type.word}] ${takes(type.of)}`;
    case 'address':
      return 'address';
    case 'command':
      return 'command [user [group]]';
    case 'user':
      return 'user [group]';
    case 'owned':
      return 'path [user [group]]';
    case 'integers':
      return `${takes(type.of)} …`;
    case 'umask':
      return '0..0777 or IWGRP|IWOTH …';
    case 'weight':
      return `-${type.max}..${type.max} [reverse]`;
    case 'words':
      return type.takes ?? (type.min === 0 ? '[words]' : 'words');
    case 'block':
      if (type.named === 'maybe') return '[name] { … }';
      return type.named ? 'name { … }' : '{ … }';
    case 'section':
      return type.max === 1 ? 'name { … }' : 'words { … }';
    case 'lines':
      return `{ ${type.takes ?? 'one entry'} per line }`;
    case 'names':
      return '{ names }';
    default: {
      const never: never = type;
      return never;
    }
  }
}

type Cell = string | number;

function table(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const line = (cells: readonly Cell[]): string =>
    `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |\n`;
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

if (require.main === module) writeFileSync(FILE, directives());
