/**
 * Runs in the client's namespace: fetches a URL at a fixed pace, each time over a new connection,
 * and prints one JSON line per finished request. Does not wait for one answer before the next
 * question: a dead address would otherwise slow down the very measurement of its death.
 */
import { get } from 'node:http';

export type Request = {
  /** Milliseconds since the epoch, with fraction. */
  readonly start: number;
  readonly end: number;
  readonly ok: boolean;
  /** What answered: the body on success, the reason on failure. */
  readonly answer: string;
};

const BODY_MAX = 200;

const clock = (): number => performance.timeOrigin + performance.now();

function probe(url: string, timeout: number): void {
  const start = clock();
  let told = false;
  const tell = (ok: boolean, answer: string) => {
    if (told) return;
    told = true;
    const request: Request = { start, end: clock(), ok, answer };
    process.stdout.write(`${JSON.stringify(request)}\n`);
  };
  const request = get(url, { agent: false }, (response) => {
    let body = '';
    response.setEncoding('utf8');
    response.on('data', (text: string) => {
      if (body.length < BODY_MAX) body += text;
    });
    response.on('end', () => tell(response.statusCode === 200, body.slice(0, BODY_MAX)));
    response.on('error', (error) => tell(false, error.message));
  });
  request.on('error', (error: NodeJS.ErrnoException) => tell(false, error.code ?? error.message));
  setTimeout(() => {
    tell(false, 'timeout');
    request.destroy();
  }, timeout).unref();
}

function main(url: string, period: number, timeout: number): void {
  const start = performance.now();
  let sent = 0;
  const next = () => {
    probe(url, timeout);
    sent += 1;
    setTimeout(next, Math.max(0, start + sent * period - performance.now()));
  };
  next();
}

if (require.main === module) {
  const [url = '', period = '20', timeout = '250'] = process.argv.slice(2);
  main(url, Number(period), Number(timeout));
}
