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
import { forgedAdvert, Injector, ipv4Frame } from './inject';
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
    writeFileSync(offset, '0');
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
    overwrite(offset, '5');
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

const REPEATS = ['fifo_write_vrrp_states_on_reload'];
const OTHER = { vrid: 51, interval: 1, addresses: [VIPS[0]] } as const;

const standbyOf = (lab: Lab, fifo: string, words: readonly string[], there = true): string =>
  `global_defs {
  script_user root
  enable_script_security
  vrrp_notify_fifo ${fifo}
  ${words.join('\n  ')}
}
track_file offset {
  file ${lab.directory}/offset
  weight 1
}
vrrp_script chk {
  script "/usr/bin/test -e ${lab.directory}/well"
  interval 1
}
${
  there
    ? vrrpInstance({
        ...OTHER,
        priority: 100,
        more: [
          'notify_priority_changes',
          'notify_deleted',
          ...['track_script {', 'chk', '}', 'track_file {', 'offset', '}'],
        ],
      })
    : ''
}
${vrrpInstance({ name: 'VI_3', vrid: 53, priority: 90, addresses: [VIPS[1]] })}`;

/** In place: a file that is emptied first can be read as a 0. */
const overwrite = (file: string, digit: string): void => writeFileSync(file, digit, { flag: 'r+' });

/** Adverts of the lower master, all the same. */
const LOWER_COUNT = 3;

/**
 * The lines of `standby`. What differs, and why:
 * - lower: keepalived tells each advert of a lower master; holdfast tells it once, since its policy
 *   learns of an advert only when it says something new.
 * - reload: keepalived begins again as a standby, so that a master whose priority is not the one of
 *   the file says BACKUP_PRIORITY, though it was MASTER all the time, and the state of a master is
 *   never repeated; holdfast stays master, and fifo_write_vrrp_states_on_reload repeats that.
 */
const lifeOf = (differs: { readonly lower: number; readonly reload: readonly string[] }) =>
  [
    'FAULT 100',
    'BACKUP 100',
    'BACKUP_PRIORITY 105',
    'MASTER 105',
    ...Array<string>(differs.lower).fill('MASTER_RX_LOWER_PRI 105'),
    'MASTER_PRIORITY 107',
    ...differs.reload,
    'MASTER_PRIORITY 108',
    'DELETED 108',
  ].map((line) => `INSTANCE "VI_1" ${line}\n`);

/** A standby behind a master, that becomes master and hears a lower one: the lines of VI_1. */
async function standby(start: Start, lowerLines: number): Promise<readonly string[]> {
  return withLab({ nodes: ['a', 'b'] }, async (lab) => {
    const { fifo, lines } = reader(lab, 'vrrp');
    const offset = join(lab.directory, 'offset');
    const mine = (): string[] => lines().filter((line) => line.includes('"VI_1"'));
    const well = join(lab.directory, 'well');
    writeFileSync(offset, '0');
    const master = new Keepalived(lab, 'b', vrrpInstance({ ...OTHER, priority: 200 }));
    await master.says(/Entering MASTER STATE/);
    const daemon = start(lab, standbyOf(lab, fifo, REPEATS));
    const hears = (line: string): Promise<unknown> =>
      until(() => mine().includes(`INSTANCE "VI_1" ${line}\n`), {
        what: line,
        timeout: 30_000,
        detail: () => `${mine().join('')}\n${daemon.child.tail()}`,
      });
    await hears('FAULT 100');
    writeFileSync(well, '');
    await hears('BACKUP 100');
    overwrite(offset, '5');
    await hears('BACKUP_PRIORITY 105');
    await master.stop();
    await hears('MASTER 105');
    const { mac, address } = lab.node('b');
    const lower = ipv4Frame({
      sourceMac: mac,
      targetMac: '01:00:5e:00:00:12',
      source: address,
      target: '224.0.0.18',
      payload: forgedAdvert({ ...OTHER, priority: 50, source: address }),
    });
    const injector = new Injector(lab, 'b');
    await injector.send(lower, { count: LOWER_COUNT, perSecond: 2 });
    const losing = (): number => mine().filter((line) => line.includes('RX_LOWER')).length;
    await until(() => losing() === lowerLines, { what: `${lowerLines} × MASTER_RX_LOWER_PRI` });
    overwrite(offset, '7');
    await hears('MASTER_PRIORITY 107');
    const from = daemon.child.lines.length;
    daemon.reload(standbyOf(lab, fifo, REPEATS));
    await daemon.child.line(/Reload complete/, { from });
    overwrite(offset, '8');
    await hears('MASTER_PRIORITY 108');
    daemon.reload(standbyOf(lab, fifo, REPEATS, false));
    await hears('DELETED 108');
    await daemon.stop();
    return mine();
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

  it('get the same lines of a standby, but for what differs by decision', async () => {
    const [theirs, ours] = await Promise.all([
      standby(keepalived, LOWER_COUNT),
      standby(holdfast, 1),
    ]);
    assert.deepEqual(theirs, lifeOf({ lower: LOWER_COUNT, reload: ['BACKUP_PRIORITY 107'] }));
    assert.deepEqual(ours, lifeOf({ lower: 1, reload: ['MASTER 107'] }));
  });
});
