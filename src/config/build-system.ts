/**
 * What global_defs and the root say about the process, the kernel and other programs. IPVS has a
 * file of its own: build-lvs.
 */
import { type Duration, microseconds, seconds } from '../time';
import { buildLvs } from './build-lvs';
import { hookOf } from './build-notify';
import { type Report, warning } from './diagnostic';
import type {
  Buffers,
  Child,
  ChildScheduling,
  Dumps,
  Fifo,
  Fifos,
  Firewall,
  HostNames,
  LifeHooks,
  ReceiveBuffer,
  Reload,
  Scheduling,
  ScriptTerms,
  System,
} from './model-system';
import type { Reading } from './read';
import {
  booleanOf,
  directiveOf,
  durationOf,
  isSet,
  numberOf,
  numbersOf,
  ownedOf,
  placeOf,
  textOf,
} from './values';

export function buildSystem(root: Reading, globals: Reading, report: Report): System {
  const vmacPrefix = textOf(globals, 'vmac_prefix') ?? 'vrrp';
  return {
    host: hostNames(root, globals, report),
    hooks: lifeHooks(globals, report),
    fifos: fifos(globals, report),
    scripts: scriptTerms(globals),
    dumps: dumps(globals),
    scheduling: scheduling(globals),
    buffers: buffers(globals),
    firewall: firewall(globals),
    lvs: buildLvs(globals, report),
    reload: reload(globals),
    garpInterval: durationOf(globals, 'vrrp_garp_interval') ?? seconds(0),
    gnaInterval: durationOf(globals, 'vrrp_gna_interval') ?? seconds(0),
    defaultInterface: textOf(globals, 'default_interface') ?? 'eth0',
    logUnknownVrids: isSet(globals, 'log_unknown_vrids'),
    vmacPrefix,
    vmacAddressPrefix: textOf(globals, 'vmac_addr_prefix') ?? vmacPrefix,
  };
}

function hostNames(root: Reading, globals: Reading, report: Report): HostNames {
  const name = (word: string): string | null => processName(globals, word, report);
  const ipvs = textOf(root, 'net_namespace_ipvs');
  return {
    instance: textOf(root, 'instance'),
    namespace: textOf(root, 'net_namespace'),
    ipvsNamespace: ipvs ?? (isSet(root, 'net_namespace_ipvs') ? '' : null),
    namespaceIpsets: isSet(root, 'namespace_with_ipsets'),
    pidDirectory: isSet(root, 'use_pid_dir'),
    childWait: durationOf(root, 'child_wait_time') ?? seconds(5),
    showNames: isSet(globals, 'process_names'),
    names: {
      main: name('process_name'),
      vrrp: name('vrrp_process_name'),
      checker: name('checker_process_name'),
      bfd: name('bfd_process_name'),
    },
  };
}

/** TASK_COMM_LEN without its terminator. */
const processNameMax = 15;

function processName(globals: Reading, word: string, report: Report): string | null {
  const name = textOf(globals, word);
  if (name === null || name.length <= processNameMax) return name;
  const cut = name.slice(0, processNameMax);
  report(
    warning('too-long', placeOf(globals, word), 'a process name has at most 15 characters', {
      label: `'${cut}' counts`,
    }),
  );
  return cut;
}

function lifeHooks(globals: Reading, report: Report): LifeHooks {
  const timeout = (word: string): Duration => seconds(numberOf(globals, word) ?? 10);
  return {
    startup: hookOf(globals, 'startup_script', report),
    startupTimeout: timeout('startup_script_timeout'),
    shutdown: hookOf(globals, 'shutdown_script', report),
    shutdownTimeout: timeout('shutdown_script_timeout'),
  };
}

function fifos(globals: Reading, report: Report): Fifos {
  const fifo = (word: string): Fifo | null => {
    const owned = ownedOf(globals, word);
    const reader = hookOf(globals, `${word}_script`, report);
    if (owned !== null) return { path: owned.path, owner: owned.user, reader };
    if (reader !== null && !globals.attempted.has(word)) {
      report(
        warning('fifo-without-name', placeOf(globals, `${word}_script`), `there is no ${word}`, {
          label: 'ignored: it would read nothing',
          help: `${word} /run/keepalived/fifo`,
        }),
      );
    }
    return null;
  };
  const all = fifo('notify_fifo');
  const vrrp = fifo('vrrp_notify_fifo');
  const lvs = fifo('lvs_notify_fifo');
  reportSharedFifo(
    globals,
    { notify_fifo: all, vrrp_notify_fifo: vrrp, lvs_notify_fifo: lvs },
    report,
  );
  return {
    all,
    vrrp,
    lvs,
    repeatOnReload: isSet(globals, 'fifo_write_vrrp_states_on_reload'),
  };
}

