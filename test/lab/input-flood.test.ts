/**
 * Forged adverts by the ten thousand a second: every advert of ours still leaves, no state changes,
 * the log goes on and stays readable, and a stop is still a stop.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast, logRecord } from './holdfast';
import { forgedAdvert, Injector, ipv4Frame } from './inject';
import { vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { advertsFrom, assertSteady } from './rhythm';

const VIP = '192.0.2.10';
const VRID = 51;
const INTERVAL_MS = 100;
const FLOOD = { count: 100_000, perSecond: 50_000 };
/** Records that a flood of two seconds may add to the log: some per second and kind. */
const LOG_MAX = 200;

const config = vrrpInstance({
  version: 3,
  vrid: VRID,
  interval: INTERVAL_MS / 1000,
  priority: 200,
  addresses: [VIP],
});

type Forgery = { readonly source: string; readonly priority: number; readonly spoil?: boolean };

function forged(lab: Lab, { source, priority, spoil }: Forgery): Buffer {
  const facts = { version: 3, vrid: VRID, interval: INTERVAL_MS / 10, addresses: [VIP] } as const;
  const payload = forgedAdvert({ ...facts, priority, source });
  if (spoil === true) payload.writeUInt16BE(payload.readUInt16BE(6) ^ 0x5555, 6);
  return ipv4Frame({
    sourceMac: lab.node('client').mac,
    targetMac: '01:00:5e:00:00:12',
    source,
    target: '224.0.0.18',
    payload,
  });
}

/** What the log's records count as rejected for a bad checksum. */
const counted = (lines: readonly string[]): number =>
  lines
    .map((line) => logRecord(line))
    .filter((record) => record?.['reason'] === 'checksum')
    .reduce((sum, record) => sum + Number(record?.['count'] ?? 0), 0);

/** Floods a master with these, side by side, and sees what it does meanwhile. */
async function flood(forgeries: readonly Forgery[], reports: RegExp): Promise<void> {
  await withLab({ nodes: ['a'] }, async (lab) => {
    const a = new Holdfast(lab, 'a', config);
    await becomes(a, 'MASTER');
    const own = `vrrp and ether src ${lab.node('a').mac}`;
    const capture = await lab.capture({ filter: own, at: 'a' });
    const mark = a.mark();
    const share = {
      count: FLOOD.count / forgeries.length,
      perSecond: FLOOD.perSecond / forgeries.length,
    };
    await Promise.all(
      forgeries.map((one) => new Injector(lab, 'client').send(forged(lab, one), share)),
    );
    await capture.stop();
    const sent = advertsFrom(lab, 'a', capture.frames(), VRID);
    assertSteady(sent, INTERVAL_MS);
    assert.ok(sent.every(({ vrrp }) => vrrp.priority === 200));
    assert.deepEqual(lab.holders(VIP), ['a']);

    await a.says(reports, mark);
    const told = a.child.lines.slice(mark);
    assert.equal(
      told.find((line) => /Entering/.test(line)),
      undefined,
    );
    assert.ok(told.length <= LOG_MAX, `${told.length} records in the log`);

    // A stop in the midst of it is still clean.
    void new Injector(lab, 'client')
      .send(forged(lab, forgeries[0] as Forgery), FLOOD)
      .catch(() => 0);
    const { code } = await a.stop();
    assert.equal(code, 0);
    assert.deepEqual(lab.holders(VIP), []);
  });
}

describe('a flood of forged adverts on a master', () => {
  it('of lower priority, valid otherwise', () =>
    flood([{ source: '192.0.2.150', priority: 50 }], /lower priority 50, ours 200/));

  it('of two speakers that differ from advert to advert', () =>
    flood(
      [
        { source: '192.0.2.150', priority: 50 },
        { source: '192.0.2.151', priority: 60 },
      ],
      /lower priority [56]0, ours 200/,
    ));

  it('that resign', () => flood([{ source: '192.0.2.150', priority: 0 }], /priority 0 message/));

  it('of bad checksums, which are counted', () =>
    flood([{ source: '192.0.2.150', priority: 255, spoil: true }], /checksum.* \(\d{3,} times\)/));
});

/** Floods both of a pair; the standby must go on hearing the master. */
async function floodPair(forgery: Forgery): Promise<void> {
  await withLab({ nodes: ['a', 'b'] }, async (lab) => {
    const a = new Holdfast(lab, 'a', config);
    await becomes(a, 'MASTER');
    const b = new Holdfast(lab, 'b', config.replace('priority 200', 'priority 100'));
    await becomes(b, 'BACKUP');
    const marks = [a.mark(), b.mark()] as const;
    await new Injector(lab, 'client').send(forged(lab, forgery), FLOOD);
    const told = [a, b].map((daemon, i) => daemon.child.lines.slice(marks[i]));
    for (const lines of told) {
      assert.equal(
        lines.find((line) => /Entering/.test(line)),
        undefined,
        lines.join('\n'),
      );
      assert.ok(lines.length <= LOG_MAX, `${lines.length} records in the log`);
      if (forgery.spoil !== true) continue;
      const count = counted(lines);
      assert.ok(count > FLOOD.count / 100, `${count} counted in the log`);
    }
    lab.pullCable('a', 'port-vanish');
    await becomes(b, 'MASTER', marks[1]);
  });
}

describe('a flood of forged adverts on a pair', () => {
  it('of bad checksums makes nobody change state', () =>
    floodPair({ source: '192.0.2.150', priority: 255, spoil: true }));

  it('of lower priority makes nobody change state', () =>
    floodPair({ source: '192.0.2.150', priority: 50 }));
});
