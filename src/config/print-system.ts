/**
 * What global_defs and the root say about the process, the kernel and other programs: only what
 * is not as it would be anyhow.
 */
import { toSeconds } from '../time';
import type {
  Buffers,
  Child,
  Dumps,
  Fifo,
  Firewall,
  HostNames,
  LifeHooks,
  ReceiveBuffer,
  Reload,
  Scheduling,
  System,
} from './model-system';
import { printHook, printOwned } from './print-hook';
import { printLvs } from './print-lvs';
import { flag, line, type Printed, unless } from './print-text';

/** Outside of every block. */
export const printHost = ({ host }: System): readonly Printed[] => [
  ...line('net_namespace', host.namespace),
  ...(host.ipvsNamespace === ''
    ? line('net_namespace_ipvs')
    : line('net_namespace_ipvs', host.ipvsNamespace)),
  ...flag('namespace_with_ipsets', host.namespaceIpsets),
  ...line('instance', host.instance),
  ...flag('use_pid_dir', host.pidDirectory),
  ...line('child_wait_time', unless(toSeconds(host.childWait), 5)),
];

/** Inside global_defs. */
export const printSystem = (system: System): readonly Printed[] => [
  ...printNames(system.host),
  ...printLife(system.hooks),
  ...printFifos(system),
  ...flag('use_symlink_paths', system.scripts.symlinks),
  ...flag('set_supplementary_groups', system.scripts.supplementaryGroups),
  ...line('umask', octal(system.scripts.umask)),
  ...printDumps(system.dumps),
  ...printScheduling(system.scheduling),
  ...printBuffers(system.buffers),
  ...line('vrrp_garp_interval', unless(toSeconds(system.garpInterval), 0)),
  ...line('vrrp_gna_interval', unless(toSeconds(system.gnaInterval), 0)),
  ...line('default_interface', unless(system.defaultInterface, 'eth0')),
  ...flag('log_unknown_vrids', system.logUnknownVrids),
  ...line('vmac_prefix', unless(system.vmacPrefix, 'vrrp')),
  ...line('vmac_addr_prefix', unless(system.vmacAddressPrefix, system.vmacPrefix)),
  ...printFirewall(system.firewall),
  ...printLvs(system.lvs),
  ...printReload(system.reload),
];

const octal = (bits: number | null): string | null =>
  bits === null ? null : `0${bits.toString(8)}`;

const printNames = ({ names, showNames }: HostNames): readonly Printed[] => [
  ...flag('process_names', showNames),
  ...line('process_name', names.main),
  ...line('vrrp_process_name', names.vrrp),
  ...line('checker_process_name', names.checker),
  ...line('bfd_process_name', names.bfd),
];

const printLife = (hooks: LifeHooks): readonly Printed[] => [
  ...printHook('startup_script', hooks.startup),
  ...line('startup_script_timeout', unless(toSeconds(hooks.startupTimeout), 10)),
  ...printHook('shutdown_script', hooks.shutdown),
  ...line('shutdown_script_timeout', unless(toSeconds(hooks.shutdownTimeout), 10)),
];

const printFifos = ({ fifos }: System): readonly Printed[] => [
  ...printFifo('notify_fifo', fifos.all),
  ...printFifo('vrrp_notify_fifo', fifos.vrrp),
  ...printFifo('lvs_notify_fifo', fifos.lvs),
  ...flag('fifo_write_vrrp_states_on_reload', fifos.repeatOnReload),
];

const printFifo = (word: string, fifo: Fifo | null): readonly Printed[] =>
  fifo === null
    ? []
    : [...printOwned(word, fifo.path, fifo.owner), ...printHook(`${word}_script`, fifo.reader)];

const printDumps = (dumps: Dumps): readonly Printed[] => [
  ...line('state_dump_file', dumps.state),
  ...line('stats_dump_file', dumps.stats),
  ...line('json_dump_file', dumps.json),
  ...line('json_version', unless<number>(dumps.jsonVersion, 1)),
  ...flag('data_use_instance', dumps.byInstance),
];

const children: readonly Child[] = ['vrrp', 'checker', 'bfd'];

const printScheduling = (scheduling: Scheduling): readonly Printed[] => [
  ...line('max_auto_priority', unless(scheduling.autoPriorityMax, 0)),
  ...line('min_auto_priority_delay', unless<number>(scheduling.autoPriorityDelay, 1_000_000)),
  ...children.flatMap((child) => {
    const { nice, realtime, realtimeLimit, cpus, locked } = scheduling.children[child];
    return [
      ...line(`${child}_priority`, nice),
      ...line(`${child}_rt_priority`, realtime),
      ...line(`${child}_rlimit_rttime`, realtimeLimit),
      ...(cpus.length === 0 ? [] : line(`${child}_cpu_affinity`, ...cpus)),
      ...flag(`${child}_no_swap`, locked),
    ];
  }),
];

const printBuffers = (buffers: Buffers): readonly Printed[] => [
  ...line('vrrp_rx_bufs_policy', buffers.policy),
  ...line('vrrp_rx_bufs_multiplier', unless(buffers.multiplier, 3)),
  ...printBuffer('vrrp_netlink_cmd', buffers.vrrpCommand),
  ...printBuffer('vrrp_netlink_monitor', buffers.vrrpMonitor),
  ...printBuffer('lvs_netlink_cmd', buffers.lvsCommand),
  ...printBuffer('lvs_netlink_monitor', buffers.lvsMonitor),
  ...printBuffer('process_monitor', buffers.processMonitor),
];

const printBuffer = (socket: string, { bytes, force }: ReceiveBuffer): readonly Printed[] => [
  ...line(`${socket}_rcv_bufs`, bytes),
  ...flag(`${socket}_rcv_bufs_force`, force),
];

const printFirewall = (firewall: Firewall): readonly Printed[] => [
  ...(firewall.iptables === null
    ? []
    : line(
        'vrrp_iptables',
        firewall.iptables.input,
        ...(firewall.iptables.output === null ? [] : [firewall.iptables.output]),
      )),
  ...(firewall.ipsets === null ? [] : line('vrrp_ipsets', ...firewall.ipsets)),
  ...line('nftables', firewall.nftables),
  ...line('nftables_priority', unless(firewall.priority, -1)),
  ...flag('nftables_counters', firewall.counters),
  ...flag('nftables_ifindex', firewall.byIndex),
  ...flag('disable_local_igmp', firewall.disableLocalIgmp),
];

const printReload = (reload: Reload): readonly Printed[] => [
  ...line('reload_check_config', reload.checkLog),
  ...(reload.marker === '' ? line('reload_file') : line('reload_file', reload.marker)),
  ...line('reload_time_file', reload.timeFile),
  ...flag('reload_repeat', reload.repeat),
  ...line('config_save_dir', reload.saveDirectory),
  ...line('tmp_config_directory', reload.temporaryDirectory),
];
