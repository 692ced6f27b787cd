/**
 * The tutorials' check runs unchanged, and what it does to keepalived does nothing to holdfast.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './client';
import { Copied } from './copied';
import { becomes } from './failover-story';
import { withLab } from './lab';
import { heldBy } from './one-holder';
import { readQuietly, VIP } from './supervised';
import { until } from './until';

describe("the tutorials' nginx check", { concurrency: 2 }, () => {
  it('starts nginx again, and the address stays where it is', () =>
    withLab({ nodes: ['a', 'b'] }, async (lab) => {
      const a = new Copied(lab, 'holdfast', 'a', { priority: 102 });
      await becomes(a.daemon, 'MASTER');
      const b = new Copied(lab, 'holdfast', 'b', { priority: 100 });
      await becomes(b.daemon, 'BACKUP');
      const told = () => `${a.daemon.child.tail(15)}\n${b.daemon.child.tail(15)}`;
      const client = new Client(lab, { url: `http://${VIP}/` });
      await client.answeredBy('a');
      const before = a.master;
      a.signal('SIGKILL');
      await until(() => a.master !== before && client.server === 'a', { what: 'another nginx' });
      await client.answeredBy('a');
      await heldBy(lab, [VIP], 'a', told);
    }));

  it('which fails in the end stops nobody: the daemon goes on', () =>
    withLab({ nodes: ['a'] }, async (lab) => {
      // With time enough for its sleep, killall is reached.
      const a = new Copied(lab, 'holdfast', 'a', { priority: 102, script: 'timeout 10' });
      await becomes(a.daemon, 'MASTER');
      const client = new Client(lab, { url: `http://${VIP}/` });
      await client.answeredBy('a');
      a.ruin();
      await until(() => readQuietly(a.called) === 'called\n', { what: 'killall to be reached' });
      const mark = a.daemon.mark();
      // The check goes on as well: it starts nginx as soon as that can be started.
      a.configure();
      await client.answeredBy('a', 30_000);
      assert.equal(a.daemon.child.ended, null, a.daemon.child.tail(20));
      assert.equal(a.daemon.child.find(/Entering FAULT STATE/, mark), undefined);
      await heldBy(lab, [VIP], 'a', () => a.daemon.child.tail(20));
    }));
});
