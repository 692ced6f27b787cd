/** What the tests of a supervised nginx share: one, its clock, and all that it ordered. */
import assert from 'node:assert/strict';
import type { Nginx } from '../../src/config/model-nginx';
import { newService, type Role, type Service, type Stepped } from '../../src/core/service';
import { serviceDeadline, wakeService } from '../../src/core/service-clock';
import { follow } from '../../src/core/service-plan';
import type { ServiceCommand, ServiceEvent, Started, Want } from '../../src/core/service-terms';
import { serviceVerdict, stepService } from '../../src/core/services';
import { after, type Instant, instantAt, milliseconds, seconds } from '../../src/time';

export const nginx: Nginx = {
  name: 'nginx',
  binary: '/usr/sbin/nginx',
  config: null,
  pidFile: '/run/nginx.pid',
  systemdUnit: null,
  probe: {
    address: '127.0.0.1',
    port: 80,
    tls: false,
    path: '/',
    host: 'localhost',
    status: [[200, 399]],
    interval: milliseconds(500),
    timeout: milliseconds(500),
    rise: 2,
    fall: 2,
    throughVip: false,
  },
  workersMin: 1,
  weight: 0,
  grace: milliseconds(200),
  restart: { attempts: 3, within: seconds(60), backoff: seconds(1) },
  masterOnly: false,
  instances: null,
};

/** A service, its clock, and all that it ordered. */
export class Story {
  service: Service;
  at: Instant = instantAt(1_000_000);
  orders: string[] = [];

  constructor(changes: Partial<Nginx> = {}) {
    const [service, commands] = newService({ ...nginx, ...changes }, this.at);
    this.service = service;
    this.take(commands);
  }

  private take(commands: readonly ServiceCommand[]): void {
    for (const one of commands) {
      if (one.kind === 'nginx-answer') this.orders.push(`${one.ok ? 'ok' : 'no'}: ${one.said}`);
      else {
        const kill = one.kind === 'nginx-start' && one.kill ? ' kill' : '';
        const vip = one.kind === 'nginx-probe' && one.through === 'vip' ? ` ${one.address}` : '';
        this.orders.push(`${one.kind.slice(6)}${kill}${vip}`);
      }
    }
  }

  private move([service, commands]: Stepped): this {
    this.service = service;
    this.take(commands);
    return this;
  }

  happens(event: ServiceEvent): this {
    return this.move(stepService(this.service, event));
  }

  /** Its instance changes sides. */
  becomes(master: boolean): this {
    const role: Role = { master, vip: master ? '192.0.2.9' : null, patience: milliseconds(4500) };
    return this.move(follow(this.service, role, this.at));
  }

  found = (pid: number | null): this =>
    this.happens({ kind: 'nginx-found', at: this.at, nginx: 'nginx', pid, why: 'no pid file' });
  gone = (pid: number): this =>
    this.happens({ kind: 'nginx-gone', at: this.at, nginx: 'nginx', pid });
  started = (outcome: Started): this =>
    this.happens({ kind: 'nginx-started', at: this.at, nginx: 'nginx', outcome });
  answers = (fault = '', through: 'loopback' | 'vip' = 'loopback'): this =>
    this.happens({ kind: 'nginx-probed', at: this.at, nginx: 'nginx', through, fault });
  asked = (want: Want): this =>
    this.happens({ kind: 'nginx-asked', at: this.at, nginx: 'nginx', ask: 'q', want });
  stopped = (): this => this.happens({ kind: 'nginx-stopped', at: this.at, nginx: 'nginx' });
  tested = (fault = ''): this =>
    this.happens({ kind: 'nginx-tested', at: this.at, nginx: 'nginx', fault });
  surveyed = (workers = ''): this =>
    this.happens({
      kind: 'nginx-surveyed',
      at: this.at,
      nginx: 'nginx',
      workers,
      sockets: '',
      genuine: '',
    });

  /** Lets time pass, waking it whenever it wanted. */
  passes(ms: number): this {
    const until = after(this.at, milliseconds(ms));
    for (;;) {
      const due = serviceDeadline(this.service);
      if (due === null || due.at > until) break;
      this.at = due.at > this.at ? due.at : this.at;
      const before = this.service;
      const [service, commands] = wakeService(before, this.at);
      this.move([service, commands]);
      if (service === before && commands.length === 0) break;
    }
    this.at = until;
    return this;
  }

  /** What was ordered since it was last asked. */
  ordered(): readonly string[] {
    const orders = this.orders;
    this.orders = [];
    return orders;
  }

  get is(): string {
    return `${this.service.phase} ${serviceVerdict(this.service)}`;
  }
}

export const well = (changes: Partial<Nginx> = {}): Story => {
  const story = new Story(changes).found(100).answers();
  assert.equal(story.is, 'up up');
  story.ordered();
  return story;
};
