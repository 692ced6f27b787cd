/**
 * How often addresses are announced: the instance's words over the global ones, and what
 * strict mode forbids.
 */
import { type Duration, seconds } from '../time';
import { type Report, warning } from './diagnostic';
import type { Garp } from './model';
import type { ExtraGarp } from './model-instance';
import type { Reading } from './read';
import { booleanOf, durationOf, numberOf, placeOf, prefixedOf } from './values';

const factory: Garp = {
  repeat: 5,
  delay: seconds(5),
  refresh: seconds(0),
  refreshRepeat: 1,
  lowerPriorityRepeat: 5,
  lowerPriorityDelay: seconds(5),
};

/** From global_defs; its words are the instance's with vrrp_ in front. */
export function buildGlobalGarp(reading: Reading, report: Report): Garp {
  // vrrp_min_garp only moves what nobody has set.
  const least = booleanOf(reading, 'vrrp_min_garp') === true;
  const base = least ? { ...factory, repeat: 1, delay: seconds(0), refreshRepeat: 0 } : factory;
  const own = overlay(reading, 'vrrp_', base, report);
  return {
    ...own,
    lowerPriorityRepeat: numberOf(reading, 'vrrp_garp_lower_prio_repeat') ?? own.repeat,
    lowerPriorityDelay: durationOf(reading, 'vrrp_garp_lower_prio_delay') ?? own.delay,
  };
}

export function buildGarp(reading: Reading, global: Garp, strict: boolean, report: Report): Garp {
  const own = overlay(reading, '', global, report);
  // RFC 5798 §6.4.3, which keepalived's strict mode follows: a lower advert is only dropped.
  return strict ? { ...own, lowerPriorityRepeat: 0, lowerPriorityDelay: seconds(0) } : own;
}

/** `[all] n` */
export function extraGarpOf(reading: Reading, prefix: '' | 'vrrp_'): ExtraGarp | null {
  const found = prefixedOf(reading, `${prefix}garp_extra_if`);
  if (found?.of.kind !== 'duration') return null;
  return { every: found.of.duration, all: found.prefix };
}

function overlay(reading: Reading, prefix: string, base: Garp, report: Report): Garp {
  const duration = (word: string): Duration | null => durationOf(reading, prefix + word);
  const repeat = (word: string): number | null => {
    const value = numberOf(reading, prefix + word);
    if (value !== 0) return value;
    report(
      warning('out-of-range', placeOf(reading, prefix + word), `${prefix}${word} is at least 1`, {
        label: '1 counts',
      }),
    );
    return 1;
  };
  return {
    repeat: repeat('garp_master_repeat') ?? base.repeat,
    delay: duration('garp_master_delay') ?? base.delay,
    refresh: duration('garp_master_refresh') ?? base.refresh,
    refreshRepeat: repeat('garp_master_refresh_repeat') ?? base.refreshRepeat,
    lowerPriorityRepeat:
      numberOf(reading, `${prefix}garp_lower_prio_repeat`) ?? base.lowerPriorityRepeat,
    lowerPriorityDelay: duration('garp_lower_prio_delay') ?? base.lowerPriorityDelay,
  };
}
