/**
 * The arithmetic behind the tables, on captures made by hand: a wrong judge would make a slow
 * daemon look fast.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Advert, type Garp, parseCapture, type Sighting } from './pcap';
import { floorOf } from './plan';
import { beats, mastershipsOf, missing, rhythm } from './rhythm';
import { bestFit, quantile } from './statistics';
import { cell, cellText } from './table';
import { takeover } from './takeover';

const OLD = { address: '192.0.2.1', mac: '02:00:00:00:00:01' };
const NEW = { address: '192.0.2.2', mac: '02:00:00:00:00:02' };
const EPOCH = 1.7e15;

const advert = (ms: number, source: string, vrid: number, priority = 100): Advert => ({
  kind: 'advert',
  at: EPOCH + ms * 1000,
  source,
  vrid,
  priority,
});

const garp = (ms: number, mac: string, address: string): Garp => ({
  kind: 'garp',
  at: EPOCH + ms * 1000,
  mac,
  address,
});

const near = (actual: number | undefined, expected: number) => {
  assert.ok(Math.abs((actual ?? Number.NaN) - expected) < 0.002, `${actual} is not ${expected}`);
};

/** A pcap file with microsecond stamps. */
function pcap(frames: readonly { readonly at: readonly [number, number]; readonly hex: string }[]) {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  const records = frames.map(({ at, hex }) => {
    const frame = Buffer.from(hex.replaceAll(' ', ''), 'hex');
    const record = Buffer.alloc(16);
    record.writeUInt32LE(at[0], 0);
    record.writeUInt32LE(at[1], 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return Buffer.concat([record, frame]);
  });
  return Buffer.concat([header, ...records]);
}

const ADVERT =
  '01005e000012 020000000001 0800 45c0 0020 0001 0000 ff70 0000 c0000201 e0000012' +
  '31339601 00010000 0a000001';
const GARP =
  'ffffffffffff 020000000002 0806 0001 0800 06 04 0001 020000000002 0a010001 000000000000 0a010001';
const ARP_QUESTION = GARP.replace(/0a010001$/, '0a010002');

describe('a capture', () => {
  it('gives adverts and gratuitous ARPs, and nothing else', () => {
    const data = pcap([
      { at: [1700000000, 5], hex: ADVERT },
      { at: [1700000000, 6], hex: ARP_QUESTION },
      { at: [1700000001, 7], hex: GARP },
    ]);
    assert.deepEqual(parseCapture(data), [
      { kind: 'advert', at: EPOCH + 5, source: OLD.address, vrid: 0x33, priority: 150 },
      { kind: 'garp', at: EPOCH + 1e6 + 7, mac: NEW.mac, address: '10.1.0.1' },
    ]);
  });

  it('may end within a frame, but must be one', () => {
    const data = pcap([
      { at: [1, 0], hex: ADVERT },
      { at: [2, 0], hex: ADVERT },
    ]);
    assert.equal(parseCapture(data.subarray(0, data.length - 3)).length, 1);
    assert.throws(() => parseCapture(Buffer.alloc(40)), /not a pcap/);
  });
});

describe('a takeover', () => {
  const addresses = new Map([
    [1, ['10.1.0.1', '10.1.0.2']],
    [2, ['10.2.0.1']],
  ]);
  const steady = [advert(0, OLD.address, 1), advert(1, OLD.address, 2)];

  it('is timed for each instance from the last advert of the old master', () => {
    const result = takeover(
      [
        ...steady,
        advert(36.2, NEW.address, 1),
        garp(36.5, NEW.mac, '10.1.0.1'),
        garp(37, NEW.mac, '10.1.0.2'),
        advert(40, NEW.address, 2),
        garp(41, NEW.mac, '10.2.0.1'),
        garp(43, NEW.mac, '10.1.0.1'),
        garp(5043, NEW.mac, '10.1.0.1'),
      ],
      OLD,
      NEW,
      addresses,
    );
    const [one, two] = result.instances;
    near(one?.advert, 36.2);
    near(one?.announced, 37);
    near(one?.fromAdvert, 0.8);
    near(two?.advert, 39);
    near(result.span, 4.8);
    near(result.burst, 6.8);
    assert.deepEqual([result.early, result.unannounced], [0, 0]);
  });

  it('says what never came, and does not count what came too early', () => {
    const sightings: readonly Sighting[] = [
      advert(-5, NEW.address, 2),
      garp(-4, NEW.mac, '10.2.0.1'),
      ...steady,
      advert(36, NEW.address, 1),
      garp(37, NEW.mac, '10.1.0.1'),
      garp(37, OLD.mac, '10.1.0.2'),
    ];
    const result = takeover(sightings, OLD, NEW, addresses);
    assert.deepEqual([result.early, result.unannounced], [1, 1]);
    assert.equal(result.instances.length, 1);
    assert.ok(Number.isNaN(result.instances[0]?.announced));
  });

  it('has the floor of RFC 9568', () => {
    const plan = { instances: 1, addressesEach: 1, interval: 10 };
    assert.equal(floorOf(plan), 36.09375);
    assert.equal(floorOf({ ...plan, interval: 1000 }), 3609.375);
  });
});

describe('a rhythm', () => {
  const stamps = (times: readonly number[]) => times.map((ms) => EPOCH + ms * 1000);

  it('is judged by the line that fits best', () => {
    const found = rhythm(stamps([0, 10, 20.4, 30, 40]));
    near(found?.period, 10);
    near(Math.max(...(found?.deviations ?? [])), 0.32);
    near(Math.max(...(found?.gaps ?? [])), 10.4);
  });

  it('is not broken by a lost advert, but that is counted', () => {
    const found = rhythm(stamps([0, 10, 20, 50, 60]));
    near(found?.period, 15);
    near(Math.max(...(found?.deviations ?? [])), 0);
    assert.equal(missing(stamps([0, 10, 20, 50, 60]), 10), 2);
    assert.equal(missing(stamps([0, 14, 20, 31]), 10), 0);
    assert.equal(missing(stamps([0, 10, 29, 30, 40]), 10), 0, 'late, not lost');
    assert.equal(missing(stamps([0, 10, 36, 40, 50]), 10), 1);
  });

  it('shows a drift', () => {
    near(rhythm(stamps([0, 10.2, 20.4, 30.6, 40.8]))?.period, 10.2);
  });

  it('tells masterships apart by the silence between, and leaves resignations out', () => {
    assert.equal(mastershipsOf(stamps([]), 10), 0);
    assert.equal(mastershipsOf(stamps([0, 10, 20, 60, 70, 200]), 10), 3);
    const own = beats([advert(0, OLD.address, 1), advert(10, OLD.address, 1, 0)], OLD.address);
    assert.equal(own.get(1)?.length, 1);
  });
});

describe('statistics', () => {
  it('takes quantiles that are values of the list', () => {
    const values = Array.from({ length: 100 }, (_, i) => 100 - i);
    assert.deepEqual(
      [0, 0.5, 0.99, 1].map((share) => quantile(values, share)),
      [1, 50, 99, 100],
    );
    assert.ok(Number.isNaN(quantile([], 0.5)));
  });

  it('fits a line', () => {
    const { start, slope } = bestFit([0, 1, 2, 3], [5, 7, 9, 11]);
    near(start, 5);
    near(slope, 2);
  });

  it('keeps what never came out of the spread, and says so', () => {
    assert.equal(cellText(cell([3, Number.NaN, 1, 2]), 1), '1.0 / 2.0 / 3.0 (1 never)');
    assert.equal(cellText(cell([Number.NaN]), 1), 'never');
    assert.equal(cellText(cell([4]), 0), '4');
    assert.equal(cellText(undefined, 0), '–');
  });
});
