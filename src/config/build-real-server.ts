/**
 * real_server and sorry_server: one server behind a virtual server. Its port and its place in the
 * family are settled against the virtual server, as keepalived does at the end of the file.
 */
import type { Duration } from '../time';
import { readBare } from './bare-address';
import { type Inherited, readInherited, type Surroundings } from './build-checker';
import { buildCheckers } from './build-checks';
import { buildForwarding } from './build-forwarding';
import { buildHook } from './build-hook';
import { leftOut, portMax } from './build-server-group';
import { type Report, warning } from './diagnostic';
import { formatIp, type Ip } from './ip';
import type { Forwarding, RealServer, SorryServer } from './model-server';
import type { Directive, Word } from './parser';
import { type Reading, readBlock, type Session } from './read';
import { isBefore, type Span } from './source';
import { booleanOf, directiveOf, isSet, numberOf, placeOf, textOf } from './values';

/** What a virtual server says for all its servers. */
export interface Service extends Surroundings {
  readonly reading: Reading;
  readonly inherited: Inherited;
  readonly delayLoop: Duration;
  readonly method: Forwarding;
  /** null: a fwmark or a group, which have none of their own. */
  readonly port: number | null;
  readonly isFwmark: boolean;
  readonly smtpAlert: boolean | null;
}

/** A server and where it stands. */
export interface Placed<T> {
  readonly server: T;
  readonly ip: Ip;
  readonly place: Span;
}

export function buildRealServer(directive: Directive, service: Service): Placed<RealServer> | null {
  const { report } = service.session;
  const target = readTarget(directive.words, 'real_server', report);
  if (target === null) return null;
  const { ip, place } = target;
  const reading = { ...readBlock(directive, 'real_server', service.session), span: place };
  const method = methodOf(reading, 'lvs_method', report) ?? service.method;
  const alpha = booleanOf(reading, 'alpha') ?? isSet(service.reading, 'alpha');
  const connectionsMax = numberOf(reading, 'uthreshold') ?? 0;
  const connectionsMin = numberOf(reading, 'lthreshold') ?? 0;
  if (connectionsMin > connectionsMax) reportThresholds(reading, report);
  const checkers = buildCheckers(directive.block?.body ?? [], {
    ...service,
    inherited: readInherited(reading, service.inherited),
    alpha,
    ip,
    port: target.port,
    servicePort: service.port ?? 0,
    serviceDelayLoop: service.delayLoop,
  });
  const server: RealServer = {
    address: formatIp(ip),
    family: ip.family,
    port: settlePort(target, method, service),
    weight: numberOf(reading, 'weight') ?? numberOf(service.reading, 'weight') ?? 1,
    method,
    connectionsMax,
    connectionsMin,
    inhibit:
      booleanOf(reading, 'inhibit_on_failure') ?? isSet(service.reading, 'inhibit_on_failure'),
    alpha,
    notifyUp: buildHook(reading, 'notify_up', service.scriptUser, report),
    notifyDown: buildHook(reading, 'notify_down', service.scriptUser, report),
    smtpAlert: booleanOf(reading, 'smtp_alert') ?? service.smtpAlert ?? true,
    snmpName: textOf(reading, 'snmp_name'),
    checkers,
  };
  return { server, ip, place };
}

function reportThresholds(reading: Reading, report: Report): void {
  report(
    warning('bad-thresholds', placeOf(reading, 'lthreshold'), 'lthreshold is above uthreshold', {
      why: 'the kernel refuses such a real server, so it would get no connections',
    }),
  );
}

interface ServerTarget {
  readonly ip: Ip;
  /** 0: none was given. */
  readonly port: number;
  readonly place: Span;
  readonly portPlace: Span;
}

function readTarget(words: readonly Word[], what: string, report: Report): ServerTarget | null {
  const [address, port] = words;
  if (address === undefined) return null;
  const ip = readBare(address, report);
  if (ip === null) {
    report(
      warning('bad-server', address.span, `'${address.text}' is not an IP address`, {
        label: `this ${what} is left out`,
        why: 'names are not looked up',
      }),
    );
    return null;
  }
  const number = port === undefined ? 0 : /^\d+$/.test(port.text) ? Number(port.text) : -1;
  if (number < 0 || number > portMax) {
    const found = port ?? address;
    leftOut(found, `a port must be 0..${portMax}, found '${found.text}'`, report);
    return null;
  }
  return { ip, port: number, place: address.span, portPlace: port?.span ?? address.span };
}

/** Null: nothing is said, or nothing that can be read. */
export function methodOf(reading: Reading, word: string, report: Report): Forwarding | null {
  const directive = directiveOf(reading, word);
  return directive === null ? null : buildForwarding(directive.words, report);
}

export const isTunnel = ({ kind }: Forwarding): boolean =>
  kind === 'ipip' || kind === 'gre' || kind === 'gue';

/** Only address translation can change the port of a packet. */
function settlePort(target: ServerTarget, method: Forwarding, service: Service): number {
  const { port } = target;
  if (service.port === null && !service.isFwmark) return port;
  if (method.kind === 'nat') return port === 0 ? (service.port ?? 0) : port;
  const settled = service.port ?? 0;
  if (port !== 0 && port !== settled) {
    const of = service.isFwmark
      ? 'a fwmark has no port'
      : settled === 0
        ? 'virtual_server takes every port'
        : `virtual_server has ${settled}`;
    service.session.report(
      warning('port-differs', target.portPlace, `port ${port} cannot be reached by this method`, {
        label: `the port stays as it is: ${of}`,
        why: 'only lvs_method NAT changes the port of a packet',
      }),
    );
  }
  return settled;
}

function reportEarly(keyword: Word, sorry: Span, { report }: Session): void {
  if (!isBefore(keyword.span, sorry)) return;
  report(
    warning('before-sorry-server', keyword.span, `${keyword.text} stands above sorry_server`, {
      label: 'counts all the same',
      why: 'keepalived knows no sorry server at this line and ignores it',
      help: 'move it below sorry_server',
      related: [{ span: sorry, what: 'the sorry server' }],
    }),
  );
}

export function buildSorryServer(service: Service): Placed<SorryServer> | null {
  const { reading, session } = service;
  const directive = directiveOf(reading, 'sorry_server');
  const companions = ['sorry_server_inhibit', 'sorry_server_lvs_method'].flatMap(
    (word) => directiveOf(reading, word) ?? [],
  );
  if (directive === null) {
    for (const { keyword } of companions) {
      session.report(
        warning('no-sorry-server', keyword.span, `${keyword.text} without sorry_server`, {
          label: 'ignored',
        }),
      );
    }
    return null;
  }
  for (const { keyword } of companions) reportEarly(keyword, directive.keyword.span, session);
  const target = readTarget(directive.words, 'sorry_server', session.report);
  if (target === null) return null;
  const { ip, place } = target;
  const method = methodOf(reading, 'sorry_server_lvs_method', session.report) ?? service.method;
  const server: SorryServer = {
    address: formatIp(ip),
    port: settlePort(target, method, service),
    method,
    inhibit: isSet(reading, 'sorry_server_inhibit'),
  };
  return { server, ip, place };
}
