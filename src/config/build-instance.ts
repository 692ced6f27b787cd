/**
 * vrrp_instance: what was written, completed as keepalived completes it. Null when it cannot be
 * an instance at all (no interface, no VRID); the reason is among the diagnostics then.
 */
import { familyOf, readAddresses, settleAddresses } from './build-addresses';
import { authenticationOf } from './build-auth';
import { intervalOf, ownerPriority, preemptionOf, priorityOf, versionOf } from './build-election';
import { buildGarp } from './build-garp';
import type { Defaults } from './build-global';
import { buildLink, interfaceOf } from './build-link';
import { buildNetwork, type RulePriority } from './build-network';
import { buildNotify } from './build-notify';
import { buildTerms, timersOf } from './build-terms';
import { buildTracks, type Trackable } from './build-track';
import { buildTransport } from './build-transport';
import { error, type Report } from './diagnostic';
import type { Instance, Tracks } from './model';
import type { Reading, Session } from './read';
import { settleOwner } from './settle-tracks';
import { booleanOf, isSet, numberOf } from './values';

export interface Surroundings {
  readonly defaults: Defaults;
  readonly trackable: Trackable;
  readonly rulePriority: RulePriority;
  readonly session: Session;
}

export function buildInstance(
  name: string,
  reading: Reading,
  surroundings: Surroundings,
): Instance | null {
  const { defaults, session } = surroundings;
  const { report } = session;
  const strict = booleanOf(reading, 'strict_mode') ?? defaults.strict;
  const lists = readAddresses(reading, session);
  const family = familyOf(reading, lists, report);
  const version = versionOf(reading, family, defaults.version, report);
  const priority = priorityOf(name, reading, report);
  const vrid = vridOf(name, reading, report);
  const preemption = preemptionOf(reading, { priority, strict }, report);
  const interval = intervalOf(reading, version, report);
  const transport = buildTransport(reading, family, strict, defaults, report);
  const { peers } = transport;
  const device = interfaceOf(name, reading, peers, transport.source, session);
  const parts = {
    ...preemption,
    interval,
    authentication: authenticationOf(reading, { version, priority, strict, interval }, session),
    ...transport,
    ...settleAddresses(reading, lists, { family, strict, version }, report),
    garp: buildGarp(reading, defaults.garp, strict, report),
    ...buildNetwork(reading, surroundings.rulePriority, session),
    ...timersOf(reading, strict, defaults, report),
    ...buildLink(reading, { interface: device, family, peers, strict }, report),
    ...buildTerms(reading, { strict, version, priority, peers, ...preemption }, defaults, session),
    ...tracksOf(reading, { device, priority }, surroundings),
    trackPrimary: !isSet(reading, 'dont_track_primary'),
    notify: buildNotify(reading, defaults.notifyPriorities, report),
    smtpAlert: booleanOf(reading, 'smtp_alert') ?? defaults.smtpAlert,
  };
  if (vrid === null || device === undefined) return null;
  const checksumAsV2 = booleanOf(reading, 'v3_checksum_as_v2') ?? defaults.checksumAsV2;
  return {
    name,
    interface: device,
    family,
    version,
    vrid,
    priority,
    strict,
    checksumAsV2,
    ...parts,
  };
}

function vridOf(name: string, reading: Reading, report: Report): number | null {
  const vrid = numberOf(reading, 'virtual_router_id');
  if (vrid === null && !reading.attempted.has('virtual_router_id')) {
    report(
      error('missing-vrid', reading.span, `vrrp_instance ${name} has no virtual_router_id`, {
        why: 'adverts are told apart by it (RFC 9568 §5.2.3)',
        help: 'virtual_router_id 1..255, the same on every router of this instance',
      }),
    );
  }
  return vrid;
}

function tracksOf(
  reading: Reading,
  of: { readonly device: string | null | undefined; readonly priority: number },
  { trackable, session: { report } }: Surroundings,
): Tracks {
  const tracks = buildTracks(reading, trackable, of.device ?? null, report);
  return of.priority === ownerPriority ? settleOwner(reading, tracks, report) : tracks;
}
