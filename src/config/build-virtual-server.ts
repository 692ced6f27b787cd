/**
 * virtual_server: what it stands for, how it shares out the load, and the servers behind it.
 * One that has no server left is left out, as in keepalived.
 */
import { delayLoopDefault, readInherited, type Surroundings } from './build-checker';
import { buildPersistence } from './build-persistence';
import { settlePool } from './build-pool';
import { buildQuorum } from './build-quorum';
import { buildRealServer, buildSorryServer, methodOf, type Service } from './build-real-server';
import { buildScheduler } from './build-scheduler';
import { portMax, readMark } from './build-server-group';
import { didYouMean, error, info, type Report, warning } from './diagnostic';
import { formatIp, parseIp } from './ip';
import type { User } from './model';
import type { Forwarding, Protocol, ServerGroup, Target, VirtualServer } from './model-server';
import type { Directive, Word } from './parser';
import { type Reading, readBlock } from './read';
import { booleanOf, directiveOf, isSet, placeOf, textOf } from './values';

export interface Servers extends Surroundings {
  readonly scriptUser: User | null;
  readonly groups: ReadonlyMap<string, ServerGroup>;
  /** smtp_alert_checker or smtp_alert of global_defs; null: neither. */
  readonly smtpAlert: boolean | null;
}

export function buildVirtualServer(directive: Directive, around: Servers): VirtualServer | null {
  const { report } = around.session;
  const place = directive.words[0]?.span ?? directive.keyword.span;
  const target = readTarget(directive, around);
  if (target === null) return null;
  const reading = { ...readBlock(directive, 'virtual_server', around.session), span: place };
  const inherited = readInherited(reading);
  const service: Service = {
    ...around,
    reading,
    inherited,
    delayLoop: inherited.delayLoop ?? delayLoopDefault,
    method: methodOf(reading, 'lvs_method', report) ?? defaultMethod(reading, report),
    port: target.kind === 'address' ? target.port : null,
    isFwmark: target.kind === 'fwmark',
  };
  const group = target.kind === 'group' ? (around.groups.get(target.group) ?? null) : null;
  const pool = settlePool({
    target,
    group,
    reading,
    servers: (reading.entries.get('real_server') ?? []).flatMap(
      (entry) => buildRealServer(entry.directive, service) ?? [],
    ),
    sorry: buildSorryServer(service),
    report,
  });
  if (pool === null) return null;
  const protocol = protocolOf(reading, target, group, report);
  return {
    target,
    family: pool.family,
    protocol,
    ...buildScheduler(reading, protocol, report),
    method: service.method,
    persistence: buildPersistence({ reading, target, group, family: pool.family, report }),
    delayLoop: service.delayLoop,
    haSuspend: haSuspendOf(reading, target, report),
    alpha: isSet(reading, 'alpha'),
    omega: isSet(reading, 'omega'),
    quorum: buildQuorum(reading, pool.realServers, around.scriptUser, report),
    sorryServer: pool.sorryServer,
    realServers: pool.realServers,
    smtpAlert: booleanOf(reading, 'smtp_alert') ?? around.smtpAlert ?? false,
    snmpName: textOf(reading, 'snmp_name'),
  };
}

/** Null: the whole virtual server is left out; why has been said. */
function readTarget(directive: Directive, around: Servers): Target | null {
  const { report } = around.session;
  const [kind, value] = directive.words;
  if (kind === undefined) return null;
  switch (kind.text) {
    case 'fwmark':
    case 'group':
      if (value === undefined) {
        const what = `'virtual_server ${kind.text}' needs a value`;
        report(error('missing-parameter', kind.span, what, { why: 'keepalived crashes here' }));
        return null;
      }
      return kind.text === 'group' ? groupTarget(value, around) : markTarget(value, report);
    default:
      return addressTarget(kind, value, report);
  }
}

function markTarget(word: Word, report: Report): Target | null {
  const mark = readMark(word, report);
  return mark === null ? null : { kind: 'fwmark', mark };
}

