/**
 * A member's configuration and standing → the orders that the data plane gets for it.
 * Pure translation: Open (the facts), AdvertTerms and WatchMember (the terms). Decides nothing.
 */
import type { Global } from '../config/model';
import { microseconds } from '../time';
import type { AdvertTerms, Open, WatchMember } from './command';
import type { Member } from './election';
import type { InterfaceChanged } from './event';
import { masterDown, silence } from './timing';

/** The facts of an instance that has a source address. */
export function openOrder(member: Member, source: string, global: Global): Open {
  const { instance, key } = member;
  const unicast = instance.peers.length > 0;
  const held = [...instance.addresses, ...instance.excluded];
  // An instance without an interface stays in fault and is never opened.
  const device = instance.interface ?? '';
  return {
    kind: 'open',
    instance: key,
    turn: member.turn,
    interface: device,
    family: instance.family,
    version: instance.version,
    vrid: instance.vrid,
    source,
    destinations: unicast ? instance.peers.map((peer) => peer.address) : [instance.group],
    unicast,
    ttl: unicast ? instance.unicastTtl : 255,
    checkSource: instance.checkUnicastSource,
    interval: instance.interval,
    authentication:
      instance.authentication.kind === 'pass' ? instance.authentication : { kind: 'none' },
    checksumAsV2: instance.checksumAsV2,
    strict: instance.strict,
    advertised: instance.addresses.map((address) => address.address),
    addresses: held.map((address) => ({
      ...address,
      device: address.device ?? device,
    })),
    garp: instance.garp,
    lifetime: global.vipLease ?? microseconds(0),
    sweep: true,
  };
}

export function advertTerms(
  member: Member,
  fellows: readonly string[],
  global: Global,
): AdvertTerms {
  const { instance, key, priority } = member;
  const terms = silence(instance.version, priority, instance.downTimerAdverts);
  return {
    instance: key,
    priority,
    every: instance.interval,
    down: masterDown(terms, instance.interval),
    answers: !instance.lowerPriorityNoAdvert,
    relents: !instance.preempt,
    fellows,
    onStall: global.onStall,
  };
}

/** `preempts` false: follow any master, as nopreempt and a running preempt_delay do. */
export function watchMember(
  member: Member,
  preempts: boolean,
  fellows: readonly string[],
  global: Global,
): WatchMember {
  const { instance, key, priority, turn } = member;
  return {
    instance: key,
    turn,
    // RFC 9568 §6.4.2: with Preempt_Mode only adverts of at least our own priority re-arm.
    minPriority: preempts ? priority : 1,
    ...silence(instance.version, priority, instance.downTimerAdverts),
    interval: instance.interval,
    learns: instance.version === 3,
    onSilence: advertTerms(member, fellows, global),
  };
}

/** What must be opened, or opened anew because it differs; `opened`, by key, learns of it. */
export function openOrders(
  members: readonly Member[],
  interfaces: ReadonlyMap<string, InterfaceChanged>,
  global: Global,
  opened: Map<string, string>,
): readonly Open[] {
  return members.flatMap((member) => {
    const { key } = member;
    const link = interfaces.get(member.instance.interface ?? '');
    if (member.source === null || link === undefined) return [];
    const order = openOrder(member, member.source, global);
    // Its turn changes with every takeover, and is no reason to open it again.
    const devices = order.addresses.map((a) => interfaces.get(a.device ?? '')?.index ?? 0);
    const facts = `${link.index} ${devices.join(' ')} ${JSON.stringify({ ...order, turn: 0 })}`;
    if (opened.get(key) === facts) return [];
    opened.set(key, facts);
    return [order];
  });
}
