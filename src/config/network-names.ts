/**
 * The names that iproute2 ships for numbers: tables, scopes, protocols, types of service. Those
 * that a machine adds in /etc/iproute2 are the machine's; here they stay names.
 */
import type { Named } from './model-network';

export interface Names {
  /** as in "a routing table". */
  readonly noun: string;
  /** where a machine adds its own. */
  readonly file: string;
  readonly max: number;
  readonly known: ReadonlyMap<string, number>;
}

const names = (
  noun: string,
  file: string,
  max: number,
  known: Readonly<Record<string, number>>,
): Names => ({ noun, file, max, known: new Map(Object.entries(known)) });

export const tables = names('routing table', '/etc/iproute2/rt_tables', 0xffffffff, {
  unspec: 0,
  default: 253,
  main: 254,
  local: 255,
});

export const scopes = names('scope', '/etc/iproute2/rt_scopes', 255, {
  global: 0,
  site: 200,
  link: 253,
  host: 254,
  nowhere: 255,
});

export const routingProtocols = names('routing protocol', '/etc/iproute2/rt_protos', 255, {
  none: 0,
  unspec: 0,
  redirect: 1,
  kernel: 2,
  boot: 3,
  static: 4,
  gated: 8,
  ra: 9,
  mrt: 10,
  zebra: 11,
  bird: 12,
  dnrouted: 13,
  xorp: 14,
  ntk: 15,
  dhcp: 16,
  keepalived: 18,
  babel: 42,
  openr: 99,
  bgp: 186,
  isis: 187,
  ospf: 188,
  rip: 189,
  eigrp: 192,
});

/** In the kernel's list of routing protocols, and how tracked objects are known. */
export const keepalivedProtocol = 18;

/** RFC 2474, 2597 and 3246, each with the two bits below it clear. */
export const services = names('type of service', '/etc/iproute2/rt_dsfield', 255, {
  default: 0,
  CS1: 0x20,
  AF11: 0x28,
  AF12: 0x30,
  AF13: 0x38,
  CS2: 0x40,
  AF21: 0x48,
  AF22: 0x50,
  AF23: 0x58,
  CS3: 0x60,
  AF31: 0x68,
  AF32: 0x70,
  AF33: 0x78,
  CS4: 0x80,
  AF41: 0x88,
  AF42: 0x90,
  AF43: 0x98,
  CS5: 0xa0,
  EF: 0xb8,
  CS6: 0xc0,
  CS7: 0xe0,
});

export const realms = names('realm', '/etc/iproute2/rt_realms', 255, { cosmos: 0 });

export const groups = names('device group', '/etc/iproute2/group', 0x7fffffff, { default: 0 });

/** In lower case; /etc/protocols lists most of them in capitals too. */
export const ipProtocols = names('IP protocol', '/etc/protocols', 255, {
  ip: 0,
  icmp: 1,
  igmp: 2,
  ipencap: 4,
  tcp: 6,
  egp: 8,
  igp: 9,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  'ipv6-icmp': 58,
  ospf: 89,
  ipip: 94,
  pim: 103,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
});

/** Of a route: its type, and the number the kernel has for it. */
export const routeTypes: ReadonlyMap<string, number> = new Map([
  ['unicast', 1],
  ['local', 2],
  ['broadcast', 3],
  ['brd', 3],
  ['anycast', 4],
  ['multicast', 5],
  ['blackhole', 6],
  ['unreachable', 7],
  ['prohibit', 8],
  ['throw', 9],
  ['nat', 10],
  ['xresolve', 11],
]);

/** IFNAMSIZ with its terminator. */
const interfaceLengthMax = 15;

export const isInterfaceName = (text: string): boolean =>
  text !== '' &&
  text !== '.' &&
  text !== '..' &&
  !/[\s/]/.test(text) &&
  Buffer.byteLength(text) <= interfaceLengthMax;

/** `0x1f`, `017` and `15`, as C reads a number without a given base; null: not one. */
export function readC(text: string): number | null {
  if (!/^\+?(0x[0-9a-f]+|\d+)$/i.test(text)) return null;
  const digits = text.replace('+', '');
  if (/^0x/i.test(digits)) return Number(digits);
  if (!/^0\d/.test(digits)) return Number(digits);
  return /[89]/.test(digits) ? null : Number.parseInt(digits, 8);
}

/** Decimal digits, perhaps behind a plus sign; null: anything else. */
export const readDecimal = (text: string): number | null =>
  /^\+?\d+$/.test(text) ? Number(text) : null;

/** What can be the name of something; a number that went wrong is none. */
export const isName = (text: string): boolean =>
  /[a-z_]/i.test(text) && /^[^\s/+-][^\s/]*$/.test(text) && !/^0x[0-9a-f]*$/i.test(text);

/** A number or a known name as its number, any other name as it stands; null: neither. */
export function named(text: string, { known, max }: Names): Named | null {
  const number = known.get(text) ?? readC(text);
  if (number !== null) return number <= max ? number : null;
  return isName(text) ? text : null;
}
