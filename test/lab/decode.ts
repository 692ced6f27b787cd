/**
 * A capture file as typed records, read by tshark: an independent judge of every byte we send.
 * One record per frame; what tshark calls malformed or a bad checksum is kept, never filtered.
 */
import { execSync } from './namespace';

export type Vrrp = {
  readonly version: number;
  readonly type: number;
  readonly vrid: number;
  readonly priority: number;
  /** Milliseconds: v2 says seconds on the wire, v3 centiseconds. */
  readonly interval: number;
  readonly authType: number | null;
  readonly authText: string | null;
  readonly addresses: readonly string[];
  readonly checksum: 'good' | 'bad' | 'unverified';
};

export type Arp = {
  readonly operation: number;
  readonly gratuitous: boolean;
  readonly senderMac: string;
  readonly senderAddress: string;
  readonly targetAddress: string;
};

/** A neighbour advertisement. */
export type Neighbour = {
  readonly target: string;
  readonly override: boolean;
  readonly solicited: boolean;
  readonly router: boolean;
  readonly linkLayerAddress: string | null;
};

export type Frame = {
  /** Seconds since the epoch, with the capture's microseconds. */
  readonly time: number;
  readonly sourceMac: string;
  readonly targetMac: string;
  readonly source: string;
  readonly target: string;
  /** IPv4 time to live or IPv6 hop limit; null without IP. */
  readonly hops: number | null;
  readonly vrrp: Vrrp | null;
  readonly arp: Arp | null;
  readonly neighbour: Neighbour | null;
  readonly malformed: boolean;
  /** tshark's warnings and errors about this frame. */
  readonly complaints: readonly string[];
  /** The source address was seen at another MAC before; tshark notes it after any failover. */
  readonly duplicateAddress: boolean;
};

const fields = [
  'frame.time_epoch',
  'eth.src',
  'eth.dst',
  'ip.src',
  'ip.dst',
  'ip.ttl',
  'ipv6.src',
  'ipv6.dst',
  'ipv6.hlim',
  'vrrp.version',
  'vrrp.type',
  'vrrp.virt_rtr_id',
  'vrrp.prio',
  'vrrp.adver_int',
  'vrrp.short_adver_int',
  'vrrp.auth_type',
  'vrrp.auth_string',
  'vrrp.ip_addr',
  'vrrp.ipv6_addr',
  'vrrp.checksum.status',
  'arp.opcode',
  'arp.isgratuitous',
  'arp.src.hw_mac',
  'arp.src.proto_ipv4',
  'arp.dst.proto_ipv4',
  'icmpv6.type',
  'icmpv6.nd.na.target_address',
  'icmpv6.nd.na.flag.o',
  'icmpv6.nd.na.flag.s',
  'icmpv6.nd.na.flag.r',
  'icmpv6.opt.linkaddr',
  '_ws.malformed',
  '_ws.expert.message',
  '_ws.expert.severity',
  'arp.duplicate-address-detected',
] as const;

type Field = (typeof fields)[number];
type Row = Readonly<Record<Field, string>>;

const SEPARATOR = '\t';
const AGGREGATOR = '\u001f';
/** PI_WARN of Wireshark's expert information. */
const SEVERITY_WARNING = 0x600000;

export type DecodeOptions = {
  /** Judge v3 over IPv4 by a sum without the pseudo-header, as routers of some makers send. */
  readonly v3ChecksumAsV2?: boolean;
  /** A tshark display filter. */
  readonly filter?: string;
};

export function decode(file: string, options: DecodeOptions = {}): readonly Frame[] {
  const asV2 = options.v3ChecksumAsV2 === true ? 'TRUE' : 'FALSE';
  const command: [string, ...string[]] = ['tshark', '-n', '-r', file, '-T', 'fields'];
  command.push('-E', `separator=/t`, '-E', `aggregator=${AGGREGATOR}`, '-E', 'occurrence=a');
  command.push('-o', `vrrp.v3_checksum_as_in_v2:${asV2}`, '-o', 'ip.check_checksum:TRUE');
  if (options.filter !== undefined) command.push('-Y', options.filter);
  for (const field of fields) command.push('-e', field);
  // A capture that is still running may end in half a frame: tshark then prints the whole ones.
  const { stdout, stderr, status } = execSync(command, { allowFailure: true });
  if (status !== 0 && !/cut short in the middle/.test(stderr)) {
    throw new Error(`tshark cannot read ${file}: exit ${status}\n${stderr}`);
  }
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map(toFrame);
}

