/**
 * nopreempt counts at the end that comes back. At the weaker end alone it keeps nobody from
 * anything: the stronger one takes the addresses back whenever it starts.
 */
import { type Diagnostic, warning } from '../diagnostic';
import { placeOf } from '../values';
import { type End, keywordPlace, nameOf, type Pair, winnersOf } from './ends';

export function preemption(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const { atRest } = winnersOf(pair);
  if (atRest !== 'own' && atRest !== 'peer') return [];
  const [stronger, weaker] = atRest === 'own' ? [own, other] : [other, own];
  if (!stronger.instance.preempt || weaker.instance.preempt) return [];
  const place = (end: End) =>
    end === weaker ? keywordPlace(end, 'nopreempt') : placeOf(end.reading, 'priority');
  const whose = stronger === own ? 'this end' : 'the other end';
  const what = `${whose} takes ${nameOf(pair)} back whenever it starts, in spite of nopreempt`;
  return [
    warning('peer-nopreempt', place(own), what, {
      label: own === weaker ? 'at the weaker end alone' : 'preempts',
      why: 'nopreempt counts at the end that comes back, which is the one with the higher priority',
      help: `nopreempt and state BACKUP at ${whose}; without it, none at either end`,
      related: [
        { span: place(other), what: other === weaker ? 'nopreempt stands here' : 'this preempts' },
      ],
    }),
  ];
}
