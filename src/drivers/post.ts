/**
 * One HTTP POST with a bound on everything: what became of it, never an exception. Node's own http
 * and https, and not its fetch: that hides errno, and warns about itself under Node 18.
 */
import { type ClientRequest, type IncomingMessage, request as plain } from 'node:http';
import { request as encrypted } from 'node:https';
import { finder } from './find-host';

export interface Post {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** from the first packet to the status line, milliseconds. */
  readonly timeout: number;
}

export type Answer =
  /** a status of the 200s: it is theirs. */
  | { readonly kind: 'taken'; readonly status: number }
  /** it will not be taken the next time either. */
  | { readonly kind: 'refused'; readonly status: number }
  /** nobody answered, or with a status that says: later. */
  | { readonly kind: 'failed'; readonly why: string };

export interface Posting {
  /** with the status line. */
  readonly answer: Promise<Answer>;
  /** the connection is closed. Never before the answer, at most `lingerMax` after it. */
  readonly over: Promise<void>;
  abort(): void;
}

/** Of what is behind the status line; nobody reads it. */
const bodyMax = 64 << 10;
/** Milliseconds for that: a server that is cut off at once may take it for a failure of ours. */
const lingerMax = 1000;

export function post({ url, headers, body, timeout }: Post): Posting {
  let request: ClientRequest | null = null;
  const hosts = finder();
  let end = (): void => {};
  const over = new Promise<void>((resolve) => {
    end = resolve;
  });
  const answer = new Promise<Answer>((resolve) => {
    const fail = (failure: unknown): void => resolve({ kind: 'failed', why: wordsOf(failure) });
    const late = new Error(`no answer within ${timeout / 1000} s`);
    let timer = setTimeout(() => request?.destroy(late), timeout);
    try {
      const send = url.startsWith('https:') ? encrypted : plain;
      const length = { 'Content-Length': String(Buffer.byteLength(body)) };
      // A connection of its own: one that was kept would have to be watched for its end.
      request = send(url, {
        method: 'POST',
        agent: false,
        headers: { ...headers, ...length },
        lookup: hosts.lookup,
        // Every address that the name has, under Node 18 too.
        ...{ autoSelectFamily: true },
      });
      request.on('error', fail);
      request.on('close', () => {
        clearTimeout(timer);
        hosts.cancel();
        fail(new Error('the connection was closed'));
        end();
      });
      request.on('response', (response) => {
        resolve(answerOf(response.statusCode ?? 0));
        clearTimeout(timer);
        timer = setTimeout(() => request?.destroy(), Math.min(timeout, lingerMax));
        drain(response);
      });
      request.end(body);
    } catch (failure) {
      clearTimeout(timer);
      fail(failure);
      end();
    }
  });
  return { answer, over, abort: () => request?.destroy() };
}

/** Until its end, or what is too much. */
function drain(response: IncomingMessage): void {
  let octets = 0;
  response.on('error', () => {});
  response.on('data', (part: Buffer) => {
    octets += part.length;
    if (octets > bodyMax) response.destroy();
  });
}

/** RFC 9110 §15; 425 is RFC 8470, 429 is RFC 6585. */
const later: ReadonlySet<number> = new Set([408, 425, 429]);

function answerOf(status: number): Answer {
  if (status >= 200 && status < 300) return { kind: 'taken', status };
  if (status >= 500 || later.has(status)) return { kind: 'failed', why: `it answers ${status}` };
  return { kind: 'refused', status };
}

function wordsOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  const { code } = failure as NodeJS.ErrnoException;
  // Of several addresses each has failed in its own way, and there is no message.
  return failure.message === '' ? (code ?? failure.name) : failure.message;
}
