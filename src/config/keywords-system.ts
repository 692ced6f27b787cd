/**
 * The words of global_defs that concern the process, the kernel and other programs: scheduling,
 * buffers, firewall, IPVS, SNMP, D-Bus, reloads, the files that signals write.
 */

import type { Row } from './keyword-row';
import {
  boolean,
  choice,
  clamped,
  device,
  either,
  flag,
  integer,
  integers,
  lenient,
  oldNameOf,
  once,
  optional,
  path,
  recent,
  seconds,
  syntax,
  tableName,
  text,
} from './keyword-row';

const countMax = 4294967295;
const intMax = 2147483647;
/** CPU_SETSIZE */
const cpusMax = 1024;
const many = Number.POSITIVE_INFINITY;
const single = { ...lenient, ...once };

const identity: readonly Row[] = [
  ['process_names', flag, 'accepted', 'gives the processes their own names'],
  ['process_name', text, 'accepted', 'is the name of the process'],
  ['vrrp_process_name', text, 'accepted', 'is the name of the VRRP process'],
  ['checker_process_name', text, 'accepted', 'is the name of the checker process'],
  [
    'lvs_process_name',
    text,
    'accepted',
    'is the name of the checker process',
    oldNameOf('checker_process_name'),
  ],
  ['bfd_process_name', text, 'accepted', 'is the name of the BFD process'],
  ['state_dump_file', path, 'accepted', 'is where a signal writes the state', recent],
  ['stats_dump_file', path, 'accepted', 'is where a signal writes counters', recent],
  ['json_dump_file', path, 'accepted', 'is where a signal writes JSON', recent],
  [
    'json_version',
    integer(1, 2),
    'accepted',
    'is the version of the JSON that a signal writes',
    { ...recent, default: '1' },
  ],
  ['data_use_instance', boolean, 'accepted', 'names dump files after the instance'],
];

const scheduling = (child: string): readonly Row[] => [
  [
    `${child}_priority`,
    integer(-20, 19),
    'accepted',
    `is the nice value of the ${child} process`,
    { ...lenient, default: '0' },
  ],
  [`${child}_no_swap`, flag, 'accepted', `locks the ${child} process in memory`],
  [
    `${child}_rt_priority`,
    clamped(1, 99),
    'accepted',
    `is the real-time priority of the ${child} process`,
    lenient,
  ],
  [
    `${child}_cpu_affinity`,
    integers(integer(0, cpusMax - 1)),
    'accepted',
    `binds the ${child} process to CPUs`,
    lenient,
  ],
  [
    `${child}_rlimit_rttime`,
    integer(1, countMax, 'µs'),
    'accepted',
    `limits the real time of the ${child} process`,
    { default: '10000' },
  ],
  [
    `${child}_rlimit_rtime`,
    integer(1, countMax, 'µs'),
    'accepted',
    `limits the real time of the ${child} process`,
    oldNameOf(`${child}_rlimit_rttime`),
  ],
];

const sockets = ['vrrp_netlink_cmd', 'vrrp_netlink_monitor', 'lvs_netlink_cmd']
  .concat('lvs_netlink_monitor', 'process_monitor')
  .flatMap((socket): readonly Row[] => [
    [
      `${socket}_rcv_bufs`,
      integer(0, countMax, 'bytes'),
      'accepted',
      'is the size of a receive buffer',
      { ...lenient, default: "the kernel's" },
    ],
    [`${socket}_rcv_bufs_force`, boolean, 'accepted', 'ignores the limit of a receive buffer'],
  ]);

const process: readonly Row[] = [
  [
    'max_auto_priority',
    optional(integer(-1, 99)),
    'accepted',
    'raises the priority of the process when it is late; 0: not',
    { default: '0; without a number the highest' },
  ],
  [
    'min_auto_priority_delay',
    integer(1, 10_000_000, 'µs'),
    'accepted',
    'says how late is late',
    { ...lenient, default: '1000000' },
  ],
  ...['vrrp', 'checker', 'bfd'].flatMap(scheduling),
  ...sockets,
  [
    'vrrp_rx_bufs_policy',
    either(integer(0, countMax, 'bytes'), 'MTU', 'ADVERT'),
    'accepted',
    'says how receive buffers are sized',
    { ...lenient, default: "the kernel's" },
  ],
  [
    'vrrp_rx_bufs_multiplier',
    integer(1, countMax),
    'accepted',
    'enlarges receive buffers',
    { ...lenient, default: '3' },
  ],
  ['disable_local_igmp', flag, 'accepted', 'has the kernel report no link-local groups'],
  ['vmac_prefix', text, 'accepted', 'names the interfaces of use_vmac', prefix('vrrp')],
  [
    'vmac_addr_prefix',
    text,
    'accepted',
    'names the interfaces of use_vmac_addr',
    prefix('vmac_prefix'),
  ],
];

function prefix(word: string) {
  return { ...once, default: word };
}

