/**
 * The words of global_defs, and of holdfast's own block.
 */

import type { Row } from './keyword-row';
import {
  address,
  any,
  block,
  boolean,
  choice,
  flag,
  integer,
  names,
  rows,
  seconds,
  text,
  user,
  wholeSeconds,
  words,
} from './keyword-row';

const bytesMax = 2147483647;

const identity: readonly Row[] = [
  ['router_id', text, 'active', 'names this router in mails and logs', { default: 'host name' }],
  ['process_names', flag, 'accepted', 'shows process names'],
  ['process_name', text, 'accepted', 'is the name of the process'],
  ['vrrp_process_name', text, 'accepted', 'is the name of the VRRP process'],
  ['checker_process_name', text, 'accepted', 'is the name of the checker process'],
  ['bfd_process_name', text, 'accepted', 'is the name of the BFD process'],
  ['use_pid_dir', boolean, 'accepted', 'puts the pid files in a directory'],
  ['state_dump_file', text, 'accepted', 'is where a signal writes the state'],
  ['stats_dump_file', text, 'accepted', 'is where a signal writes counters'],
  ['json_dump_file', text, 'accepted', 'is where a signal writes JSON'],
  ['json_version', integer(1, 2), 'accepted', 'is the version of the JSON output'],
  ['data_use_instance', any, 'accepted', 'names dump files after the instance'],
];

const mail: readonly Row[] = [
  ['notification_email', names, 'accepted', 'lists who gets mail'],
  ['notification_email_from', text, 'accepted', 'is the sender of mails'],
  ['smtp_server', words(1), 'accepted', 'is the mail server', { default: 'port 25' }],
  ['smtp_helo_name', text, 'accepted', 'is the name given to the mail server'],
  ['smtp_connect_timeout', wholeSeconds(0, 4294), 'accepted', 'waits for the mail server'],
  ['smtp_alert', boolean, 'accepted', 'sends mails about everything'],
  ['smtp_alert_vrrp', boolean, 'accepted', 'sends mails about instances'],
  ['smtp_alert_checker', boolean, 'accepted', 'sends mails about checkers'],
  ['no_email_faults', flag, 'accepted', 'sends no mail about faults'],
  ['no_checker_emails', flag, 'accepted', 'sends no mail about checkers'],
];

const defaults: readonly Row[] = [
  ['vrrp_version', integer(2, 3), 'active', 'is the version of VRRP', { default: '2' }],
  ['vrrp_strict', boolean, 'active', 'keeps to the RFC'],
  ['vrrp_mcast_group4', address, 'active', 'is the IPv4 group', { default: '224.0.0.18' }],
  ['vrrp_mcast_group6', address, 'active', 'is the IPv6 group', { default: 'ff02::12' }],
  ['vrrp_skip_check_adv_addr', any, 'accepted', 'compares the addresses of an advert only once'],
  ['vrrp_check_unicast_src', flag, 'active', 'believes nobody but the unicast peers'],
  ['vrrp_lower_prio_no_advert', boolean, 'active', 'does not answer a lower advert at once'],
  ['vrrp_higher_prio_send_advert', boolean, 'accepted', 'sends one more advert to a higher master'],
  ['vrrp_owner_ignore_adverts', boolean, 'accepted', 'lets the owner ignore all adverts'],
  ['vrrp_down_timer_adverts', integer(1, 100), 'active', 'is how many adverts may be missed'],
  ['v3_checksum_as_v2', flag, 'active', 'leaves the pseudo-header out of the v3 checksum'],
  ['vrrp_startup_delay', seconds(0.001, 4294), 'active', 'waits at the start', { default: '0' }],
  ['vrrp_delay_after_boot', seconds(0, 4294), 'decisive', 'waits after the boot of the host'],
  ['default_interface', text, 'accepted', 'is where addresses go without any interface'],
  ['dynamic_interfaces', any, 'active', 'lets interfaces appear later'],
  ['log_unknown_vrids', flag, 'accepted', 'logs adverts of foreign routers'],
  ['vrrp_notify_priority_changes', any, 'accepted', 'tells notify about the priority too'],
];

