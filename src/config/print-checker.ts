/**
 * The checkers of a real server as text. What is inherited or usual for the kind is not repeated.
 */
import { type Duration, seconds, toSeconds } from '../time';
import type {
  Checker,
  Connection,
  HttpChecker,
  RealServer,
  Regex,
  Schedule,
  Url,
  VirtualServer,
} from './model-server';
import { commandText, line, type Printed } from './print-text';

/** Where a checker stands, for what it inherits. */
interface Place {
  readonly real: RealServer;
  readonly virtual: VirtualServer;
}

export const printCheckers = (real: RealServer, virtual: VirtualServer): readonly Printed[] =>
  real.checkers.map((checker) => printChecker(checker, { real, virtual }));

const flag = (word: string, isOn: boolean): readonly Printed[] => (isOn ? line(word) : []);

const check = (word: string, ...parts: readonly (readonly Printed[])[]): Printed => ({
  words: [word],
  body: parts.flat(),
});

function printChecker(checker: Checker, place: Place): Printed {
  const ask = (retries = 1, retryDelay: Duration = seconds(1)): readonly Printed[] =>
    'connection' in checker
      ? [
          ...printConnection(checker.connection, place),
          ...printSchedule(checker.schedule, place, retries, retryDelay),
        ]
      : [];
  switch (checker.kind) {
    case 'tcp':
      return check('TCP_CHECK', ask());
    case 'ping':
      return check('PING_CHECK', ask());
    case 'http':
      return check(checker.tls === null ? 'HTTP_GET' : 'SSL_GET', ask(1, seconds(3)), [
        ...printHttp(checker),
      ]);
    case 'smtp':
      return check('SMTP_CHECK', ask(), line('helo_name', checker.heloName));
    case 'dns':
      return check('DNS_CHECK', ask(3, checker.schedule.delayLoop), [
        ...line('type', checker.type),
        ...line('name', checker.name),
      ]);
    case 'misc':
      return check(
        'MISC_CHECK',
        printSchedule(checker.schedule, place, 0, seconds(1)),
        line('misc_path', commandText(checker.command)),
        checker.timeout === place.virtual.delayLoop
          ? []
          : line('misc_timeout', toSeconds(checker.timeout)),
        flag('misc_dynamic', checker.dynamic),
        checker.user === null
          ? []
          : line('user', checker.user.user, ...optional(checker.user.group)),
      );
    case 'udp':
      return check('UDP_CHECK', ask(), line('payload', checker.payload), printReply(checker.reply));
    case 'file':
      return check('FILE_CHECK', line('track_file', checker.file), [
        ...line('weight', checker.weight, ...(checker.reverse ? ['reverse'] : [])),
      ]);
    case 'bfd':
      return check('BFD_CHECK', line('name', checker.session), printAlpha(checker.alpha, place));
    default: {
      const never: never = checker;
      return never;
    }
  }
}

const optional = (value: string | null): readonly string[] => (value === null ? [] : [value]);

const printAlpha = (alpha: boolean, { real }: Place): readonly Printed[] =>
  alpha === real.alpha ? [] : line('alpha', alpha ? 'yes' : 'no');

function printConnection(connection: Connection, { real }: Place): readonly Printed[] {
  const { address, port, timeout, mark } = connection;
  return [
    ...(address === real.address ? [] : line('connect_ip', address)),
    ...(port === real.port || port === 0 ? [] : line('connect_port', port)),
    ...line('bindto', connection.sourceAddress),
    ...line('bind_port', connection.sourcePort),
    ...line('bind_if', connection.device),
    ...(mark === 0 ? [] : line('fwmark', mark)),
    ...(timeout === seconds(5) ? [] : line('connect_timeout', toSeconds(timeout))),
  ];
}

function printSchedule(
  schedule: Schedule,
  place: Place,
  retries: number,
  retryDelay: Duration,
): readonly Printed[] {
  const timer = (word: string, value: Duration, usual: Duration): readonly Printed[] =>
    value === usual ? [] : line(word, toSeconds(value));
  return [
    ...timer('delay_loop', schedule.delayLoop, place.virtual.delayLoop),
    ...timer('warmup', schedule.warmup, schedule.delayLoop),
    ...(schedule.retries === retries ? [] : line('retry', schedule.retries)),
    ...timer('delay_before_retry', schedule.retryDelay, retryDelay),
    ...printAlpha(schedule.alpha, place),
    ...flag('log_all_failures', schedule.logAllFailures),
  ];
}

function printHttp({ tls, version, fastRecovery, urls }: HttpChecker): readonly Printed[] {
  return [
    ...(version === '1.0' ? [] : line('http_protocol', version)),
    ...flag('enable_sni', tls?.serverName.kind === 'host'),
    ...line('sni_name', tls?.serverName.kind === 'name' ? tls.serverName.name : null),
    ...flag('tls_compliant', tls?.closeNotify === true),
    ...flag('fast_recovery', fastRecovery),
    ...urls.map(printUrl),
  ];
}

function printUrl({ path, host, statuses, digest, regex }: Url): Printed {
  const ranges = statuses.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`));
  return check('url', [
    ...line('path', path),
    ...line('virtualhost', host),
    ...line('status_code', ...ranges),
    ...line('digest', digest),
    ...(regex === null ? [] : printRegex(regex)),
  ]);
}

function printRegex({ pattern, negate, options, minOffset, maxOffset, stack }: Regex) {
  return [
    ...line('regex', `"${pattern.replace(/[\\"]|\p{Cc}/gu, hexEscape)}"`),
    ...flag('regex_no_match', negate),
    ...(options.length === 0 ? [] : line('regex_options', ...options)),
    ...(minOffset === 0 ? [] : line('regex_min_offset', minOffset)),
    ...line('regex_max_offset', maxOffset),
    ...(stack === null ? [] : line('regex_stack', stack.start, stack.max)),
  ];
}

const hexEscape = (character: string): string =>
  `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;

function printReply(reply: Extract<Checker, { kind: 'udp' }>['reply']): readonly Printed[] {
  if (reply === null) return [];
  return [
    ...line('require_reply', ...(reply.pattern === '' ? [] : [reply.pattern])),
    ...line('min_reply_length', reply.minLength),
    ...line('max_reply_length', reply.maxLength),
  ];
}
