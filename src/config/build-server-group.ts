/**
 * virtual_server_group: one address, range of addresses or firewall mark on each line. A line
 * that cannot be read is left out; so is a group without lines, as in keepalived.
 */
import { error, type Report, warning } from './diagnostic';
import { formatIp, type Ip, parseIp, withHostBits } from './ip';
import type { Family } from './model';
import type { GroupEntry, ServerGroup } from './model-server';
import type { Directive, Word } from './parser';

const unsignedMax = 4_294_967_295;
export const portMax = 65535;

export function buildServerGroup(directive: Directive, report: Report): ServerGroup | null {
  const name = directive.words[0];
  if (name === undefined) return null;
  const lines = directive.block?.body ?? [];
  const entries = lines.flatMap((line) => buildEntry(line, report) ?? []);
  const without = (what: string, help: string): null => {
    report(warning('group-left-out', name.span, what, { label: 'left out', help }));
    return null;
  };
  if (entries.length === 0) {
    return without(
      `virtual_server_group ${name.text} has no addresses and no fwmarks`,
      'IP [PORT], IP-IP [PORT], IP/LEN [PORT] or fwmark N on each line',
    );
  }
  const families = familiesOf(entries);
  if (families.size === 2 && entries.some((one) => one.kind === 'fwmark' && one.family === null)) {
    const what = `virtual_server_group ${name.text} has IPv4, IPv6 and a fwmark of unknown family`;
    return without(what, 'fwmark N inet, or fwmark N inet6');
  }
  return { name: name.text, entries };
}

/** Of its addresses, and of the marks that say so. */
export const familiesOf = (entries: readonly GroupEntry[]): ReadonlySet<Family> =>
  new Set(entries.flatMap(({ family }) => family ?? []));

function buildEntry(line: Directive, report: Report): GroupEntry | null {
  if (line.keyword.text === 'fwmark') return buildMark(line, report);
  const range = readRange(line.keyword, report);
  if (range === null) return null;
  const [port, ...surplus] = line.words;
  reportSurplus(surplus, report);
  const number = port === undefined ? 0 : readPort(port, report);
  if (number === null) return null;
  return {
    kind: 'addresses',
    family: range.first.family,
    first: formatIp(range.first),
    last: formatIp(range.last),
    port: number,
  };
}

function buildMark(line: Directive, report: Report): GroupEntry | null {
  const [mark, family, ...surplus] = line.words;
  if (mark === undefined) {
    report(
      error('missing-parameter', line.keyword.span, "'fwmark' needs a value", {
        why: 'keepalived does not start without it',
      }),
    );
    return null;
  }
  reportSurplus(surplus, report);
  const number = readMark(mark, report);
  if (number === null) return null;
  switch (family?.text) {
    case undefined:
      return { kind: 'fwmark', mark: number, family: null };
    case 'inet':
      return { kind: 'fwmark', mark: number, family: 4 };
    case 'inet6':
      return { kind: 'fwmark', mark: number, family: 6 };
    default:
      if (family !== undefined) {
        leftOut(family, `a family must be inet or inet6, found '${family.text}'`, report);
      }
      return null;
  }
}

export function readMark(word: Word, report: Report): number | null {
  const mark = /^\d+$/.test(word.text) ? Number(word.text) : Number.NaN;
  if (mark <= unsignedMax) return mark;
  leftOut(word, `a fwmark must be 0..${unsignedMax}, found '${word.text}'`, report);
  return null;
}

/** 0 is every port, as none at all. */
export function readPort(word: Word, report: Report): number | null {
  const port = /^\d+$/.test(word.text) ? Number(word.text) : Number.NaN;
  if (port <= portMax) return port;
  leftOut(word, `a port must be 0..${portMax}, found '${word.text}'`, report);
  return null;
}

export function leftOut(word: Word, what: string, report: Report): void {
  report(warning('bad-server', word.span, what, { label: 'left out' }));
}

function reportSurplus([word]: readonly Word[], report: Report): void {
  if (word === undefined) return;
  report(
    warning('extra-word', word.span, `surplus word '${word.text}'`, {
      label: 'ignored',
      help: 'put each address on a line of its own',
    }),
  );
}

interface Range {
  readonly first: Ip;
  readonly last: Ip;
}

/** `A`, `A/len`, `A-B`, or `A-n` with the last octet or the last four hex digits of the end. */
function readRange(word: Word, report: Report): Range | null {
  const wrong = (what: string): null => {
    leftOut(word, what, report);
    return null;
  };
  const dash = word.text.indexOf('-');
  const [address = '', length] =
    dash === -1 ? word.text.split('/', 2) : [word.text.slice(0, dash), undefined];
  const first = parseIp(address);
  if (first === null) return wrong(`'${word.text}' is not an IP address`);
  if (dash !== -1) {
    const end = word.text.slice(dash + 1);
    const last = endOf(first, end);
    if (last === null) return wrong(`the end of the range '${word.text}' is not an address`);
    // In the short form keepalived wants more than one address.
    const isOne = parseIp(end) === null && formatIp(first) === formatIp(last);
    if (isOne || isAbove(first, last)) return wrong(`the range '${word.text}' has a bad end`);
    return { first, last };
  }
  if (length === undefined) return { first, last: first };
  const bits = first.family === 4 ? 32 : 128;
  const prefix = /^\d{1,3}$/.test(length) ? Number(length) : 0;
  if (prefix < 1 || prefix > bits) return wrong(`a prefix length must be 1..${bits}`);
  if (formatIp(withHostBits(first, prefix, false)) !== formatIp(first)) {
    return wrong(`'${word.text}' has bits set behind its prefix`);
  }
  return { first, last: withHostBits(first, prefix, true) };
}

function endOf(first: Ip, text: string): Ip | null {
  const whole = parseIp(text);
  if (whole !== null) return whole.family === first.family ? whole : null;
  if (first.family === 4) {
    const octet = /^\d{1,3}$/.test(text) ? Number(text) : 256;
    return octet > 255 ? null : { family: 4, octets: [...first.octets.slice(0, 3), octet] };
  }
  if (!/^[0-9A-Fa-f]{1,4}$/.test(text)) return null;
  const word = Number.parseInt(text, 16);
  return { family: 6, octets: [...first.octets.slice(0, 14), word >> 8, word & 0xff] };
}

function isAbove(a: Ip, b: Ip): boolean {
  for (const [index, octet] of a.octets.entries()) {
    const other = b.octets[index] ?? 0;
    if (octet !== other) return octet > other;
  }
  return false;
}
