/**
 * nginx { } in the lab: nginx dies, hangs, cannot start, comes back. Both nodes run holdfast and a
 * real nginx; outcomes only, the times are the bench's.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Client } from './client';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { broken, Supervised, type Terms, VIP } from './supervised';
import { until } from './until';

type Scene = {
  readonly lab: Lab;
  readonly a: Supervised;
  readonly b: Supervised;
  readonly client: Client;
  readonly told: () => string;
};

/** a is master and serves, b stands by with an nginx of its own. */
async function scene(act: (scene: Scene) => Promise<void>, more: Partial<Terms> = {}) {
  await withLab({ nodes: ['a', 'b'] }, async (lab) => {
    const a = new Supervised(lab, 'a', { priority: 102, ...more });
    await a.becomes('MASTER');
    const b = new Supervised(lab, 'b', { priority: 100, ...more });
    await b.becomes('BACKUP');
    const client = new Client(lab, { url: `http://${VIP}/` });
    const told = () => `${a.holdfast.child.tail(25)}\n${b.holdfast.child.tail(15)}`;
    await client.answeredBy('a');
    await act({ lab, a, b, client, told });
  });
}

const entered = (one: Supervised, state: string, from = 0): number =>
  one.holdfast.child.lines.slice(from).filter((line) => line.includes(`Entering ${state} STATE`))
    .length;

/** A machine that is busy may take its time to start a program; the address waits for it here. */
const patient = { nginx: ['grace 10', 'probe { url http://127.0.0.1/\n timeout 5 }'] };

