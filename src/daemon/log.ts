/**
 * (event, before, after) → log records, with log-*.ts for what has a room of its own. They carry
 * keepalived's wording for what keepalived logs, so that existing log watchers keep working; what
 * only holdfast knows goes into fields beside it.
 */
import type { Logger } from 'pino';
import type { Member, State, Unit } from '../core/election';
import type { Advert, AdvertRejected, Event } from '../core/event';
import type { Node } from '../core/node';
import { isServiceEvent } from '../core/service-terms';
import { between, type Instant, toSeconds } from '../time';
import { logServices } from './log-services';
import { concerned, logInterface, logTrackers } from './log-trackers';
import { rejectionText, spanText } from './texts';

export function logStep(log: Logger, event: Event, before: Node, after: Node): void {
  logEvent(log, event, before, after);
  logServices(log, before.services, after.services);
  if (before.trackers !== after.trackers) logTrackers(log, before.trackers, after.trackers);
  if (before.units === after.units) return;
  for (const [i, unit] of after.units.entries()) {
    if (before.units[i] === unit) continue;
    logUnit(log, before, unit, event.at);
  }
}

function logEvent(log: Logger, event: Event, before: Node, after: Node): void {
  if (isServiceEvent(event)) return;
  switch (event.kind) {
    case 'advert-received':
      return logAdvert(log, event.instance, event.advert, before);
    case 'advert-rejected':
      return logRejected(log, event, before);
    case 'took-over':
      return logTookOver(log, event.instances, event.late, before);
    case 'yielded':
      return logYielded(log, event.instance, event.advert, before);
    case 'interface-changed':
      return logInterface(log, event, before, after);
    case 'interface-gone':
      if (!concerned(before, event.interface)) return;
      log.warn({ interface: event.interface }, `Interface ${event.interface} is gone`);
      return;
    case 'script-finished':
    case 'file-read':
    case 'processes-counted':
    case 'configured':
    case 'surveyed':
    case 'stopped':
    case 'woken':
      return;
    default:
      return logPlane(log, event, before);
  }
}

type PlaneNews = Extract<
  Event,
  {
    kind:
      | 'lease-lapsed'
      | 'address-restored'
      | 'firewall-noticed'
      | 'clock-gap'
      | 'scheduled'
      | 'open-failed'
      | 'failed'
      | 'overrun'
      | 'processes-polled';
  }
>;

function logPlane(log: Logger, event: PlaneNews, before: Node): void {
  switch (event.kind) {
    case 'lease-lapsed':
      log.error('the control plane hung for longer than its lease; the data plane acted alone');
      return;
    case 'address-restored': {
      const { address, count } = event;
      const instance = nameOf(before, event.instance);
      const text = `(${instance}) Netlink reflector reports IP ${address} removed; put back`;
      log.warn({ instance, address, count }, text);
      return;
    }
    case 'firewall-noticed': {
      const { interface: name, family, dropping } = event;
      const text = dropping
        ? `adverts arrive on ${name}, but this host's firewall drops protocol 112 ` +
          `(IPv${family}): holdfast hears them below the firewall, ` +
          'keepalived would be a second master here'
        : `this host's firewall lets protocol 112 (IPv${family}) through on ${name} again`;
      log[dropping ? 'warn' : 'info']({ interface: name, family }, text);
      return;
    }
    case 'clock-gap':
      log.warn({ lateUs: event.late }, `the data plane woke ${spanText(event.late)} late`);
      return;
    case 'scheduled':
      if (event.realtime) log.info('the data plane runs under SCHED_FIFO');
      else {
        const text = 'no real-time scheduling: adverts may be late on a busy machine';
        log.warn({ errno: event.errno }, text);
      }
      return;
    case 'open-failed': {
      const { what, errno } = event;
      const instance = nameOf(before, event.instance);
      log.error({ instance, errno }, `(${instance}) cannot be opened: ${what} (errno ${errno})`);
      return;
    }
    case 'failed': {
      const { what, errno, count } = event;
      const instance = event.instance === null ? null : nameOf(before, event.instance);
      const name = instance === null ? '' : `(${instance}) `;
      log.error({ instance, errno, count }, `${name}failed: ${what} (errno ${errno})`);
      return;
    }
    case 'processes-polled': {
      const { what, why } = event;
      const [news, every] = what === 'gone' ? ['ends', '100 ms'] : ['starts', '250 ms'];
      const text = `the kernel tells no ${news} of processes here (${why}): looking every ${every}`;
      log.info({ what, why }, text);
      return;
    }
    case 'overrun':
      log.error({ lost: event.lost }, `${event.lost} events were lost: the control plane is slow`);
      return;
  }
}

