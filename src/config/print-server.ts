/**
 * Groups, virtual servers, SSL files and BFD sessions as text that reads back as the same model.
 * What they refer to must stand above: global_defs and the track_files. BFD sessions are printed
 * here, so this goes above the instances that track them.
 */
import { type Duration, toMilliseconds, toSeconds } from '../time';
import type { Config, Family } from './model';
import type {
  Bfd,
  Forwarding,
  GroupEntry,
  RealServer,
  ServerGroup,
  TlsFiles,
  VirtualServer,
} from './model-server';
import { printCheckers } from './print-checker';
import { printHook } from './print-hook';
import { line, type Printed } from './print-text';

export const printServers = (config: Config): readonly Printed[] => [
  ...config.bfd.map(printBfd),
  ...(config.tls === null ? [] : [printTls(config.tls)]),
  ...config.serverGroups.map(printGroup),
  ...config.virtualServers.map(printVirtualServer),
];

type Value = string | number;

/** `word value …`; a value of null or 0 stands for nothing, and then there is no line. */
const given = (word: string, value: Value | null): readonly Printed[] =>
  value === 0 ? [] : line(word, value);

const flag = (word: string, isOn: boolean): readonly Printed[] => (isOn ? line(word) : []);

const familyWord = (family: Family): string => (family === 4 ? 'inet' : 'inet6');

/** Blocks stay although they are empty: without its braces each would be another directive. */
const braces = (word: string, values: readonly Value[], body: readonly Printed[]): Printed => ({
  words: line(word, ...values)[0]?.words ?? [word],
  body,
});

const portWords = (port: number): readonly number[] => (port === 0 ? [] : [port]);

function printBfd(bfd: Bfd): Printed {
  const milliseconds = (duration: Duration): number => toMilliseconds(duration);
  return braces(
    'bfd_instance',
    [bfd.name],
    [
      ...line('neighbor_ip', bfd.neighbor),
      ...line('source_ip', bfd.source),
      ...line('min_rx', milliseconds(bfd.minRx)),
      ...line('min_tx', milliseconds(bfd.minTx)),
      ...line('idle_tx', milliseconds(bfd.idleTx)),
      ...line('multiplier', bfd.multiplier),
      ...flag('passive', bfd.passive),
      ...line(bfd.family === 4 ? 'ttl' : 'hoplimit', bfd.ttl),
      ...given('max_hops', bfd.maxHops),
      ...flag('multihop', bfd.multihop),
      ...line('weight', bfd.weight, ...(bfd.reverse ? ['reverse'] : [])),
      ...flag('vrrp', !bfd.tellsCheckers),
      ...flag('checker', !bfd.tellsInstances),
    ],
  );
}

const printTls = (tls: TlsFiles): Printed =>
  braces(
    'SSL',
    [],
    [
      ...line('password', tls.password),
      ...line('ca', tls.ca),
      ...line('certificate', tls.certificate),
      ...line('key', tls.key),
    ],
  );

const printGroup = ({ name, entries }: ServerGroup): Printed =>
  braces('virtual_server_group', [name], entries.flatMap(printEntry));

function printEntry(entry: GroupEntry): readonly Printed[] {
  switch (entry.kind) {
    case 'addresses': {
      const { first, last, port } = entry;
      return line(first === last ? first : `${first}-${last}`, ...portWords(port));
    }
    case 'fwmark': {
      const { mark, family } = entry;
      return line('fwmark', mark, ...(family === null ? [] : [familyWord(family)]));
    }
    default: {
      const never: never = entry;
      return never;
    }
  }
}

function printVirtualServer(server: VirtualServer): Printed {
  const { target, family, persistence, quorum, sorryServer } = server;
  const granularity = persistence?.granularity ?? null;
  return braces('virtual_server', targetWords(server), [
    ...line('lvs_sched', server.scheduler),
    ...server.schedulerFlags.flatMap((number) => line(`flag-${number}`)),
    ...flag('hashed', server.hashed),
    ...flag('ops', server.onePacket),
    ...line('lvs_method', ...methodWords(server.method)),
    ...line('protocol', server.protocol),
    ...(target.kind === 'address' || family === null ? [] : line('ip_family', familyWord(family))),
    ...line('persistence_timeout', persistence && toSeconds(persistence.timeout)),
    ...line(
      'persistence_granularity',
      granularity && (granularity.kind === 'mask' ? granularity.mask : granularity.length),
    ),
    ...line('persistence_engine', persistence?.engine ?? null),
    ...line('delay_loop', toSeconds(server.delayLoop)),
    ...flag('ha_suspend', server.haSuspend),
    ...flag('alpha', server.alpha),
    ...flag('omega', server.omega),
    ...line('quorum', quorum.size),
    ...given('hysteresis', quorum.hysteresis),
    ...printHook('quorum_up', quorum.up),
    ...printHook('quorum_down', quorum.down),
    ...(sorryServer === null
      ? []
      : [
          ...line('sorry_server', sorryServer.address, ...portWords(sorryServer.port)),
          ...flag('sorry_server_inhibit', sorryServer.inhibit),
          ...line('sorry_server_lvs_method', ...methodWords(sorryServer.method)),
        ]),
    ...line('smtp_alert', server.smtpAlert ? 'yes' : 'no'),
    ...line('snmp_name', server.snmpName),
    ...server.realServers.map((one) => printRealServer(one, server)),
  ]);
}

function targetWords({ target }: VirtualServer): readonly Value[] {
  switch (target.kind) {
    case 'address':
      return [target.address, ...portWords(target.port)];
    case 'fwmark':
      return ['fwmark', target.mark];
    case 'group':
      return ['group', target.group];
    default: {
      const never: never = target;
      return never;
    }
  }
}

function methodWords(method: Forwarding): readonly Value[] {
  switch (method.kind) {
    case 'nat':
      return ['NAT'];
    case 'direct':
      return ['DR'];
    case 'ipip':
      return ['TUN'];
    case 'gre':
      return ['TUN', 'type', 'gre', ...checksumWords(method.checksum)];
    case 'gue':
      return ['TUN', 'type', 'gue', 'port', method.port, ...checksumWords(method.checksum)];
    default: {
      const never: never = method;
      return never;
    }
  }
}

const checksumWords = (checksum: string): readonly string[] =>
  checksum === 'none' ? [] : [checksum];

function printRealServer(server: RealServer, of: VirtualServer): Printed {
  return braces(
    'real_server',
    [server.address, ...portWords(server.port)],
    [
      ...line('weight', server.weight),
      ...line('lvs_method', ...methodWords(server.method)),
      ...given('uthreshold', server.connectionsMax),
      ...given('lthreshold', server.connectionsMin),
      ...flag('inhibit_on_failure', server.inhibit),
      ...(server.alpha === of.alpha ? [] : line('alpha', server.alpha ? 'yes' : 'no')),
      ...printHook('notify_up', server.notifyUp),
      ...printHook('notify_down', server.notifyDown),
      ...line('smtp_alert', server.smtpAlert ? 'yes' : 'no'),
      ...line('snmp_name', server.snmpName),
      ...printCheckers(server, of),
    ],
  );
}
