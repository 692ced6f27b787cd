/** Mail through a server that is well, ill, gone, and back: each letter arrives, in order, once. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { NotifyState } from '../../src/core/command';
import { seconds } from '../../src/time';
import { until } from '../lab/until';
import { happened, news, post, through, wanting } from './mail-news';
import { headerOf, type MailServer, type Mood, mailServer, polite, type Step } from './mail-server';

/** Bounds a failure only. */
const LONG_MS = 20_000;

async function withServer(mood: Mood, body: (server: MailServer) => Promise<void>): Promise<void> {
  const server = await mailServer(mood);
  try {
    await body(server);
  } finally {
    await server.close();
  }
}

const arrived = (server: MailServer, count: number) =>
  until(() => server.received.length >= count, { what: `${count} mails` });

/** Alternating, so that none is the same state again. */
const states = (count: number): NotifyState[] =>
  Array.from({ length: count }, (_, i) => (i % 2 === 0 ? 'BACKUP' : 'MASTER'));

const subjectsOf = ({ received }: MailServer): string[] =>
  received.map(({ subject }) => subject.replace('[lb1] VRRP ', ''));

describe('mail', { concurrency: 4 }, () => {
  it("has keepalived's subject and first line, and what only we know below", () =>
    withServer(polite, async (server) => {
      const { sink, of } = post();
      sink.configure(through(server.port, { to: ['a@example.org', 'root'] }));
      sink.tell(news('MASTER'));
      sink.tell(news('MASTER', { scope: 'GROUP', name: 'G', priority: 0 }));
      sink.tell(news('STOP', { previous: 'MASTER', reason: 'holdfast stops' }));
      await sink.settled(LONG_MS);
      assert.deepEqual(subjectsOf(server), [
        'Instance VI - Entering MASTER state',
        'Group G - Entering MASTER state',
        'Instance VI - Stopping',
      ]);
      assert.deepEqual(server.received[0]?.to, ['a@example.org', 'root']);
      assert.equal(server.received[0]?.from, 'holdfast@example.org');
      assert.equal(
        server.received[0]?.body,
        `=> VRRP Instance is now owning VRRP VIPs <=

Instance: VI
Router:   lb1 (host box)
State:    MASTER, it was BACKUP
Reason:   192.0.2.2 was silent
Priority: 102
Time:     2026-11-22T21:53:40.123Z
`,
      );
      const { raw = '' } = server.received[0] ?? {};
      assert.equal(new Date(headerOf(raw, 'Date')).getTime(), Math.trunc(+happened / 1000) * 1000);
      assert.equal(headerOf(raw, 'From'), 'holdfast@example.org');
      assert.equal(headerOf(raw, 'To'), 'a@example.org, <root>');
      assert.equal(of('taken').length, 3);
      assert.equal(new Set(server.received.map(({ id }) => id)).size, 3);
    }));

  it('is sent to those who want it, and not of the same state twice', () =>
    withServer(polite, async (server) => {
      const { sink } = post();
      const config = through(server.port, { faults: false });
      const [first, second] = config.instances;
      assert.ok(first !== undefined && second !== undefined);
      sink.configure({ ...config, instances: [first, { ...second, smtpAlert: false }] });
      sink.tell(news('BACKUP'));
      sink.tell(news('MASTER', { name: 'VI_2' }));
      // Measured: a fault that is not mailed is no state between two others.
      sink.tell(news('FAULT'));
      sink.tell(news('BACKUP'));
      sink.tell(news('MASTER'));
      sink.tell(news('MASTER'));
      sink.tell(news('BACKUP', { name: 'unknown' }));
      await sink.settled(LONG_MS);
      assert.deepEqual(subjectsOf(server), [
        'Instance VI - Entering BACKUP state',
        'Instance VI - Entering MASTER state',
      ]);
    }));

  it('tells of what a reload removes, by what was in force; and not of what is no state', () =>
    withServer(polite, async (server) => {
      const { sink } = post();
      const config = through(server.port);
      sink.configure(config);
      sink.tell(news('MASTER', { name: 'VI_2' }));
      sink.configure({ ...config, instances: config.instances.slice(0, 1) });
      sink.tell({ ...news('FAULT', { name: 'VI_2', previous: 'MASTER' }), ...{ gone: true } });
      sink.tell({ ...news('MASTER'), ...{ remark: 'priority' } });
      await sink.settled(LONG_MS);
      assert.deepEqual(subjectsOf(server), [
        'Instance VI_2 - Entering MASTER state',
        'Instance VI_2 - Entering FAULT state',
      ]);
    }));

  it('is not sent without a server, and nothing waits for one', async () => {
    const { sink, reports } = post();
    sink.configure(wanting({}));
    sink.tell(news('MASTER'));
    await sink.settled(LONG_MS);
    assert.deepEqual(reports, []);
  });

  it('outlives an outage: in order, each once, with the time when it happened', async () => {
    const before = await mailServer();
    const { port } = before;
    await before.close();
    const { sink, of } = post();
    sink.configure(through(port));
    for (const state of states(20)) sink.tell(news(state));
    await until(() => of('unreachable').length >= 3, { what: 'three tries in vain' });
    assert.match(of('unreachable')[0]?.why ?? '', /ECONNREFUSED/);
    assert.deepEqual(
      of('unreachable')
        .map(({ failures }) => failures)
        .slice(0, 3),
      [1, 2, 3],
    );
    const server = await mailServer(polite, port);
    await arrived(server, 20);
    await sink.settled(LONG_MS);
    await server.close();
    const expected = states(20).map((state) => `Instance VI - Entering ${state} state`);
    assert.deepEqual(subjectsOf(server), expected);
    assert.equal(new Set(server.received.map(({ id }) => id)).size, 20);
    assert.match(server.received[0]?.body ?? '', /Time: {5}2026-11-22T21:53:40.123Z/);
    assert.equal(of('reached').length, 1);
    assert.equal(of('dropped').length, 0);
  });

  const once =
    (step: Step, manner: string): Mood =>
    (at, nth) =>
      at === step && nth === 0 ? manner : null;

  for (const step of ['greeting', 'ehlo', 'mail', 'rcpt', 'data', 'dot'] as const) {
    it(`is sent again when the server hangs at '${step}'`, () =>
      withServer(once(step, 'hang'), async (server) => {
        const { sink, reports } = post();
        sink.configure(through(server.port, { connectTimeout: seconds(0.3) }));
        sink.tell(news('BACKUP'));
        sink.tell(news('MASTER'));
        await arrived(server, 2);
        assert.match(JSON.stringify(reports[0]), /no answer within 0.3 s/);
        assert.equal(new Set(server.received.map(({ id }) => id)).size, 2);
        assert.match(subjectsOf(server)[0] ?? '', /BACKUP/);
        await sink.settled(LONG_MS);
      }));

    it(`is sent again when the server answers 4xx at '${step}'`, () =>
      withServer(once(step, '451 later'), async (server) => {
        const { sink, reports } = post();
        sink.configure(through(server.port));
        sink.tell(news('BACKUP'));
        sink.tell(news('MASTER'));
        await arrived(server, 2);
        // A server that refuses EHLO is greeted again in the old way.
        if (step !== 'ehlo') assert.match(JSON.stringify(reports[0]), /451 later/);
        assert.deepEqual(subjectsOf(server), [
          'Instance VI - Entering BACKUP state',
          'Instance VI - Entering MASTER state',
        ]);
        await sink.settled(LONG_MS);
      }));
  }

  for (const step of ['greeting', 'ehlo', 'mail', 'rcpt', 'data'] as const) {
    it(`is sent again, once, when the connection breaks at '${step}'`, () =>
      withServer(once(step, 'drop'), async (server) => {
        const { sink } = post();
        sink.configure(through(server.port));
        sink.tell(news('MASTER'));
        await arrived(server, 1);
        await sink.settled(LONG_MS);
        assert.equal(server.received.length, 1);
      }));
  }

  it('comes twice with one Message-ID when the connection breaks after it was taken', () =>
    withServer(once('dot', 'drop'), async (server) => {
      const { sink } = post();
      sink.configure(through(server.port));
      sink.tell(news('MASTER'));
      await arrived(server, 2);
      await sink.settled(LONG_MS);
      const [first, second] = server.received;
      assert.equal(server.received.length, 2);
      assert.equal(first?.told, false);
      assert.equal(first?.raw, second?.raw);
    }));

  it('comes once when the connection breaks at the farewell', () =>
    withServer(once('quit', 'drop'), async (server) => {
      const { sink } = post();
      sink.configure(through(server.port));
      sink.tell(news('BACKUP'));
      sink.tell(news('MASTER'));
      await sink.settled(LONG_MS);
      assert.equal(server.received.length, 2);
    }));

  for (const step of ['mail', 'data', 'dot'] as const) {
    it(`that is refused for good at '${step}' is dropped with the answer; the others go on`, () =>
      withServer(once(step, '554 5.7.1 not this'), async (server) => {
        const { sink, of } = post();
        sink.configure(through(server.port));
        sink.tell(news('BACKUP'));
        sink.tell(news('MASTER'));
        await sink.settled(LONG_MS);
        assert.deepEqual(subjectsOf(server), ['Instance VI - Entering MASTER state']);
        const [refused] = of('refused');
        assert.match(refused?.answer ?? '', /554 5.7.1 not this/);
        assert.match(refused?.letter.subject ?? '', /BACKUP/);
      }));
  }

  it('reaches the other recipients when one is refused, and later the one put off', () =>
    withServer(
      (step, nth, words) => {
        if (step !== 'rcpt') return null;
        if (words === 'gone@example.org') return '550 no such user';
        return words === 'slow@example.org' && nth === 0 ? '450 greylisted' : null;
      },
      async (server) => {
        const { sink, of } = post();
        const to = ['gone@example.org', 'a@example.org', 'slow@example.org'];
        sink.configure(through(server.port, { to }));
        sink.tell(news('MASTER'));
        await arrived(server, 2);
        await sink.settled(LONG_MS);
        assert.deepEqual(
          server.received.map((one) => one.to),
          [['a@example.org'], ['slow@example.org']],
        );
        const refused = of('refused').map(({ recipient, answer }) => [recipient, answer]);
        assert.deepEqual(refused, [['gone@example.org', '550 no such user']]);
        assert.equal(new Set(server.received.map(({ id }) => id)).size, 1);
      },
    ));

  it('that is put off for ever lets the others pass', () =>
    withServer(
      (step, _, words) => (step === 'dot' && words.includes('BACKUP state') ? '451 never' : null),
      async (server) => {
        const { sink, of } = post();
        sink.configure(through(server.port));
        sink.tell(news('BACKUP'));
        for (const state of ['MASTER', 'FAULT', 'MASTER'] as const) sink.tell(news(state));
        await arrived(server, 3);
        assert.ok(of('put-off').length >= 3);
        await sink.settled(LONG_MS);
        const [lost] = of('dropped');
        assert.equal(lost?.cause, 'stopped');
        assert.match(lost?.lost.first.subject ?? '', /BACKUP/);
      },
    ));

  it('is kept within bounds: of 10,000 the newest stay, and the rest is told', async () => {
    const { sink, of } = post({ first: 60_000, most: 60_000, lastingFirst: 0, lastingMost: 0 });
    await withServer(once('greeting', 'drop'), async (server) => {
      sink.configure(through(server.port));
      const before = process.memoryUsage().heapUsed;
      for (const state of states(10_000)) sink.tell(news(state));
      const grown = process.memoryUsage().heapUsed - before;
      assert.ok(grown < 64 << 20, `the heap has grown by ${grown >> 20} MiB`);
      await until(() => of('dropped').length > 0, { what: 'the drops to be told' });
      await sink.settled(300);
      const [full, rest] = of('dropped');
      assert.equal(full?.cause, 'full');
      assert.equal(full?.lost.count, 9000);
      const left = server.received.length + (rest?.lost.count ?? 0);
      // The last one may have been taken without our hearing of it.
      assert.ok(left === 1000 || left === 1001, `${left}`);
    });
  });

  it('gives up in time when the server hangs at the end, and says what was lost', () =>
    withServer(
      (step) => (step === 'greeting' ? 'hang' : null),
      async (server) => {
        const { sink, of } = post();
        sink.configure(through(server.port));
        sink.tell(news('STOP', { previous: 'MASTER' }));
        await sink.settled(200);
        assert.deepEqual(
          of('dropped').map(({ cause, lost }) => [cause, lost.count, lost.first.subject]),
          [['stopped', 1, '[lb1] VRRP Instance VI - Stopping']],
        );
      },
    ));

  it('tries once more at the end what a back-off kept waiting', () =>
    withServer(once('greeting', '421 not now'), async (server) => {
      const { sink, of } = post({ first: 60_000, most: 60_000, lastingFirst: 0, lastingMost: 0 });
      sink.configure(through(server.port));
      sink.tell(news('BACKUP'));
      await until(() => of('unreachable').length === 1, { what: 'the first try' });
      sink.tell(news('STOP'));
      await sink.settled(LONG_MS);
      assert.equal(server.received.length, 2);
    }));

  it('follows the server of a new configuration', () =>
    withServer(polite, async (server) => {
      const { sink, of } = post({ first: 60_000, most: 60_000, lastingFirst: 0, lastingMost: 0 });
      const gone = await mailServer();
      await gone.close();
      sink.configure(through(gone.port));
      sink.tell(news('MASTER'));
      await until(() => of('unreachable').length === 1, { what: 'the first try' });
      sink.configure(through(server.port));
      await arrived(server, 1);
      sink.configure(wanting({}));
      await sink.settled(LONG_MS);
      assert.equal(of('dropped').length, 0);
    }));

  it('says what it drops when the configuration has no server any more', async () => {
    const { sink, of } = post({ first: 60_000, most: 60_000, lastingFirst: 0, lastingMost: 0 });
    const gone = await mailServer();
    await gone.close();
    sink.configure(through(gone.port));
    sink.tell(news('MASTER'));
    await until(() => of('unreachable').length === 1, { what: 'the first try' });
    sink.configure(wanting({}));
    assert.equal(of('dropped')[0]?.cause, 'no-server');
    await sink.settled(LONG_MS);
  });
});
