/** One question to a web server: every way in which it can be answered, or not. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { after, test } from 'node:test';
import type { Probe } from '../../src/config/model-nginx';
import { ask } from '../../src/drivers/probe';
import { milliseconds } from '../../src/time';

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

const listen = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    servers.push(server);
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

const web = (answer: http.RequestListener): Promise<number> => listen(http.createServer(answer));
const raw = (serve: (client: Socket) => void): Promise<number> =>
  listen(
    createServer((client) => {
      client.on('error', () => undefined);
      serve(client);
    }),
  );

const probe = (port: number, change: Partial<Probe> = {}): Probe => ({
  address: '127.0.0.1',
  port,
  tls: false,
  path: '/health?x=1',
  host: 'www.example.org',
  status: [
    [200, 299],
    [401, 401],
  ],
  interval: milliseconds(100),
  timeout: milliseconds(5000),
  rise: 2,
  fall: 2,
  throughVip: false,
  ...change,
});

const answerOf = (port: number, change: Partial<Probe> = {}): Promise<string> =>
  ask(probe(port, change)).answer;

test('an answer as wanted, to the question that was written', async () => {
  const seen: string[] = [];
  const port = await web((request, response) => {
    seen.push(`${request.method} ${request.url} ${request.headers.host}`);
    response.end('well');
  });
  assert.equal(await answerOf(port), '');
  assert.deepEqual(seen, ['GET /health?x=1 www.example.org']);
});

test('the status decides', async () => {
  const port = await web((request, response) => {
    response.statusCode = Number(request.url?.slice(1));
    response.end();
  });
  assert.equal(await answerOf(port, { path: '/401' }), '');
  assert.equal(await answerOf(port, { path: '/299' }), '');
  assert.equal(await answerOf(port, { path: '/302' }), 'it answered with status 302');
  assert.equal(await answerOf(port, { path: '/503' }), 'it answered with status 503');
});

test('nobody listens', async () => {
  const port = await raw(() => undefined);
  const server = servers.pop();
  await new Promise<void>((resolve) => server?.close(() => resolve()));
  assert.equal(await answerOf(port), 'the connection was refused');
});

test('one that says nothing, and one that does not come to an end', async () => {
  const mute = await raw(() => undefined);
  const timeout = milliseconds(50);
  assert.equal(await answerOf(mute, { timeout }), 'no answer in time');
  const halting = await web((_, response) => {
    response.writeHead(200, { 'Content-Length': '10' });
    response.write('x');
  });
  assert.equal(await answerOf(halting, { timeout }), 'no answer in time');
});

test('a hang of ours is not held against it', async () => {
  const port = await web((_, response) => response.end());
  const asked = ask(probe(port, { timeout: milliseconds(50) }));
  const until = performance.now() + 200;
  while (performance.now() < until);
  assert.equal(await asked.answer, '');
});

test('one that breaks off, and one that is no web server', async () => {
  const breaks = await raw((client) => client.resetAndDestroy());
  assert.equal(await answerOf(breaks), 'the connection was reset');
  const other = await raw((client) => client.end('SSH-2.0-OpenSSH\r\n'));
  assert.match(await answerOf(other), /Expected HTTP/);
  assert.match(await answerOf(other, { tls: true }), /\S/);
});

test('a long answer is not read to its end, and a cancelled question has an answer', async () => {
  const endless = await web((_, response) => {
    const more = (): void => {
      while (!response.destroyed && response.write('x'.repeat(10_000)));
    };
    response.on('drain', more);
    more();
  });
  assert.equal(await answerOf(endless), '');
  const mute = await raw(() => undefined);
  const asked = ask(probe(mute));
  asked.cancel();
  assert.equal(await asked.answer, 'not asked to the end');
});
