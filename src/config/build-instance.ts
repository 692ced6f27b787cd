/**
 * vrrp_instance: what was written, completed as keepalived completes it. Null when it cannot be
 * an instance at all (no interface, no VRID); the reason is among the diagnostics then.
 */
import { familyOf, readAddresses, settleAddresses } from './build-addresses';
import {
  authenticationOf,
  intervalOf,
  ownerPriority,
  preemptionOf,
  priorityOf,
  versionOf,
} from './build-election';
import { buildGarp } from './build-garp';
import type { Defaults } from './build-global';
import { buildNetwork, type RulePriority } from './build-network';
import { buildNotify } from './build-notify';
import { buildTrackInterfaces, buildTrackScripts } from './build-track';
import { buildTransport } from './build-transport';
import { error, type Report, warning } from './diagnostic';
import type { Instance, Script, Track } from './model';
import type { Reading, Session } from './read';
import { booleanOf, directiveOf, isSet, linesOf, numberOf, placeOf, textOf } from './values';

/** IFNAMSIZ with its terminator. */
const interfaceLengthMax = 15;

export interface Surroundings {
  readonly defaults: Defaults;
  readonly scripts: ReadonlyMap<string, Script>;
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
  const device = interfaceOf(name, reading, report);
  reportStrict(reading, { strict, priority }, report);
  const parts = {
    ...preemptionOf(reading, { priority, strict }, report),
    interval: intervalOf(reading, version, report),
    authentication: authenticationOf(reading, { version, strict }, session),
    ...buildTransport(reading, family, strict, defaults, report),
    ...settleAddresses(reading, lists, { family, strict, version }, report),
    garp: buildGarp(reading, defaults.garp, strict, report),
    ...buildNetwork(reading, surroundings.rulePriority, session),
    ...timersOf(reading, strict, defaults),
    ...tracksOf(name, reading, { device, priority }, surroundings),
    notify: buildNotify(reading, report),
    smtpAlert: booleanOf(reading, 'smtp_alert') ?? defaults.smtpAlert,
  };
  if (vrid === null || device === null) return null;
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

function interfaceOf(name: string, reading: Reading, report: Report): string | null {
  const device = textOf(reading, 'interface');
  if (device === null) {
    if (!reading.attempted.has('interface')) {
      report(
        error('missing-interface', reading.span, `vrrp_instance ${name} has no interface`, {
          why: 'adverts have to go somewhere',
          help: 'interface eth0',
        }),
      );
    }
    return null;
  }
  if (device !== '' && !/[\s/]/.test(device) && Buffer.byteLength(device) <= interfaceLengthMax) {
    return device;
  }
  report(
    error('bad-interface', placeOf(reading, 'interface'), `'${device}' cannot be an interface`, {
      why: `the name of an interface has 1 to ${interfaceLengthMax} characters`,
    }),
  );
  return null;
}

function reportStrict(
  reading: Reading,
  of: { readonly strict: boolean; readonly priority: number },
  report: Report,
): void {
  if (!of.strict) return;
  const state = textOf(reading, 'state');
  if (state !== null && (state === 'MASTER') !== (of.priority === ownerPriority)) {
    report(
      warning(
        'strict-state',
        placeOf(reading, 'state'),
        `state ${state} does not go with priority ${of.priority}`,
        {
          label: 'ignored',
          why: 'in strict mode state MASTER means priority 255, and only that',
        },
      ),
    );
  }
}

function timersOf(reading: Reading, strict: boolean, defaults: Defaults) {
  const adverts = numberOf(reading, 'down_timer_adverts') ?? defaults.downTimerAdverts;
  const quiet = booleanOf(reading, 'lower_prio_no_advert');
  return {
    downTimerAdverts: strict ? 3 : adverts,
    lowerPriorityNoAdvert: quiet ?? (strict || defaults.lowerPriorityNoAdvert),
  };
}

function tracksOf(
  name: string,
  reading: Reading,
  of: { readonly device: string | null; readonly priority: number },
  { scripts, session: { report } }: Surroundings,
) {
  const owner = `vrrp_instance ${name}`;
  const lines = (word: string) => linesOf(reading, word);
  const keep = (word: string, tracks: readonly Track[]): readonly Track[] =>
    of.priority === ownerPriority ? withoutWeights(reading, word, tracks, report) : tracks;
  return {
    trackInterfaces: keep(
      'track_interface',
      buildTrackInterfaces(owner, lines('track_interface'), of.device, report),
    ),
    trackScripts: keep(
      'track_script',
      buildTrackScripts(owner, lines('track_script'), scripts, report),
    ),
    trackPrimary: !isSet(reading, 'dont_track_primary'),
  };
}

/** The owner's priority is 255 whatever happens, so a weight has nothing to move. */
function withoutWeights(
  reading: Reading,
  word: string,
  tracks: readonly Track[],
  report: Report,
): readonly Track[] {
  const weighted = tracks.filter((track) => track.weight !== 0);
  for (const { name } of weighted) {
    const line = linesOf(reading, word).find((one) => one.keyword.text === name);
    const span = line?.keyword.span ?? directiveOf(reading, word)?.keyword.span ?? reading.span;
    report(
      warning('owner-ignores-weight', span, `'${name}' cannot move priority 255`, {
        label: 'not tracked',
        help: 'give a priority below 255, or weight 0 to make a failure a fault',
      }),
    );
  }
  return tracks.filter((track) => track.weight === 0);
}
