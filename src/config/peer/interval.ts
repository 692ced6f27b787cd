/**
 * advert_int: under version 2 it is part of the agreement, under version 3 the master's counts.
 */
import { type Duration, formatDuration, microseconds } from '../../time';
import { type Diagnostic, error, info } from '../diagnostic';
import { placeOf } from '../values';
import { type End, nameOf, type Pair } from './ends';

export function interval(pair: Pair): readonly Diagnostic[] {
  const { own, other } = pair;
  const { version } = own.instance;
  if (version !== other.instance.version) return [];
  if (own.instance.interval === other.instance.interval) return [];
  const here = formatDuration(own.instance.interval);
  const there = formatDuration(other.instance.interval);
  const span = placeOf(own.reading, 'advert_int');
  const what = `${nameOf(pair)} sends every ${here} here and every ${there} at the other end`;
  const shown = {
    label: `${there} there`,
    help: 'the same advert_int in both files',
    related: [{ span: placeOf(other.reading, 'advert_int'), what: `every ${there}` }],
  };
  if (version === 2) {
    const why =
      'version 2 drops an advert with another interval (RFC 3768 §7.1), at both ends: two ' +
      'masters for good';
    return [error('peer-interval', span, what, { ...shown, why })];
  }
  const why =
    `a BACKUP follows the interval of its master (RFC 9568 §6.4.2): the other end takes over ` +
    `after ${formatDuration(silence(other, own))} of silence here, this end after ` +
    `${formatDuration(silence(own, other))} of silence there`;
  return [info('peer-interval', span, what, { ...shown, why })];
}

/** Active_Down_Interval of a standby that hears this master (RFC 9568 §6.1). */
function silence(standby: End, master: End): Duration {
  const { allWell } = standby.range;
  const priority = allWell === 'fault' ? standby.range.base : allWell;
  const skew = ((256 - priority) * master.instance.interval) / 256;
  return microseconds(standby.instance.downTimerAdverts * master.instance.interval + skew);
}