// ---- states

function logUnit(log: Logger, before: Node, unit: Unit, at: Instant): void {
  const olds = unit.members.map(({ key }) => unitOf(before, key) ?? null);
  for (const [i, member] of unit.members.entries()) {
    logPriority(log, olds[i] ?? null, member);
  }
  const [old] = olds;
  const whole = old != null && olds.every((one) => one === old);
  if (whole) logPreemptDelay(log, old, unit, at);
  const movers = unit.members.filter((_, i) => olds[i]?.state !== unit.state);
  if (movers.length === 0) {
    if (whole && unit.state === 'fault' && old.reason !== unit.reason) {
      log.warn({ unit: unit.name, reason: unit.reason }, `(${unit.name}) still in FAULT state`);
    }
    return;
  }
  if (unit.state === 'init') return;
  const word = unit.state.toUpperCase();
  if (unit.group !== null && !unit.apart) {
    log.info({ group: unit.name }, `VRRP_Group(${unit.name}) Syncing instances to ${word} state`);
  }
  for (const member of movers) {
    logEntering(log, unitOf(before, member.key)?.state ?? 'init', unit, member);
  }
}

function logPriority(log: Logger, old: Unit | null, { key, instance, ...now }: Member): void {
  const before = old?.members.find((one) => one.key === key);
  if (before === undefined || before.priority === now.priority) return;
  const { name } = instance;
  const change = `from ${before.priority} to ${now.priority}`;
  const text = `(${name}) Changing effective priority ${change}`;
  log.info({ instance: name, arithmetic: now.arithmetic }, text);
}

function logEntering(log: Logger, from: State, unit: Unit, member: Member): void {
  const { name } = member.instance;
  const { state, reason } = unit;
  const { priority, arithmetic } = member;
  const word = state.toUpperCase();
  const fields = { instance: name, state: word, reason, priority, arithmetic };
  const level = state === 'fault' ? 'warn' : 'info';
  if (state === 'fault') log.warn(fields, `(${name}) entering FAULT state (${reason})`);
  const first = from === 'init' && state === 'backup' ? ' (init)' : '';
  log[level](fields, `(${name}) Entering ${word} STATE${first}`);
}

function logPreemptDelay(log: Logger, old: Unit, unit: Unit, at: Instant): void {
  const { name } = unit;
  if (old.preemptAt === null && unit.preemptAt !== null) {
    const delay = toSeconds(between(at, unit.preemptAt)).toFixed(6);
    log.info({ unit: name }, `(${name}) start preempt delay (${delay})`);
  } else if (old.preemptAt !== null && unit.preemptAt === null && unit.state === 'backup') {
    log.info({ unit: name }, `(${name}) stop preempt delay`);
  }
}

// ---- adverts

const unitOf = (node: Node, key: string): Unit | undefined =>
  node.units.find((unit) => unit.members.some((member) => member.key === key));

const memberOf = (node: Node, key: string): Member | undefined =>
  unitOf(node, key)?.members.find((member) => member.key === key);

/** What people call it; an instance that is gone is called by its key. */
const nameOf = (node: Node, key: string): string => memberOf(node, key)?.instance.name ?? key;

