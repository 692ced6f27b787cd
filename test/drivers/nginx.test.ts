/** The driver with a real nginx on a port of its own: found, started, reloaded, stopped, lost. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import type { Nginx } from '../../src/config/model-nginx';
import type { Started } from '../../src/core/service-terms';
import { type NginxDriver, type NginxReport, nginxDriver } from '../../src/drivers/nginx';
import { masterOf, orphansOf, socketsOf, workersOf } from '../../src/drivers/nginx-process';
import { type Processes, processes } from '../../src/drivers/processes';
import { milliseconds, seconds } from '../../src/time';
import { killQuietly, processTree } from '../lab/namespace';
import { nginxConfig } from '../lab/nginx';
import { until } from '../lab/until';
import { scratch } from './scratch';

const files = scratch();
let count = 0;

/** A port that nobody had a moment ago. */
const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer();
    server.listen(0, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

class Stage {
  readonly nginx: Nginx;
  readonly port: number;
  readonly reports: NginxReport[] = [];
  readonly driver: NginxDriver;
  readonly #ends: Processes;
  readonly #prefix: string;

  static async open(change: Partial<Nginx> = {}): Promise<Stage> {
    return new Stage(await freePort(), change);
  }

  private constructor(port: number, change: Partial<Nginx>) {
    count += 1;
    this.port = port;
    this.#prefix = files.at(`nginx-${count}`);
    mkdirSync(this.#prefix);
    this.nginx = {
      name: `n${count}`,
      binary: '/usr/sbin/nginx',
      config: join(this.#prefix, 'nginx.conf'),
      pidFile: join(this.#prefix, 'nginx.pid'),
      systemdUnit: null,
      probe: null,
      workersMin: 1,
      weight: 0,
      grace: milliseconds(200),
      restart: { attempts: 3, within: seconds(60), backoff: seconds(1) },
      masterOnly: false,
      instances: null,
      ...change,
    };
    this.configure();
    this.#ends = processes((event) => {
      if (event.kind === 'process-gone') this.driver.gone(event.key, event.pid);
    });
    this.driver = nginxDriver(this.#ends, (one) => this.reports.push(one));
    after(() => this.close());
  }

  configure(edit = (text: string): string => text): void {
    const text = nginxConfig(this.#prefix, 'n', this.port, true);
    writeFileSync(join(this.#prefix, 'nginx.conf'), edit(text));
  }

  /** Carries it out, and answers the first report of that kind since. */
  async does<K extends NginxReport['kind']>(
    order: Parameters<NginxDriver['obey']>[0]['kind'],
    kind: K,
    more: object = {},
  ): Promise<Extract<NginxReport, { kind: K }>> {
    const from = this.reports.length;
    const whole = { kind: order, nginx: this.nginx.name, kill: false, ask: 'q', ...more };
    this.driver.obey(whole as Parameters<NginxDriver['obey']>[0], this.nginx);
    const found = () => this.reports.slice(from).find((one) => one.kind === kind);
    return (await until(found, { what: kind, every: 2 })) as Extract<NginxReport, { kind: K }>;
  }

  async start(more: object = {}): Promise<number> {
    const { outcome } = await this.does('nginx-start', 'nginx-started', more);
    assert.equal(outcome.kind, 'started', JSON.stringify(outcome));
    return outcome.kind === 'started' ? outcome.pid : 0;
  }

  get master(): number | null {
    const master = masterOf(this.nginx);
    return master.kind === 'running' ? master.pid : null;
  }

  close(): void {
    this.driver.close();
    this.#ends.close();
    const { master } = this;
    if (master !== null) for (const pid of processTree(master)) killQuietly(pid, 'SIGKILL');
    for (const pid of this.left) killQuietly(pid, 'SIGKILL');
  }

  /** Workers that a test has bereft of their master. */
  left: readonly number[] = [];
}

const whyOf = (one: Started): string =>
  one.kind === 'started' ? 'started' : `${one.kind}: ${one.why}`;

describe('nginx as a driver', () => {
  it('one that does not run is not found; started, it is, in a session of its own', async () => {
    const stage = await Stage.open();
    const missing = await stage.does('nginx-look', 'nginx-found');
    assert.deepEqual([missing.pid, missing.why], [null, `there is no ${stage.nginx.pidFile}`]);
    const pid = await stage.start();
    assert.equal((await stage.does('nginx-look', 'nginx-found')).pid, pid);
    const [, session] = /\) \w \d+ \d+ (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8')) ?? [];
    assert.equal(Number(session), pid);
    // Started again, it is the one that runs.
    assert.equal(await stage.start(), pid);
    const seen = await stage.does('nginx-survey', 'nginx-surveyed');
    assert.deepEqual([seen.workers, seen.sockets, seen.genuine], ['', '', '']);
  });

  it('its end is told, and workers that it leaves behind give way to the next', async () => {
    const stage = await Stage.open();
    const pid = await stage.start();
    await until(() => workersOf(pid).length > 0, { what: 'workers' });
    stage.left = workersOf(pid).map((one) => one.pid);
    killQuietly(pid, 'SIGKILL');
    const gone = () => stage.reports.some((one) => one.kind === 'nginx-gone' && one.pid === pid);
    await until(gone, { what: 'its end to be told' });
    const traces = { workers: [], master: pid };
    assert.deepEqual(orphansOf(traces, stage.nginx), stage.left);
    const next = await stage.start();
    assert.notEqual(next, pid);
    await until(() => orphansOf(traces, stage.nginx).length === 0, { what: 'the old to leave' });
    assert.equal(socketsOf(next), '');
  });

  it('one that hangs is ended with its workers, and started again', async () => {
    const stage = await Stage.open();
    const pid = await stage.start();
    await until(() => workersOf(pid).length > 0, { what: 'workers' });
    const old = processTree(pid);
    for (const one of old) killQuietly(one, 'SIGSTOP');
    assert.notEqual(await stage.start({ kill: true }), pid);
    const alive = (one: number): boolean => processTree(stage.master ?? 0).includes(one);
    assert.ok(!old.some(alive));
  });

  it('a configuration that is invalid is named, and nothing is touched', async () => {
    const stage = await Stage.open();
    const pid = await stage.start();
    stage.configure((text) => `nonsense;\n${text}`);
    const { outcome } = await stage.does('nginx-start', 'nginx-started', { kill: true });
    assert.match(whyOf(outcome), /^config-invalid: unknown directive "nonsense" in/);
    assert.match((await stage.does('nginx-test', 'nginx-tested')).fault, /unknown directive/);
    const { fault, invalid } = await stage.does('nginx-reload', 'nginx-reloaded');
    assert.deepEqual([/unknown directive/.test(fault), invalid], [true, true]);
    assert.equal(stage.master, pid);
  });

  it('a reload is done when only new workers serve', async () => {
    const stage = await Stage.open();
    const pid = await stage.start();
    await until(() => workersOf(pid).length > 0, { what: 'workers' });
    const before = workersOf(pid).map((one) => one.pid);
    const { fault } = await stage.does('nginx-reload', 'nginx-reloaded');
    assert.equal(fault, '');
    const serving = workersOf(pid).filter(({ leaving }) => !leaving);
    assert.ok(serving.length > 0 && !serving.some((one) => before.includes(one.pid)));
  });

  it('a port that is taken is what a start fails for', async () => {
    const stage = await Stage.open();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(stage.port, () => resolve()));
    const { outcome } = await stage.does('nginx-start', 'nginx-started');
    server.close();
    assert.match(whyOf(outcome), /^failed: .*Address already in use/);
  });

  it('stopped in order, nothing of it is left; a program that is not there says so', async () => {
    const stage = await Stage.open();
    const pid = await stage.start();
    await stage.does('nginx-stop', 'nginx-stopped');
    assert.equal(stage.master, null);
    assert.match(socketsOf(pid), /cannot be read/);
    const other = await Stage.open({ binary: '/nowhere/nginx' });
    const { outcome } = await other.does('nginx-start', 'nginx-started');
    assert.match(whyOf(outcome), /\/nowhere\/nginx|ENOENT|No such/);
  });

  it('through systemd where it has a unit', async () => {
    // What systemctl would do, in a program of that name.
    const stage = await Stage.open({ systemdUnit: 'web.service' });
    const command = `/usr/sbin/nginx -c ${stage.nginx.config}`;
    files.script(
      'systemctl',
      [
        '#!/bin/sh',
        `echo "$1 $2" >> ${files.at('asked')}`,
        'case $1 in',
        `start) exec ${command} ;;`,
        `reload) exec ${command} -s reload ;;`,
        `stop) exec ${command} -s quit ;;`,
        'esac',
        '',
      ].join('\n'),
    );
    const { PATH } = process.env;
    process.env['PATH'] = `${files.at('.')}:${PATH}`;
    try {
      const pid = await stage.start();
      await until(() => workersOf(pid).length > 0, { what: 'workers' });
      assert.equal((await stage.does('nginx-reload', 'nginx-reloaded')).fault, '');
      await stage.does('nginx-stop', 'nginx-stopped');
      assert.equal(stage.master, null);
      const asked = ['start web.service', 'reload web.service', 'stop web.service'];
      assert.deepEqual(files.lines('asked'), asked);
    } finally {
      process.env['PATH'] = PATH;
    }
  });

  it("with 'daemon off' it is what was started, and told to leave it does", async () => {
    const stage = await Stage.open();
    stage.configure((text) => text.replace('daemon on;', 'daemon off;'));
    const pid = await stage.start();
    assert.equal((await stage.does('nginx-survey', 'nginx-surveyed')).sockets, '');
    await stage.does('nginx-stop', 'nginx-stopped');
    assert.equal(stage.master, null);
    assert.notEqual(await stage.start(), pid);
  });

  it('a pid file that names somebody else is no nginx', async () => {
    const stage = await Stage.open();
    writeFileSync(stage.nginx.pidFile, `${process.pid}\n`);
    assert.match((await stage.does('nginx-look', 'nginx-found')).why, /^process \d+ is .*node/);
    writeFileSync(stage.nginx.pidFile, 'x');
    assert.match((await stage.does('nginx-look', 'nginx-found')).why, /holds no pid$/);
  });
});
