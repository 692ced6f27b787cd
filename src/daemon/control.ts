/**
 * The control socket: one JSON object a line, a question and its answer, both versioned:
 * {"v":1,"id":7,"do":"nginx-stop","nginx":"web"} → {"v":1,"id":7,"ok":true,"said":"stopped"}.
 * Bounded in clients, octets and open questions; nothing here ever keeps the daemon waiting.
 */
import { chmodSync, lstatSync, mkdirSync, rmSync } from 'node:fs';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname } from 'node:path';

export const CONTROL_PATH = '/run/holdfast/control.sock';
export const PROTOCOL = 1;

const LINE_MAX = 64 << 10;
const CLIENTS_MAX = 16;
const OPEN_MAX = 16;
/** What a client does not fetch is not kept for it. */
const UNSENT_MAX = 1 << 20;
/** Owner and group may ask. */
const MODE = 0o660;

export interface Request {
  readonly do: string;
  readonly [field: string]: unknown;
}

export interface Reply {
  readonly ok: boolean;
  readonly [field: string]: unknown;
}

export interface Control {
  /** Open questions get no answer any more. */
  close(): void;
}

/** Null, and `refused` told why, when the path cannot be had: another daemon answers there. */
export async function openControl(
  path: string,
  answer: (request: Request) => Promise<Reply>,
  refused: (why: string) => void,
): Promise<Control | null> {
  const clients = new Set<Socket>();
  const server = createServer((client) => {
    if (clients.size >= CLIENTS_MAX) {
      client.end(`${JSON.stringify({ v: PROTOCOL, id: null, ok: false, error: 'busy' })}\n`);
      return;
    }
    clients.add(client);
    client.once('close', () => clients.delete(client));
    serve(client, answer);
  });
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o755 });
    const stands = lstatSync(path, { throwIfNoEntry: false });
    // A mistyped path must not cost anybody a file.
    if (stands?.isSocket() === false) throw new Error('it is there already, and no socket');
    if (await isAnswered(path)) throw new Error('another holdfast has it');
    rmSync(path, { force: true });
    await listen(server, path);
    chmodSync(path, MODE);
  } catch (failure) {
    server.close();
    refused(failure instanceof Error ? failure.message : String(failure));
    return null;
  }
  server.unref();
  return {
    close: () => {
      // Removes the path, too.
      server.close();
      for (const client of clients) client.destroy();
    },
  };
}

/** What an earlier life left is a file that nobody listens behind. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = connect(path);
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.removeListener('error', reject);
      server.on('error', () => undefined);
      resolve();
    });
  });
}

function serve(client: Socket, answer: (request: Request) => Promise<Reply>): void {
  let rest = '';
  let open = 0;
  client.setEncoding('utf8');
  client.on('error', () => client.destroy());
  const send = (id: unknown, reply: Reply): void => {
    if (client.destroyed || client.writableLength > UNSENT_MAX) return;
    client.write(`${JSON.stringify({ v: PROTOCOL, id, ...reply })}\n`);
  };
  const ask = (line: string): void => {
    const read = readRequest(line);
    if (read.kind === 'wrong') return send(read.id, { ok: false, error: read.why });
    if (open >= OPEN_MAX) return send(read.id, { ok: false, error: 'too many open questions' });
    open += 1;
    const refuse = (failure: unknown): Reply => ({ ok: false, error: String(failure) });
    void answer(read.request)
      .catch(refuse)
      .then((reply) => {
        open -= 1;
        send(read.id, reply);
      });
  };
  client.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') ask(line);
    if (rest.length <= LINE_MAX) return;
    send(null, { ok: false, error: `a line has at most ${LINE_MAX} octets` });
    client.end();
    client.destroySoon();
  });
}

type Read =
  | { readonly kind: 'request'; readonly id: unknown; readonly request: Request }
  | { readonly kind: 'wrong'; readonly id: unknown; readonly why: string };

function readRequest(line: string): Read {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return { kind: 'wrong', id: null, why: 'no JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { kind: 'wrong', id: null, why: 'no JSON object' };
  }
  const { v, id = null, ...request } = value as { v?: unknown; id?: unknown; do?: unknown };
  if (typeof id === 'object' && id !== null) {
    return { kind: 'wrong', id: null, why: 'id must be a string or a number' };
  }
  if (v !== PROTOCOL) return { kind: 'wrong', id, why: `v must be ${PROTOCOL}` };
  if (typeof request.do !== 'string') return { kind: 'wrong', id, why: "'do' is missing" };
  return { kind: 'request', id, request: { ...request, do: request.do } };
}