function logAdvert(log: Logger, key: string, advert: Advert, before: Node): void {
  const unit = unitOf(before, key);
  const member = memberOf(before, key);
  if (unit === undefined || member === undefined) return;
  const { name } = member.instance;
  const { source, priority } = advert;
  const fields = { instance: name, source, priority };
  if (!advert.addressesMatch && member.heard?.addressesMatch !== false) {
    const text = `(${name}) the addresses advertised by ${source} are not those configured here`;
    log.warn(fields, text);
  }
  logChecksum(log, member, advert);
  if (unit.state === 'master') {
    const text =
      priority === 0
        ? `(${name}) Master received priority 0 message`
        : `(${name}) Received advert from ${source} with lower priority ${priority}, ` +
          `ours ${member.priority}, forcing new election`;
    log.info(fields, text);
  } else if (unit.state === 'backup') {
    logHeardAsBackup(log, name, advert, member.heard, member.priority);
  }
}

/** Once for each peer: routers are not of one mind here, and both forms are accepted. */
function logChecksum(log: Logger, { instance, heard }: Member, advert: Advert): void {
  const { source, plainChecksum } = advert;
  if (instance.version !== 3 || instance.family !== 4) return;
  if (plainChecksum === instance.checksumAsV2) return;
  if (heard?.source === source && heard.plainChecksum === plainChecksum) return;
  const form = plainChecksum ? 'without the pseudo-header' : 'with a pseudo-header';
  const text =
    `(${instance.name}) ${source} sends the VRRPv3 checksum ${form}; accepted, ` +
    `and if it does not hear us, ${instance.checksumAsV2 ? 'remove' : 'set'} v3_checksum_as_v2`;
  log.warn({ instance: instance.name, source, plainChecksum }, text);
}

function logHeardAsBackup(
  log: Logger,
  name: string,
  advert: Advert,
  heard: Advert | null,
  own: number,
): void {
  const { source, priority, interval } = advert;
  const fields = { instance: name, source, priority };
  if (priority === 0) {
    log.info(fields, `(${name}) Backup received priority 0 advertisement`);
    return;
  }
  if (heard !== null && heard.interval !== interval) {
    const change = `from ${heard.interval / 1000}ms to ${interval / 1000}ms`;
    const text = `(${name}) advertisement interval updated ${change} by master`;
    log.info(fields, text);
  }
  if (priority < own) {
    log.info(
      fields,
      `(${name}) received lower priority (${priority}) advert from ${source} - discarding`,
    );
  } else if (heard === null) {
    log.info(fields, `(${name}) master set to ${source}`);
  } else if (heard.source !== source) {
    log.info(fields, `(${name}) master changed from ${heard.source} to ${source}`);
  }
}

function logTookOver(log: Logger, instances: readonly string[], late: number, before: Node): void {
  for (const key of instances) {
    if (unitOf(before, key)?.state !== 'backup') continue;
    const name = nameOf(before, key);
    log.info({ instance: name, lateUs: late }, `(${name}) Receive advertisement timeout`);
  }
}

function logYielded(log: Logger, key: string, advert: Advert, before: Node): void {
  const own = memberOf(before, key)?.priority ?? 0;
  const name = nameOf(before, key);
  const { source, priority } = advert;
  const text =
    priority === own
      ? `same priority ${priority} but higher IP address than ours`
      : `higher priority ${priority}, ours ${own}`;
  const heard = `(${name}) Master received advert from ${source} with`;
  log.info({ instance: name, source, priority }, `${heard} ${text}`);
}

function logRejected(log: Logger, event: AdvertRejected, before: Node): void {
  const { source, reason, count, interface: name } = event;
  const instance = event.instance === null ? null : nameOf(before, event.instance);
  const version = memberOf(before, event.instance ?? '')?.instance.version ?? 2;
  const fields = { instance, interface: name, source, reason, count };
  const who = instance === null ? name : `(${instance})`;
  const text = `${who} ${rejectionText(event, version)} from ${source}, ignored`;
  // Strangers on the wire are normal: other routers' VRIDs, CARP.
  const quiet = reason === 'vrid' || reason === 'carp';
  log[quiet ? 'debug' : 'warn'](fields, count > 1 ? `${text} (${count} times)` : text);
}
