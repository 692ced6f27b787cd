/**
 * An interface that a sync group tracks is tracked by each member: a member that tracks it too, or
 * stands on it, would count it twice.
 */
import type { Built } from '../build';
import { type Diagnostic, warning } from '../diagnostic';
import type { Instance, SyncGroup } from '../model';
import { linesOf } from '../values';

export function trackedTwice(built: Built): readonly Diagnostic[] {
  const { groups, instances } = built.config;
  return groups.flatMap((group) => {
    const reading = built.groups.get(group.name);
    if (reading === undefined) return [];
    return linesOf(reading, 'track_interface').flatMap(({ keyword: { text, span } }) =>
      instances
        .filter((instance) => watches(instance, group, text))
        .map((instance) =>
          warning('tracked-twice', span, `${instance.name} watches ${text} already`, {
            label: `once for ${instance.name}, once for ${group.name}`,
            why: instance.interface === text ? 'an instance watches its own interface' : null,
            help: 'track it in the group or in the instance',
          }),
        ),
    );
  });
}

function watches(instance: Instance, group: SyncGroup, name: string): boolean {
  if (!group.members.includes(instance.name)) return false;
  const own = instance.interface === name && instance.trackPrimary;
  return own || instance.trackInterfaces.some((track) => track.name === name);
}
