/**
 * The daemon and the target of its webhook, both as processes: what is sent of a whole life, and
 * what the log says of events that nobody takes.
 */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Child } from './child';
import { Holdfast } from './holdfast';
import { vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { until } from './until';

const VIP = '192.0.2.10';

interface Got {
  readonly key: string;
  readonly authorization: string;
  readonly event: Readonly<Record<string, unknown>>;
}

async function sinkIn(lab: Lab, port = 0) {
  const program = [process.execPath, join(__dirname, 'webhook-sink.js'), String(port)];
  const child: Child = lab.spawn('a', program, { name: 'webhook-sink' });
  const said = JSON.parse(await child.line(/"port"/)) as { port: number };
  const got = (): Got[] =>
    child.lines.filter((line) => line.includes('"event"')).map((line) => JSON.parse(line) as Got);
  return { child, port: said.port, got };
}

const configOf = (port: number, file: string): string => `global_defs {
  router_id lab
  script_user root
  enable_script_security
}
holdfast {
  notify_webhook http://127.0.0.1:${port}/hook
  webhook_bearer sesame
}
vrrp_script chk {
  script "/usr/bin/test -e ${file}"
  interval 1
}
${vrrpInstance({ priority: 100, addresses: [VIP], more: ['track_script {', 'chk', '}'] })}`;

/** The node's own loopback is where its target is. */
function prepared(lab: Lab): string {
  const file = join(lab.directory, 'well');
  writeFileSync(file, '');
  lab.exec('a', ['ip', 'link', 'set', 'lo', 'up']);
  return file;
}

const word = ({ event }: Got): string => `${String(event['previous'])} ${String(event['event'])}`;

describe('a webhook of the daemon', { concurrency: true }, () => {
  it('gets every event once, in order, over an outage, and the last at the stop', () =>
    withLab({ nodes: ['a'] }, async (lab) => {
      const file = prepared(lab);
      const first = await sinkIn(lab);
      const daemon = new Holdfast(lab, 'a', configOf(first.port, file));
      await until(() => first.got().length === 2, {
        what: 'the start and the takeover',
        timeout: 30_000,
        detail: () => daemon.child.tail(),
      });
      await first.child.stop('SIGTERM');
      rmSync(file);
      await daemon.says(/webhook http:\/\/127.0.0.1:\d+ gets no events: connect ECONNREFUSED/);
      const again = await sinkIn(lab, first.port);
      await daemon.says(/webhook http:\/\/127.0.0.1:\d+ takes events again/);
      await daemon.stop();
      const all = [...first.got(), ...again.got()];
      assert.deepEqual(all.map(word), [
        'INIT BACKUP',
        'BACKUP MASTER',
        'MASTER FAULT',
        'FAULT STOP',
      ]);
      assert.equal(new Set(all.map(({ key }) => key)).size, 4);
      for (const { key, authorization, event } of all) {
        assert.equal(event['id'], key);
        assert.equal(event['name'], 'VI_1');
        assert.equal(authorization, 'Bearer sesame');
      }
      assert.ok(!daemon.log.some(({ msg }) => msg.includes('will not be delivered')));
    }));

  it('that hangs holds up no stop for long, and the log says what it missed', () =>
    withLab({ nodes: ['a'] }, async (lab) => {
      const file = prepared(lab);
      const sink = await sinkIn(lab);
      sink.child.signal('SIGUSR1');
      await sink.child.line(/"silent"/);
      const daemon = new Holdfast(lab, 'a', configOf(sink.port, file));
      await daemon.says(/Entering MASTER STATE/);
      await until(() => sink.got().length === 1, { what: 'the first try' });
      const ended = await daemon.stop();
      assert.equal(ended.code, 0);
      assert.deepEqual(lab.holders(VIP), []);
      const texts = daemon.log.map(({ msg }) => msg);
      const lost = texts.filter((text) => text.includes('will not be delivered'));
      assert.equal(lost.length, 1, lost.join('\n'));
      assert.match(
        lost[0] ?? '',
        /^3 events will not be delivered to http:\/\/127.0.0.1:\d+ \(hold/,
      );
      assert.match(lost[0] ?? '', /from INSTANCE VI_1 BACKUP of .* to INSTANCE VI_1 STOP of /);
      assert.ok(texts.indexOf('Stopped') > texts.indexOf(lost[0] ?? ''));
    }));
});
