/**
 * Sends frames byte for byte from a node: forged, broken, or thousands a second. The frame builder
 * makes correct IP around any payload, so that a test spoils exactly what it means to spoil.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Child } from './child';
import type { Lab } from './lab';

export type Flood = { readonly count?: number; readonly perSecond?: number };

export class Injector {
  readonly #tool: Child;

  constructor(lab: Lab, node: string) {
    this.#tool = lab.spawn(node, [toolPath()], { name: `inject-${node}` });
  }

  /** Resolves with the number of frames when all are out. One call at a time. */
  async send(frame: Uint8Array, { count = 1, perSecond = 0 }: Flood = {}): Promise<number> {
    const from = this.#tool.lines.length;
    const hex = Buffer.from(frame).toString('hex');
    this.#tool.write(`eth0 ${hex} ${count} ${perSecond}\n`);
    const expected = perSecond > 0 ? (count / perSecond) * 1000 : 0;
    const timeout = 30_000 + 3 * expected;
    const line = await this.#tool.line(/^(sent|error)/, { from, timeout });
    if (line.startsWith('error')) throw new Error(`inject: ${line}`);
    return Number(line.slice('sent '.length));
  }
}

function toolPath(): string {
  for (let at = __dirname; at !== dirname(at); at = dirname(at)) {
    const path = join(at, 'build-lab', 'inject');
    if (existsSync(path)) return path;
  }
  throw new Error('build-lab/inject does not exist: npm run setup builds it');
}

// ---- frames

export type Ipv4Frame = {
  readonly sourceMac: string;
  readonly targetMac: string;
  readonly source: string;
  readonly target: string;
  readonly ttl?: number;
  readonly protocol?: number;
  readonly payload: Uint8Array;
};

/** Ethernet and IPv4 with a correct header checksum around `payload`. */
export function ipv4Frame(frame: Ipv4Frame): Buffer {
  const { ttl = 255, protocol = 112, payload } = frame;
  const header = Buffer.alloc(20);
  header.writeUInt8(0x45, 0);
  header.writeUInt8(0xc0, 1); // internetwork control, as VRRP speakers send
  header.writeUInt16BE(20 + payload.length, 2);
  header.writeUInt8(ttl, 8);
  header.writeUInt8(protocol, 9);
  Buffer.from(octets(frame.source)).copy(header, 12);
  Buffer.from(octets(frame.target)).copy(header, 16);
  header.writeUInt16BE(internetChecksum(header), 10);
  return Buffer.concat([ethernet(frame, 0x0800), header, payload]);
}

/** RFC 1071; over data whose checksum field is zero, the value for that field. */
export function internetChecksum(...parts: readonly Uint8Array[]): number {
  const data = Buffer.concat(parts);
  let sum = 0;
  for (let i = 0; i < data.length; i += 2) {
    sum += (data[i] ?? 0) * 256 + (data[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

export const octets = (address: string): readonly number[] => address.split('.').map(Number);

function ethernet(
  { sourceMac, targetMac }: { readonly sourceMac: string; readonly targetMac: string },
  type: number,
): Buffer {
  const mac = (text: string) => Buffer.from(text.replaceAll(':', ''), 'hex');
  return Buffer.concat([mac(targetMac), mac(sourceMac), Buffer.from([type >> 8, type & 0xff])]);
}

export type ForgedAdvert = {
  readonly version?: 2 | 3;
  readonly vrid: number;
  readonly priority: number;
  /** Seconds in v2, centiseconds in v3: the number on the wire. */
  readonly interval: number;
  readonly source: string;
  readonly addresses: readonly string[];
  readonly target?: string;
  /** v2 with PASS; eight octets, filled with zeros. */
  readonly password?: string;
};

/** A VRRP packet for IPv4 as keepalived would send it (v3 with the pseudo-header in its sum). */
export function forgedAdvert(advert: ForgedAdvert): Buffer {
  const { version = 2, vrid, priority, interval, addresses, password } = advert;
  const header = Buffer.from([version * 16 + 1, vrid, priority, addresses.length, 0, 0, 0, 0]);
  if (version === 2) {
    header.writeUInt8(password === undefined ? 0 : 1, 4);
    header.writeUInt8(interval, 5);
  } else {
    header.writeUInt16BE(interval, 4);
  }
  const trailer = Buffer.alloc(version === 2 ? 8 : 0);
  if (version === 2) trailer.write(password ?? '');
  const packet = Buffer.concat([header, Buffer.from(addresses.flatMap(octets)), trailer]);
  const target = advert.target ?? '224.0.0.18';
  const ends = [...octets(advert.source), ...octets(target)];
  const pseudo = Buffer.from([...ends, 0, 112, packet.length >> 8, packet.length & 0xff]);
  // The authentication data of v2 is part of the sum (RFC 2338 5.3.8: the whole VRRP message).
  const sum = version === 2 ? internetChecksum(packet) : internetChecksum(pseudo, packet);
  packet.writeUInt16BE(sum, 6);
  return packet;
}
