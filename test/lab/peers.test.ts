/**
 * The judges judged: keepalived against keepalived, FRR against keepalived, in this lab, before
 * holdfast is held against either.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './client';
import { adverts, announcements, defects } from './decode';
import { Frr } from './frr';
import { Keepalived, vrrpInstance } from './keepalived';
import { withLab } from './lab';
import { Nginx } from './nginx';
import { until } from './until';

const VIP = '192.0.2.10';
const MASTER = /\(VI_1\) Entering MASTER STATE/;
const BACKUP = /\(VI_1\) Entering BACKUP STATE/;

describe('two keepalived', () => {
  it('fail over on kill -9, and the client is served by the other', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const capture = await lab.capture({ filter: 'vrrp or arp' });
      const config = (priority: number) =>
        vrrpInstance({ priority, password: '1111', addresses: [VIP] });
      await Nginx.start(lab, 'a');
      await Nginx.start(lab, 'b');
      const a = new Keepalived(lab, 'a', config(102));
      await a.says(MASTER);
      const b = new Keepalived(lab, 'b', config(100));
      await b.says(BACKUP);
      const client = new Client(lab, { url: `http://${VIP}/` });
      await client.answeredBy('a');
      assert.deepEqual(lab.holders(VIP), ['a']);

      await a.kill();
      a.flush(VIP);
      await b.says(MASTER);
      await client.answeredBy('b');
      const [outage] = client.outages();
      assert.equal(outage?.before, 'a');
      assert.equal(outage?.after, 'b');
      assert.deepEqual(lab.holders(VIP), ['b']);

      await b.stop();
      await capture.stop();
      const frames = capture.frames();
      const heard = adverts(frames, 51);
      assert.deepEqual(defects(frames), []);
      assert.deepEqual(new Set(heard.map(({ source }) => source)), addressesOf(['a', 'b']));
      assert.ok(heard.every(({ vrrp }) => vrrp.checksum === 'good' && vrrp.interval === 1000));
      assert.equal(heard.at(-1)?.vrrp.priority, 0, 'a clean stop resigns');
      const fromB = announcements(frames, VIP).filter(({ sourceMac }) => {
        return sourceMac === lab.node('b').mac;
      });
      assert.ok(fromB.length >= 5);

      function addressesOf(names: readonly string[]): Set<string> {
        return new Set(names.map((name) => lab.node(name).address));
      }
    });
  });

  it('fail over on a pulled cable, and back', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const config = (priority: number) =>
        vrrpInstance({ version: 3, interval: 0.1, priority, addresses: [VIP] });
      const a = new Keepalived(lab, 'a', config(102));
      await a.says(MASTER);
      const b = new Keepalived(lab, 'b', config(100));
      await b.says(BACKUP);
      const before = b.mark();
      lab.pullCable('a', 'switch-port-down');
      await a.says(/Entering FAULT STATE/);
      await b.says(MASTER, before);
      const later = b.mark();
      lab.plugCable('a');
      await b.says(BACKUP, later);
      await until(() => lab.holders(VIP).join() === 'a', { what: 'a to hold the address' });
    });
  });
});

describe('FRR and keepalived, VRRP v3', () => {
  it('FRR takes over from keepalived and yields to it', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const capture = await lab.capture({ filter: 'vrrp' });
      const config = vrrpInstance({ version: 3, interval: 0.1, priority: 200, addresses: [VIP] });
      const first = new Keepalived(lab, 'a', config);
      await first.says(MASTER);
      const options = { vrid: 51, priority: 100, interval: 100, addresses: [VIP] };
      const frr = await Frr.start(lab, 'b', options);
      const becomes = (state: string) =>
        until(() => frr.state(51) === state, {
          what: `FRR to be ${state}`,
          detail: () => `${frr.vrrpd.tail()}\n${frr.vtysh('show vrrp').stdout}`,
        });
      await becomes('Backup');
      await first.stop();
      await becomes('Master');
      const second = new Keepalived(lab, 'a', config);
      await second.says(MASTER);
      await becomes('Backup');
      await frr.stop();
      await capture.stop();
      const frames = capture.frames();
      assert.deepEqual(defects(frames), []);
      const macs = new Set(adverts(frames, 51).map(({ sourceMac }) => sourceMac));
      assert.ok(macs.has('00:00:5e:00:01:33'), 'FRR speaks from the virtual MAC');
      assert.ok(macs.has(lab.node('a').mac));
    });
  });
});
