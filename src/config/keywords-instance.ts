/**
 * The words of vrrp_instance and of its authentication block.
 */
import {
  address,
  any,
  block,
  boolean,
  choice,
  command,
  flag,
  integer,
  lines,
  rows,
  seconds,
  strictInteger,
  text,
  wholeSeconds,
  words,
} from './keyword-row';

const rfc = (section: string) => ({ reference: `RFC 9568 §${section}` });
const vrid = { invalid: 'error', ...rfc('5.2.3') } as const;

export const instanceRows = rows('vrrp_instance', [
  ['state', choice('MASTER', 'BACKUP'), 'active', 'is the state wished for at the start'],
  ['interface', text, 'active', 'is where adverts go'],
  ['virtual_router_id', strictInteger(1, 255), 'active', 'names the virtual router', vrid],
  ['priority', strictInteger(1, 255), 'active', 'decides who is master', { default: '100' }],
  ['advert_int', seconds(0.01, 255), 'active', 'is the time between adverts', { default: '1' }],
  ['version', integer(2, 3), 'active', 'is the version of VRRP', { default: 'vrrp_version' }],
  ['native_ipv6', flag, 'active', 'says that the instance is for IPv6'],

  ['preempt', flag, 'active', 'lets a higher priority take over'],
  ['nopreempt', flag, 'active', 'leaves a lower master alone', rfc('6.1')],
  ['preempt_delay', seconds(0, 1000), 'active', 'waits before it preempts', { default: '0' }],
  ['down_timer_adverts', integer(1, 100), 'active', 'is how many adverts may be missed'],
  ['lower_prio_no_advert', boolean, 'active', 'does not answer a lower advert at once'],
  ['higher_prio_send_advert', boolean, 'accepted', 'sends one more advert to a higher master'],
  ['owner_ignore_adverts', boolean, 'accepted', 'lets the owner ignore all adverts'],
  ['timer_expired_backup', any, 'accepted', 'steps back after a timer that fired late'],
  ['thread_timer_expired', any, 'accepted', 'steps back after a timer that fired late'],

  ['authentication', block, 'active', 'is the clear text password of VRRP version 2'],
  ['auth_hmac', block, 'decisive', 'signs adverts'],
  ['strict_mode', boolean, 'active', 'keeps to the RFC'],
  ['skip_check_adv_addr', any, 'accepted', 'compares the addresses of an advert only once'],
  ['v3_checksum_as_v2', boolean, 'active', 'leaves the pseudo-header out', rfc('5.2.8')],
  ['old_unicast_checksum', any, 'decisive', 'uses the unicast checksum of keepalived 1.3.5'],

  ['virtual_ipaddress', lines, 'active', 'lists the addresses advertised and held'],
  ['virtual_ipaddress_excluded', lines, 'active', 'lists addresses held, not advertised'],
  ['no_virtual_ipaddress', flag, 'active', 'says that no address is meant'],
  ['virtual_routes', lines, 'decisive', 'moves routes with the master'],
  ['virtual_rules', lines, 'decisive', 'moves policy rules with the master'],
  ['promote_secondaries', flag, 'accepted', 'keeps other addresses when the first one goes'],
  ['accept', flag, 'active', 'lets a master answer on the addresses', rfc('6.1')],
  ['no_accept', flag, 'accepted', 'keeps a master from answering on the addresses'],

  ['mcast_src_ip', address, 'active', 'is the source of multicast adverts'],
  ['mcast_dst_ip', address, 'active', 'is the multicast group'],
  ['unicast_src_ip', address, 'active', 'is the source of unicast adverts'],
  ['unicast_peer', lines, 'active', 'lists where adverts go, one by one'],
  ['unicast_ttl', integer(0, 255), 'active', 'is the TTL of unicast adverts', { default: '255' }],
  ['check_unicast_src', flag, 'active', 'believes nobody but the unicast peers'],
  ['unicast_fault_no_peer', flag, 'decisive', 'makes unicast without a peer a fault'],
  ['track_src_ip', flag, 'decisive', 'makes a missing source address a fault'],
  ['vrf', text, 'decisive', 'binds the instance to a VRF'],
  ['use_vmac', any, 'decisive', 'gives the addresses a MAC address of their own', rfc('7.3')],
  ['use_vmac_addr', any, 'decisive', 'gives addresses elsewhere a MAC address of their own'],
  ['use_ipvlan', any, 'decisive', 'sends from an ipvlan interface'],
  ['vmac_xmit_base', flag, 'accepted', 'sends from the interface below the use_vmac one'],

  ['garp_master_delay', wholeSeconds(0, 4294967), 'active', 'repeats the announcements after this'],
  ['garp_master_repeat', integer(0, 4294967), 'active', 'is how often an address is announced'],
  ['garp_master_refresh', wholeSeconds(0, 4294967), 'active', 'announces again every so often'],
  ['garp_master_refresh_repeat', integer(0, 4294967), 'active', 'is how often each time'],
  [
    'garp_lower_prio_delay',
    wholeSeconds(0, 4294967),
    'active',
    'repeats them against a lower master',
  ],
  ['garp_lower_prio_repeat', integer(0, 4294967), 'active', 'is how often, against a lower master'],
  ['garp_extra_if', any, 'accepted', 'announces on the interfaces of the addresses too'],
  ['vmac_garp_intvl', any, 'accepted', 'announces on the interfaces of the addresses too'],

  ['track_interface', lines, 'active', 'watches links'],
  ['track_script', lines, 'active', 'watches scripts'],
  ['track_file', lines, 'decisive', 'watches files'],
  ['track_process', lines, 'decisive', 'watches processes'],
  ['track_bfd', lines, 'decisive', 'watches BFD neighbours'],
  ['dont_track_primary', flag, 'active', 'goes on while its own link is down'],

  ['notify', command, 'active', 'runs a command at every change of state'],
  ['notify_master', command, 'active', 'runs a command on becoming master'],
  ['notify_backup', command, 'active', 'runs a command on becoming backup'],
  ['notify_fault', command, 'active', 'runs a command on a fault'],
  ['notify_stop', command, 'active', 'runs a command at the end'],
  ['notify_deleted', command, 'accepted', 'runs a command when a reload removes the instance'],
  ['notify_master_rx_lower_pri', command, 'accepted', 'runs a command on a lower advert'],
  ['notify_priority_changes', any, 'accepted', 'tells notify about the priority too'],
  ['smtp_alert', boolean, 'accepted', 'sends a mail at every change of state'],

  ['kernel_rx_buf_size', integer(0, 2147483647), 'accepted', 'is the size of the receive buffer'],
  ['debug', words(1), 'accepted', 'sets how much is logged'],
  ['linkbeat_use_polling', flag, 'accepted', 'polls the interface for its carrier'],
  ['lvs_sync_daemon_interface', any, 'accepted', 'moves the IPVS sync daemon'],
]);

export const authenticationRows = rows('authentication', [
  ['auth_type', choice('PASS', 'AH'), 'active', 'is the kind of authentication'],
  ['auth_pass', text, 'active', 'is the password, at most 8 octets'],
]);
