/**
 * How long a client stays with its server, and what counts as one client.
 */
import { type Duration, seconds } from '../time';
import { type Report, warning } from './diagnostic';
import { formatIp, parseIp } from './ip';
import type { Family } from './model';
import type { Granularity, Persistence, ServerGroup, Target } from './model-server';
import type { Reading } from './read';
import { readNumber } from './value-number';
import { directiveOf, isSet, placeOf, textOf } from './values';

export interface PersistenceInput {
  readonly reading: Reading;
  readonly target: Target;
  readonly group: ServerGroup | null;
  readonly family: Family | null;
  readonly report: Report;
}

const usual = seconds(360);
const timeoutMax = 2_678_400;
/** IP_VS_PENAME_MAXLEN with its terminator. */
const engineNameMax = 15;

export function buildPersistence(input: PersistenceInput): Persistence | null {
  const granularity = granularityOf(input);
  const timeout = timeoutOf(input.reading, input.report) ?? (granularity === null ? null : usual);
  const engine = engineOf(input.reading, input.report);
  if (timeout !== null) return { timeout, granularity, engine };
  if (takesEveryPort(input)) {
    input.report(
      warning('persistence-set', input.reading.span, 'a virtual_server without a port persists', {
        label: 'persistence_timeout 360 counts',
        why: 'the kernel takes every port only for persistent services',
        help: 'give a port, or persistence_timeout',
      }),
    );
    return { timeout: usual, granularity, engine };
  }
  if (engine !== null) {
    const place = placeOf(input.reading, 'persistence_engine');
    input.report(
      warning('engine-without-persistence', place, 'nothing persists here', {
        label: 'ignored',
        help: 'persistence_timeout',
      }),
    );
  }
  return null;
}

const takesEveryPort = ({ target, group }: PersistenceInput): boolean =>
  target.kind === 'address'
    ? target.port === 0
    : (group?.entries.some((one) => one.kind === 'addresses' && one.port === 0) ?? false);

function timeoutOf(reading: Reading, report: Report): Duration | null {
  const entry = reading.entries.get('persistence_timeout')?.at(-1);
  if (entry === undefined) return null;
  const [word] = entry.directive.words;
  if (word === undefined) return usual;
  const type = { kind: 'integer', min: 1, max: timeoutMax, strict: true } as const;
  const number = readNumber(entry.row, word, type, report);
  return number === null ? null : seconds(number);
}

function granularityOf({ reading, family, report }: PersistenceInput): Granularity | null {
  const text = textOf(reading, 'persistence_granularity');
  if (text === null) return null;
  const isMask = (family ?? (text.includes('.') ? 4 : 6)) === 4;
  const found = isMask ? maskFrom(text, reading, report) : prefixFrom(text);
  if (found !== null) return found;
  const place = placeOf(reading, 'persistence_granularity');
  report(
    warning('bad-granularity', place, `'${text}' is not ${isMask ? 'a mask' : 'a prefix length'}`, {
      label: 'ignored',
      help: isMask ? 'such as 255.255.255.0' : 'such as 64',
    }),
  );
  return null;
}

/** A bare number is the mask itself in keepalived: 24 is 0.0.0.24. */
function maskFrom(text: string, reading: Reading, report: Report): Granularity | null {
  const ip = parseIp(text);
  if (ip?.family === 4) return { kind: 'mask', mask: formatIp(ip) };
  const number = /^\d{1,10}$/.test(text) ? Number(text) : 2 ** 32;
  if (number >= 2 ** 32) return null;
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256);
  const mask = formatIp({ family: 4, octets });
  report(
    warning('number-as-mask', placeOf(reading, 'persistence_granularity'), `'${text}' is no mask`, {
      label: `taken for ${mask}, as in keepalived`,
      help: number <= 32 ? `for /${number} write the mask, such as 255.255.255.0` : null,
    }),
  );
  return { kind: 'mask', mask };
}

function prefixFrom(text: string): Granularity | null {
  const length = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  return length >= 1 && length <= 128 ? { kind: 'prefix', length } : null;
}

function engineOf(reading: Reading, report: Report): string | null {
  const text = textOf(reading, 'persistence_engine');
  if (text === null || !isSet(reading, 'persistence_engine') || text.length <= engineNameMax) {
    return text;
  }
  const short = text.slice(0, engineNameMax);
  const place = directiveOf(reading, 'persistence_engine')?.words[0]?.span ?? reading.span;
  report(
    warning('bad-name', place, `a name has at most ${engineNameMax} characters`, {
      label: `'${short}' counts`,
    }),
  );
  return short;
}
