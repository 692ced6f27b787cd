/**
 * The same story with keepalived 2.2.7 and with holdfast: start, takeover, fault, recovery. Subjects,
 * sender, recipients and the first lines are the same. What keepalived loses at the end arrives.
 */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Received } from '../drivers/mail-server';
import type { Child } from './child';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { until } from './until';

const VIP = '192.0.2.10';

interface Sink {
  readonly port: number;
  readonly received: () => readonly Received[];
}

async function sinkIn(lab: Lab, node: string): Promise<Sink> {
  const program = [process.execPath, join(__dirname, 'mail-sink.js')];
  const child: Child = lab.spawn(node, program, { name: 'mail-sink' });
  const { port } = JSON.parse(await child.line(/"port"/)) as { port: number };
  const received = (): Received[] =>
    child.lines
      .filter((line) => line.includes('"raw"'))
      .map((line) => JSON.parse(line) as Received);
  return { port, received };
}

const configOf = (port: number, file: string): string => `global_defs {
  router_id lab
  notification_email {
    a@example.org
    b@example.org
  }
  notification_email_from router@example.org
  smtp_server 127.0.0.1 ${port}
  script_user root
  enable_script_security
}
vrrp_script chk {
  script "/usr/bin/test -e ${file}"
  interval 1
}
vrrp_sync_group G {
  group {
    VI_1
  }
  smtp_alert
}
${vrrpInstance({
  priority: 100,
  addresses: [VIP],
  more: ['smtp_alert', 'track_script {', 'chk', '}'],
})}`;

/** What people and filters go by. */
const shown = ({ subject, from, to, body }: Received): string =>
  `${subject} | ${from} | ${to.join(' ')} | ${body.split('\n')[0]}`;

interface Story {
  readonly sink: Sink;
  readonly seen: readonly string[];
}

/** Each step is two mails: of the instance and of its group, which may come in either order. */
async function story(
  lab: Lab,
  start: (config: string) => { readonly child: Child },
): Promise<Story> {
  const file = join(lab.directory, 'well');
  writeFileSync(file, '');
  const sink = await sinkIn(lab, 'a');
  // The node's own loopback is where its mail server is.
  lab.exec('a', ['ip', 'link', 'set', 'lo', 'up']);
  const { child } = start(configOf(sink.port, file));
  const seen: string[] = [];
  const step = async (what: string): Promise<void> => {
    const count = seen.length + 2;
    const mails = await until(() => sink.received().length >= count && sink.received(), {
      what: `the mails of ${what}`,
      timeout: 30_000,
      detail: () => child.tail(),
    });
    seen.push(...mails.slice(seen.length, count).map(shown).sort());
  };
  await step('the start');
  await step('the takeover');
  rmSync(file);
  await step('the fault');
  writeFileSync(file, '');
  await step('the recovery');
  await step('the second takeover');
  return { sink, seen };
}

describe('mail beside keepalived', { concurrency: true }, () => {
  it('says the same of the same story, and has the last word', async () => {
    const theirs = withLab({ nodes: ['a'] }, async (lab) => {
      const { seen } = await story(lab, (config) => new Keepalived(lab, 'a', config));
      return seen;
    });
    const ours = withLab({ nodes: ['a'] }, async (lab) => {
      let daemon: Holdfast | null = null;
      const { sink, seen } = await story(lab, (config) => {
        daemon = new Holdfast(lab, 'a', config);
        return daemon;
      });
      const before = sink.received().length;
      await (daemon as Holdfast | null)?.stop();
      await until(() => sink.received().length === before + 2, { what: 'the mails of the stop' });
      const last = sink.received().slice(before).map(shown).sort();
      const common = 'router@example.org | a@example.org b@example.org';
      assert.deepEqual(last, [
        `[lab] VRRP Group G - Stopping | ${common} | => All VRRP group instances are now stopping <=`,
        `[lab] VRRP Instance VI_1 - Stopping | ${common} | => VRRP Instance stopping <=`,
      ]);
      const ids = sink.received().map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
      return seen;
    });
    assert.deepEqual(await ours, await theirs);
  });

  it('that cannot be delivered holds up no stop, and is named in the log', () =>
    withLab({ nodes: ['a'] }, async (lab) => {
      const file = join(lab.directory, 'well');
      writeFileSync(file, '');
      lab.exec('a', ['ip', 'link', 'set', 'lo', 'up']);
      // Nobody listens there: the node has this daemon and nothing else.
      const daemon = new Holdfast(lab, 'a', configOf(1, file));
      await daemon.says(/Entering MASTER STATE/);
      await daemon.says(/SMTP connection ERROR to 127.0.0.1:1: connect ECONNREFUSED/);
      await daemon.stop();
      assert.deepEqual(lab.holders(VIP), []);
      const texts = daemon.log.map(({ msg }) => msg);
      const lost = texts.find((text) => text.includes('will not be delivered'));
      assert.match(lost ?? '', /^6 mails will not be delivered \(holdfast stops/);
      assert.match(lost ?? '', /from '\[lab\] VRRP Instance VI_1 - Entering BACKUP state'/);
      assert.match(lost ?? '', /to '\[lab\] VRRP Group G - Stopping'/);
      assert.ok(texts.indexOf('Stopped') > texts.indexOf(lost ?? ''));
    }));
});