function toFrame(line: string): Frame {
  const values = line.split(SEPARATOR);
  const row = Object.fromEntries(fields.map((field, i) => [field, values[i] ?? ''])) as Row;
  return {
    time: Number(row['frame.time_epoch']),
    sourceMac: row['eth.src'],
    targetMac: row['eth.dst'],
    source: row['ip.src'] || row['ipv6.src'] || row['arp.src.proto_ipv4'],
    target: row['ip.dst'] || row['ipv6.dst'] || row['arp.dst.proto_ipv4'],
    hops: number(row['ip.ttl'] || row['ipv6.hlim']),
    vrrp: row['vrrp.version'] === '' ? null : toVrrp(row),
    arp: row['arp.opcode'] === '' ? null : toArp(row),
    neighbour: row['icmpv6.type'] === '136' ? toNeighbour(row) : null,
    malformed: row['_ws.malformed'] !== '',
    complaints: complaints(row),
    duplicateAddress: row['arp.duplicate-address-detected'] !== '',
  };
}

function toVrrp(row: Row): Vrrp {
  const status = row['vrrp.checksum.status'];
  const v2 = row['vrrp.version'] === '2';
  return {
    version: Number(row['vrrp.version']),
    type: Number(row['vrrp.type']),
    vrid: Number(row['vrrp.virt_rtr_id']),
    priority: Number(row['vrrp.prio']),
    interval: v2 ? Number(row['vrrp.adver_int']) * 1000 : Number(row['vrrp.short_adver_int']) * 10,
    authType: number(row['vrrp.auth_type']),
    authText: row['vrrp.auth_string'] || null,
    addresses: list(row['vrrp.ip_addr'] || row['vrrp.ipv6_addr']),
    checksum: status === '1' ? 'good' : status === '0' ? 'bad' : 'unverified',
  };
}

const toArp = (row: Row): Arp => ({
  operation: Number(row['arp.opcode']),
  gratuitous: flag(row['arp.isgratuitous']),
  senderMac: row['arp.src.hw_mac'],
  senderAddress: row['arp.src.proto_ipv4'],
  targetAddress: row['arp.dst.proto_ipv4'],
});

const toNeighbour = (row: Row): Neighbour => ({
  target: row['icmpv6.nd.na.target_address'],
  override: flag(row['icmpv6.nd.na.flag.o']),
  solicited: flag(row['icmpv6.nd.na.flag.s']),
  router: flag(row['icmpv6.nd.na.flag.r']),
  linkLayerAddress: row['icmpv6.opt.linkaddr'] || null,
});

/** Notes and chats are remarks on ordinary traffic, such as a connection that begins. */
function complaints(row: Row): readonly string[] {
  const severities = list(row['_ws.expert.severity']).map(Number);
  return list(row['_ws.expert.message']).filter((_, i) => (severities[i] ?? 0) >= SEVERITY_WARNING);
}

const number = (text: string): number | null => (text === '' ? null : Number(text));
const flag = (text: string): boolean => text === '1' || text === 'True';
const list = (text: string): readonly string[] => (text === '' ? [] : text.split(AGGREGATOR));

// ---- what most tests ask of a capture

export type Advert = Frame & { readonly vrrp: Vrrp };

export const adverts = (frames: readonly Frame[], vrid?: number): readonly Advert[] =>
  frames.filter(
    (frame): frame is Advert =>
      frame.vrrp !== null && (vrid === undefined || frame.vrrp.vrid === vrid),
  );

/** Gratuitous ARPs and unsolicited neighbour advertisements for one address. */
export const announcements = (frames: readonly Frame[], address: string): readonly Frame[] =>
  frames.filter(
    ({ arp, neighbour }) =>
      (arp?.gratuitous === true && arp.senderAddress === address) ||
      (neighbour?.target === address && !neighbour.solicited),
  );

/** What tshark holds against these frames, one line each; empty when all is well. */
export const defects = (frames: readonly Frame[]): readonly string[] =>
  frames.flatMap((frame) => {
    const found = [
      ...(frame.malformed ? ['malformed'] : []),
      ...(frame.vrrp?.checksum === 'bad' ? ['bad VRRP checksum'] : []),
      ...(frame.duplicateAddress ? [] : frame.complaints),
    ];
    const origin = `${frame.time} ${frame.source} > ${frame.target}`;
    return found.map((what) => `${origin}: ${what}`);
  });
