/**
 * The members of a sync group should have one priority: two routers that each win in another
 * member would both give way, and both take over again.
 */
import type { Built } from '../build';
import { type Diagnostic, warning } from '../diagnostic';

export function evenGroup(built: Built): readonly Diagnostic[] {
  return built.config.groups.flatMap((group) => {
    const members = built.config.instances.filter(({ name }) => group.members.includes(name));
    const [first, ...others] = members;
    const odd = others.find(({ priority }) => priority !== first?.priority);
    const reading = built.groups.get(group.name);
    if (first === undefined || odd === undefined || reading === undefined) return [];
    const what = `the members of sync group ${group.name} differ in priority`;
    return [
      warning('uneven-group', reading.span, what, {
        label: `${first.name} has ${first.priority}, ${odd.name} has ${odd.priority}`,
        why: 'members move together: a peer may be better in one and worse in another',
        help: 'give all members of the group the same priority',
      }),
    ];
  });
}
