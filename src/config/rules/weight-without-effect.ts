/**
 * The effective priority ends at 1 and 254. A weight that only moves the sum beyond an end moves
 * nothing: the check may fail, and nobody learns of it.
 */
import type { Built } from '../build';
import { type Diagnostic, warning } from '../diagnostic';
import { instancesOf, placeOfWeight } from '../places';
import { priorityRange } from '../weights';

export function weightWithoutEffect(built: Built): readonly Diagnostic[] {
  return instancesOf(built).flatMap((placed) => {
    const { instance, group } = placed;
    const { allWell, singles } = priorityRange(instance, group);
    const idle = instance.priority === 255 ? [] : singles.filter(({ to }) => to === allWell);
    return idle.map(({ factor }) => {
      const span = placeOfWeight(built, placed, factor);
      const what = `'${factor.name}' cannot change the priority of ${instance.name}`;
      const end = allWell === 254 ? 'above 254' : 'below 1';
      return warning('weight-without-effect', span, what, {
        label: `${allWell} with it and ${allWell} without`,
        why: `all weights together leave the sum ${end}, where the effective priority ends`,
        help: 'smaller weights, or another priority, leave room for the difference',
      });
    });
  });
}