const firewall: readonly Row[] = [
  [
    'vrrp_iptables',
    syntax(0, 2, '[in [out]]'),
    'accepted',
    'names the iptables chains of no_accept',
    { default: 'INPUT OUTPUT' },
  ],
  [
    'vrrp_ipsets',
    syntax(0, 5, '[ip4 [ip6 [if6 [igmp [mld]]]]]'),
    'accepted',
    'names the ipsets of no_accept',
    { default: 'keepalived, keepalived6 …' },
  ],
  [
    'nftables',
    optional(tableName),
    'accepted',
    'names the nftables table of no_accept',
    { ...once, default: 'keepalived' },
  ],
  [
    'nftables_priority',
    integer(-intMax - 1, intMax),
    'accepted',
    'is the priority of the nftables chains',
    { default: '-1' },
  ],
  ['nftables_counters', flag, 'accepted', 'counts in the nftables rules'],
  ['nftables_ifindex', flag, 'accepted', 'names interfaces by number in nftables'],
  [
    'nftables_ipvs',
    optional(tableName),
    'accepted',
    'names the nftables table of IPVS',
    { ...once, default: 'keepalived_ipvs' },
  ],
  [
    'nftables_ipvs_priority',
    integer(-intMax - 1, intMax),
    'accepted',
    'is the priority of the IPVS chains',
  ],
  [
    'nftables_ipvs_start_fwmark',
    integer(1, countMax),
    'accepted',
    'is the first mark of the IPVS rules',
    { default: '1000' },
  ],
];

const lvs: readonly Row[] = [
  [
    'lvs_timeouts',
    syntax(0, many, '[tcp s] [tcpfin s] [udp s]'),
    'accepted',
    'is how long IPVS remembers connections',
    { ...lenient, default: "the kernel's" },
  ],
  ['lvs_flush', flag, 'accepted', 'empties IPVS at the start'],
  ['lvs_flush_on_stop', optional(choice('VS')), 'accepted', 'empties IPVS at the end'],
  [
    'lvs_flush_onstop',
    optional(choice('VS')),
    'accepted',
    'empties IPVS at the end',
    oldNameOf('lvs_flush_on_stop'),
  ],
  [
    'lvs_sync_daemon',
    syntax(
      1,
      many,
      'interface [[inst] instance] [id n] [maxlen n] [port n] [ttl n] [group address]',
    ),
    'accepted',
    'tells another IPVS about connections',
    single,
  ],
  ['checker_log_all_failures', boolean, 'accepted', 'logs every failure of a checker'],
  ['rs_init_notifies', boolean, 'accepted', 'notifies about real servers at the start'],
];

const asked = {
  instead: 'notify commands and the log tell every change of state; there is no agent to ask',
} as const;

const agents: readonly Row[] = [
  ...['enable_snmp_vrrp', 'enable_snmp_checker', 'enable_snmp_rfc', 'enable_snmp_rfcv2']
    .concat('enable_snmp_rfcv3', 'enable_traps')
    .map((word): Row => [word, flag, 'refused', 'serves SNMP', asked]),
  [
    'enable_snmp_keepalived',
    flag,
    'refused',
    'serves SNMP',
    { ...asked, reference: 'keepalived, old name' },
  ],
  ['snmp_socket', text, 'refused', 'is where the SNMP master listens', { ...asked, ...single }],
  ...['snmp_vs_stats_update_interval', 'snmp_rs_stats_update_interval'].map(
    (word): Row => [
      word,
      seconds(0.001, 30),
      'refused',
      'paces what SNMP reads from IPVS',
      { ...asked, ...recent, default: '5' },
    ],
  ),
  ['enable_dbus', flag, 'refused', 'serves D-Bus', asked],
  ['dbus_service_name', text, 'refused', 'is the name on D-Bus', { ...asked, ...lenient }],
  [
    'dbus_no_interface_name',
    device,
    'refused',
    'stands on D-Bus for no interface',
    { ...asked, ...recent, default: 'none' },
  ],
];

const reload: readonly Row[] = [
  [
    'reload_check_config',
    optional(path),
    'active',
    'keeps the old configuration when a new one is bad (holdfast always does, and logs it)',
  ],
  ['reload_file', optional(path), 'accepted', 'is a file that is there while a reload reads'],
  ['reload_time_file', path, 'accepted', 'holds the time of the next reload', lenient],
  ['reload_repeat', flag, 'accepted', 'reloads at that time every day'],
  ['config_save_dir', path, 'accepted', 'keeps what was read before and after each reload'],
  ['tmp_config_directory', path, 'accepted', 'is where the text waits to be read again', single],
  ['random_seed', integer(0, countMax), 'accepted', 'makes ${_RANDOM} repeat'],
  [
    'include_check',
    syntax(0, many, '[+|-]read|match|wildcard|brace|all …'),
    'accepted',
    'checks included files',
  ],
  ['iproute_usr_dir', path, 'accepted', 'is where iproute2 keeps its names', recent],
  ['iproute_etc_dir', path, 'accepted', 'is where iproute2 keeps its names', recent],
];

export const systemRows: readonly Row[] = [
  ...identity,
  ...process,
  ...firewall,
  ...lvs,
  ...agents,
  ...reload,
];
