/** The control socket: what it answers, what it refuses, and that nobody can keep it busy. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { ask } from '../../src/cli/ask';
import { type Control, openControl, type Reply, type Request } from '../../src/daemon/control';
import { scratch } from '../drivers/scratch';
import { until } from '../lab/until';

const files = scratch();
let count = 0;

/** A socket of its own, with the reason where it could not be had. */
async function opened(answer: (request: Request) => Promise<Reply>) {
  count += 1;
  const path = files.at(join(`control-${count}`, 'a.sock'));
  const refused: string[] = [];
  const control = await openControl(path, answer, (why) => refused.push(why));
  return { path, control, refused };
}

const echo = async (request: Request): Promise<Reply> => ({ ok: true, said: request.do });

/** Sends text as it is, and collects the lines that come back. */
function talk(path: string, text = ''): { readonly socket: Socket; readonly lines: string[] } {
  const socket = connect(path);
  const lines: string[] = [];
  let rest = '';
  socket.setEncoding('utf8');
  socket.on('error', () => undefined);
  socket.on('data', (part: string) => {
    const parts = (rest + part).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
  });
  socket.write(text);
  return { socket, lines };
}

const close = (control: Control | null): void => {
  assert.ok(control);
  control.close();
};

test('a question and its answer, for owner and group alone', async () => {
  const { path, control } = await opened(echo);
  assert.equal(statSync(path).mode & 0o777, 0o660);
  const told = await ask(path, { do: 'nginx-stop', nginx: 'web' });
  assert.deepEqual(told, {
    kind: 'answer',
    reply: { v: 1, id: 1, ok: true, said: 'nginx-stop' },
  });
  close(control);
  await until(() => !existsSync(path), { what: 'the socket to be removed' });
  assert.deepEqual(await ask(path, { do: 'x' }), {
    kind: 'unreachable',
    why: 'no holdfast runs there',
  });
});

test('many questions at once are answered by their id, in the order in which they are done', async () => {
  const later: (() => void)[] = [];
  const { path, control } = await opened(
    (request) =>
      new Promise((resolve) => {
        if (request.do === 'slow') later.push(() => resolve({ ok: true }));
        else resolve({ ok: true });
      }),
  );
  const { socket, lines } = talk(
    path,
    '{"v":1,"id":"a","do":"slow"}\n{"v":1,"id":2,"do":"quick"}\n',
  );
  await until(() => lines.length === 1, { what: 'the quick one' });
  for (const finish of later) finish();
  await until(() => lines.length === 2, { what: 'the slow one' });
  assert.deepEqual(
    lines.map((line) => (JSON.parse(line) as { id: unknown }).id),
    [2, 'a'],
  );
  socket.destroy();
  close(control);
});

test('what is no question is told so, and the next one is answered', async () => {
  const { path, control } = await opened(async ({ do: what }) => {
    if (what === 'throw') throw new Error('ours');
    return { ok: true };
  });
  const wrong = ['nonsense', '[]', '7', '{"v":2,"id":1,"do":"x"}', '{"v":1,"id":1}'];
  const more = [
    '{"v":1,"id":{},"do":"x"}',
    '{"v":1,"id":5,"do":"throw"}',
    '',
    '{"v":1,"id":9,"do":"x"}',
  ];
  const { socket, lines } = talk(path, `${[...wrong, ...more].join('\n')}\n`);
  await until(() => lines.length === 8, { what: 'eight answers' });
  const answers = lines.map(
    (line) => JSON.parse(line) as { id: unknown; ok: boolean; error: string },
  );
  assert.deepEqual(answers.map(({ ok, error }) => (ok ? 'ok' : error)).sort(), [
    "'do' is missing",
    'Error: ours',
    'id must be a string or a number',
    'no JSON',
    'no JSON object',
    'no JSON object',
    'ok',
    'v must be 1',
  ]);
  socket.destroy();
  close(control);
});

test('a line without end, too many questions, too many clients', async () => {
  const { path, control } = await opened(() => new Promise(() => undefined));
  const endless = talk(path, 'x'.repeat(100_000));
  await until(() => endless.socket.destroyed || endless.lines.length > 0, { what: 'the end' });
  assert.match(endless.lines[0] ?? '', /at most 65536 octets/);
  const many = talk(path, '{"v":1,"id":1,"do":"x"}\n'.repeat(20));
  await until(() => many.lines.length === 4, { what: 'four refusals' });
  assert.match(many.lines[0] ?? '', /too many open questions/);
  const clients = Array.from({ length: 30 }, () => talk(path));
  await until(() => clients.some(({ lines }) => /busy/.test(lines[0] ?? '')), { what: 'busy' });
  for (const { socket } of [endless, many, ...clients]) socket.destroy();
  close(control);
});

test('a path that another one answers at is left alone; what an earlier life left is not', async () => {
  const { path, control } = await opened(echo);
  const refused: string[] = [];
  assert.equal(await openControl(path, echo, (why) => refused.push(why)), null);
  assert.deepEqual(refused, ['another holdfast has it']);
  assert.equal((await ask(path, { do: 'x' })).kind, 'answer');
  close(control);

  const folder = files.at('left');
  mkdirSync(folder);
  const left = join(folder, 'a.sock');
  const dies =
    "require('net').createServer().listen(process.argv[1], () => process.kill(process.pid, 9))";
  spawnSync(process.execPath, ['-e', dies, left]);
  assert.ok(statSync(left).isSocket());
  const second = await openControl(left, echo, (why) => refused.push(why));
  assert.equal((await ask(left, { do: 'x' })).kind, 'answer');
  close(second);
  await until(() => !existsSync(left), { what: 'the socket to be removed' });
  const unwritable = join(left, 'b.sock');
  writeFileSync(left, '');
  assert.equal(await openControl(unwritable, echo, (why) => refused.push(why)), null);
  assert.equal(refused.length, 2);
  assert.equal(await openControl(left, echo, (why) => refused.push(why)), null);
  assert.equal(refused[2], 'it is there already, and no socket');
  assert.ok(statSync(left).isFile());
});

test('what answers there and is no holdfast is told', async () => {
  const path = files.at('other.sock');
  const server = createServer((client) => client.end('HTTP/1.1 400\n'));
  await new Promise<void>((resolve) => server.listen(path, () => resolve()));
  const told = await ask(path, { do: 'x' });
  assert.deepEqual(told, { kind: 'unreachable', why: 'what answers there is no holdfast' });
  server.close();
});
