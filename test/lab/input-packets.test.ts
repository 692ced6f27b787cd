/**
 * Bad packets of every kind, each from a sender of its own and each worth the mastership if it were
 * believed (priority 255). None changes the state of a master or of a standby; each is logged by
 * its kind, with its source.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Rejection } from '../../src/core/event';
import { becomes } from './failover-story';
import { Holdfast, type LogRecord } from './holdfast';
import { type ForgedAdvert, forgedAdvert, Injector, internetChecksum, ipv4Frame } from './inject';
import { vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom, assertSteady } from './rhythm';
import { until } from './until';

const V2 = 51;
const V3 = 52;
const VIP = { [V2]: '192.0.2.10', [V3]: '192.0.2.20' } as const;
const GROUP = '224.0.0.18';
const GROUP_MAC = '01:00:5e:00:00:12';
const INTERVAL_MS = 100;

const config = (priority: number) =>
  [
    vrrpInstance({ priority, vrid: V2, password: '1111', addresses: [VIP[V2]] }),
    vrrpInstance({
      name: 'VI_2',
      version: 3,
      vrid: V3,
      interval: INTERVAL_MS / 1000,
      priority,
      addresses: [VIP[V3]],
    }),
  ].join('\n');

type Spoiled = {
  readonly kind: string;
  readonly reason: Rejection;
  readonly payload: (source: string) => Buffer;
  readonly ttl?: number;
};

const v2 = (source: string, change: Partial<ForgedAdvert> = {}): Buffer =>
  forgedAdvert({
    vrid: V2,
    priority: 255,
    interval: 1,
    source,
    addresses: [VIP[V2]],
    password: '1111',
    ...change,
  });

const v3 = (source: string, change: Partial<ForgedAdvert> = {}): Buffer =>
  forgedAdvert({
    version: 3,
    vrid: V3,
    priority: 255,
    interval: INTERVAL_MS / 10,
    source,
    addresses: [VIP[V3]],
    ...change,
  });

/** Another octet in a v2 message, under a checksum that fits again. */
function withOctet(message: Buffer, at: number, value: number): Buffer {
  message.writeUInt8(value, at);
  message.writeUInt16BE(0, 6);
  message.writeUInt16BE(internetChecksum(message), 6);
  return message;
}

function withBadChecksum(message: Buffer): Buffer {
  message.writeUInt16BE(message.readUInt16BE(6) ^ 0x5555, 6);
  return message;
}

/** A CARP packet as captured from ucarp: 36 octets, its vhid where VRRP has the VRID. */
function carp(): Buffer {
  const packet = Buffer.alloc(36, 0xa5);
  packet.set([0x21, V2, 0, 7, 0, 1, 0, 0]);
  packet.writeUInt16BE(internetChecksum(packet), 6);
  return packet;
}

const kinds: readonly Spoiled[] = [
  {
    kind: 'short',
    reason: 'too-short',
    payload: (s) => v2(s).subarray(0, 6),
  },
  {
    kind: 'unknown version',
    reason: 'version',
    payload: (s) => withOctet(v2(s), 0, 0x41),
  },
  {
    kind: 'version of the other instance',
    reason: 'version',
    payload: (s) => v2(s, { vrid: V3, addresses: [VIP[V3]] }),
  },
  {
    kind: 'bad checksum, v2',
    reason: 'checksum',
    payload: (s) => withBadChecksum(v2(s)),
  },
  {
    kind: 'bad checksum, v3',
    reason: 'checksum',
    payload: (s) => withBadChecksum(v3(s)),
  },
  { kind: 'TTL', reason: 'ttl', payload: (s) => v3(s), ttl: 254 },
  {
    kind: 'type',
    reason: 'type',
    payload: (s) => withOctet(v2(s), 0, 0x22),
  },
  {
    kind: 'wrong password',
    reason: 'auth-failure',
    payload: (s) => v2(s, { password: '2222' }),
  },
  {
    kind: 'password missing',
    reason: 'auth-type-mismatch',
    payload: (s) => withOctet(v2(s), 4, 0),
  },
  {
    kind: 'unknown authentication',
    reason: 'auth-type-unknown',
    payload: (s) => withOctet(v2(s), 4, 9),
  },
  { kind: 'VRID', reason: 'vrid', payload: (s) => v2(s, { vrid: 77 }) },
  {
    kind: 'interval, v2',
    reason: 'interval',
    payload: (s) => v2(s, { interval: 3 }),
  },
  {
    kind: 'interval 0, v3',
    reason: 'interval-zero',
    payload: (s) => v3(s, { interval: 0 }),
  },
  {
    kind: 'oversized count',
    reason: 'length',
    payload: (s) => {
      const packet = v3(s);
      packet.writeUInt8(255, 3);
      return packet;
    },
  },
  {
    kind: 'truncated',
    reason: 'length',
    payload: (s) => v2(s).subarray(0, 15),
  },
  {
    kind: 'no addresses',
    reason: 'count-zero',
    payload: (s) => v3(s, { addresses: [] }),
  },
  { kind: 'CARP', reason: 'carp', payload: carp },
];

