/** A supervised nginx: what is done about a death, a hang, a bad configuration, a crash loop. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Nginx } from '../../src/config/model-nginx';
import { newService, type Role, type Service, type Stepped } from '../../src/core/service';
import { serviceDeadline, wakeService } from '../../src/core/service-clock';
import { follow } from '../../src/core/service-plan';
import type { ServiceCommand, ServiceEvent, Started, Want } from '../../src/core/service-terms';
import { serviceVerdict, stepService } from '../../src/core/services';
import { after, type Instant, instantAt, milliseconds, seconds } from '../../src/time';

const nginx: Nginx = {
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
class Story {
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

const well = (changes: Partial<Nginx> = {}): Story => {
  const story = new Story(changes).found(100).answers();
  assert.equal(story.is, 'up up');
  story.ordered();
  return story;
};

test('an nginx that runs and answers is up after one answer', () => {
  const story = new Story();
  assert.deepEqual([story.is, story.ordered()], ['unknown unknown', ['look']]);
  story.found(100);
  assert.deepEqual([story.is, story.ordered()], ['unknown unknown', ['survey', 'probe']]);
  assert.equal(story.answers().is, 'up up');
});

test('an nginx that does not run is started', () => {
  const story = new Story().found(null);
  assert.deepEqual([story.is, story.ordered()], ['starting unknown', ['look', 'start']]);
  story.started({ kind: 'started', pid: 7 });
  assert.equal(story.answers('refused').is, 'starting unknown');
  assert.equal(story.passes(20).answers().is, 'up up');
});

test('a death is met with a restart in the same instant, and nobody is demoted', () => {
  const story = well().gone(100);
  assert.deepEqual([story.is, story.ordered()], ['reviving up', ['start']]);
  story.started({ kind: 'started', pid: 101 }).answers('refused').passes(20);
  assert.equal(story.answers().is, 'up up');
  assert.equal(story.service.pid, 101);
  assert.equal(story.service.graceUntil, null);
});

test('a restart that takes longer than the grace gives the address away, and goes on', () => {
  const story = well().gone(100).passes(199);
  assert.equal(story.is, 'reviving up');
  assert.equal(story.passes(1).is, 'down down');
  story.started({ kind: 'started', pid: 101 }).answers();
  // It was down, so it has to answer `rise` times.
  assert.equal(story.is, 'down down');
  assert.equal(story.passes(500).answers().is, 'up up');
});

test('a death that is not its own is none', () => {
  assert.equal(well().gone(99).is, 'up up');
});

test('a configuration that does not start gives the address away at once', () => {
  const story = well().gone(100);
  story.started({ kind: 'config-invalid', why: 'unknown directive' });
  assert.equal(story.is, 'down down');
  assert.match(story.service.why, /configuration is invalid: unknown directive/);
  assert.equal(story.service.signals.config, 'unknown directive');
});

test('restarts come after pauses that double, and end at the limit', () => {
  const story = well().gone(100);
  const fails = (): Story => story.started({ kind: 'failed', why: 'port in use' });
  fails().ordered();
  assert.deepEqual(story.passes(999).ordered(), []);
  assert.deepEqual(story.passes(1).ordered(), ['start']);
  fails();
  assert.deepEqual(story.passes(1999).ordered(), []);
  assert.deepEqual(story.passes(1).ordered(), ['start']);
  fails();
  assert.equal(story.passes(4000).is, 'given-up down');
  assert.match(story.service.why, /3 restarts in 60 s did not help: port in use/);
  assert.ok(!story.found(null).passes(600_000).ordered().includes('start'));
});

test('a crash loop ends at the limit too, although each start works', () => {
  const story = well();
  for (const pid of [100, 101, 102]) {
    story
      .gone(pid)
      .started({ kind: 'started', pid: pid + 1 })
      .answers();
    assert.equal(story.is, 'up up');
  }
  assert.equal(story.gone(103).is, 'given-up down');
});

test('deaths far apart are no loop', () => {
  const story = well();
  for (const pid of [100, 101, 102, 103, 104]) {
    story
      .gone(pid)
      .started({ kind: 'started', pid: pid + 1 })
      .answers();
    story.at = after(story.at, seconds(61));
  }
  assert.equal(story.is, 'up up');
});

test('an nginx that does not answer any more is demoted after `fall` probes, then restarted', () => {
  const story = well().passes(500);
  assert.equal(story.answers('timed out').is, 'up up');
  // Asked again at once.
  story.passes(0).answers('timed out');
  assert.equal(story.is, 'down down');
  story.answers('timed out').ordered();
  // It may only be slow, so it is not ended before the first pause is over.
  assert.ok(!story.passes(990).ordered().includes('start kill'));
  assert.ok(story.passes(10).ordered().includes('start kill'));
  // What it does to the old one is no death.
  assert.equal(story.gone(100).is, 'down down');
  story.started({ kind: 'started', pid: 101 }).answers();
  assert.equal(story.passes(500).answers().is, 'up up');
});

test('one bad answer is forgiven', () => {
  const story = well().passes(500).answers('timed out').passes(0).answers();
  assert.equal(story.is, 'up up');
});

test('a standby that is told to stop stops at once, and comes back when told to start', () => {
  const story = well().asked('stop');
  assert.deepEqual([story.is, story.ordered()], ['stopped down', ['stop']]);
  story.gone(100).stopped();
  assert.deepEqual([story.is, story.ordered()], ['stopped down', ['ok: stopped']]);
  story.passes(60_000);
  assert.equal(story.is, 'stopped down');
  story.found(null).ordered();
  assert.deepEqual(story.asked('stop').ordered(), ['ok: it is stopped already']);
  story.asked('start');
  assert.deepEqual([story.is, story.ordered()], ['starting unknown', ['start']]);
  story.started({ kind: 'started', pid: 101 }).answers();
  assert.deepEqual(
    [story.is, story.ordered()],
    ['up up', ['survey', 'probe', 'ok: started, process 101']],
  );
});

test('a master hands the address over before it is stopped', () => {
  const story = well().becomes(true).asked('stop');
  assert.deepEqual([story.is, story.ordered()], ['up leaving', []]);
  assert.deepEqual(story.asked('restart').ordered(), ['no: a stop of it is under way']);
  story.becomes(false);
  assert.deepEqual([story.is, story.ordered()], ['stopped down', ['stop']]);
  assert.deepEqual(story.stopped().ordered(), ['ok: stopped']);
});

test('where nobody takes over it goes on after a master-down time', () => {
  const story = well().becomes(true).asked('stop');
  assert.equal(story.passes(4499).is, 'up leaving');
  assert.ok(!story.ordered().includes('stop'));
  assert.equal(story.passes(1).is, 'stopped down');
});

test('a lone master keeps the address over a restart, which is tested first', () => {
  const story = well().becomes(true).asked('restart');
  assert.deepEqual([story.is, story.ordered()], ['up up', ['test']]);
  assert.equal(story.tested().is, 'up leaving');
  story.passes(4500);
  assert.ok(story.ordered().includes('stop'));
  story.gone(100).stopped();
  assert.deepEqual([story.is, story.ordered()], ['reviving leaving', ['start']]);
  story.started({ kind: 'started', pid: 101 }).answers();
  assert.deepEqual([story.is, story.ordered().at(-1)], ['up up', 'ok: restarted, process 101']);
});

test('a restart over a configuration that is invalid does nothing', () => {
  const story = well().becomes(true).asked('restart').tested('unknown directive');
  const why = 'no: config invalid, serving the old one: unknown directive';
  assert.deepEqual([story.is, story.ordered()], ['up up', ['test', why]]);
  assert.equal(story.service.signals.config, 'unknown directive');
});

test('a restart that does not come back is told, and demotes', () => {
  const story = well().asked('restart').tested().stopped();
  story.started({ kind: 'failed', why: 'port in use' });
  assert.deepEqual([story.is, story.ordered().at(-1)], ['down down', 'no: port in use']);
});

test('a reload over an invalid configuration is told, and the old workers serve', () => {
  const story = well().asked('reload');
  assert.deepEqual(story.ordered(), ['reload']);
  const reloaded = { kind: 'nginx-reloaded', nginx: 'nginx', ask: 'q' } as const;
  story.happens({ ...reloaded, at: story.at, fault: 'bad', invalid: true });
  assert.deepEqual(story.ordered(), ['no: config invalid, serving the old one: bad']);
  assert.deepEqual([story.is, story.service.signals.config], ['up up', 'bad']);
  story.asked('reload').happens({ ...reloaded, at: story.at, fault: '', invalid: false });
  assert.deepEqual(story.ordered(), ['reload', 'ok: reloaded: new workers serve']);
  assert.equal(story.service.signals.config, '');
});

test('an invalid configuration is tested again, and never counts as a restart', () => {
  const story = well().gone(100);
  for (let i = 0; i < 20; i++) {
    story.started({ kind: 'config-invalid', why: 'bad' }).ordered();
    assert.equal(story.is, 'down down');
    assert.deepEqual(story.passes(1000).ordered(), ['start']);
  }
  story.started({ kind: 'started', pid: 7 }).answers().passes(500).answers();
  assert.equal(story.is, 'up up');
});

test('workers that are missing twice in a row demote; once is a moment of a reload', () => {
  const story = well().surveyed('0 of 1 workers run');
  assert.equal(story.is, 'up up');
  story.surveyed().surveyed('0 of 1 workers run');
  assert.equal(story.is, 'up up');
  assert.equal(story.surveyed('0 of 1 workers run').is, 'down down');
});

test('through the address it is asked while it is held; what fails there does not go to and fro', () => {
  const probe = { ...(nginx.probe as NonNullable<Nginx['probe']>), throughVip: true };
  const story = well({ probe }).becomes(true).passes(500);
  story.ordered();
  const fails = (): Story => story.answers().answers('refused', 'vip').passes(0);
  assert.deepEqual(story.answers().ordered(), ['probe 192.0.2.9']);
  story.answers('refused', 'vip').passes(0);
  fails().becomes(false);
  assert.deepEqual([story.is, story.service.why], ['down down', 'through 192.0.2.9: refused']);
  story.ordered();
  // Here it answers as before; the address is not asked for while somebody else holds it.
  story.passes(500).answers().passes(400).answers();
  assert.equal(story.is, 'down down');
  story.passes(100).answers();
  assert.equal(story.is, 'up up');
  for (let i = 0; i < 2; i++) {
    story.becomes(true).passes(500);
    fails();
    fails().becomes(false).passes(5000).answers().passes(500).answers();
  }
  assert.equal(story.is, 'given-up down');
});

test('started on the master only: with the address it comes, with the address it goes', () => {
  const story = new Story({ masterOnly: true }).found(null);
  story.ordered();
  story.becomes(true);
  assert.deepEqual([story.is, story.ordered()], ['starting unknown', ['start']]);
  story.started({ kind: 'started', pid: 7 }).answers();
  assert.equal(story.is, 'up up');
  story.ordered();
  story.becomes(false);
  assert.deepEqual([story.is, story.ordered()], ['stopped up', ['stop']]);
  assert.equal(story.gone(7).stopped().is, 'stopped up');
  // One that does not start says so, and goes on trying although the address has left.
  story.becomes(true).started({ kind: 'failed', why: 'no' }).becomes(false);
  assert.equal(story.is, 'down down');
});

test('on a standby that runs no nginx, that is no failure', () => {
  const story = new Story({ masterOnly: true }).found(null);
  assert.equal(story.is, 'stopped up');
  assert.deepEqual(story.ordered(), ['look']);
});

test('without a probe the process alone decides', () => {
  const story = new Story({ probe: null }).found(5);
  assert.equal(story.is, 'up up');
  story.gone(5).started({ kind: 'started', pid: 6 });
  assert.equal(story.is, 'up up');
});

test('an nginx that somebody else brings back is seen to be well', () => {
  const story = well().gone(100);
  for (let i = 0; i < 3; i++) story.started({ kind: 'failed', why: 'no' }).passes(5000);
  assert.equal(story.is, 'given-up down');
  story.found(200).answers();
  story.passes(500).answers();
  assert.equal(story.is, 'up up');
});
