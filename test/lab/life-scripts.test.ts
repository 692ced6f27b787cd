/**
 * startup_script and shutdown_script in the life of the daemon: their order beside keepalived's,
 * what ends them, and that neither keeps the daemon from starting or from stopping.
 */
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { Holdfast } from './holdfast';
import { Keepalived, vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { until } from './until';

const VIP = '192.0.2.10';

/** What happened, one line each, in order. */
const told = (lab: Lab): readonly string[] => {
  const file = join(lab.directory, 'told');
  return existsSync(file) ? readFileSync(file, 'utf8').trimEnd().split('\n') : [];
};

/** An executable that says its word with the addresses that are held then, and does `more`. */
function script(lab: Lab, word: string, more = ''): string {
  const path = join(lab.directory, `${word}.sh`);
  const count = `ip -4 -o address show dev eth0 | grep -c ${VIP}/`;
  const lines = ['#!/bin/sh', `echo "${word} $(${count})" >> ${lab.directory}/told`, more, ''];
  writeFileSync(path, lines.join('\n'));
  chmodSync(path, 0o755);
  return path;
}

const configOf = (lab: Lab, words: readonly string[]): string => `global_defs {
  script_user root
  umask 022
  ${words.join('\n  ')}
}
${vrrpInstance({
  priority: 100,
  addresses: [VIP],
  more: ['notify', 'backup', 'master', 'stop'].flatMap((when) =>
    when === 'notify' ? [] : [`notify_${when} ${script(lab, when.toUpperCase())}`],
  ),
})}`;

const both = (lab: Lab, startMore = '', shutMore = ''): readonly string[] => [
  `startup_script ${script(lab, 'START', startMore)}`,
  'startup_script_timeout 1',
  `shutdown_script ${script(lab, 'SHUT', shutMore)}`,
  'shutdown_script_timeout 1',
];

/** A command that a script starts and waits for, for ever. */
const endless = (lab: Lab): string => `tail -f ${lab.directory}/told`;

/** The texts of the log that match, in their order. */
const texts = (daemon: Holdfast, pattern: RegExp): readonly string[] =>
  daemon.log.map(({ msg }) => msg).filter((msg) => pattern.test(msg));

const MILESTONES = /script (\/|exited|was|timed)|^Startup complete|^Stopping$|^Stopped$/;

describe('start-up and shutdown scripts', { concurrency: true }, () => {
  it('come before everything and after everything, once, as under keepalived', async () => {
    const theirs = withLab({ nodes: ['a'] }, async (lab) => {
      const daemon = new Keepalived(lab, 'a', configOf(lab, both(lab, 'exit 4', 'exit 3')));
      await daemon.says(/Entering MASTER STATE/);
      await until(() => told(lab).length === 3, { what: 'the news of the master' });
      await daemon.stop();
      return told(lab);
    });
    const ours = withLab({ nodes: ['a'] }, async (lab) => {
      const config = configOf(lab, both(lab, 'exit 4', 'exit 3'));
      const daemon = new Holdfast(lab, 'a', config);
      await daemon.says(/Entering MASTER STATE/);
      daemon.reload(config);
      await daemon.says(/Reload complete/);
      await until(() => told(lab).length === 3, { what: 'the news of the master' });
      assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
      assert.deepEqual(
        texts(daemon, MILESTONES).map((text) => text.replace(/\/\S*\//, '')),
        [
          'Running startup script START.sh',
          'startup script exited with status 4',
          'Startup complete: 1 instance(s) of holdfast-a-1.conf',
          'Stopping',
          'Running shutdown script SHUT.sh',
          'shutdown script exited with status 3',
          'Stopped',
        ],
      );
      return told(lab);
    });
    const words = (lines: readonly string[]): readonly string[] =>
      lines.map((line) => line.split(' ')[0] ?? '');
    assert.deepEqual(words(await ours), ['START', 'BACKUP', 'MASTER', 'STOP', 'SHUT']);
    assert.deepEqual(words(await ours), words(await theirs));
    // Nothing is held before, and nothing any more.
    for (const lines of [await ours, await theirs]) {
      assert.equal(lines[0], 'START 0');
      assert.equal(lines.at(-1), 'SHUT 0');
    }
  });

  it('that do not end are ended, and what they have started too', () =>
    withLab({ nodes: ['a'] }, async (lab) => {
      const daemon = new Holdfast(lab, 'a', configOf(lab, both(lab, endless(lab), endless(lab))));
      await daemon.says(/startup script timed out/);
      await daemon.says(/Entering MASTER STATE/);
      await daemon.stop();
      assert.deepEqual(texts(daemon, /timed out/), [
        'startup script timed out',
        'shutdown script timed out',
      ]);
      assert.deepEqual(leftBehind(lab), []);
    }));

  it('are stopped with the daemon: a start that is called off takes part in nothing', () =>
    withLab({ nodes: ['a'] }, async (lab) => {
      // Neither a reload nor a request to end impresses it.
      const words = both(lab, `trap "" TERM; ${endless(lab)}`).map((word) =>
        word.replace('t 1', 't 99'),
      );
      const daemon = new Holdfast(lab, 'a', configOf(lab, words));
      await until(() => told(lab).length === 1, { what: 'the startup script' });
      daemon.child.signal('SIGHUP');
      assert.deepEqual(await daemon.stop(), { code: 0, signal: null });
      assert.deepEqual(told(lab), ['START 0', 'SHUT 0']);
      assert.deepEqual(texts(daemon, MILESTONES).slice(1), [
        'startup script was killed by SIGKILL',
        'Stopping',
        `Running shutdown script ${lab.directory}/SHUT.sh`,
        'Stopped',
      ]);
      assert.deepEqual(leftBehind(lab), []);
    }));

  it('do not swallow a reload that is asked for while one runs', () =>
    withLab({ nodes: ['a'] }, async (lab) => {
      const config = configOf(lab, both(lab, `until test -e ${lab.directory}/go; do :; done`));
      const daemon = new Holdfast(lab, 'a', config.replace('timeout 1', 'timeout 99'));
      await until(() => told(lab).length === 1, { what: 'the startup script' });
      daemon.reload(config.replace('priority 100', 'priority 120'));
      writeFileSync(join(lab.directory, 'go'), '');
      await daemon.says(/Reload complete/);
      await daemon.says(/Entering MASTER STATE/);
      await daemon.stop();
      assert.equal(texts(daemon, /priority .*100 .*120/).length > 0, true);
    }));

  it('that others may write are left out if security is asked for, and a missing one harms nobody', () =>
    withLab({ nodes: ['a'] }, async (lab) => {
      const words = [...both(lab), 'enable_script_security'];
      const config = configOf(lab, words).replace('START.sh', 'none.sh');
      chmodSync(join(lab.directory, 'SHUT.sh'), 0o777);
      const daemon = new Holdfast(lab, 'a', config);
      await daemon.says(/Entering MASTER STATE/);
      await daemon.stop();
      assert.equal(told(lab).includes('SHUT 0'), false);
      assert.equal(texts(daemon, /SHUT\.sh.* - disabling shutdown_script/).length, 1);
      assert.equal(texts(daemon, /^startup script could not be started: .*ENOENT/).length, 1);
    }));
});

/** What the scripts of a lab have left running: all of it is named after its directory. */
function leftBehind(lab: Lab): readonly string[] {
  const { stdout } = lab.exec('a', ['ps', '-e', '-o', 'args']);
  return stdout.split('\n').filter((line) => line.includes(`${lab.directory}/`));
}