/** A number generator of our own: a failure can be repeated. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
}

function frame(lab: Lab, source: string, payload: Buffer, ttl = 255, target = GROUP): Buffer {
  const sourceMac = lab.node('client').mac;
  const targetMac = target === GROUP ? GROUP_MAC : lab.node('a').mac;
  return ipv4Frame({ sourceMac, targetMac, source, target, ttl, payload });
}

async function stage(lab: Lab) {
  const args = ['--log-level', 'debug'];
  const a = new Holdfast(lab, 'a', config(200), { args });
  await becomes(a, 'MASTER', 0, ['VI_1', 'VI_2']);
  const b = new Holdfast(lab, 'b', config(100), { args });
  await becomes(b, 'BACKUP', 0, ['VI_1', 'VI_2']);
  const settled = () => heldBy(lab, Object.values(VIP), 'a', () => b.child.tail());
  await settled();
  const capture = await lab.capture({ filter: 'vrrp' });
  const marks = [a.mark(), b.mark()] as const;
  const unchanged = async () => {
    await settled();
    const beats = () => advertsFrom(lab, 'a', capture.frames(), V3).length;
    await until(() => beats() >= 10, { what: '10 adverts', every: 200 });
    await capture.stop();
    assert.equal(a.child.find(/Entering/, marks[0]), undefined);
    assert.equal(b.child.find(/Entering/, marks[1]), undefined);
    const frames = capture.frames();
    assertSteady(advertsFrom(lab, 'a', frames, V3), INTERVAL_MS);
    assert.deepEqual(
      [...advertsFrom(lab, 'b', frames, V2), ...advertsFrom(lab, 'b', frames, V3)],
      [],
    );
  };
  return { a, b, unchanged, injector: new Injector(lab, 'client') };
}

type Report = { readonly reason: Rejection; readonly source: string };

/** Waits until each of them has logged such a packet; its fields, for wording may change. */
async function reports(
  what: string,
  daemons: readonly Holdfast[],
  { reason, source }: Report,
): Promise<void> {
  for (const daemon of daemons) {
    const fits = (record: LogRecord) => record['reason'] === reason && record['source'] === source;
    await until(() => daemon.log.some(fits), {
      what: `${daemon.node} to report ${what} as ${reason} from ${source}`,
      detail: () => daemon.child.tail(),
    });
  }
}

describe('a bad packet', { concurrency: 2 }, () => {
  it('of any kind changes nothing, and is logged with its source', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, b, unchanged, injector } = await stage(lab);
      for (const [i, { kind, reason, payload, ttl }] of kinds.entries()) {
        const source = `192.0.2.${150 + i}`;
        await injector.send(frame(lab, source, payload(source), ttl));
        await reports(kind, [a, b], { reason, source });
      }
      await unchanged();
    });
  });

  it('that is right but came by another way changes nothing', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, unchanged, injector } = await stage(lab);
      const stranger = '192.0.2.150';
      const self = lab.node('a').address;
      const unicast = v3(stranger, { target: self });
      await injector.send(frame(lab, stranger, unicast, 255, self));
      await reports('unicast', [a], { reason: 'destination', source: stranger });
      // Looped back or spoofed; to a's MAC only, for it would be a's own word to b.
      const own = frame(lab, self, v3(self));
      Buffer.from(lab.node('a').mac.replaceAll(':', ''), 'hex').copy(own, 0);
      await injector.send(own);
      await reports('its own', [a], { reason: 'own-source', source: self });
      await unchanged();
    });
  });

  it('of random octets changes nothing', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { a, b, unchanged, injector } = await stage(lab);
      const next = dice(20);
      for (let i = 0; i < 60; i += 1) {
        const payload = Buffer.from(Array.from({ length: next() % 80 }, next));
        // Every other one pretends well enough to get past the first checks.
        if (i % 2 === 0) Buffer.from([0x31, V3, 255]).copy(payload);
        await injector.send(frame(lab, '192.0.2.150', payload));
      }
      const refused = () =>
        a.log.some(({ reason }) => reason === 'length' || reason === 'checksum');
      await until(refused, { what: 'a report' });
      await unchanged();
      assert.equal(a.child.ended, null);
      assert.equal(b.child.ended, null);
    });
  });
});
