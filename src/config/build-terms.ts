/**
 * The rarer terms of an instance, and what strict mode makes of them: keepalived resets each word
 * that the RFC does not allow, and so do these, saying it.
 */
import { seconds } from '../time';
import { ownerPriority } from './build-election';
import { extraGarpOf } from './build-garp';
import type { Defaults } from './build-global';
import { type Report, warning } from './diagnostic';
import type { Instance, Peer, Version } from './model';
import type { InstanceTerms } from './model-instance';
import { type Reading, reportInactive, type Session } from './read';
import { isBefore } from './source';
import { booleanOf, directiveOf, durationOf, isSet, numberOf, placeOf, textOf } from './values';

export interface TermFacts {
  readonly strict: boolean;
  readonly version: Version;
  readonly priority: number;
  readonly preempt: boolean;
  readonly peers: readonly Peer[];
}

export function buildTerms(
  reading: Reading,
  facts: TermFacts,
  defaults: Defaults,
  session: Session,
): InstanceTerms {
  const { report } = session;
  if (facts.strict) reportStrictState(reading, facts, report);
  return {
    accept: acceptOf(reading, facts, report),
    skipAddressCheck: booleanOf(reading, 'skip_check_adv_addr') ?? defaults.skipAddressCheck,
    higherPrioritySendAdvert: higherOf(reading, facts, defaults, report),
    ownerIgnoresAdverts: ownerOf(reading, facts, defaults, session),
    lateTimerBackup: lateTimerOf(reading, facts, report),
    oldUnicastChecksum: oldChecksumOf(reading, session),
    lacksPeers: isSet(reading, 'unicast_fault_no_peer') && facts.peers.length === 0,
    trackSource: isSet(reading, 'track_src_ip'),
    extraGarp: extraGarpOf(reading, '') ?? defaults.extraGarp,
    debug: numberOf(reading, 'debug') ?? 0,
  };
}

/** Of two words the one that stands last. */
export function isLater(reading: Reading, word: string, other: string): boolean {
  const [one, two] = [directiveOf(reading, word), directiveOf(reading, other)];
  return one !== null && (two === null || isBefore(two.keyword.span, one.keyword.span));
}

function acceptOf(reading: Reading, facts: TermFacts, report: Report): boolean {
  const { strict, version } = facts;
  const owner = facts.priority === ownerPriority;
  if (isLater(reading, 'no_accept', 'accept')) return false;
  const asked = isSet(reading, 'accept');
  if (asked && strict && version === 2 && !owner) {
    reset(reading, 'accept', 'addresses stay closed', 'RFC 3768 knows no accept mode', report);
  }
  return owner || (strict ? asked && version === 3 : true);
}

function reset(
  reading: Reading,
  word: string,
  label: string,
  why: string | null,
  report: Report,
): void {
  const span = directiveOf(reading, word)?.keyword.span ?? reading.span;
  report(warning('strict-reset', span, `${word} does not go with strict mode`, { label, why }));
}

function reportStrictState(reading: Reading, facts: TermFacts, report: Report): void {
  const state = textOf(reading, 'state');
  if (state === null || (state === 'MASTER') === (facts.priority === ownerPriority)) return;
  report(
    warning(
      'strict-state',
      placeOf(reading, 'state'),
      `state ${state} does not go with priority ${facts.priority}`,
      {
        label: 'ignored',
        why: 'in strict mode state MASTER means priority 255, and only that',
      },
    ),
  );
}

function higherOf(
  reading: Reading,
  { strict }: TermFacts,
  defaults: Defaults,
  report: Report,
): boolean {
  const own = booleanOf(reading, 'higher_prio_send_advert');
  if (strict && own === true) {
    const why = 'RFC 9568 §6.4.3: a master gives way without another word';
    reset(reading, 'higher_prio_send_advert', 'no counts', why, report);
  }
  return !strict && (own ?? defaults.higherPrioritySendAdvert);
}

/** Two owners: the one that listens gives way, and this word says that we do not listen. */
function ownerOf(
  reading: Reading,
  facts: TermFacts,
  defaults: Defaults,
  session: Session,
): boolean {
  const ignores = booleanOf(reading, 'owner_ignore_adverts') ?? defaults.ownerIgnoresAdverts;
  if (ignores && facts.priority === ownerPriority) {
    const span = directiveOf(reading, 'owner_ignore_adverts')?.keyword.span ?? reading.span;
    const why = 'it keeps an owner master against another owner';
    reportInactive("'owner_ignore_adverts' of an owner", span, why, session);
  }
  return ignores;
}

function lateTimerOf(
  reading: Reading,
  facts: TermFacts,
  report: Report,
): InstanceTerms['lateTimerBackup'] {
  const word = 'timer_expired_backup';
  if (!isSet(reading, word)) return null;
  if (!facts.preempt) return { priority: numberOf(reading, word) };
  const span = directiveOf(reading, word)?.keyword.span ?? reading.span;
  report(
    warning('needs-nopreempt', span, `${word} is for an instance with nopreempt`, {
      label: 'ignored',
      why: 'one that preempts would take over again at once',
    }),
  );
  return null;
}

/** 'never' is what is sent and believed anyway. */
function oldChecksumOf(reading: Reading, session: Session): InstanceTerms['oldUnicastChecksum'] {
  const word = 'old_unicast_checksum';
  if (!isSet(reading, word)) return 'detect';
  if (textOf(reading, word) === 'never') return 'never';
  const span = directiveOf(reading, word)?.keyword.span ?? reading.span;
  reportInactive(`'${word}'`, span, 'it uses the unicast checksum of keepalived 1.3.5', session);
  return 'always';
}

/** What strict mode fixes among the timers: RFC 9568 §6.1 has three intervals, and no answers. */
export function timersOf(
  reading: Reading,
  strict: boolean,
  defaults: Defaults,
  report: Report,
): Pick<Instance, 'downTimerAdverts' | 'lowerPriorityNoAdvert'> {
  const adverts = numberOf(reading, 'down_timer_adverts');
  const quiet = booleanOf(reading, 'lower_prio_no_advert');
  if (strict) {
    if (adverts !== null && adverts !== 3) {
      reset(reading, 'down_timer_adverts', '3 counts', null, report);
    }
    if (quiet === false) {
      const why = 'RFC 9568 §6.4.3: a lower advert is only dropped';
      reset(reading, 'lower_prio_no_advert', 'yes counts', why, report);
    }
    for (const word of ['garp_lower_prio_repeat', 'garp_lower_prio_delay']) {
      if ((numberOf(reading, word) ?? durationOf(reading, word) ?? seconds(0)) > 0) {
        reset(reading, word, '0 counts', null, report);
      }
    }
    return { downTimerAdverts: 3, lowerPriorityNoAdvert: true };
  }
  return {
    downTimerAdverts: adverts ?? defaults.downTimerAdverts,
    lowerPriorityNoAdvert: quiet ?? defaults.lowerPriorityNoAdvert,
  };
}