function groupTarget(word: Word, { groups, session }: Servers): Target | null {
  if (groups.has(word.text)) return { kind: 'group', group: word.text };
  const near = didYouMean(word.text, groups.keys());
  session.report(
    warning('unknown-group', word.span, `there is no virtual_server_group '${word.text}'`, {
      label: 'this virtual_server is left out',
      help: near === null ? null : `did you mean '${near}'?`,
    }),
  );
  return null;
}

function addressTarget(word: Word, port: Word | undefined, report: Report): Target | null {
  const wrong = (at: Word, what: string, help: string | null = null): null => {
    report(
      warning('bad-server', at.span, what, { label: 'this virtual_server is left out', help }),
    );
    return null;
  };
  const [address = '', length] = word.text.split('/', 2);
  const ip = parseIp(address);
  if (ip === null) {
    const help = /^[\d.]+:\d+$/.test(word.text) ? word.text.replace(':', ' ') : null;
    return wrong(word, `'${word.text}' is not an IP address`, help);
  }
  const number = port === undefined ? 0 : /^\d+$/.test(port.text) ? Number(port.text) : -1;
  if (number < 0 || number > portMax) {
    return wrong(port ?? word, `a port must be 0..${portMax}, found '${port?.text}'`);
  }
  if (length !== undefined) {
    report(
      warning('extra-word', word.span, 'a virtual server is one address', {
        label: `'/${length}' is ignored`,
        help: 'virtual_server_group takes ranges',
      }),
    );
  }
  return { kind: 'address', address: formatIp(ip), port: number };
}

/** keepalived says so too. */
function defaultMethod(reading: Reading, report: Report): Forwarding {
  if (!isSet(reading, 'lvs_method')) {
    report(info('default-method', reading.span, 'no lvs_method is given', { label: 'NAT counts' }));
  }
  return { kind: 'nat' };
}

const protocols: readonly Protocol[] = ['TCP', 'UDP', 'SCTP'];

function protocolOf(
  reading: Reading,
  target: Target,
  group: ServerGroup | null,
  report: Report,
): Protocol | null {
  const text = textOf(reading, 'protocol');
  const isMark =
    target.kind === 'fwmark' || group?.entries.every(({ kind }) => kind === 'fwmark') === true;
  if (isMark) {
    if (text !== null) {
      report(
        warning('fwmark-protocol', placeOf(reading, 'protocol'), 'a fwmark has no protocol', {
          label: 'ignored',
          why: 'the rule that sets the mark decides which packets are meant',
        }),
      );
    }
    return null;
  }
  const known = protocols.find((protocol) => protocol === text?.toUpperCase());
  if (known !== undefined) return known;
  reportProtocol(reading, text, report);
  return 'UDP';
}

function reportProtocol(reading: Reading, text: string | null, report: Report): void {
  const near = text === null ? 'TCP' : didYouMean(text.toUpperCase(), protocols);
  report(
    text === null
      ? warning('no-protocol', reading.span, 'this virtual_server has no protocol', {
          label: 'UDP counts',
          why: 'keepalived takes UDP where nothing is said; TCP would get no answer',
          help: 'protocol TCP',
        })
      : warning('bad-choice', placeOf(reading, 'protocol'), `'${text}' is not TCP, UDP or SCTP`, {
          label: 'UDP counts',
          help: near === null ? null : `did you mean '${near}'?`,
        }),
  );
}

function haSuspendOf(reading: Reading, target: Target, report: Report): boolean {
  const directive = directiveOf(reading, 'ha_suspend');
  if (directive === null || target.kind !== 'fwmark') return directive !== null;
  report(
    warning('fwmark-ha-suspend', directive.keyword.span, 'ha_suspend does not go with a fwmark', {
      label: 'ignored',
      why: 'a fwmark has no address that could be on this host',
    }),
  );
  return false;
}
