/**
 * The same story with keepalived 2.2.7 and with holdfast, told through FIFOs: the lines are the same
 * to the octet.
 */
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { Child } from './child';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { until } from './until';

const VIPS = ['192.0.2.10', '192.0.2.11'] as const;

/** A daemon that can be told to read another file and to stop. */
interface Daemon {
  readonly child: Child;
  reload(config: string): void;
  stop(): Promise<unknown>;
}

type Start = (lab: Lab, config: string) => Daemon;

const keepalived: Start = (lab, config) => new Keepalived(lab, 'a', config);
const holdfast: Start = (lab, config) => new Holdfast(lab, 'a', config);

/** Reads a FIFO into a file, octet for octet, and lives as long as its node. */
function reader(lab: Lab, name: string) {
  const fifo = join(lab.directory, name);
  lab.exec('a', ['mkfifo', '-m', '600', fifo]);
  // Both ends: the daemon's own closing is no end, and opening waits for nobody.
  const raw = `${fifo}.raw`;
  writeFileSync(raw, '');
  lab.spawn('a', ['sh', '-c', `exec cat 0<>${fifo} >>${raw}`], { name });
  /** Each with its newline, the last one perhaps without: as it has come. */
  const lines = (): string[] => readFileSync(raw, 'latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
  return { fifo, lines };
}

const configOf = (lab: Lab, fifos: readonly string[], second = true): string => `global_defs {
  script_user root
  enable_script_security
  notify_fifo ${fifos[0]}
  vrrp_notify_fifo ${fifos[1]}
}
track_file offset {
  file ${lab.directory}/offset
  weight 1
}
vrrp_script chk {
  script "/usr/bin/test -e ${lab.directory}/well"
  interval 1
}
vrrp_sync_group G {
  group {
    VI_1
  }
}
${vrrpInstance({
  priority: 100,
  addresses: [VIPS[0]],
  more: ['notify_priority_changes', 'track_script {', 'chk', '}'],
})}
${
  second
    ? vrrpInstance({
        name: 'VI 2',
        vrid: 52,
        priority: 90,
        addresses: [VIPS[1]],
        more: ['notify_priority_changes', 'track_file {', 'offset', '}'],
      }).replace('VI 2', '"VI 2"')
    : ''
}`;

type Told = Readonly<Record<string, readonly string[]>>;

async function story(start: Start): Promise<Told> {
  return withLab({ nodes: ['a'] }, async (lab) => {
    const all = reader(lab, 'all');
    const vrrp = reader(lab, 'vrrp');
    const well = join(lab.directory, 'well');
    const offset = join(lab.directory, 'offset');
    writeFileSync(well, '');
    writeFileSync(offset, '0\n');
    const files = [all.fifo, vrrp.fifo];
    const daemon = start(lab, configOf(lab, files));
    const steps: Record<string, readonly string[]> = {};
    let seen = 0;
    const step = async (what: string, count: number): Promise<void> => {
      await until(() => all.lines().length >= seen + count, {
        what: `the lines of ${what}`,
        timeout: 30_000,
        detail: () => `${JSON.stringify(steps)}\n${all.lines().join('')}\n${daemon.child.tail()}`,
      });
      const lines = all.lines().slice(seen);
      seen += lines.length;
      // keepalived tells group and instances in either order.
      steps[what] = lines.sort();
    };
    await step('the start', 3);
    await step('the takeover', 3);
    writeFileSync(offset, '5\n');
    await step('a higher priority', 1);
    rmSync(well);
    await step('the fault', 2);
    writeFileSync(well, '');
    await step('the recovery', 2);
    await step('the second takeover', 2);
    daemon.reload(configOf(lab, files, false));
    await step('the reload without VI 2', 1);
    await daemon.stop();
    await step('the stop', 2);
    await until(() => vrrp.lines().length === all.lines().length, { what: 'the other FIFO' });
    assert.deepEqual(vrrp.lines(), all.lines());
    return steps;
  });
}

describe('FIFOs beside keepalived', { concurrency: true }, () => {
  it('get the same lines in the same story', async () => {
    const [theirs, ours] = await Promise.all([story(keepalived), story(holdfast)]);
    assert.deepEqual(ours['the takeover'], [
      'GROUP "G" MASTER 0\n',
      'INSTANCE "VI 2" MASTER 90\n',
      'INSTANCE "VI_1" MASTER 100\n',
    ]);
    assert.deepEqual(ours, theirs);
  });
});
