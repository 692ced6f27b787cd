/**
 * The parts of the model that few tests are about, as they are when the file says nothing of them.
 */
import type { Notify, Tracks } from '../../src/config/model';
import type { InstanceLink, InstanceTerms } from '../../src/config/model-instance';
import type { System } from '../../src/config/model-system';
import type { Surroundings } from '../../src/core/priority';
import { microseconds, seconds } from '../../src/time';

const child = { nice: null, realtime: null, realtimeLimit: null, cpus: [], locked: false };
const buffer = { bytes: null, force: false };

/** Nothing asked of the process, the kernel or other programs. */
export const system: System = {
  host: {
    instance: null,
    namespace: null,
    ipvsNamespace: null,
    namespaceIpsets: false,
    pidDirectory: false,
    childWait: seconds(5),
    showNames: false,
    names: { main: null, vrrp: null, checker: null, bfd: null },
  },
  hooks: {
    startup: null,
    startupTimeout: seconds(10),
    shutdown: null,
    shutdownTimeout: seconds(10),
  },
  fifos: { all: null, vrrp: null, lvs: null, repeatOnReload: false },
  scripts: { symlinks: false, supplementaryGroups: false, umask: null },
  dumps: { state: null, stats: null, json: null, jsonVersion: 1, byInstance: false },
  scheduling: {
    autoPriorityMax: 0,
    autoPriorityDelay: seconds(1),
    children: { vrrp: child, checker: child, bfd: child },
  },
  buffers: {
    policy: null,
    multiplier: 3,
    vrrpCommand: buffer,
    vrrpMonitor: buffer,
    lvsCommand: buffer,
    lvsMonitor: buffer,
    processMonitor: buffer,
  },
  firewall: {
    iptables: null,
    ipsets: null,
    nftables: null,
    priority: -1,
    counters: false,
    byIndex: false,
    disableLocalIgmp: false,
  },
  lvs: {
    timeouts: { tcp: null, tcpFin: null, udp: null },
    flush: false,
    flushOnStop: null,
    syncDaemon: null,
    nftables: null,
    nftablesPriority: null,
    firstMark: 1000,
    logAllFailures: false,
    notifiesAtStart: false,
  },
  reload: {
    checkLog: null,
    marker: null,
    timeFile: null,
    repeat: false,
    saveDirectory: null,
    temporaryDirectory: null,
  },
  garpInterval: microseconds(0),
  gnaInterval: microseconds(0),
  defaultInterface: 'eth0',
  logUnknownVrids: false,
  vmacPrefix: 'vrrp',
  vmacAddressPrefix: 'vrrp',
};

/** No command for anything. */
export const silent: Notify = {
  master: null,
  backup: null,
  fault: null,
  stop: null,
  any: null,
  deleted: null,
  tellsDeleted: false,
  lowerAdvert: null,
  priorities: false,
};

export const noTracks: Tracks = {
  trackInterfaces: [],
  trackScripts: [],
  trackFiles: [],
  trackProcesses: [],
  trackBfds: [],
};

export const plainLink: InstanceLink = {
  ownInterface: null,
  addressVmacs: false,
  xmitBase: false,
  vrf: null,
  promoteSecondaries: false,
  receiveBuffer: 0,
  syncDaemonInterface: null,
};

export const plainTerms: InstanceTerms = {
  accept: true,
  skipAddressCheck: false,
  higherPrioritySendAdvert: false,
  ownerIgnoresAdverts: false,
  lateTimerBackup: null,
  oldUnicastChecksum: 'detect',
  lacksPeers: false,
  trackSource: false,
  extraGarp: { every: microseconds(0), all: false },
  debug: 0,
};

/** All is well, but for what a test says. */
export const around = (change: Partial<Surroundings> = {}): Surroundings => ({
  link: () => 'up',
  script: () => 'up',
  process: () => 'up',
  file: () => 0,
  address: () => true,
  ...change,
});
