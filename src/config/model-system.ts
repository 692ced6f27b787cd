/**
 * What global_defs and the root say about the process, the kernel and other programs. Pure types;
 * a field's comment gives its keepalived keyword, unit and range. Null is what is not said.
 */
import type { Duration } from '../time';
import type { Hook, User } from './model';

export interface System {
  readonly host: HostNames;
  readonly hooks: LifeHooks;
  readonly fifos: Fifos;
  readonly scripts: ScriptTerms;
  readonly dumps: Dumps;
  readonly scheduling: Scheduling;
  readonly buffers: Buffers;
  readonly firewall: Firewall;
  readonly lvs: Lvs;
  readonly reload: Reload;
  /** vrrp_garp_interval and vrrp_gna_interval: the gap between two announcements. */
  readonly garpInterval: Duration;
  readonly gnaInterval: Duration;
  /** default_interface */
  readonly defaultInterface: string;
  /** log_unknown_vrids */
  readonly logUnknownVrids: boolean;
  /** vmac_prefix, vmac_addr_prefix */
  readonly vmacPrefix: string;
  readonly vmacAddressPrefix: string;
}

/** Where this daemon runs and what its processes are called. */
export interface HostNames {
  /** instance: tells daemons on one host apart. */
  readonly instance: string | null;
  /** net_namespace */
  readonly namespace: string | null;
  /** net_namespace_ipvs; '' is the first one of the host. */
  readonly ipvsNamespace: string | null;
  /** namespace_with_ipsets */
  readonly namespaceIpsets: boolean;
  /** use_pid_dir */
  readonly pidDirectory: boolean;
  /** child_wait_time */
  readonly childWait: Duration;
  /** process_names */
  readonly showNames: boolean;
  /** process_name …; at most 15 characters each. */
  readonly names: Readonly<Record<'main' | Child, string | null>>;
}

/** The processes of keepalived. */
export type Child = 'vrrp' | 'checker' | 'bfd';

/** startup_script and shutdown_script, with 1..1000 s each. */
export interface LifeHooks {
  readonly startup: Hook | null;
  readonly startupTimeout: Duration;
  readonly shutdown: Hook | null;
  readonly shutdownTimeout: Duration;
}

export interface Fifos {
  /** notify_fifo: everything. */
  readonly all: Fifo | null;
  /** vrrp_notify_fifo */
  readonly vrrp: Fifo | null;
  /** lvs_notify_fifo */
  readonly lvs: Fifo | null;
  /** fifo_write_vrrp_states_on_reload */
  readonly repeatOnReload: boolean;
}

export interface Fifo {
  readonly path: string;
  /** whom it belongs to; null: us. */
  readonly owner: User | null;
  /** what reads it; gets the path as its last word. */
  readonly reader: Hook | null;
}

export interface ScriptTerms {
  /** use_symlink_paths */
  readonly symlinks: boolean;
  /** set_supplementary_groups */
  readonly supplementaryGroups: boolean;
  /** umask; nine bits. */
  readonly umask: number | null;
}

/** The files that a signal writes. */
export interface Dumps {
  /** state_dump_file, stats_dump_file, json_dump_file */
  readonly state: string | null;
  readonly stats: string | null;
  readonly json: string | null;
  /** json_version */
  readonly jsonVersion: 1 | 2;
  /** data_use_instance */
  readonly byInstance: boolean;
}

export interface Scheduling {
  /** max_auto_priority: 0 is off, -1 off without a word, 1..99 the limit. */
  readonly autoPriorityMax: number;
  /** min_auto_priority_delay, at most 10 s. */
  readonly autoPriorityDelay: Duration;
  readonly children: Readonly<Record<Child, ChildScheduling>>;
}

export interface ChildScheduling {
  /** …_priority: nice value, -20..19. */
  readonly nice: number | null;
  /** …_rt_priority, 1..99. */
  readonly realtime: number | null;
  /** …_rlimit_rttime */
  readonly realtimeLimit: Duration | null;
  /** …_cpu_affinity; empty: any. */
  readonly cpus: readonly number[];
  /** …_no_swap */
  readonly locked: boolean;
}

/** Receive buffers; null leaves a size to the kernel. */
export interface Buffers {
  /** vrrp_rx_bufs_policy: so many times the MTU or the advert, or a number of bytes. */
  readonly policy: 'MTU' | 'ADVERT' | number | null;
  /** vrrp_rx_bufs_multiplier */
  readonly multiplier: number;
  /** vrrp_netlink_cmd_rcv_bufs … */
  readonly vrrpCommand: ReceiveBuffer;
  readonly vrrpMonitor: ReceiveBuffer;
  readonly lvsCommand: ReceiveBuffer;
  readonly lvsMonitor: ReceiveBuffer;
  readonly processMonitor: ReceiveBuffer;
}

export interface ReceiveBuffer {
  readonly bytes: number | null;
  /** …_force: beyond the limit of the host. */
  readonly force: boolean;
}

/** Where the rules of no_accept and use_vmac go. */
export interface Firewall {
  /** vrrp_iptables; null: not asked for. */
  readonly iptables: { readonly input: string; readonly output: string | null } | null;
  /** vrrp_ipsets */
  readonly ipsets: readonly string[] | null;
  /** nftables; null: not asked for. */
  readonly nftables: string | null;
  /** nftables_priority */
  readonly priority: number;
  /** nftables_counters */
  readonly counters: boolean;
  /** nftables_ifindex */
  readonly byIndex: boolean;
  /** disable_local_igmp */
  readonly disableLocalIgmp: boolean;
}

/** IPVS. */
export interface Lvs {
  /** lvs_timeouts, 0..2678400 s each; null leaves it as it is. */
  readonly timeouts: {
    readonly tcp: Duration | null;
    readonly tcpFin: Duration | null;
    readonly udp: Duration | null;
  };
  /** lvs_flush */
  readonly flush: boolean;
  /** lvs_flush_on_stop: everything, or only the virtual servers of the file. */
  readonly flushOnStop: 'all' | 'servers' | null;
  /** lvs_sync_daemon */
  readonly syncDaemon: SyncDaemon | null;
  /** nftables_ipvs; null: not asked for. */
  readonly nftables: string | null;
  /** nftables_ipvs_priority */
  readonly nftablesPriority: number | null;
  /** nftables_ipvs_start_fwmark */
  readonly firstMark: number;
  /** checker_log_all_failures */
  readonly logAllFailures: boolean;
  /** rs_init_notifies */
  readonly notifiesAtStart: boolean;
}

export interface SyncDaemon {
  readonly interface: string;
  /** whose state it follows; null: both directions all the time. */
  readonly instance: string | null;
  /** id, 0..255; null: the VRID. */
  readonly id: number | null;
  /** maxlen, 1..65507. */
  readonly lengthMax: number | null;
  /** port, 1..65535. */
  readonly port: number | null;
  /** ttl, 1..255. */
  readonly ttl: number | null;
  /** group: a multicast address. */
  readonly group: string | null;
}

export interface Reload {
  /** reload_check_config: where what is wrong with a new file goes. */
  readonly checkLog: string | null;
  /** reload_file; '' is the one in the pid directory. */
  readonly marker: string | null;
  /** reload_time_file */
  readonly timeFile: string | null;
  /** reload_repeat */
  readonly repeat: boolean;
  /** config_save_dir */
  readonly saveDirectory: string | null;
  /** tmp_config_directory */
  readonly temporaryDirectory: string | null;
}
