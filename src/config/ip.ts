/**
 * IPv4 and IPv6 addresses as text and as octets. Accepts what inet_pton accepts and writes
 * IPv6 the one canonical way (RFC 5952). Pure.
 */
import type { Family } from './model';

export interface Ip {
  readonly family: Family;
  /** 4 or 16 octets, network order. */
  readonly octets: readonly number[];
}

export function parseIp(text: string): Ip | null {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

function parseIpv4(text: string): Ip | null {
  const parts = text.split('.');
  if (parts.length !== 4) return null;
  const octets: number[] = [];
  for (const part of parts) {
    // inet_pton refuses a leading zero: some readers would take it for octal.
    if (!/^(0|[1-9]\d{0,2})$/.test(part) || Number(part) > 255) return null;
    octets.push(Number(part));
  }
  return { family: 4, octets };
}

function parseIpv6(text: string): Ip | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const head = groups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? groups(halves[1] ?? '', true) : [];
  if (head === null || tail === null) return null;
  const missing = 16 - head.length - tail.length;
  // RFC 4291 §2.2: '::' stands for one or more groups.
  if (halves.length === 2 ? missing < 2 : missing !== 0) return null;
  return { family: 6, octets: [...head, ...new Array<number>(missing).fill(0), ...tail] };
}

/** Octets of a colon-separated list; the last group may be dotted IPv4 where that is allowed. */
function groups(text: string, mayEndInIpv4: boolean): readonly number[] | null {
  if (text === '') return [];
  const octets: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const v4 = mayEndInIpv4 && index === parts.length - 1 ? parseIpv4(part) : null;
      if (v4 === null) return null;
      octets.push(...v4.octets);
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) {
      const value = Number.parseInt(part, 16);
      octets.push(value >> 8, value & 0xff);
    } else {
      return null;
    }
  }
  return octets;
}

export function formatIp(ip: Ip): string {
  return ip.family === 4 ? ip.octets.join('.') : formatIpv6(ip.octets);
}

function formatIpv6(octets: readonly number[]): string {
  const words: number[] = [];
  for (let i = 0; i < 16; i += 2) words.push(((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0));
  // RFC 5952 §5: the IPv4-mapped prefix is shown with a dotted tail.
  if (words.slice(0, 5).every((w) => w === 0) && words[5] === 0xffff) {
    return `::ffff:${octets.slice(12).join('.')}`;
  }
  const run = longestZeroRun(words);
  const hex = (part: readonly number[]): string => part.map((w) => w.toString(16)).join(':');
  if (run === null) return hex(words);
  return `${hex(words.slice(0, run.start))}::${hex(words.slice(run.start + run.length))}`;
}

/** RFC 5952 §4.2: the longest run of at least two zero groups, the first of equals. */
function longestZeroRun(words: readonly number[]): { start: number; length: number } | null {
  let best: { start: number; length: number } | null = null;
  for (let i = 0; i < words.length; i++) {
    let length = 0;
    while (i + length < words.length && words[i + length] === 0) length++;
    if (length >= 2 && length > (best?.length ?? 0)) best = { start: i, length };
    i += length;
  }
  return best;
}

/** fe80::/10 (RFC 4291 §2.5.6) or 169.254.0.0/16 (RFC 3927). */
export function isLinkLocal(ip: Ip): boolean {
  const [a, b] = ip.octets;
  if (ip.family === 4) return a === 169 && b === 254;
  return a === 0xfe && ((b ?? 0) & 0xc0) === 0x80;
}

export function isMulticast(ip: Ip): boolean {
  const first = ip.octets[0] ?? 0;
  return ip.family === 4 ? first >= 224 && first <= 239 : first === 0xff;
}

/** The prefix's address with every host bit set, or cleared. */
export function withHostBits(ip: Ip, prefix: number, set: boolean): Ip {
  const octets = ip.octets.map((octet, index) => {
    const bits = Math.min(8, Math.max(0, prefix - index * 8));
    const host = 0xff >> bits;
    return set ? octet | host : octet & ~host & 0xff;
  });
  return { family: ip.family, octets };
}
