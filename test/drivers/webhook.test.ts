/**
 * Webhooks against targets that refuse, hang, drop, fail and come back: each event arrives once by
 * its key, in order, and what does not arrive is told.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { describe, it } from 'node:test';
import type { Config } from '../../src/config/model';
import type { Telling } from '../../src/config/model-telling';
import { recorder } from '../../src/drivers/record';
import { pauseAfter, type WebhookPace, webhooks } from '../../src/drivers/webhook';
import { config, globalWith } from '../core/fixture';
import { until } from '../lab/until';
import { scratch } from './scratch';
import { descriptors, news, tellingWith } from './telling';

const files = scratch();
/** Bounds a failure only. */
const LONG_MS = 20_000;
const quick: WebhookPace = { timeout: 300, first: 10, most: 40 };

interface Got {
  readonly key: string;
  readonly priority: number;
  readonly request: IncomingMessage;
  readonly body: Record<string, unknown>;
}

/** `take`: the target has it, whatever becomes of its answer. */
type Behaviour = (request: IncomingMessage, response: ServerResponse, take: () => void) => void;

const takes: Behaviour = (_, response, take) => {
  take();
  response.writeHead(204).end();
};

/** What a target answers is what `behaves` says at that moment. */
async function target(port = 0, server: Server = createServer()) {
  const taken: Got[] = [];
  const seen: Got[] = [];
  const self = { behaves: takes, connections: 0, connectionsMost: 0 };
  server.on('connection', (socket: Socket) => {
    self.connections++;
    self.connectionsMost = Math.max(self.connections, self.connectionsMost);
    socket.on('close', () => self.connections--);
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>;
      const key = String(request.headers['idempotency-key']);
      const got = { key, priority: Number(body['priority']), request, body };
      seen.push(got);
      self.behaves(request, response, () => taken.push(got));
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  };
  return Object.assign(self, {
    taken,
    seen,
    port: bound,
    url: `http://127.0.0.1:${bound}/`,
    close,
  });
}

const withTelling = (telling: Partial<Telling>): Config => ({
  ...config(),
  global: globalWith({ routerId: 'lb1', telling: tellingWith(telling) }),
});

function watched(telling: Partial<Telling>, pace = quick) {
  const said: string[] = [];
  const sink = webhooks(
    {
      failing: (name, why) => said.push(`${name.split('/')[2]} failing: ${why}`),
      recovered: () => said.push('recovered'),
      refused: (_, { priority }, status) => said.push(`refused ${priority} with ${status}`),
      full: () => said.push('full'),
      dropped: (_, { count, first, last }, cause) => {
        said.push(`dropped ${count} ${cause}: ${first.priority} to ${last.priority}`);
      },
    },
    recorder(() => new Date('2026-01-02T03:04:05.678Z')),
    pace,
  );
  sink.configure(withTelling(telling));
  const tell = (first: number, last: number): void => {
    for (let i = first; i <= last; i++) sink.tell(news('MASTER', { priority: i }));
  };
  return { sink, said, tell };
}

/** Each once by its key, in order. */
function assertOnce(taken: readonly Got[], last: number): void {
  const firsts = taken.filter(({ key }, i) => taken.findIndex((one) => one.key === key) === i);
  assert.deepEqual(
    firsts.map(({ priority }) => priority),
    Array.from({ length: last }, (_, i) => i + 1),
  );
}

const arrive = (taken: readonly Got[], count: number) =>
  until(() => new Set(taken.map(({ key }) => key)).size === count, {
    what: `${count} events to arrive`,
    timeout: LONG_MS,
    detail: () => `${taken.length} requests`,
  });

/** An octet now and then, for ever. */
function drip(socket: Socket, start: string): void {
  socket.write(start);
  const more = setInterval(() => socket.write('x'), 20);
  socket.on('close', () => clearInterval(more));
}

/** As fast as it is read, a GB. */
function flood(socket: Socket): void {
  const part = Buffer.alloc(1 << 20, 'x');
  const more = (): void => {
    while (socket.bytesWritten < 1 << 30 && socket.write(part));
  };
  socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${1 << 30}\r\n\r\n`);
  socket.on('drain', more);
  more();
}

/** Behind a status line that says yes. */
const endless: readonly (readonly [string, (to: Socket, as: ServerResponse) => void])[] = [
  ['never ends its answer', (_, response) => void response.writeHead(200).write('so far')],
  ['sends an octet now and then', (to) => drip(to, 'HTTP/1.1 200 OK\r\n\r\n')],
  ['sends a GB', flood],
  ['closes in its body', (to) => void to.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx')],
];

describe('a webhook', () => {
  it('is one POST with the event as JSON, its key and the secret', async () => {
    const one = await target();
    const { sink, said } = watched({ webhooks: [`${one.url}a?b=c`], bearer: 'sesame' });
    sink.tell(news('FAULT', { previous: 'MASTER', reason: 'nginx is down', priority: 98 }));
    sink.tell(news('FAULT', { remark: 'repeated' }));
    sink.tell(news('MASTER', { remark: 'priority' }));
    await sink.settled(LONG_MS);
    const [first, second] = one.taken;
    assert.ok(first && second && one.taken.length === 2);
    const { method, url, headers } = first.request;
    assert.deepEqual([method, url], ['POST', '/a?b=c']);
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers.authorization, 'Bearer sesame');
    assert.deepEqual(first.body, {
      id: first.key,
      time: '2026-01-02T03:04:05.678Z',
      router: 'lb1',
      scope: 'INSTANCE',
      name: 'VI',
      event: 'FAULT',
      state: 'FAULT',
      previous: 'MASTER',
      priority: 98,
      reason: 'nginx is down',
    });
    assert.equal(second.body['event'], 'MASTER_PRIORITY');
    assert.notEqual(second.key, first.key);
    assert.deepEqual(said, []);
    await one.close();
  });

  it('that refuses, hangs, drops, answers 500 and comes back gets each once, in order', async () => {
    const before = descriptors();
    const first = await target();
    const { port } = first;
    const { sink, said, tell } = watched({ webhooks: [first.url] });
    tell(1, 3);
    await arrive(first.taken, 3);
    await first.close();
    tell(4, 6); // nobody listens
    await until(() => said.length > 0, { what: 'the failure to be told' });
    assert.match(said[0] ?? '', /ECONNREFUSED/);

    const again = await target(port);
    const troubles: readonly Behaviour[] = [
      () => {}, // hangs
      ({ socket }) => socket.destroy(), // drops without a word
      ({ socket }) => socket.end('HTTP/1.1 200'), // drops in the middle of its answer
      (_, response) => response.writeHead(500).end('sorry'),
      (_, response) => response.writeHead(429).end(),
      ({ socket }) => socket.end('no http at all\r\n\r\n'),
    ];
    let turn = 0;
    again.behaves = (...exchange) => {
      const trouble = troubles[turn++];
      (trouble ?? takes)(...exchange);
    };
    tell(7, 9);
    await arrive(again.taken, 6);
    assertOnce([...first.taken, ...again.taken], 9);
    assert.equal(again.seen.length, again.taken.length + troubles.length);
    const [event] = again.seen;
    const tries = again.seen.filter(({ key }) => key === event?.key);
    assert.equal(tries.length, troubles.length + 1, 'a repeat has the same key');

    // It takes one, and its answer is lost on the way: the same key comes again.
    again.behaves = ({ socket }, _, take) => {
      again.behaves = takes;
      take();
      socket.destroy();
    };
    tell(10, 11);
    await arrive(again.taken, 8);
    assertOnce([...first.taken, ...again.taken], 11);
    assert.equal(again.taken.length, 9);
    await sink.settled(LONG_MS);
    await again.close();
    await until(() => descriptors() <= before, { what: 'no descriptor to be left' });
    assert.equal(said.filter((one) => one === 'recovered').length, 2, said.join('\n'));
    assert.equal(said.filter((one) => /failing/.test(one)).length, 2, said.join('\n'));
  });

  it('that will never take an event is told, and gets the next one', async () => {
    const one = await target();
    one.behaves = (request, response, take) => {
      const status = [302, 400, 404][one.seen.length - 1];
      if (status === undefined) takes(request, response, take);
      else response.writeHead(status, { Location: '/x' }).end();
    };
    const { sink, said, tell } = watched({ webhooks: [one.url] });
    tell(1, 4);
    await sink.settled(LONG_MS);
    assert.deepEqual(said, ['refused 1 with 302', 'refused 2 with 400', 'refused 3 with 404']);
    assert.deepEqual(
      one.taken.map(({ priority }) => priority),
      [4],
    );
    await one.close();
  });

  for (const [what, answer] of endless) {
    it(`that ${what} holds nobody up`, async () => {
      const before = descriptors();
      const one = await target();
      let written = 0;
      one.behaves = ({ socket }, response, take) => {
        take();
        answer(socket, response);
        socket.on('close', () => {
          written = Math.max(written, socket.bytesWritten);
        });
      };
      const { sink, said, tell } = watched({ webhooks: [one.url] });
      tell(1, 5);
      await arrive(one.taken, 5);
      await sink.settled(LONG_MS);
      await until(() => one.connections === 0, { what: 'the connection to be closed' });
      assertOnce(one.taken, 5);
      assert.equal(one.taken.length, 5);
      // One of ours at a time; the target may see the end of the last after the next.
      assert.ok(one.connectionsMost <= 2, `${one.connectionsMost} connections`);
      assert.ok(written < 64 << 20, `${written} octets`);
      assert.deepEqual(said, []);
      await one.close();
      await until(() => descriptors() <= before, { what: 'no descriptor to be left' });
    });
  }

  it('whose status line never ends is tried again', async () => {
    const one = await target();
    one.behaves = ({ socket }) => {
      one.behaves = takes;
      drip(socket, 'HTTP/1.1 200 OK\r\nX-Much: ');
    };
    const { sink, said, tell } = watched({ webhooks: [one.url] });
    tell(1, 2);
    await arrive(one.taken, 2);
    await sink.settled(LONG_MS);
    assertOnce(one.taken, 2);
    assert.equal(one.seen.length, 3);
    assert.match(said[0] ?? '', /failing: no answer within 0.3 s$/);
    await one.close();
  });

  it('that is dead does not keep another from its news; and says what it missed at the end', async () => {
    const [dead, alive] = [await target(), await target()];
    await dead.close();
    const { sink, said, tell } = watched({ webhooks: [dead.url, alive.url] });
    tell(1, 5);
    await arrive(alive.taken, 5);
    await sink.settled(LONG_MS);
    assert.match(said[0] ?? '', /failing: .*ECONNREFUSED/);
    assert.equal(said.at(-1), 'dropped 5 stopped: 1 to 5');
    await alive.close();
  });

  it('that hangs is not waited for at the end beyond the limit', async () => {
    const one = await target();
    one.behaves = () => {};
    const { sink, said, tell } = watched({ webhooks: [one.url] }, { ...quick, timeout: LONG_MS });
    tell(1, 2);
    await until(() => one.seen.length > 0, { what: 'the first try' });
    await sink.settled(50);
    assert.deepEqual(said, ['dropped 2 stopped: 1 to 2']);
    await one.close();
  });

  it('gets what waits for it at the end without the rest of a pause', async () => {
    const one = await target();
    const { port } = one;
    await one.close();
    const slow = { timeout: 5000, first: 3_600_000, most: 3_600_000 };
    const { sink, said, tell } = watched({ webhooks: [one.url] }, slow);
    tell(1, 2);
    await until(() => said.length > 0, { what: 'the failure to be told' });
    const again = await target(port);
    await sink.settled(LONG_MS);
    assertOnce(again.taken, 2);
    await again.close();
  });

  it('is tried again after pauses that double up to a bound, and spread', () => {
    const pauses = [0, 1, 2, 3, 99].map((failures) => pauseAfter(failures, quick, 0.5));
    assert.deepEqual(pauses, [10, 20, 40, 40, 40]);
    assert.deepEqual([pauseAfter(0, quick, 0), pauseAfter(0, quick, 1)].map(Math.round), [8, 12]);
  });

  it('is bounded: the oldest go, which is told, and the rest arrives in order', async () => {
    const one = await target();
    one.behaves = (_, response) => response.writeHead(503).end();
    const slow = { ...quick, timeout: LONG_MS, most: 100 };
    const { sink, said, tell } = watched({ webhooks: [one.url] }, slow);
    tell(1, 1005);
    assert.deepEqual(said, ['full']);
    one.behaves = takes;
    await arrive(one.taken, 1000);
    assert.equal(said.at(-1), 'dropped 5 full: 2 to 6');
    const priorities = one.taken.map(({ priority }) => priority);
    assert.deepEqual(priorities, [1, ...Array.from({ length: 999 }, (_, i) => i + 7)]);
    await sink.settled(LONG_MS);
    await one.close();
  });

  it('stays over a reload that keeps it, and one that goes says what it missed', async () => {
    const [kept, gone] = [await target(), await target()];
    for (const one of [kept, gone]) one.behaves = (_, response) => response.writeHead(503).end();
    const { sink, said, tell } = watched({ webhooks: [gone.url, kept.url] });
    tell(1, 2);
    await until(() => said.length === 2, { what: 'both to fail' });
    kept.behaves = takes;
    sink.configure(withTelling({ webhooks: [kept.url], bearer: 'new' }));
    assert.ok(said.includes('dropped 2 removed: 1 to 2'), said.join());
    await arrive(kept.taken, 2);
    assert.equal(kept.taken.at(-1)?.request.headers.authorization, 'Bearer new');
    await sink.settled(LONG_MS);
    await Promise.all([kept.close(), gone.close()]);
  });

  it('speaks https, and believes nobody whom the system does not', async () => {
    const [key, cert] = [files.at('key.pem'), files.at('cert.pem')];
    const words = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=127.0.0.1'];
    spawnSync('openssl', [...words, '-days', '2', '-keyout', key, '-out', cert]);
    const tls = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) });
    const one = await target(0, tls as unknown as Server);
    const { sink, said, tell } = watched({ webhooks: [one.url.replace('http:', 'https:')] });
    tell(1, 1);
    await until(() => said.length > 0, { what: 'the certificate to be refused' });
    assert.match(said[0] ?? '', /self-signed certificate/);
    assert.equal(one.seen.length, 0);
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      await arrive(one.taken, 1);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
    await sink.settled(LONG_MS);
    await one.close();
  });
});
