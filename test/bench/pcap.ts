/**
 * A capture file → what the measurements look at: adverts and gratuitous ARPs with the kernel's
 * stamps. Reads headers only, by hand: a run holds millions of frames, tshark would take minutes.
 */
import { readFileSync } from 'node:fs';

export type Advert = {
  readonly kind: 'advert';
  /** Microseconds since the epoch, as the kernel stamped the frame. */
  readonly at: number;
  /** The sender's IPv4 address. */
  readonly source: string;
  readonly vrid: number;
  readonly priority: number;
};

export type Garp = {
  readonly kind: 'garp';
  readonly at: number;
  /** The sender's MAC address. */
  readonly mac: string;
  readonly address: string;
};

export type Sighting = Advert | Garp;

const MAGIC_MICRO = 0xa1b2c3d4;
const MAGIC_NANO = 0xa1b23c4d;
const FILE_HEADER = 24;
const FRAME_HEADER = 16;
const ETHERNET = 14;
const TYPE_IPV4 = 0x0800;
const TYPE_ARP = 0x0806;
const PROTOCOL_VRRP = 112;

export const readCapture = (file: string): readonly Sighting[] => parseCapture(readFileSync(file));

/** A last frame that is cut short is left out: tcpdump may still be writing. */
export function parseCapture(data: Buffer): readonly Sighting[] {
  const magic = data.length < FILE_HEADER ? 0 : data.readUInt32LE(0);
  if (magic !== MAGIC_MICRO && magic !== MAGIC_NANO) throw new Error('not a pcap file');
  const perMicrosecond = magic === MAGIC_NANO ? 1000 : 1;
  const found: Sighting[] = [];
  for (let at = FILE_HEADER; at + FRAME_HEADER <= data.length; ) {
    const start = at + FRAME_HEADER;
    const end = start + data.readUInt32LE(at + 8);
    if (end > data.length) break;
    const when = data.readUInt32LE(at) * 1e6 + data.readUInt32LE(at + 4) / perMicrosecond;
    const sighting = parseFrame(data, start, end, when);
    if (sighting !== null) found.push(sighting);
    at = end;
  }
  return found;
}

function parseFrame(data: Buffer, start: number, end: number, at: number): Sighting | null {
  if (end - start < ETHERNET) return null;
  const body = start + ETHERNET;
  switch (data.readUInt16BE(start + 12)) {
    case TYPE_IPV4:
      return parseIpv4(data, body, end, at);
    case TYPE_ARP:
      return parseArp(data, body, end, at);
    default:
      return null;
  }
}

function parseIpv4(data: Buffer, start: number, end: number, at: number): Advert | null {
  if (end - start < 20 || data.readUInt8(start + 9) !== PROTOCOL_VRRP) return null;
  const message = start + (data.readUInt8(start) & 0x0f) * 4;
  if (message + 3 > end) return null;
  const vrid = data.readUInt8(message + 1);
  const priority = data.readUInt8(message + 2);
  return { kind: 'advert', at, source: ipv4Text(data.readUInt32BE(start + 12)), vrid, priority };
}

/** An ARP is gratuitous when sender and target address are one (RFC 5227 §3). */
function parseArp(data: Buffer, start: number, end: number, at: number): Garp | null {
  if (end - start < 28) return null;
  const address = data.readUInt32BE(start + 14);
  if (address !== data.readUInt32BE(start + 24)) return null;
  const mac = macText(data.readUIntBE(start + 8, 6));
  return { kind: 'garp', at, mac, address: ipv4Text(address) };
}

/** A capture names few addresses very often: each text is made once. */
function remembered(make: (value: number) => string): (value: number) => string {
  const known = new Map<number, string>();
  return (value) => {
    const text = known.get(value) ?? make(value);
    known.set(value, text);
    return text;
  };
}

const ipv4Text = remembered((value) =>
  [24, 16, 8, 0].map((shift) => (value >>> shift) & 0xff).join('.'),
);

const macText = remembered((value) =>
  (value.toString(16).padStart(12, '0').match(/../g) ?? []).join(':'),
);
