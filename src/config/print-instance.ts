/**
 * vrrp_instance, with everything that it may have inherited: such a block means the same wherever
 * it stands.
 */
import { toSeconds } from '../time';
import type { Garp, Instance, Peer } from './model';
import type { OwnInterface } from './model-instance';
import { printAuthentication } from './print-auth';
import { printAddress, printRoute, printRule } from './print-network';
import { block, entry, flag, line, onOff, type Printed, unless } from './print-text';
import { printNotify, printTracks } from './print-track';

export const printInstance = (instance: Instance): readonly Printed[] =>
  block(
    ['vrrp_instance', instance.name],
    [
      ...line('interface', instance.interface),
      ...line('version', instance.version),
      ...line('virtual_router_id', instance.vrid),
      ...line('priority', instance.priority),
      ...line('advert_int', toSeconds(instance.interval)),
      ...printElection(instance),
      ...printTrust(instance),
      ...printAuthentication(instance.authentication, instance.interval),
      ...printTransport(instance),
      ...printLink(instance),
      ...printAddresses(instance),
      ...printGarp(instance),
      ...flag('dont_track_primary', !instance.trackPrimary),
      ...flag('track_src_ip', instance.trackSource),
      ...printTracks(instance),
      ...printNotify(instance),
      ...line('debug', unless(instance.debug, 0)),
    ],
  );

const printElection = (instance: Instance): readonly Printed[] => [
  ...flag(instance.preempt ? 'preempt' : 'nopreempt', true),
  ...line('preempt_delay', instance.preempt ? toSeconds(instance.preemptDelay) : null),
  ...line('down_timer_adverts', instance.downTimerAdverts),
  ...onOff('lower_prio_no_advert', instance.lowerPriorityNoAdvert),
  ...onOff('higher_prio_send_advert', instance.higherPrioritySendAdvert),
  ...(instance.ownerIgnoresAdverts ? onOff('owner_ignore_adverts', true) : []),
  ...printLateTimer(instance.lateTimerBackup),
];

const printLateTimer = (late: Instance['lateTimerBackup']): readonly Printed[] =>
  late === null
    ? []
    : line('timer_expired_backup', ...(late.priority === null ? [] : [late.priority]));

const printTrust = (instance: Instance): readonly Printed[] => [
  ...onOff('strict_mode', instance.strict),
  ...flag(instance.accept ? 'accept' : 'no_accept', true),
  ...onOff('skip_check_adv_addr', instance.skipAddressCheck),
  ...(instance.checksumAsV2 ? onOff('v3_checksum_as_v2', true) : []),
  ...(instance.oldUnicastChecksum === 'never'
    ? line('old_unicast_checksum', 'never')
    : flag('old_unicast_checksum', instance.oldUnicastChecksum === 'always')),
];

/** RFC 9568 §5.1.1.2 and §5.1.2.2; without peers the group is said even then. */
const usualGroup = { 4: '224.0.0.18', 6: 'ff02::12' } as const;

function printTransport(instance: Instance): readonly Printed[] {
  const { family, group, peers, source, unicastTtl } = instance;
  const isUnicast = peers.length > 0;
  const isUsual = group === usualGroup[family];
  return [
    ...line(isUnicast ? 'unicast_src_ip' : 'mcast_src_ip', source),
    ...line('mcast_dst_ip', isUnicast && isUsual ? null : group),
    ...block(['unicast_peer'], peers.map(printPeer)),
    ...line('unicast_ttl', isUnicast || unicastTtl !== 255 ? unicastTtl : null),
    ...flag('check_unicast_src', instance.checkUnicastSource),
    ...flag('unicast_fault_no_peer', instance.lacksPeers),
  ];
}

/** A TTL that is written down makes the sender of every advert be checked. */
const printPeer = ({ address, minTtl, maxTtl }: Peer): Printed =>
  entry(
    address,
    ...(minTtl === 0 ? [] : ['min_ttl', minTtl]),
    ...(maxTtl === 255 ? [] : ['max_ttl', maxTtl]),
  );

const printLink = (instance: Instance): readonly Printed[] => [
  ...printOwnInterface(instance.ownInterface),
  ...flag('use_vmac_addr', instance.addressVmacs),
  ...flag('vmac_xmit_base', instance.xmitBase),
  ...line('vrf', instance.vrf),
  ...flag('promote_secondaries', instance.promoteSecondaries),
  ...line('kernel_rx_buf_size', unless(instance.receiveBuffer, 0)),
  ...line('lvs_sync_daemon_interface', instance.syncDaemonInterface),
];

/** What use_vmac and use_ipvlan would take for something else than a name. */
const isNoName = /:|^\d+(\.\d+){3}|^(name|group|netlink_notify_msg|bridge|private|vepa)$/;

function printOwnInterface(own: OwnInterface | null): readonly Printed[] {
  if (own === null) return [];
  // keepalived 2.2 knows no word in front of the name.
  const words = own.name !== null && isNoName.test(own.name) ? ['name'] : [];
  const name = own.name === null ? [] : [...words, own.name];
  const group = own.group === 0 ? [] : ['group', own.group];
  switch (own.kind) {
    case 'vmac': {
      const mac = own.mac === null ? [] : [own.mac];
      const notifies = own.notifies ? ['netlink_notify_msg'] : [];
      return line('use_vmac', ...name, ...mac, ...notifies, ...group);
    }
    case 'ipvlan': {
      const address = own.address === null ? [] : [own.address];
      return line('use_ipvlan', ...name, ...address, own.mode, ...group);
    }
  }
}

const printAddresses = (instance: Instance): readonly Printed[] => [
  ...block(['virtual_ipaddress'], instance.addresses.map(printAddress)),
  ...block(['virtual_ipaddress_excluded'], instance.excluded.map(printAddress)),
  ...block(['virtual_routes'], instance.virtualRoutes.map(printRoute)),
  ...block(['virtual_rules'], instance.virtualRules.map(printRule)),
  ...flag('no_virtual_ipaddress', instance.addresses.length === 0),
  // The addresses say it themselves, where there are any.
  ...flag('native_ipv6', instance.addresses.length === 0 && instance.family === 6),
];

function printGarp({ garp, extraGarp }: Instance): readonly Printed[] {
  const isExtra = extraGarp.all || extraGarp.every > 0;
  const extra = [...(extraGarp.all ? ['all'] : []), toSeconds(extraGarp.every)];
  return [...printOwnGarp(garp), ...(isExtra ? line('garp_extra_if', ...extra) : [])];
}

const printOwnGarp = (garp: Garp): readonly Printed[] => [
  ...line('garp_master_delay', toSeconds(garp.delay)),
  ...line('garp_master_repeat', garp.repeat),
  ...line('garp_master_refresh', toSeconds(garp.refresh)),
  // None at all can only be said for all instances: print-global.ts does.
  ...line('garp_master_refresh_repeat', unless(garp.refreshRepeat, 0)),
  ...line('garp_lower_prio_delay', toSeconds(garp.lowerPriorityDelay)),
  ...line('garp_lower_prio_repeat', garp.lowerPriorityRepeat),
];
