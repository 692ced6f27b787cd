/**
 * The arithmetic of RFC 9568 §6.1 and RFC 3768 §6.1 in whole microseconds, as keepalived does it.
 * No state. Skew and Down of an instance at a priority; the data plane gets the terms, not the
 * sums, because under v3 the interval is learnt from the master (RFC 9568 §6.4.2).
 */
import type { Global, Version } from '../config/model';
import { after, type Duration, type Instant, microseconds } from '../time';

/** silence = factor × I + share × I / 256 + plus */
export interface Silence {
  readonly factor: number;
  readonly share: number;
  readonly plus: Duration;
}

/** v3: skew is a share of the interval. v2: of one second, whatever the interval. */
export function silence(version: Version, priority: number, downTimerAdverts: number): Silence {
  const share = 256 - priority;
  return version === 3
    ? { factor: downTimerAdverts, share, plus: microseconds(0) }
    : { factor: downTimerAdverts, share: 0, plus: microseconds((share * 1_000_000) / 256) };
}

/** Skew_Time: how long to wait after a priority-0 advert. */
export function skew(terms: Silence, interval: Duration): Duration {
  return microseconds(Math.trunc((terms.share * interval) / 256) + terms.plus);
}

/** Active_Down_Interval (Master_Down_Interval). */
export function masterDown(terms: Silence, interval: Duration): Duration {
  return microseconds(terms.factor * interval + skew(terms, interval));
}

/** vrrp_delay_after_boot counts from the boot of the host, which is instant 0. Null: at once. */
export function startOf({ startupDelay, delayAfterBoot }: Global, at: Instant): Instant | null {
  const start = Math.max(after(at, startupDelay), delayAfterBoot);
  return start > at ? (start as Instant) : null;
}
