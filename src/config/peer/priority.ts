/**
 * Who is master while nothing is wrong, where the two files leave it open or where the numbers
 * behind `priority` say something else than the weights make of them.
 */
import { type Diagnostic, info } from '../diagnostic';
import { parseIp } from '../ip';
import { placeOf } from '../values';
import { nameOf, type Pair, winnersOf } from './ends';
import { sumOf } from './sums';

const owner = 255;

export function priority(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const { atRest } = winnersOf(pair);
  const span = placeOf(own.reading, 'priority');
  const related = [
    { span: placeOf(other.reading, 'priority'), what: `the other end: ${sumOf(other)}` },
  ];
  const label = `${sumOf(own)} here, ${sumOf(other)} there`;
  if (atRest === 'either') {
    if (own.instance.priority === owner) return [];
    return [
      info('peer-tie', span, `${nameOf(pair)} has the same priority at both ends`, {
        label,
        why:
          'whoever is master first stays: a BACKUP takes over from a lower master alone ' +
          `(RFC 9568 §6.4.2); only two masters that meet are told apart by address${higher(pair)}`,
        help: 'a higher priority at the end that should be master',
        related,
      }),
    ];
  }
  const base = own.instance.priority - other.instance.priority;
  if ((base < 0 && atRest === 'own') || (base > 0 && atRest === 'peer')) {
    const whose = atRest === 'own' ? 'this end' : 'the other end';
    const what = `${whose} is master of ${nameOf(pair)} in spite of the lower priority`;
    const why = 'what is tracked adds to the priority while it is well';
    return [info('peer-order', span, what, { label, why, related })];
  }
  return [];
}

/** Which of the two, where both files say from where they send. */
function higher({ own, other }: Pair): string {
  const here = own.instance.source;
  const there = other.instance.source;
  if (here === null || there === null || here === there) return '';
  return isHigher(here, there) ? `: ${here} here stays` : `: ${there} there stays`;
}

/** As numbers in network order, as keepalived and we compare senders. */
function isHigher(a: string, b: string): boolean {
  const [left, right] = [parseIp(a)?.octets ?? [], parseIp(b)?.octets ?? []];
  const at = left.findIndex((octet, index) => octet !== right[index]);
  return (left[at] ?? 0) > (right[at] ?? 0);
}
