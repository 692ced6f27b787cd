/**
 * vrrp_sync_group: members that exist, each in one group, and what it tracks for all of them.
 */
import { ownerPriority } from './build-election';
import type { Defaults } from './build-global';
import { buildNotify } from './build-notify';
import { buildTracks, type Trackable } from './build-track';
import { type Report, warning } from './diagnostic';
import type { Instance, SyncGroup } from './model';
import type { Word } from './parser';
import type { Reading } from './read';
import { settleGroup } from './settle-tracks';
import { booleanOf, directiveOf, isSet, namesOf } from './values';

export interface Members {
  /** names of the instances that exist, even of those that could not be built. */
  readonly names: ReadonlySet<string>;
  readonly instances: readonly Instance[];
  readonly trackable: Trackable;
  readonly defaults: Defaults;
  /** instance → where another group took it; filled as groups are built. */
  readonly taken: Map<string, Word>;
}

export function buildGroup(
  name: string,
  reading: Reading,
  among: Members,
  report: Report,
): SyncGroup | null {
  const members = buildMembers(reading, among, report);
  const span = directiveOf(reading, 'group')?.keyword.span ?? reading.span;
  if (members.length === 0) {
    report(
      warning('empty-group', span, `vrrp_sync_group ${name} has no members`, {
        label: 'left out',
        help: 'group { VI_1 VI_2 }',
      }),
    );
    return null;
  }
  if (members.length === 1) {
    report(
      warning('group-of-one', span, `vrrp_sync_group ${name} has one member`, {
        label: 'nothing to keep together',
      }),
    );
  }
  const owner = among.instances.find(
    (one) => one.priority === ownerPriority && members.includes(one.name),
  );
  const tracks = buildTracks(reading, among.trackable, null, report);
  return {
    name,
    members,
    ...settleGroup(name, owner?.name ?? null, reading, tracks, report),
    trackingWeight: isSet(reading, 'sync_group_tracking_weight'),
    // vrrp_notify_priority_changes is what its members begin with.
    notify: buildNotify(reading, false, report),
    smtpAlert: booleanOf(reading, 'smtp_alert') ?? among.defaults.smtpAlert,
  };
}

function buildMembers(reading: Reading, among: Members, report: Report): readonly string[] {
  const members: string[] = [];
  for (const word of namesOf(reading, 'group')) {
    const before = among.taken.get(word.text);
    if (!among.names.has(word.text)) {
      report(
        warning('unknown-member', word.span, `there is no vrrp_instance '${word.text}'`, {
          label: 'ignored',
        }),
      );
    } else if (before !== undefined) {
      report(
        warning('duplicate', word.span, `'${word.text}' is in a group already`, {
          label: 'ignored',
          related: [{ span: before.span, what: 'it belongs to this one' }],
        }),
      );
    } else {
      among.taken.set(word.text, word);
      members.push(word.text);
    }
  }
  return members;
}
