/**
 * Unicast details that a story does not show: the kernel must not answer adverts with "protocol
 * unreachable" while we run, and a stranger is not believed where the sources are checked.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { forgedAdvert, Injector, ipv4Frame } from './inject';
import { Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom } from './rhythm';
import { until } from './until';

const VIP = '192.0.2.10';

function config(priority: number, peer: string, more: readonly string[] = []): string {
  const terms = { version: 3, interval: 0.1, priority, addresses: [VIP] } as const;
  return vrrpInstance({ ...terms, peers: [peer], more });
}

async function pair(lab: Lab, more: readonly string[] = []) {
  const b = new Holdfast(lab, 'b', config(100, lab.node('a').address, more));
  await becomes(b, 'BACKUP');
  const a = new Keepalived(lab, 'a', config(200, lab.node('b').address));
  await becomes(a, 'MASTER');
  await heldBy(lab, [VIP], 'a', () => b.child.tail());
  return { a, b, mark: b.mark() };
}

describe('unicast', { concurrency: 2 }, () => {
  it('adverts are not refused by the kernel below us', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      await pair(lab);
      const capture = await lab.capture({ filter: 'icmp or vrrp', at: 'b' });
      const heard = () => advertsFrom(lab, 'a', capture.frames()).length;
      await until(() => heard() >= 20, { what: '20 adverts', every: 200 });
      await capture.stop();
      const refusals = capture.frames().filter(({ sourceMac }) => sourceMac === lab.node('b').mac);
      assert.deepEqual(refusals, []);
    });
  });

  it('adverts of a stranger are refused where sources are checked', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const { b, mark } = await pair(lab, ['check_unicast_src']);
      const client = lab.node('client');
      const [source, target] = [client.address, lab.node('b').address];
      const facts = { version: 3, vrid: 51, interval: 1, addresses: [VIP] } as const;
      const payload = forgedAdvert({ ...facts, priority: 0, source, target });
      const macs = { sourceMac: client.mac, targetMac: lab.node('b').mac };
      await new Injector(lab, 'client').send(ipv4Frame({ ...macs, source, target, payload }));
      await b.says(/"source":"192\.0\.2\.100","reason":"source"/, mark);
      await heldBy(lab, [VIP], 'a', () => b.child.tail());
      assert.equal(b.child.find(/Entering/, mark), undefined);
    });
  });
});
