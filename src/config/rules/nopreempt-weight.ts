/**
 * A weight lowers the priority of a master so that a better one takes over, and nopreempt is the
 * promise not to. Together they leave the addresses where the check has failed.
 */
import type { Built } from '../build';
import { type Diagnostic, warning } from '../diagnostic';
import { instancesOf, placeOfWeight } from '../places';
import { directiveOf } from '../values';
import { factorsOf } from '../weights';

export function nopreemptWeight(built: Built): readonly Diagnostic[] {
  return instancesOf(built).flatMap((placed) => {
    const { instance, reading, group } = placed;
    const weighted = factorsOf(instance, group).filter(({ weight }) => weight !== 0);
    const nopreempt = directiveOf(reading, 'nopreempt');
    if (instance.preempt || nopreempt === null || weighted.length === 0) return [];
    const { span } = nopreempt.keyword;
    return [
      warning('nopreempt-weight', span, 'nopreempt and a weight rule each other out', {
        label: 'this router takes over from no living master',
        why:
          'a lower priority moves nothing to a router with nopreempt: it accepts adverts ' +
          'of any priority (RFC 9568 §6.4.2)',
        help: 'weight 0 (or none) makes a failure a fault, which gives the addresses up',
        related: weighted.map((factor) => ({
          span: placeOfWeight(built, placed, factor),
          what: `'${factor.name}' has weight ${factor.weight}`,
        })),
      }),
    ];
  });
}
