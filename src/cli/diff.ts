/**
 * holdfast diff OLD NEW: what a reload from one file to the other would do, object by object.
 * Returns the exit code: 0 nothing, 1 something, 2 a file has errors or cannot be read.
 */
import { type Change, differs, diff as diffOf } from '../config/diff';
import type { LineChange } from '../config/diff-lines';
import { locate } from '../config/source';
import { type LoadedFile, loadFile, type ReadOptions } from './load-file';
import { configOf } from './print';

export interface DiffOptions extends ReadOptions {
  readonly color?: boolean;
}

const EXIT = { same: 0, different: 1, failed: 2 } as const;

export function diff(before: string, after: string, options: DiffOptions = {}): number {
  const color = options.color ?? false;
  const files = [loadFile(before, options), loadFile(after, options)] as const;
  // Both are read before either is given up: all errors come at once.
  const [old, now] = files.map((file) => configOf(file, color));
  if (old == null || now == null) return EXIT.failed;
  const changes = diffOf(old, now);
  for (const change of changes) process.stdout.write(`${textOf(change)}\n`);
  process.stdout.write(`${summary(changes)}\n`);
  reportRefusal(files[1]);
  return differs(changes) ? EXIT.different : EXIT.same;
}

const textOf = (change: Change): string =>
  [headline(change), ...detailsOf(change).map((detail) => `    ${detail}`)].join('\n');

/** 'vrrp_instance VI_1: altered in place' */
export function headline(change: Change): string {
  const { kind, name } = change.subject;
  return `${name === '' ? kind : `${kind} ${name}`}: ${verdictOf(change)}`;
}

function verdictOf(change: Change): string {
  switch (change.kind) {
    case 'kept':
      return 'kept';
    case 'altered':
      return `altered in place${change.was === null ? '' : `, renamed from ${change.was}`}`;
    case 'restarted':
      return `restarted: ${change.why}`;
    case 'added':
    case 'removed':
      return change.note === null ? change.kind : `${change.kind}: ${change.note}`;
  }
}

/** What differs, line by line. */
export function detailsOf(change: Change): readonly string[] {
  switch (change.kind) {
    case 'altered':
      return [...change.lines.map(lineText), ...change.notes.map((note) => `(${note})`)];
    case 'restarted':
      return change.lines.map(lineText);
    default:
      return [];
  }
}

/** 'priority 100 → 150', 'virtual_ipaddress: + 192.0.2.12/24' */
function lineText({ within, before, after }: LineChange): string {
  const place = within.map((block) => `${block}: `).join('');
  if (before === null) return `${place}+ ${after}`;
  if (after === null) return `${place}- ${before}`;
  const [keyword, ...words] = before.split(' ');
  const [same, ...others] = after.split(' ');
  const isOne = keyword === same && words.length > 0 && others.length > 0;
  return isOne
    ? `${place}${keyword} ${words.join(' ')} → ${others.join(' ')}`
    : `${place}${before} → ${after}`;
}

const verdicts: readonly (readonly [Change['kind'], string])[] = [
  ['kept', 'kept'],
  ['altered', 'altered in place'],
  ['restarted', 'restarted'],
  ['added', 'added'],
  ['removed', 'removed'],
];

function summary(changes: readonly Change[]): string {
  const counts = verdicts.flatMap(([kind, word]) => {
    const count = changes.filter((one) => one.kind === kind).length;
    return count === 0 ? [] : [`${count} ${word}`];
  });
  return differs(changes) ? counts.join(', ') : 'no difference';
}

/** What `holdfast run` would say at the reload. */
function reportRefusal(file: LoadedFile): void {
  if (file.kind === 'unreadable' || file.loaded.inactive.length === 0) return;
  const places = file.loaded.inactive.map(
    ({ what, span }) => `${what} (line ${locate(span).line})`,
  );
  process.stderr.write(
    `${file.name}: a reload would keep the old file: not carried out yet: ${places.join(', ')}\n`,
  );
}
