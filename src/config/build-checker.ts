/**
 * The checkers of a real server: what they inherit, when they run, whom they ask. What each kind
 * asks is in build-http-check.ts and build-checks.ts. A checker that cannot be built is left out.
 */
import { type Duration, seconds } from '../time';
import { type Report, warning } from './diagnostic';
import { formatIp, type Ip, isLinkLocal } from './ip';
import type { User } from './model';
import type { Connection, Schedule } from './model-server';
import type { Directive } from './parser';
import type { Reading, Session } from './read';
import type { Span } from './source';
import { booleanOf, durationOf, ipOf, isSet, numberOf, placeOf, textOf } from './values';

/** What virtual_server hands down to real_server, and that to its checkers; null: nobody said. */
export interface Inherited {
  readonly delayLoop: Duration | null;
  readonly timeout: Duration | null;
  readonly retries: number | null;
  readonly retryDelay: Duration | null;
  readonly warmup: Duration | null;
  readonly host: string | null;
}

const nothing: Inherited = {
  delayLoop: null,
  timeout: null,
  retries: null,
  retryDelay: null,
  warmup: null,
  host: null,
};

export const readInherited = (reading: Reading, from: Inherited = nothing): Inherited => ({
  delayLoop: durationOf(reading, 'delay_loop') ?? from.delayLoop,
  timeout: durationOf(reading, 'connect_timeout') ?? from.timeout,
  retries: numberOf(reading, 'retry') ?? from.retries,
  retryDelay: durationOf(reading, 'delay_before_retry') ?? from.retryDelay,
  warmup: durationOf(reading, 'warmup') ?? from.warmup,
  host: textOf(reading, 'virtualhost') ?? from.host,
});

/** What checkers need from elsewhere in the file. */
export interface Surroundings {
  readonly session: Session;
  /** what is worth one word in a file, not one for each server. */
  readonly said: Set<string>;
  readonly scriptUser: User | null;
  readonly logAllFailures: boolean;
  readonly files: ReadonlyMap<string, TrackFile>;
  readonly sessions: ReadonlyMap<string, TrackSession>;
}

export interface TrackFile {
  readonly place: Span;
  readonly weight: number;
  readonly reverse: boolean;
}

export interface TrackSession {
  readonly place: Span;
  readonly tellsCheckers: boolean;
}

/** The real server that is checked. */
export interface Checked extends Surroundings {
  readonly inherited: Inherited;
  readonly alpha: boolean;
  readonly ip: Ip;
  /** as it was written; 0: not at all. */
  readonly port: number;
  /** of the virtual server; 0: none or every one. */
  readonly servicePort: number;
  readonly serviceDelayLoop: Duration;
}

/** One checker's block. */
export interface Block {
  readonly directive: Directive;
  readonly reading: Reading;
  readonly checked: Checked;
  readonly report: Report;
}

export const delayLoopDefault = seconds(60);
const timeoutDefault = seconds(5);
const interfaceNameMax = 15;

export interface ScheduleDefaults {
  readonly retries: number;
  /** null: delay_loop. */
  readonly retryDelay: Duration | null;
}

export const usual: ScheduleDefaults = { retries: 1, retryDelay: seconds(1) };

export function buildSchedule({ reading, checked }: Block, defaults = usual): Schedule {
  const own = readInherited(reading, checked.inherited);
  const delayLoop = own.delayLoop ?? delayLoopDefault;
  return {
    delayLoop,
    warmup: own.warmup ?? delayLoop,
    retries: own.retries ?? defaults.retries,
    retryDelay: own.retryDelay ?? defaults.retryDelay ?? delayLoop,
    alpha: booleanOf(reading, 'alpha') ?? checked.alpha,
    logAllFailures: (booleanOf(reading, 'log_all_failures') ?? false) || checked.logAllFailures,
  };
}

/** `needsPort`: an echo request has none. */
export function buildConnection(block: Block, needsPort = true): Connection {
  const { reading, checked } = block;
  const to = ipOf(reading, 'connect_ip') ?? checked.ip;
  const source = sourceFor(to, block);
  const device = deviceOf(block);
  if (device === null) reportLinkLocal(to, source, block);
  return {
    address: formatIp(to),
    port: needsPort ? (numberOf(reading, 'connect_port') ?? portOf(block)) : 0,
    timeout: readInherited(reading, checked.inherited).timeout ?? timeoutDefault,
    sourceAddress: source === null ? null : formatIp(source),
    sourcePort: numberOf(reading, 'bind_port'),
    device,
    mark: numberOf(reading, 'fwmark') ?? 0,
  };
}

function portOf({ directive, checked, report }: Block): number {
  if (checked.port !== 0) return checked.port;
  const { servicePort } = checked;
  report(
    warning(
      'check-without-port',
      directive.keyword.span,
      `${directive.keyword.text} has no port to ask`,
      {
        label: servicePort === 0 ? 'never succeeds' : `asks port ${servicePort}, of virtual_server`,
        why: 'keepalived asks port 0 where real_server has none, and gets no answer',
        help: 'connect_port N',
      },
    ),
  );
  return servicePort;
}

function sourceFor(to: Ip, { reading, report }: Block): Ip | null {
  const source = ipOf(reading, 'bindto');
  if (source === null || source.family === to.family) return source;
  report(
    warning('family-mismatch', placeOf(reading, 'bindto'), `bindto is no IPv${to.family} address`, {
      label: 'ignored',
      why: `the check goes to ${formatIp(to)}`,
    }),
  );
  return null;
}

function deviceOf({ reading, report }: Block): string | null {
  const device = textOf(reading, 'bind_if');
  if (device === null || device.length <= interfaceNameMax) return device;
  report(
    warning('bad-interface', placeOf(reading, 'bind_if'), `'${device}' is no interface name`, {
      label: 'ignored',
      why: `a name has at most ${interfaceNameMax} characters`,
    }),
  );
  return null;
}

function reportLinkLocal(to: Ip, source: Ip | null, { directive, reading, report }: Block): void {
  const local = [to, source].find((ip) => ip?.family === 6 && isLinkLocal(ip));
  if (local == null) return;
  const word = local === source ? 'bindto' : 'connect_ip';
  const place = isSet(reading, word) ? placeOf(reading, word) : directive.keyword.span;
  report(
    warning('link-local-without-interface', place, `${formatIp(local)} needs an interface`, {
      why: 'the same link-local address may be on every link (RFC 4007 §6)',
      help: 'bind_if INTERFACE',
    }),
  );
}
