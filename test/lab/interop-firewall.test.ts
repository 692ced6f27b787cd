/**
 * A standby whose own firewall drops protocol 112, the commonest cause of two masters: keepalived
 * falls for it, holdfast hears below the firewall, stays backup, and says why.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adverts } from './decode';
import { becomes, type Side, start } from './failover-story';
import { vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { until } from './until';

const VIP = '192.0.2.10';
const NOTICED = /this host's firewall drops protocol 112 \(IPv4\)/;
const RELIEVED = /this host's firewall lets protocol 112 \(IPv4\) through/;

const config = (priority: number) =>
  vrrpInstance({ version: 3, interval: 0.1, priority, addresses: [VIP] });

function dropAdverts(lab: Lab, node: string): void {
  const input = [
    'table inet guard {',
    'chain input { type filter hook input priority 0; ip protocol 112 counter drop; }',
    '}\n',
  ].join('\n');
  lab.exec(node, ['nft', '-f', '-'], { input });
}

async function pair(lab: Lab, standby: Side) {
  const master = start('keepalived', lab, 'a', config(200));
  await becomes(master, 'MASTER');
  const other = start(standby, lab, 'b', config(100));
  await becomes(other, 'BACKUP');
  return other;
}

describe('a firewall that drops adverts on the standby', { concurrency: 2 }, () => {
  it('makes keepalived a second master', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const standby = await pair(lab, 'keepalived');
      dropAdverts(lab, 'b');
      await becomes(standby, 'MASTER');
      await until(() => lab.holders(VIP).join() === 'a,b', { what: 'two holders' });
    });
  });

  it('leaves holdfast a backup that says why, and that still takes over', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const capture = await lab.capture({ filter: 'vrrp' });
      dropAdverts(lab, 'b');
      const standby = await pair(lab, 'holdfast');
      await standby.says(NOTICED);
      await heldBy(lab, [VIP], 'a', () => standby.child.tail());
      const fromStandby = () =>
        adverts(capture.frames()).filter(({ source }) => source === lab.node('b').address);
      assert.deepEqual(fromStandby(), []);
      assert.equal(standby.child.find(/Entering MASTER STATE/), undefined);

      const mark = standby.mark();
      lab.pullCable('a', 'port-vanish');
      await becomes(standby, 'MASTER', mark);
      lab.plugCable('a');
      await heldBy(lab, [VIP], 'a', () => standby.child.tail());
    });
  });

  it('is noticed when it appears later, and when it goes', async () => {
    await withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const standby = await pair(lab, 'holdfast');
      dropAdverts(lab, 'b');
      await standby.child.line(NOTICED, { timeout: 30_000 });
      lab.exec('b', ['nft', 'delete', 'table', 'inet', 'guard']);
      await standby.child.line(RELIEVED, { timeout: 30_000 });
      assert.equal(standby.child.find(/Entering MASTER STATE/), undefined);
    });
  });
});