const announcements: readonly Row[] = [
  ['vrrp_garp_master_delay', wholeSeconds(0, 4294967), 'active', 'repeats them', { default: '5' }],
  ['vrrp_garp_master_repeat', integer(0, bytesMax), 'active', 'is how often', { default: '5' }],
  [
    'vrrp_garp_master_refresh',
    wholeSeconds(0, 4294967),
    'active',
    'announces again every so often',
  ],
  ['vrrp_garp_master_refresh_repeat', integer(0, bytesMax), 'active', 'is how often each time'],
  ['vrrp_garp_lower_prio_delay', wholeSeconds(0, 4294967), 'active', 'repeats them, lower master'],
  ['vrrp_garp_lower_prio_repeat', integer(0, bytesMax), 'active', 'is how often, lower master'],
  ['vrrp_garp_interval', seconds(0.000001, 4294), 'accepted', 'is the gap between ARPs'],
  ['vrrp_gna_interval', seconds(0.000001, 4294), 'accepted', 'is the gap between NAs'],
  ['vrrp_min_garp', boolean, 'active', 'announces each address only once'],
  ['vrrp_garp_extra_if', any, 'accepted', 'announces on the interfaces of the addresses too'],
  ['vrrp_vmac_garp_intvl', any, 'accepted', 'announces on the interfaces of the addresses too'],
];

const scripts: readonly Row[] = [
  ['script_user', user, 'active', 'runs scripts as this user'],
  ['enable_script_security', flag, 'active', 'refuses scripts that others may write'],
  ['use_symlink_paths', flag, 'accepted', 'runs scripts by the path as written'],
  ['set_supplementary_groups', flag, 'accepted', 'gives scripts the other groups of the user'],
  ['umask', any, 'accepted', 'limits the mode of files created'],
  ['startup_script', any, 'accepted', 'runs a command before the start'],
  ['startup_script_timeout', integer(1, 1000), 'accepted', 'limits startup_script'],
  ['shutdown_script', any, 'accepted', 'runs a command after the end'],
  ['shutdown_script_timeout', integer(1, 1000), 'accepted', 'limits shutdown_script'],
  ['notify_fifo', any, 'accepted', 'writes changes of state to a FIFO'],
  ['notify_fifo_script', any, 'accepted', 'reads the FIFO'],
  ['vrrp_notify_fifo', any, 'accepted', 'writes changes of state to a FIFO'],
  ['vrrp_notify_fifo_script', any, 'accepted', 'reads the FIFO'],
  ['lvs_notify_fifo', any, 'accepted', 'writes what checkers find to a FIFO'],
  ['lvs_notify_fifo_script', any, 'accepted', 'reads the FIFO'],
  ['fifo_write_vrrp_states_on_reload', flag, 'accepted', 'repeats states after a reload'],
];

const process: readonly Row[] = [
  ['max_auto_priority', any, 'accepted', 'raises the priority of the process when it is late'],
  ['min_auto_priority_delay', any, 'accepted', 'says how late is late'],
  ...['vrrp', 'checker', 'bfd'].flatMap((child): readonly Row[] => [
    [`${child}_priority`, any, 'accepted', 'is the nice value of a process'],
    [`${child}_no_swap`, any, 'accepted', 'locks a process in memory'],
    [`${child}_rt_priority`, any, 'accepted', 'is the real-time priority of a process'],
    [`${child}_cpu_affinity`, any, 'accepted', 'binds a process to CPUs'],
    [`${child}_rlimit_rttime`, any, 'accepted', 'limits the real time of a process'],
    [`${child}_rlimit_rtime`, any, 'accepted', 'limits the real time of a process'],
  ]),
  ...['vrrp_netlink_cmd', 'vrrp_netlink_monitor', 'lvs_netlink_cmd', 'lvs_netlink_monitor']
    .concat('process_monitor')
    .flatMap((socket): readonly Row[] => [
      [`${socket}_rcv_bufs`, any, 'accepted', 'is the size of a receive buffer'],
      [`${socket}_rcv_bufs_force`, any, 'accepted', 'ignores the limit of a receive buffer'],
    ]),
  ['vrrp_rx_bufs_policy', any, 'accepted', 'says how receive buffers are sized'],
  ['vrrp_rx_bufs_multiplier', any, 'accepted', 'enlarges receive buffers'],
  ['disable_local_igmp', flag, 'accepted', 'sends no IGMP on the base interface'],
  ['vmac_prefix', any, 'accepted', 'names the interfaces of use_vmac'],
  ['vmac_addr_prefix', any, 'accepted', 'names the interfaces of use_vmac_addr'],
];

