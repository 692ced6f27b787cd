/**
 * global_defs and holdfast's own block, and what instances inherit from them.
 */
import { type Duration, seconds } from '../time';
import { buildGlobalGarp, extraGarpOf } from './build-garp';
import { buildMail } from './build-mail';
import { buildSystem } from './build-system';
import { buildTelling } from './build-telling';
import { error, type Report, warning } from './diagnostic';
import { formatIp, isMulticast } from './ip';
import type { Family, Garp, Global, OnStall, Version } from './model';
import type { InstanceTerms } from './model-instance';
import type { Reading } from './read';
import { booleanOf, durationOf, ipOf, isSet, numberOf, placeOf, textOf, userOf } from './values';

type DefaultTerms = Pick<
  InstanceTerms,
  'skipAddressCheck' | 'higherPrioritySendAdvert' | 'ownerIgnoresAdverts' | 'extraGarp'
>;

/** What an instance has when it says nothing itself. */
export interface Defaults extends DefaultTerms {
  readonly version: Version;
  readonly strict: boolean;
  readonly garp: Garp;
  readonly lowerPriorityNoAdvert: boolean;
  readonly downTimerAdverts: number;
  readonly checkUnicastSource: boolean;
  readonly checksumAsV2: boolean;
  readonly group: Readonly<Record<Family, string>>;
  readonly smtpAlert: boolean;
  /** vrrp_notify_priority_changes */
  readonly notifyPriorities: boolean;
}

const vipLeaseMin = 3;

export function buildGlobal(root: Reading, globals: Reading, own: Reading, report: Report): Global {
  return {
    routerId: textOf(globals, 'router_id'),
    mail: buildMail(globals, own, report),
    vipLease: buildVipLease(own, report),
    onStall: (textOf(own, 'on_stall') ?? 'offer') as OnStall,
    stallLease: durationOf(own, 'stall_lease') ?? seconds(3),
    realtime: booleanOf(own, 'realtime') ?? true,
    // In force even where its word is not understood.
    dynamicInterfaces: globals.attempted.has('dynamic_interfaces'),
    startupDelay: durationOf(globals, 'vrrp_startup_delay') ?? seconds(0),
    scriptUser: userOf(globals, 'script_user'),
    scriptSecurity: isSet(globals, 'enable_script_security'),
    delayAfterBoot: durationOf(globals, 'vrrp_delay_after_boot') ?? seconds(0),
    telling: buildTelling(own, report),
    system: buildSystem(root, globals, report),
  };
}

export function buildDefaults(globals: Reading, report: Report): Defaults {
  return {
    version: numberOf(globals, 'vrrp_version') === 3 ? 3 : 2,
    strict: booleanOf(globals, 'vrrp_strict') ?? false,
    garp: buildGlobalGarp(globals, report),
    lowerPriorityNoAdvert: booleanOf(globals, 'vrrp_lower_prio_no_advert') ?? false,
    downTimerAdverts: numberOf(globals, 'vrrp_down_timer_adverts') ?? 3,
    checkUnicastSource: isSet(globals, 'vrrp_check_unicast_src'),
    checksumAsV2: isSet(globals, 'v3_checksum_as_v2'),
    // RFC 9568 §5.1.1.2 and §5.1.2.2
    group: {
      4: multicastGroup(globals, 'vrrp_mcast_group4', 4, report) ?? '224.0.0.18',
      6: multicastGroup(globals, 'vrrp_mcast_group6', 6, report) ?? 'ff02::12',
    },
    smtpAlert: booleanOf(globals, 'smtp_alert_vrrp') ?? booleanOf(globals, 'smtp_alert') ?? false,
    notifyPriorities: booleanOf(globals, 'vrrp_notify_priority_changes') ?? false,
    skipAddressCheck: booleanOf(globals, 'vrrp_skip_check_adv_addr') ?? false,
    higherPrioritySendAdvert: booleanOf(globals, 'vrrp_higher_prio_send_advert') ?? false,
    ownerIgnoresAdverts: booleanOf(globals, 'vrrp_owner_ignore_adverts') ?? false,
    extraGarp: extraGarpOf(globals, 'vrrp_') ?? { every: seconds(0), all: false },
  };
}

/** A multicast group of the right family; anything else is reported and left out. */
export function multicastGroup(
  reading: Reading,
  word: string,
  family: Family,
  report: Report,
): string | null {
  const ip = ipOf(reading, word);
  if (ip === null) return null;
  if (isMulticast(ip) && ip.family === family) {
    // RFC 9568 §5.1.2.2: the group is link-local; routers do not forward it.
    if (family === 6 && ((ip.octets[1] ?? 0) & 0x0f) !== 2) reportScope(reading, word, report);
    return formatIp(ip);
  }
  report(
    warning('bad-address', placeOf(reading, word), `${word} must be an IPv${family} group`, {
      label: 'ignored',
    }),
  );
  return null;
}

function reportScope(reading: Reading, word: string, report: Report): void {
  report(
    warning('group-not-local', placeOf(reading, word), `${word} should be link-local`, {
      label: 'counts all the same',
      why: 'adverts with hop limit 255 are for this link alone',
      help: 'a group that begins with ff02:',
    }),
  );
}

/** A lease shorter than 3 s would leave no room for a stalled refresh. */
function buildVipLease(own: Reading, report: Report): Duration | null {
  const text = textOf(own, 'vip_lease');
  if (text === null) return seconds(10);
  if (text === 'off') return null;
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (number >= vipLeaseMin && number <= 86400) return seconds(number);
  report(
    error(
      'out-of-range',
      placeOf(own, 'vip_lease'),
      `vip_lease must be ${vipLeaseMin}..86400 seconds or off, found '${text}'`,
      { why: 'the kernel removes an address whose lease ends; a refresh needs time to arrive' },
    ),
  );
  return seconds(10);
}