/** The lines of two FIFOs under one name would come in no order. */
function reportSharedFifo(
  globals: Reading,
  named: Readonly<Record<string, Fifo | null>>,
  report: Report,
): void {
  const seen = new Map<string, string>();
  for (const [word, fifo] of Object.entries(named)) {
    if (fifo === null) continue;
    const before = seen.get(fifo.path);
    seen.set(fifo.path, word);
    if (before === undefined) continue;
    report(
      warning('shared-fifo', placeOf(globals, word), `${before} is ${fifo.path} already`, {
        label: 'each change would be read twice',
        help: 'give each FIFO a path of its own',
        related: [{ span: placeOf(globals, before), what: before }],
      }),
    );
  }
}

const scriptTerms = (globals: Reading): ScriptTerms => ({
  symlinks: isSet(globals, 'use_symlink_paths'),
  supplementaryGroups: isSet(globals, 'set_supplementary_groups'),
  umask: numberOf(globals, 'umask'),
});

const dumps = (globals: Reading): Dumps => ({
  state: textOf(globals, 'state_dump_file'),
  stats: textOf(globals, 'stats_dump_file'),
  json: textOf(globals, 'json_dump_file'),
  jsonVersion: numberOf(globals, 'json_version') === 2 ? 2 : 1,
  byInstance: booleanOf(globals, 'data_use_instance') ?? false,
});

/** The highest of SCHED_RR. */
const realtimeMax = 99;

function scheduling(globals: Reading): Scheduling {
  const child = (name: Child): ChildScheduling => {
    const limit = numberOf(globals, `${name}_rlimit_rttime`);
    return {
      nice: numberOf(globals, `${name}_priority`),
      realtime: numberOf(globals, `${name}_rt_priority`),
      realtimeLimit: limit === null ? null : microseconds(limit),
      cpus: numbersOf(globals, `${name}_cpu_affinity`) ?? [],
      locked: isSet(globals, `${name}_no_swap`),
    };
  };
  const automatic = isSet(globals, 'max_auto_priority');
  return {
    autoPriorityMax: numberOf(globals, 'max_auto_priority') ?? (automatic ? realtimeMax : 0),
    autoPriorityDelay: microseconds(numberOf(globals, 'min_auto_priority_delay') ?? 1_000_000),
    children: { vrrp: child('vrrp'), checker: child('checker'), bfd: child('bfd') },
  };
}

function buffers(globals: Reading): Buffers {
  const buffer = (socket: string): ReceiveBuffer => ({
    bytes: numberOf(globals, `${socket}_rcv_bufs`),
    force: booleanOf(globals, `${socket}_rcv_bufs_force`) ?? false,
  });
  const policy = textOf(globals, 'vrrp_rx_bufs_policy');
  return {
    policy:
      policy === 'MTU' || policy === 'ADVERT' ? policy : numberOf(globals, 'vrrp_rx_bufs_policy'),
    multiplier: numberOf(globals, 'vrrp_rx_bufs_multiplier') ?? 3,
    vrrpCommand: buffer('vrrp_netlink_cmd'),
    vrrpMonitor: buffer('vrrp_netlink_monitor'),
    lvsCommand: buffer('lvs_netlink_cmd'),
    lvsMonitor: buffer('lvs_netlink_monitor'),
    processMonitor: buffer('process_monitor'),
  };
}

function firewall(globals: Reading): Firewall {
  const words = (word: string): readonly string[] | null =>
    directiveOf(globals, word)?.words.map(({ text }) => text) ?? null;
  const chains = words('vrrp_iptables');
  return {
    // With one chain named keepalived filters what comes in, and nothing that goes out.
    iptables:
      chains === null
        ? null
        : chains[0] === undefined
          ? { input: 'INPUT', output: 'OUTPUT' }
          : { input: chains[0], output: chains[1] ?? null },
    ipsets: words('vrrp_ipsets'),
    nftables: textOf(globals, 'nftables') ?? (isSet(globals, 'nftables') ? 'keepalived' : null),
    priority: numberOf(globals, 'nftables_priority') ?? -1,
    counters: isSet(globals, 'nftables_counters'),
    byIndex: isSet(globals, 'nftables_ifindex'),
    disableLocalIgmp: isSet(globals, 'disable_local_igmp'),
  };
}

const reload = (globals: Reading): Reload => ({
  checkLog: textOf(globals, 'reload_check_config'),
  marker: textOf(globals, 'reload_file') ?? (isSet(globals, 'reload_file') ? '' : null),
  timeFile: textOf(globals, 'reload_time_file'),
  repeat: isSet(globals, 'reload_repeat'),
  saveDirectory: textOf(globals, 'config_save_dir'),
  temporaryDirectory: textOf(globals, 'tmp_config_directory'),
});