const elsewhere: readonly Row[] = [
  ['vrrp_iptables', any, 'accepted', 'names the iptables chains of no_accept'],
  ['vrrp_ipsets', any, 'accepted', 'names the ipsets of no_accept'],
  ['nftables', any, 'accepted', 'names the nftables table of no_accept'],
  ['nftables_priority', any, 'accepted', 'is the priority of the nftables chains'],
  ['nftables_counters', any, 'accepted', 'counts in the nftables rules'],
  ['nftables_ifindex', any, 'accepted', 'names interfaces by number in nftables'],
  ['nftables_ipvs', any, 'accepted', 'names the nftables table of IPVS'],
  ['nftables_ipvs_priority', any, 'accepted', 'is the priority of the IPVS chains'],
  ['nftables_ipvs_start_fwmark', any, 'accepted', 'is the first mark of the IPVS rules'],
  ...['lvs_timeouts', 'lvs_flush', 'lvs_flush_on_stop', 'lvs_sync_daemon'].map(
    (word): Row => [word, any, 'accepted', 'sets up IPVS'],
  ),
  ['checker_log_all_failures', any, 'accepted', 'logs every failure of a checker'],
  ['rs_init_notifies', any, 'accepted', 'notifies about real servers at the start'],
  ...['snmp_socket', 'enable_traps', 'enable_snmp_keepalived', 'enable_snmp_vrrp']
    .concat('enable_snmp_checker', 'enable_snmp_rfc', 'enable_snmp_rfcv2', 'enable_snmp_rfcv3')
    .concat('snmp_vs_stats_update_interval', 'snmp_rs_stats_update_interval')
    .map((word): Row => [word, any, 'accepted', 'serves SNMP']),
  ...['enable_dbus', 'dbus_service_name', 'dbus_no_interface_name'].map(
    (word): Row => [word, any, 'accepted', 'serves D-Bus'],
  ),
  ...['reload_check_config', 'reload_file', 'reload_time_file', 'reload_repeat']
    .concat('config_save_dir', 'tmp_config_directory')
    .map((word): Row => [word, any, 'accepted', 'says how a reload is done']),
  ['random_seed', any, 'accepted', 'makes random values repeat'],
  ['include_check', any, 'accepted', 'checks included files'],
  ['iproute_usr_dir', any, 'accepted', 'is where iproute2 keeps its names'],
  ['iproute_etc_dir', any, 'accepted', 'is where iproute2 keeps its names'],
  ['linkbeat_interfaces', block, 'accepted', 'polls interfaces for their carrier'],
];

export const globalRows = rows('global_defs', [
  ...identity,
  ...mail,
  ...defaults,
  ...announcements,
  ...scripts,
  ...process,
  ...elsewhere,
]);

const own = { reference: 'holdfast', invalid: 'error' } as const;

export const ownRows = rows('holdfast', [
  ['vip_lease', text, 'active', 'lets the kernel drop addresses', { ...own, default: '10' }],
  [
    'on_stall',
    choice('offer', 'keep', 'resign'),
    'active',
    'says what a master does when its control plane hangs',
    { ...own, default: 'offer' },
  ],
  ['stall_lease', seconds(0.1, 4294), 'active', 'says when it hangs', { ...own, default: '3' }],
  ['realtime', boolean, 'active', 'asks for real-time scheduling', { ...own, default: 'on' }],
]);
