/**
 * `state` names no master: both ends start as BACKUP, and the priorities decide.
 */
import { type Diagnostic, info } from '../diagnostic';
import { placeOf, textOf } from '../values';
import { type End, nameOf, type Pair, winnersOf } from './ends';

const owner = 255;

export function state(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const { atRest } = winnersOf(pair);
  // Two owners are both master, and that is said elsewhere.
  if (own.instance.priority === owner && other.instance.priority === owner) return [];
  const [here, there] = [isMaster(own), isMaster(other)];
  const winner = atRest === 'own' ? 'this end' : atRest === 'peer' ? 'the other end' : null;
  const related = [{ span: placeOf(other.reading, 'state'), what: 'the state of the other end' }];
  const why =
    'both ends start as BACKUP whatever is written, and the higher priority becomes master' +
    (winner === null ? '' : `: ${winner}`);
  const span = placeOf(own.reading, 'state');
  if (here && there) {
    const what = `state MASTER of ${nameOf(pair)} stands at both ends`;
    return [info('peer-state', span, what, { label: 'harmless', why, related })];
  }
  const isWrong = (here && atRest === 'peer') || (there && atRest === 'own');
  if (!isWrong) return [];
  const what = `state MASTER of ${nameOf(pair)} stands at the end with the lower priority`;
  return [info('peer-state', span, what, { label: 'without effect', why, related })];
}

const isMaster = ({ reading }: End): boolean => textOf(reading, 'state') === 'MASTER';
