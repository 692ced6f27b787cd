/**
 * The customer: fetches from the VIP many times a second from the client's namespace. An outage is
 * the time from the last good answer before failures to the first good answer after them.
 */
import { join } from 'node:path';
import type { Child } from './child';
import type { Request } from './client-probe';
import type { Lab } from './lab';
import { until } from './until';

export type Outage = {
  /** Milliseconds since the epoch. */
  readonly from: number;
  readonly to: number;
  readonly duration: number;
  readonly failures: number;
  readonly before: string;
  readonly after: string;
};

export type ClientOptions = {
  readonly url: string;
  /** Milliseconds between requests. */
  readonly period?: number;
  /** Milliseconds until an unanswered request counts as failed. */
  readonly timeout?: number;
};

export class Client {
  readonly child: Child;
  readonly requests: Request[] = [];

  constructor(lab: Lab, { url, period = 20, timeout = 250 }: ClientOptions) {
    const script = join(__dirname, 'client-probe.js');
    const command = [process.execPath, script, url, String(period), String(timeout)];
    const onLine = (line: string) => this.#keep(line);
    this.child = lab.spawn('client', command, { name: 'client', onLine });
  }

  /** Who gave the last good answer. */
  get server(): string | null {
    for (let i = this.requests.length - 1; i >= 0; i -= 1) {
      const request = this.requests[i];
      if (request?.ok) return request.answer;
    }
    return null;
  }

  /** Whether the latest question, of those already decided, went unanswered. */
  get silent(): boolean {
    const recent = this.requests.slice(-100);
    const latest = recent.reduce<Request | null>(
      (best, request) => (best === null || request.start > best.start ? request : best),
      null,
    );
    return latest?.ok === false;
  }

  /** Waits for a good answer, begun after this call, from this server (or from any). */
  async answeredBy(server?: string, timeout = 15_000): Promise<Request> {
    const from = performance.timeOrigin + performance.now();
    const wanted = (r: Request) =>
      r.ok && r.start >= from && (server === undefined || r.answer === server);
    return until(() => this.requests.slice(-100).find(wanted) ?? null, {
      what: `the client to be answered by ${server ?? 'anyone'}`,
      timeout,
      detail: () => this.child.tail(10),
    });
  }

  outages(): readonly Outage[] {
    return outages(this.requests);
  }

  async stop(): Promise<void> {
    await this.child.kill();
  }

  #keep(line: string): void {
    try {
      this.requests.push(JSON.parse(line) as Request);
    } catch {
      // Not a request but a complaint of node itself: the child's lines keep it for the message.
    }
  }
}

/** Pure: the outages in a list of requests, in any order. An outage still going on is not one. */
export function outages(requests: readonly Request[]): readonly Outage[] {
  const found: Outage[] = [];
  let good: Request | null = null;
  let failures = 0;
  // In the order of asking: a request that timed out belongs where it was begun.
  for (const request of [...requests].sort((a, b) => a.start - b.start)) {
    if (!request.ok) {
      failures += 1;
      continue;
    }
    if (good !== null && failures > 0) {
      const duration = request.end - good.end;
      const names = { before: good.answer, after: request.answer };
      found.push({ from: good.end, to: request.end, duration, failures, ...names });
    }
    good = request;
    failures = 0;
  }
  return found;
}
