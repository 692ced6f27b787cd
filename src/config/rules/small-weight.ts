/**
 * A weight moves the addresses only when it is larger than the distance to the peer. The classic
 * pair 102 and 100 with weight 2 never fails over: 102 is a tie with 100 + 2, and a BACKUP takes
 * over from a lower master alone. The peer's file is not at hand here, so this is the arithmetic.
 */
import { troubleOf, whyEqualWaits } from '../arithmetic';
import type { Built } from '../build';
import { classicChecks } from '../classic-check';
import { type Diagnostic, info } from '../diagnostic';
import type { Host } from '../host';
import { instancesOf, placeOfWeight } from '../places';
import type { Span } from '../source';
import { type Effective, priorityRange } from '../weights';

/** 100 and 90: with a weight of 10 that is a tie. */
const usualDistance = 10;

export function smallWeight(built: Built, host: Host): readonly Diagnostic[] {
  const explained = classicChecks(built, host);
  const said: Span[] = [];
  return instancesOf(built).flatMap((placed) => {
    const { instance, group } = placed;
    if (!instance.preempt) return [];
    const { allWell, singles } = priorityRange(instance, group);
    return singles.flatMap(({ factor, to }) => {
      const drop = distance(allWell, to);
      if (drop === null || drop === 0 || drop > usualDistance) return [];
      if (factor.kind === 'script' && explained.get(factor.name)?.endsIn != null) return [];
      const span = placeOfWeight(built, placed, factor);
      // One weight in a vrrp_script counts for all who track it: once is enough.
      if (said.some(({ source, start }) => source === span.source && start === span.start)) {
        return [];
      }
      said.push(span);
      return [
        info('small-weight', span, `'${factor.name}' moves the priority by ${drop} only`, {
          label: `${allWell} → ${to} when ${troubleOf(factor)}`,
          why: whyEqualWaits(instance, Number(allWell), Number(to)),
          help: 'a larger weight, or weight 0: then a failure gives the addresses up at once',
        }),
      ];
    });
  });
}

const distance = (from: Effective, to: Effective): number | null =>
  from === 'fault' || to === 'fault' ? null : from - to;
