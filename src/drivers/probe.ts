/**
 * Asks a web server once whether it answers as wanted. A connection of its own each time: what is
 * asked is whether a new client would be served. Nothing here waits for a name server.
 */
import http from 'node:http';
import https from 'node:https';
import type { Probe } from '../config/model-nginx';
import { toMilliseconds } from '../time';

/** What is read of an answer at most; only its first line counts. */
const BODY_MAX = 64 << 10;

export interface Asked {
  readonly address: string;
  /** resolves with '' for an answer as wanted, else with what was wrong. Never rejects. */
  readonly answer: Promise<string>;
  cancel(): void;
}

/** `address`: where to ask instead of the probe's own address, such as a virtual one. */
export function ask(probe: Probe, address = probe.address): Asked {
  let cancel = (): void => {};
  const answer = new Promise<string>((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const options = {
      host: address,
      port: probe.port,
      path: probe.path,
      headers: { Host: probe.host, 'User-Agent': 'holdfast', Connection: 'close' },
      agent: false,
      // The certificate is for clients; here only the answer counts.
      ...(probe.tls ? { rejectUnauthorized: false, servername: serverName(probe.host) } : {}),
    };
    const request = (probe.tls ? https : http).get(options);
    const end = (fault: string): void => {
      clearTimeout(timer);
      resolve(fault);
      request.destroy();
    };
    cancel = () => end('not asked to the end');
    // After a hang of ours an answer may wait unread when timers run: it is read first.
    const expire = (): NodeJS.Immediate => setImmediate(() => end('no answer in time'));
    timer = setTimeout(expire, toMilliseconds(probe.timeout));
    request.on('error', (failure: NodeJS.ErrnoException) => end(faultOf(failure)));
    request.on('response', (response) => {
      const status = response.statusCode ?? 0;
      let size = 0;
      response.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > BODY_MAX) end(statusFault(probe, status));
      });
      response.on('error', (failure: NodeJS.ErrnoException) => end(faultOf(failure)));
      response.on('end', () => end(statusFault(probe, status)));
    });
  });
  return { address, answer, cancel: () => cancel() };
}

const statusFault = ({ status }: Probe, got: number): string =>
  status.some(([low, high]) => got >= low && got <= high) ? '' : `it answered with status ${got}`;

/** No SNI for an address (RFC 6066 §3). */
const serverName = (host: string): string => (/^[\d.]+$|:/.test(host) ? '' : host);

function faultOf({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ECONNREFUSED':
      return 'the connection was refused';
    case 'ECONNRESET':
      return 'the connection was reset';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'it cannot be reached';
    default:
      return message;
  }
}
