/** One question to the daemon through its control socket, and its answer. */
import { connect } from 'node:net';
import { PROTOCOL } from '../daemon/control';

export type Told =
  | { readonly kind: 'answer'; readonly reply: Readonly<Record<string, unknown>> }
  | { readonly kind: 'unreachable'; readonly why: string };

/** Never rejects. Waits as long as the daemon does. */
export function ask(path: string, question: Readonly<Record<string, unknown>>): Promise<Told> {
  return new Promise((resolve) => {
    const unreachable = (why: string): void => resolve({ kind: 'unreachable', why });
    let text = '';
    const socket = connect(path);
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      socket.write(`${JSON.stringify({ v: PROTOCOL, id: 1, ...question })}\n`);
    });
    socket.on('data', (part: string) => {
      text += part;
      const end = text.indexOf('\n');
      if (end === -1) return;
      socket.destroy();
      try {
        resolve({
          kind: 'answer',
          reply: JSON.parse(text.slice(0, end)) as Record<string, unknown>,
        });
      } catch {
        unreachable('what answers there is no holdfast');
      }
    });
    socket.on('error', (failure: NodeJS.ErrnoException) => unreachable(reasonOf(failure)));
    socket.on('close', () => unreachable('it ended before it answered'));
  });
}

function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
    case 'ECONNREFUSED':
      return 'no holdfast runs there';
    case 'EACCES':
      return 'only root and its group may ask';
    default:
      return message;
  }
}
