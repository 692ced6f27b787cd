/** FIFOs: keepalived's lines to the octet, and readers that are none, slow, dead or deaf. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  lstatSync,
  openSync,
  readSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, it } from 'node:test';
import type { Config, User } from '../../src/config/model';
import type { Fifo, Fifos } from '../../src/config/model-system';
import { fifos } from '../../src/drivers/fifo';
import { config, globalWith } from '../core/fixture';
import { system } from '../core/fixture-plain';
import { until } from '../lab/until';
import { scratch } from './scratch';
import { children, descriptors, hook, news } from './telling';

const files = scratch();
/** Bounds a failure only. */
const LONG_MS = 20_000;

const fifo = (name: string, change: Partial<Fifo> = {}): Fifo => ({
  path: files.at(name),
  owner: null,
  reader: null,
  ...change,
});

const withFifos = (change: Partial<Fifos>, scriptUser: User | null = null): Config => ({
  ...config(),
  global: globalWith({ scriptUser, system: { ...system, fifos: { ...system.fifos, ...change } } }),
});

function watched() {
  const said: string[] = [];
  const sink = fifos({
    unusable: (_, why) => said.push(`unusable ${why}`),
    full: () => said.push('full'),
    lost: (_, lines) => said.push(`lost ${lines}`),
    readerEnded: (_, argv, outcome) => said.push(`ended ${argv.length} ${JSON.stringify(outcome)}`),
  });
  return { sink, said };
}

/** What is in it by now; opened before the writer closes, as a reader would. */
function listen(name: string) {
  const fd = openSync(files.at(name), constants.O_RDONLY | constants.O_NONBLOCK);
  const block = Buffer.alloc(1 << 20);
  return {
    read: (): string => {
      try {
        return block.toString('utf8', 0, readSync(fd, block, 0, block.length, null));
      } catch {
        return '';
      }
    },
    close: () => closeSync(fd),
  };
}

describe('a FIFO', () => {
  it('is made for its owner alone, written to as keepalived does, and removed', async () => {
    const owner = { user: 'nobody', group: 'daemon' };
    const { sink, said } = watched();
    const before = descriptors();
    sink.configure(
      withFifos({ all: fifo('all', { owner }), vrrp: fifo('vrrp'), lvs: fifo('lvs') }),
    );
    for (const name of ['all', 'vrrp', 'lvs']) {
      const stats = lstatSync(files.at(name));
      assert.ok(stats.isFIFO());
      assert.equal((stats.mode & 0o777).toString(8), '600');
      assert.deepEqual([stats.uid, stats.gid], name === 'all' ? [65534, 1] : [0, 0]);
    }
    const [all, vrrp, lvs] = ['all', 'vrrp', 'lvs'].map(listen);
    assert.ok(all && vrrp && lvs);
    sink.tell(news('BACKUP', { name: 'VI_1', priority: 150 }));
    sink.tell(news('MASTER', { name: 'G 1', scope: 'GROUP', priority: 0 }));
    sink.tell(news('MASTER', { name: 'VI_1', remark: 'lower-advert' }));
    sink.tell(news('MASTER', { name: 'VI_1', remark: 'priority' }));
    sink.tell(news('FAULT', { name: 'VI_1', remark: 'priority' }));
    sink.tell(news('MASTER', { name: 'VI_1', remark: 'repeated' }));
    sink.tell(news('DELETED', { name: 'VI_2', gone: true }));
    const lines = [
      'INSTANCE "VI_1" BACKUP 150',
      'GROUP "G 1" MASTER 0',
      'INSTANCE "VI_1" MASTER_RX_LOWER_PRI 100',
      'INSTANCE "VI_1" MASTER_PRIORITY 100',
      'INSTANCE "VI_1" BACKUP_PRIORITY 100',
      'INSTANCE "VI_1" MASTER 100',
      'INSTANCE "VI_2" DELETED 100',
      '',
    ];
    for (const reader of [all, vrrp]) assert.equal(reader.read(), lines.join('\n'));
    assert.equal(lvs.read(), '');
    await sink.settled(LONG_MS);
    for (const name of ['all', 'vrrp', 'lvs']) assert.equal(existsSync(files.at(name)), false);
    for (const reader of [all, vrrp, lvs]) reader.close();
    assert.equal(descriptors(), before);
    assert.deepEqual(said, []);
  });

  it("belongs to script_user when it says nothing, and to whom it did when it isn't ours", async () => {
    const { sink } = watched();
    spawnSync('mkfifo', ['-m', '640', files.at('theirs')]);
    const model = withFifos(
      { all: fifo('mine'), vrrp: fifo('theirs') },
      { user: 'nobody', group: null },
    );
    sink.configure(model);
    assert.equal(lstatSync(files.at('mine')).uid, 65534);
    const stats = lstatSync(files.at('theirs'));
    assert.deepEqual([stats.uid, (stats.mode & 0o777).toString(8)], [0, '640']);
    await sink.settled(LONG_MS);
    assert.deepEqual([existsSync(files.at('mine')), existsSync(files.at('theirs'))], [false, true]);
  });

  it('that is something else, or cannot be, is refused and nothing is written', async () => {
    const before = descriptors();
    writeFileSync(files.at('file'), 'as it was');
    spawnSync('mkfifo', [files.at('behind')]);
    symlinkSync(files.at('behind'), files.at('link'));
    const cases: readonly (readonly [Fifo, RegExp])[] = [
      [fifo('file'), /^unusable is no FIFO$/],
      [fifo('link'), /^unusable is no FIFO$/],
      [{ ...fifo('x'), path: '/dev/null' }, /^unusable is no FIFO$/],
      [{ ...fifo('x'), path: '/no/such/folder/fifo' }, /^unusable cannot be made: .*No such file/],
      [fifo('unknown', { owner: { user: 'nobody-at-all', group: null } }), /user or group unknown/],
    ];
    for (const [one, why] of cases) {
      const { sink, said } = watched();
      const reader = hook('/bin/sh', '-c', `echo started >> ${files.at('refused')}`);
      sink.configure(withFifos({ all: { ...one, reader } }));
      sink.tell(news('MASTER'));
      assert.equal(said.length, 1, said.join());
      assert.match(said[0] ?? '', why);
      await sink.settled(LONG_MS);
    }
    assert.deepEqual(files.lines('refused'), []);
    assert.equal(existsSync(files.at('unknown')), false);
    assert.equal(descriptors(), before);
  });

  it('without a reader takes what it can, counts the rest, and never blocks', async () => {
    const { sink, said } = watched();
    sink.configure(withFifos({ vrrp: fifo('unread') }));
    const one = news('MASTER', { name: 'VI_with_a_rather_long_name' });
    for (let i = 0; i < 3000; i++) sink.tell(one);
    assert.deepEqual(said, ['full']);
    const reader = listen('unread');
    const got = reader.read();
    const count = got.split('\n').length - 1;
    assert.equal(got, 'INSTANCE "VI_with_a_rather_long_name" MASTER 100\n'.repeat(count));
    sink.tell(one);
    assert.deepEqual(said, ['full', `lost ${3000 - count}`]);
    assert.equal(reader.read(), 'INSTANCE "VI_with_a_rather_long_name" MASTER 100\n');
    reader.close();
    await sink.settled(LONG_MS);
  });
});