describe('nginx { } in the lab', { concurrency: 2 }, () => {
  it('kill -9 of master and workers: started again, and the address stays', () =>
    scene(async ({ lab, a, b, client, told }) => {
      const before = a.master;
      a.signal('SIGKILL');
      await a.serves(before);
      await client.answeredBy('a');
      await heldBy(lab, [VIP], 'a', told);
      assert.equal(entered(b, 'MASTER'), 0, told());
    }, patient));

  it('kill -9 of the master alone: its workers leave, and another master serves', () =>
    scene(async ({ a, b, client, told }) => {
      const before = a.master;
      const orphans = a.workers;
      a.signal('SIGKILL', [before ?? 0]);
      await a.serves(before);
      await client.answeredBy('a');
      await until(() => orphans.every((pid) => !a.workers.includes(pid)), { what: 'new workers' });
      assert.equal(entered(b, 'MASTER'), 0, told());
    }, patient));

  it('kill -9 of a worker: nginx mends that, and nobody else acts', () =>
    scene(async ({ a, b, client, told }) => {
      const before = a.master;
      const [worker = 0] = a.workers;
      a.signal('SIGKILL', [worker]);
      await until(() => a.workers.length > 0 && !a.workers.includes(worker), { what: 'a worker' });
      await client.answeredBy('a');
      assert.equal(a.master, before);
      assert.equal(entered(b, 'MASTER'), 0, told());
    }, patient));

  it('SIGSTOP of master and workers: the peer serves, then it is ended and started again', () =>
    scene(async ({ lab, a, b, client, told }) => {
      const before = a.master;
      const mark = a.mark();
      a.signal('SIGSTOP');
      await b.becomes('MASTER');
      await client.answeredBy('b');
      await a.serves(before);
      await a.becomes('MASTER', mark);
      await heldBy(lab, [VIP], 'a', told);
      await client.answeredBy('a');
    }));

  it('a broken configuration: a reload is refused, and the old one is served', () =>
    scene(async ({ a, b, client, told }) => {
      const workers = a.workers;
      a.configure(broken);
      const { status, stderr } = a.ask('reload');
      assert.equal(status, 1);
      assert.match(stderr, /config invalid, serving the old one: unknown directive "nonsense"/);
      const state = a.ask('status');
      assert.equal(state.status, 0);
      assert.match(state.stdout, /configuration: +unknown directive "nonsense"/);
      assert.deepEqual(a.workers, workers);
      await client.answeredBy('a');
      a.configure();
      assert.equal(a.ask('reload').stdout, 'reloaded: new workers serve\n');
      assert.notDeepEqual(a.workers, workers);
      assert.equal(entered(b, 'MASTER'), 0, told());
    }));

  it('a broken configuration and kill -9: the peer serves until it is mended', () =>
    scene(async ({ a, b, client }) => {
      const before = a.master;
      const mark = a.mark();
      a.configure(broken);
      a.signal('SIGKILL');
      await b.becomes('MASTER');
      await client.answeredBy('b');
      assert.match(a.ask('status').stdout, /why: its configuration is invalid/);
      a.configure();
      await a.serves(before);
      await a.becomes('MASTER', mark);
      await client.answeredBy('a');
    }));

  it('a port that another process has taken: the peer serves', () =>
    scene(async ({ lab, a, b, client }) => {
      const thief = lab.spawn('a', [
        process.execPath,
        '-e',
        "require('net').createServer().listen(81, () => console.log('taken'))",
      ]);
      await thief.line(/taken/);
      const before = a.master;
      const mark = a.mark();
      a.configure((text) => text.replace('listen 80;', 'listen 80; listen 81;'));
      a.signal('SIGKILL');
      await b.becomes('MASTER');
      await client.answeredBy('b');
      await a.holdfast.says(/nginx (down|given up): .*Address already in use/, mark);
      await thief.kill();
      await a.serves(before);
      await a.becomes('MASTER', mark);
      await client.answeredBy('a');
    }));

  it('a crash loop ends at its limit and says so; the operator may start it again', () =>
    scene(
      async ({ a, b, client }) => {
        const mark = a.mark();
        let last: number | null = null;
        const given = () => a.holdfast.child.find(/nginx given up/, mark);
        await until(
          () => {
            if (a.master !== null && a.master !== last) {
              last = a.master;
              a.signal('SIGKILL');
            }
            return given();
          },
          { what: 'a to give up', every: 5, detail: () => a.holdfast.child.tail(30) },
        );
        await b.becomes('MASTER');
        await client.answeredBy('b');
        assert.match(
          a.ask('status').stdout,
          /given-up.*\n {2}why: 3 restarts in 60 s did not help/,
        );
        const back = a.mark();
        assert.match(a.ask('start').stdout, /^started, process \d+\n$/);
        await a.becomes('MASTER', back);
        await client.answeredBy('a');
      },
      { nginx: ['restart { attempts 3\n backoff 0.05 }'] },
    ));

  it('a cable: as without nginx', () =>
    scene(async ({ lab, a, b, client, told }) => {
      lab.pullCable('a', 'port-vanish');
      await b.becomes('MASTER');
      await client.answeredBy('b');
      const mark = b.mark();
      lab.plugCable('a');
      await b.becomes('BACKUP', mark);
      await heldBy(lab, [VIP], 'a', told);
      assert.notEqual(a.master, null);
    }));

  it('the daemon stops: the peer serves, and nginx goes on', () =>
    scene(async ({ a, b, client }) => {
      const before = a.master;
      await a.holdfast.stop();
      await b.becomes('MASTER');
      await client.answeredBy('b');
      assert.equal(a.master, before);
    }));

  it('holdfast nginx restart: the address is handed over first, and comes back', () =>
    scene(async ({ lab, a, b, client, told }) => {
      const before = a.master;
      const mark = a.mark();
      const { stdout, stderr } = a.ask('restart');
      assert.match(stdout, /^restarted, process \d+\n$/, stderr);
      await b.becomes('MASTER');
      assert.notEqual(a.master, before);
      await a.becomes('MASTER', mark);
      await heldBy(lab, [VIP], 'a', told);
      await client.answeredBy('a');
      // It never was in fault: somebody held the address all the time.
      assert.equal(entered(a, 'FAULT', mark), 0);
    }));

  it('holdfast nginx stop: stays stopped, and is told of in words', () =>
    scene(async ({ lab, a, b, client, told }) => {
      assert.equal(a.ask('stop').stdout, 'stopped\n');
      await heldBy(lab, [VIP], 'b', told);
      await client.answeredBy('b');
      assert.equal(a.master, null);
      assert.equal(a.ask('reload').status, 1);
      assert.match(a.ask('stop', 'other').stderr, /there is no nginx 'other': nginx/);
      const mark = a.mark();
      assert.equal(a.ask('start').status, 0);
      await a.becomes('MASTER', mark);
      assert.equal(entered(b, 'FAULT', mark), 0, told());
    }));

  it('start_on_master_only: a standby runs none, and starts it with the address', () =>
    scene(
      async ({ lab, a, b, client, told }) => {
        assert.equal(b.master, null);
        const mark = b.mark();
        await a.holdfast.stop();
        await b.becomes('MASTER', mark);
        await b.serves();
        await client.answeredBy('b');
        await heldBy(lab, [VIP], 'b', told);
        assert.equal(entered(b, 'FAULT', mark), 0, told());
      },
      { nginx: ['start_on_master_only', 'grace 10'] },
    ));
});

describe('holdfast nginx without a daemon', () => {
  it('says that nobody is there', () =>
    withLab({ nodes: ['a'] }, async (lab) => {
      const a = new Supervised(lab, 'a', { priority: 102 });
      await a.becomes('MASTER');
      await a.holdfast.stop();
      const { status, stderr } = a.ask('status');
      assert.equal(status, 2);
      assert.match(stderr, /no holdfast runs there/);
    }));
});
