/**
 * What global_defs says about IPVS as a whole.
 */
import { toSeconds } from '../time';
import type { Lvs, SyncDaemon } from './model-system';
import { flag, line, onOff, type Printed, unless } from './print-text';

export const printLvs = (lvs: Lvs): readonly Printed[] => [
  ...printTimeouts(lvs.timeouts),
  ...flag('lvs_flush', lvs.flush),
  ...(lvs.flushOnStop === 'servers'
    ? line('lvs_flush_on_stop', 'VS')
    : flag('lvs_flush_on_stop', lvs.flushOnStop === 'all')),
  ...printSyncDaemon(lvs.syncDaemon),
  ...line('nftables_ipvs', lvs.nftables),
  ...line('nftables_ipvs_priority', lvs.nftablesPriority),
  ...line('nftables_ipvs_start_fwmark', unless(lvs.firstMark, 1000)),
  ...onOff('checker_log_all_failures', lvs.logAllFailures),
  ...onOff('rs_init_notifies', lvs.notifiesAtStart),
];

function printTimeouts({ tcp, tcpFin, udp }: Lvs['timeouts']): readonly Printed[] {
  const words = [
    ...(tcp === null ? [] : ['tcp', toSeconds(tcp)]),
    ...(tcpFin === null ? [] : ['tcpfin', toSeconds(tcpFin)]),
    ...(udp === null ? [] : ['udp', toSeconds(udp)]),
  ];
  return words.length === 0 ? [] : line('lvs_timeouts', ...words);
}

function printSyncDaemon(daemon: SyncDaemon | null): readonly Printed[] {
  if (daemon === null) return [];
  const option = (word: string, value: string | number | null): readonly (string | number)[] =>
    value === null ? [] : [word, value];
  return line(
    'lvs_sync_daemon',
    daemon.interface,
    ...option('inst', daemon.instance),
    ...option('id', daemon.id),
    ...option('maxlen', daemon.lengthMax),
    ...option('port', daemon.port),
    ...option('ttl', daemon.ttl),
    ...option('group', daemon.group),
  );
}