describe('a reader of a FIFO', () => {
  const loop = (name: string): string =>
    files.script(
      name,
      `#!/bin/sh\necho "start $*" >> ${files.at(`${name}-log`)}\neval "path=\\\${$#}"
       while read -r line; do echo "$line" >> ${files.at(`${name}-log`)}; done < "$path"
       echo end >> ${files.at(`${name}-log`)}\n`,
    );
  const lineOf = (state: string): string => `INSTANCE "VI" ${state} 100`;
  const wait = (name: string, lines: number) =>
    until(() => files.lines(name).length >= lines, {
      what: `${lines} lines in ${name}`,
      detail: () => files.lines(name).join('\n'),
    });

  it('gets the path as its last word, every line, and the last ones before it ends', async () => {
    const { sink, said } = watched();
    const reader = hook(loop('loop'), 'a b', 'c');
    sink.configure(withFifos({ vrrp: fifo('read', { reader }) }));
    for (const state of ['BACKUP', 'MASTER', 'STOP'] as const) sink.tell(news(state));
    await sink.settled(LONG_MS);
    assert.deepEqual(files.lines('loop-log'), [
      `start a b c ${files.at('read')}`,
      ...['BACKUP', 'MASTER', 'STOP'].map(lineOf),
      'end',
    ]);
    assert.deepEqual(said, []);
    assert.deepEqual(children(), []);
  });

  it('goes on over a reload that leaves it as it is', async () => {
    const { sink, said } = watched();
    const model = withFifos({ vrrp: fifo('kept', { reader: hook(loop('kept-loop')) }) });
    sink.configure(model);
    sink.tell(news('BACKUP'));
    const { ino } = lstatSync(files.at('kept'));
    sink.configure(structuredClone(model));
    sink.tell(news('MASTER'));
    await wait('kept-loop-log', 3);
    assert.equal(lstatSync(files.at('kept')).ino, ino);
    // Somebody has removed it: a reload makes it again, for another reader.
    spawnSync('rm', [files.at('kept')]);
    sink.configure(model);
    sink.tell(news('FAULT'));
    await wait('kept-loop-log', 6);
    const log = files.lines('kept-loop-log');
    assert.equal(log.filter((line) => line.startsWith('start')).length, 2);
    assert.ok(log.includes(lineOf('FAULT')) && log.includes('end'));
    sink.configure(withFifos({}));
    await until(() => children().length === 0, { what: 'the reader to be gone' });
    assert.equal(existsSync(files.at('kept')), false);
    await sink.settled(LONG_MS);
    assert.deepEqual(said, []);
  });

  it('that dies is told once, loses nothing that fits, and comes back with a reload', async () => {
    const { sink, said } = watched();
    const mortal = files.script(
      'mortal',
      `#!/bin/sh\nread -r line < "$1"; echo "$line" >> ${files.at('mortal-log')}; exit 4\n`,
    );
    const model = withFifos({ vrrp: fifo('dying', { reader: hook(mortal) }) });
    sink.configure(model);
    sink.tell(news('BACKUP'));
    await until(() => said.length > 0, { what: 'its end to be told' });
    assert.deepEqual(said, ['ended 2 {"kind":"exited","status":4}']);
    sink.tell(news('MASTER'));
    sink.configure(model);
    await wait('mortal-log', 2);
    assert.deepEqual(files.lines('mortal-log'), ['BACKUP', 'MASTER'].map(lineOf));
    await sink.settled(LONG_MS);
    assert.deepEqual(children(), []);
  });

  it('that is deaf to everything is killed at the end', async () => {
    const { sink } = watched();
    const deaf = files.script(
      'deaf-reader',
      `#!/bin/sh\ntrap '' TERM\nexec 3<> "$1"\necho up >> ${files.at('deaf-up')}
       while :; do sleep 0.05; done\n`,
    );
    sink.configure(withFifos({ vrrp: fifo('deaf', { reader: hook(deaf) }) }));
    await wait('deaf-up', 1);
    await sink.settled(LONG_MS);
    assert.deepEqual(children(), []);
  });
});
