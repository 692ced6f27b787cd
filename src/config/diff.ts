/**
 * What a reload would do, object by object: kept, altered in place, restarted, added, removed. The
 * core decides by the same identity.ts who is whom; what an object says is compared as print.ts
 * writes it, so nothing that is printed can differ unseen.
 */
import { addedNote, alteredNotes, removedNote, restartReason } from './diff-effects';
import { type LineChange, lineChanges } from './diff-lines';
import { successions, virtualRouter } from './identity';
import type { Config } from './model';
import { printConfig } from './print';
import { type Printed, quoted } from './print-text';

/** An object as the file calls it: vrrp_instance VI_1, or global_defs alone. */
export interface Subject {
  readonly kind: string;
  /** the words behind the kind; '' for none. */
  readonly name: string;
}

export type Change =
  | { readonly kind: 'kept'; readonly subject: Subject }
  | {
      readonly kind: 'altered';
      readonly subject: Subject;
      /** the name that it had; null: the same. */
      readonly was: string | null;
      readonly lines: readonly LineChange[];
      /** what these do, where it is not plain. */
      readonly notes: readonly string[];
    }
  | {
      readonly kind: 'restarted';
      readonly subject: Subject;
      readonly lines: readonly LineChange[];
      readonly why: string;
    }
  | {
      readonly kind: 'added' | 'removed';
      readonly subject: Subject;
      /** what that does; null: nothing to say. */
      readonly note: string | null;
    };

export function diff(before: Config, after: Config): readonly Change[] {
  const heirs = heirsOf(before, after);
  const printed = printConfig(underNewNames(before, after));
  return pairUp(printed, printConfig(after), heirs).map(({ old, now }): Change => {
    if (old === null) {
      return { kind: 'added', subject: subjectOf(now), note: addedNote(subjectOf(now), after) };
    }
    const was = subjectOf(old);
    if (now === null) return { kind: 'removed', subject: was, note: removedNote(was) };
    const subject = subjectOf(now);
    const lines = lineChanges(bodyOf(old), bodyOf(now), subject.kind);
    const goesOn = heirs.get(headOf(now)) === headOf(old);
    const why = restartReason({ subject, was, lines, goesOn }, before, after);
    if (why !== null) return { kind: 'restarted', subject, lines, why };
    const isRenamed = was.name !== subject.name;
    if (!isRenamed && lines.length === 0) return { kind: 'kept', subject };
    const notes = alteredNotes({ subject, isRenamed, lines }, after);
    return { kind: 'altered', subject, was: isRenamed ? was.name : null, lines, notes };
  });
}

export const differs = (changes: readonly Change[]): boolean =>
  changes.some(({ kind }) => kind !== 'kept');

type Pair =
  | { readonly old: null; readonly now: Printed }
  | { readonly old: Printed; readonly now: Printed | null };

/** In the order of the new file; what is gone comes last. */
function pairUp(
  before: readonly Printed[],
  after: readonly Printed[],
  heirs: ReadonlyMap<string, string>,
): readonly Pair[] {
  const left = [...before];
  const found = new Map<Printed, Printed>();
  const pair = (now: Printed, head: string | undefined): void => {
    const at = left.findIndex((one) => headOf(one) === head);
    const [old] = at === -1 || found.has(now) ? [] : left.splice(at, 1);
    if (old !== undefined) found.set(now, old);
  };
  // Heirs first: somebody else may bear the name by now.
  for (const now of after) pair(now, heirs.get(headOf(now)));
  for (const now of after) pair(now, headOf(now));
  return [
    ...after.map((now): Pair => {
      const old = found.get(now);
      return old === undefined ? { old: null, now } : { old, now };
    }),
    ...left.map((old): Pair => ({ old, now: null })),
  ];
}

/** Of instances and groups, which go by what they are and not by their names: new → old. */
function heirsOf(before: Config, after: Config): ReadonlyMap<string, string> {
  const heirs = new Map<string, string>();
  const head = (kind: string, name: string): string => `${kind} ${quoted(name)}`;
  for (const [now, old] of successions(before.instances, after.instances)) {
    heirs.set(head('vrrp_instance', now.name), head('vrrp_instance', old.name));
  }
  for (const now of after.groups) {
    const members = routersOf(after, now.members);
    const old = before.groups.find((one) => routersOf(before, one.members) === members);
    if (old === undefined) continue;
    heirs.set(head('vrrp_sync_group', now.name), head('vrrp_sync_group', old.name));
  }
  return heirs;
}

/** Groups that list their members as the new file calls them: a rename is no change of theirs. */
function underNewNames(before: Config, after: Config): Config {
  const names = new Map<string, string>();
  for (const [now, old] of successions(before.instances, after.instances)) {
    names.set(old.name, now.name);
  }
  const groups = before.groups.map((group) => ({
    ...group,
    members: group.members.map((name) => names.get(name) ?? name),
  }));
  return { ...before, groups };
}

const routersOf = ({ instances }: Config, members: readonly string[]): string =>
  instances
    .filter(({ name }) => members.includes(name))
    .map(virtualRouter)
    .sort()
    .join();

/** A directive outside of all blocks is one thing, whatever it says. */
const headOf = ({ words, body }: Printed): string =>
  body === null ? (words[0] ?? '') : words.join(' ');

const bodyOf = (one: Printed): readonly Printed[] => one.body ?? [one];

function subjectOf({ words, body }: Printed): Subject {
  const [kind = '', ...rest] = words;
  const name = rest.map((word) => word.replace(/^"(.*)"$/, '$1')).join(' ');
  return { kind, name: body === null ? '' : name };
}
