/**
 * What a difference does at a reload, in words: why an object starts anew, what happens to one that
 * comes or goes, and which lines count only later.
 */
import type { Subject } from './diff';
import type { LineChange } from './diff-lines';
import { type Context, lookup } from './keywords';
import type { Config, Instance } from './model';

/** Two objects that were paired. */
interface Paired {
  readonly subject: Subject;
  readonly was: Subject;
  readonly lines: readonly LineChange[];
  /** an instance or a group that is what it was. */
  readonly goesOn: boolean;
}

/** Null: it is altered in place, or not at all. */
export function restartReason(paired: Paired, before: Config, after: Config): string | null {
  const { subject, was, lines, goesOn } = paired;
  switch (subject.kind) {
    case 'vrrp_instance': {
      const [old, now] = [instanceOf(before, was), instanceOf(after, subject)];
      return goesOn || old === null || now === null ? null : anotherRouter(old, now);
    }
    case 'vrrp_script':
      return lines.some(isOf('script')) ? 'another command: no verdict until it has run' : null;
    default:
      return null;
  }
}

const instanceOf = ({ instances }: Config, { name }: Subject): Instance | null =>
  instances.find((one) => one.name === name) ?? null;

function anotherRouter(old: Instance, now: Instance): string {
  const parts: readonly (readonly [string, string | number, string | number])[] = [
    ['interface', old.interface ?? 'none', now.interface ?? 'none'],
    ['IP version', old.family, now.family],
    ['virtual_router_id', old.vrid, now.vrid],
  ];
  const changed = parts.flatMap(([word, from, to]) =>
    from === to ? [] : [`${word} ${from} → ${to}`],
  );
  const what = changed.length === 0 ? 'another instance is what it was' : changed.join(', ');
  return `another virtual router (${what}): the old one resigns, the new one listens first`;
}

export function addedNote({ kind, name }: Subject, { instances }: Config): string | null {
  switch (kind) {
    case 'vrrp_instance': {
      const isOwner = instances.some((one) => one.name === name && one.priority === 255);
      return isOwner ? 'begins as master: it owns the addresses' : 'begins as backup, and listens';
    }
    case 'vrrp_sync_group':
      return 'its members go on as they are, and as one when they agree';
    case 'vrrp_script':
      return 'runs at once';
    case 'nginx':
      return 'is looked at at once, and started if it does not run';
    default:
      return null;
  }
}

export function removedNote({ kind }: Subject): string | null {
  switch (kind) {
    case 'vrrp_instance':
      return 'resigns if it is master, and lets go of its addresses';
    case 'vrrp_sync_group':
      return 'its members go on as they are, each alone';
    case 'vrrp_script':
      return 'is not run any more';
    case 'nginx':
      return 'is not watched any more, and goes on as it is';
    default:
      return null;
  }
}

/** Words that are in force already, of which a reload changes nothing. */
const atStart: ReadonlySet<string> = new Set([
  'holdfast realtime',
  'global_defs vrrp_startup_delay',
]);

interface Altered {
  readonly subject: Subject;
  readonly isRenamed: boolean;
  readonly lines: readonly LineChange[];
}

export function alteredNotes(
  { subject, isRenamed, lines }: Altered,
  after: Config,
): readonly string[] {
  const words = new Set(lines.map(keywordOf));
  const named = (wanted: (word: string) => boolean): string => [...words].filter(wanted).join(', ');
  const later = named((word) => atStart.has(`${subject.kind} ${word}`));
  const idle = named((word) => isIdle(subject.kind, word));
  return [
    ...(isRenamed && lines.length === 0 ? ['nothing but the name: nobody else will notice'] : []),
    ...groupNotes(subject, lines, after),
    ...(later === '' ? [] : [`at the next start: ${later}`]),
    ...(idle === '' ? [] : [`not carried out yet: ${idle}`]),
  ];
}

function groupNotes(
  { kind }: Subject,
  lines: readonly LineChange[],
  { instances }: Config,
): readonly string[] {
  if (kind !== 'vrrp_sync_group') return [];
  const members = lines.filter(({ within }) => within[0] === 'group');
  return members.flatMap(({ before, after }) => {
    if (before === null) return [`${after} comes in, and is master with the others once it may be`];
    const isLeft = after === null && instances.some(({ name }) => name === before);
    return isLeft ? [`${before} goes on as it is, without the group`] : [];
  });
}

/** Read and kept, but so far without effect. */
function isIdle(kind: string, word: string): boolean {
  const whole = lookup('root', kind);
  const row = lookup(kind as Context, word);
  return whole?.status === 'accepted' || row?.status === 'accepted';
}

/** The keyword of the object's own in which a line stands. */
const keywordOf = ({ within, before, after }: LineChange): string =>
  (within[0] ?? after ?? before ?? '').split(' ')[0] ?? '';

const isOf =
  (keyword: string) =>
  (line: LineChange): boolean =>
    line.within.length === 0 && keywordOf(line) === keyword;
