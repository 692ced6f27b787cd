/** Notify scripts: in order for one, side by side for several, none lost behind one that hangs. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Config, Hook, Notify as Hooks } from '../../src/config/model';
import type { Notify, NotifyState } from '../../src/core/command';
import { notifyScripts } from '../../src/drivers/notify';
import type { Finished } from '../../src/drivers/process';
import { recorder } from '../../src/drivers/record';
import { type Duration, milliseconds, seconds } from '../../src/time';
import { at, config, globalWith, instance, syncGroup } from '../core/fixture';
import { silent } from '../core/fixture-plain';
import { until } from '../lab/until';
import { scratch } from './scratch';

const files = scratch();
/** Bounds a failure only. */
const LONG_MS = 20_000;

const tells = (state: NotifyState, name = 'VI', scope: Notify['scope'] = 'INSTANCE'): Notify => ({
  kind: 'notify',
  at: at(0),
  scope,
  name,
  state,
  previous: 'INIT',
  reason: 'as the test says',
  priority: scope === 'GROUP' ? 0 : 100,
});

const withHooks = (hooks: Partial<Hooks>, ...names: string[]): Config =>
  config({
    instances: (names.length === 0 ? ['VI'] : names).map((name) =>
      instance(name, { notify: { ...silent, ...hooks } }),
    ),
  });

/** A command that runs as script_user. */
const hook = (...argv: readonly string[]): Hook => ({ argv, user: null });

/** A script that adds its words to a file. */
const appends = (file: string, before = ''): string =>
  files.script(`to-${file}`, `#!/bin/sh\n${before}\necho "$*" >> ${files.at(file)}\n`);

function watched(timeout: Duration = seconds(20)) {
  const finished: [Notify, Finished][] = [];
  const sink = notifyScripts(
    {
      finished: (news, _, end) => finished.push([news, end]),
      skipped: (news) => assert.fail(`skipped for ${news.state}`),
      running: () => {},
    },
    recorder(() => new Date()),
  );
  const notify = (news: Notify, model: Config): void => {
    const telling = { ...model.global.telling, timeout };
    sink.configure({ ...model, global: { ...model.global, telling } });
    sink.tell(news);
  };
  return { notify, settled: sink.settled, finished };
}

describe('notify scripts', { concurrency: 4 }, () => {
  it('are those of the state, then the generic one with its four words', async () => {
    const { notify, settled, finished } = watched();
    const file = appends('words', 'sleep 0.05');
    const own = (word: string): Hook => hook(file, 'own', word);
    const model = withHooks({
      master: own('m'),
      backup: own('b'),
      fault: own('f'),
      stop: own('s'),
      any: hook(file, 'a b', 'generic'),
    });
    for (const state of ['BACKUP', 'MASTER', 'FAULT', 'STOP'] as const) notify(tells(state), model);
    await settled(LONG_MS);
    assert.deepEqual(files.lines('words'), [
      'own b',
      'a b generic INSTANCE VI BACKUP 100',
      'own m',
      'a b generic INSTANCE VI MASTER 100',
      'own f',
      'a b generic INSTANCE VI FAULT 100',
      'own s',
      'a b generic INSTANCE VI STOP 100',
    ]);
    assert.equal(finished.length, 8);
    assert.ok(finished.every(([, { outcome }]) => outcome.kind === 'exited'));
  });

  it('of a group say so, with priority 0', async () => {
    const { notify, settled } = watched();
    const any = hook(appends('group'));
    const model = config({
      instances: [instance('G', { notify: silent })],
      groups: [syncGroup('G', ['G'], { notify: { ...silent, any } })],
    });
    notify(tells('MASTER', 'G', 'GROUP'), model);
    notify(tells('MASTER', 'G', 'INSTANCE'), model);
    await settled(LONG_MS);
    assert.deepEqual(files.lines('group'), ['GROUP G MASTER 0']);
  });

  it('of one instance never overlap, however many are asked for', async () => {
    const { notify, settled } = watched();
    const lock = files.at('lock');
    const file = files.script(
      'exclusive',
      `#!/bin/sh\nmkdir ${lock} || echo overlap >> ${files.at('overlaps')}
       echo $3 >> ${files.at('exclusive-order')}\nsleep 0.02\nrmdir ${lock}\n`,
    );
    const model = withHooks({ any: hook(file) });
    const states: NotifyState[] = [];
    for (let i = 0; i < 12; i++) states.push(i % 2 === 0 ? 'MASTER' : 'BACKUP');
    for (const state of states) notify(tells(state), model);
    await settled(LONG_MS);
    assert.deepEqual(files.lines('overlaps'), []);
    assert.deepEqual(files.lines('exclusive-order'), states);
  });

  it('of several instances run side by side', async () => {
    const { notify, settled } = watched();
    // Each waits for the other: one after the other they would wait for ever.
    const file = files.script(
      'meet',
      `#!/bin/sh
       touch ${files.at('met')}-$2
       i=0
       while [ $(ls ${files.at('met')}-* | wc -l) -lt 2 ]; do
         i=$((i + 1)); [ $i -gt 200 ] && exit 1; sleep 0.05
       done
       echo $2 >> ${files.at('meeting')}\n`,
    );
    const model = withHooks({ any: hook(file) }, 'A', 'B');
    notify(tells('MASTER', 'A'), model);
    notify(tells('MASTER', 'B'), model);
    await settled(LONG_MS);
    assert.deepEqual([...files.lines('meeting')].sort(), ['A', 'B']);
  });

  it('run as script_user', async () => {
    const { notify, settled } = watched();
    const file = files.script('who', `#!/bin/sh\nid -un > ${files.at('whoami')}\n`);
    const model = withHooks({ any: hook(file) });
    const global = globalWith({ scriptUser: { user: 'nobody', group: null } });
    notify(tells('MASTER'), { ...model, global });
    await settled(LONG_MS);
    assert.deepEqual(files.lines('whoami'), ['nobody']);
  });

  it('run as the user behind their command, whoever script_user is', async () => {
    const { notify, settled } = watched();
    const file = files.script('whose', `#!/bin/sh\nid -un > ${files.at('whose-name')}\n`);
    const user = { user: 'nobody', group: null };
    const model = withHooks({ master: { argv: [file], user } });
    notify(tells('MASTER'), {
      ...model,
      global: globalWith({ scriptUser: { ...user, user: 'root' } }),
    });
    await settled(LONG_MS);
    assert.deepEqual(files.lines('whose-name'), ['nobody']);
  });

  it('that fail or cannot be started are told, and the next one runs', async () => {
    const { notify, settled, finished } = watched();
    const model = withHooks({
      master: hook('/no/such/notify'),
      backup: hook('/bin/sh', '-c', 'echo why >&2; exit 3'),
      fault: hook('/etc/passwd/notify'),
      stop: hook(appends('after-failures'), 'still'),
    });
    for (const state of ['MASTER', 'BACKUP', 'FAULT', 'STOP'] as const) notify(tells(state), model);
    await settled(LONG_MS);
    assert.deepEqual(
      finished.map(([{ state }, { outcome }]) => [state, outcome.kind]),
      [
        ['MASTER', 'not-started'],
        ['BACKUP', 'exited'],
        ['FAULT', 'not-started'],
        ['STOP', 'exited'],
      ],
    );
    assert.equal(finished[1]?.[1].output, 'why\n');
    assert.deepEqual(files.lines('after-failures'), ['still']);
  });

  it('that hang are ended, told, and followed by the next', async () => {
    const { notify, settled, finished } = watched(milliseconds(200));
    const model = withHooks({
      master: hook('/bin/sleep', '60'),
      backup: hook(appends('after-hang'), 'next'),
    });
    notify(tells('MASTER'), model);
    notify(tells('BACKUP'), model);
    await settled(LONG_MS);
    assert.deepEqual(
      finished.map(([{ state }, { outcome }]) => [state, outcome.kind]),
      [
        ['MASTER', 'timed-out'],
        ['BACKUP', 'exited'],
      ],
    );
    assert.deepEqual(files.lines('after-hang'), ['next']);
  });

  it('that wait behind one that hangs are started at the very end, once', async () => {
    const { notify, settled, finished } = watched();
    const model = withHooks({
      master: hook('/bin/sh', '-c', `echo $$ > ${files.at('hanging')}; exec sleep 60`),
      stop: hook(appends('last-words'), 'stopped'),
    });
    notify(tells('MASTER'), model);
    notify(tells('STOP'), model);
    const [pid] = await until(() => files.lines('hanging').length > 0 && files.lines('hanging'), {
      what: 'the script to hang',
    });
    await settled(10);
    await until(() => files.lines('last-words').length > 0, { what: 'the last words' });
    process.kill(Number(pid), 'SIGKILL');
    await settled(LONG_MS);
    assert.deepEqual(files.lines('last-words'), ['stopped']);
    assert.deepEqual(finished.map(([{ state }]) => state).sort(), ['MASTER', 'STOP']);
  });

  it('of an unknown name, or of none, are nothing', async () => {
    const { notify, settled, finished } = watched();
    notify(tells('MASTER', 'unknown'), withHooks({ any: hook(appends('unknown')) }));
    notify(tells('MASTER'), withHooks({}));
    await settled(LONG_MS);
    assert.deepEqual(finished, []);
  });

  it('are not waited for beyond the limit', async () => {
    const { notify, settled, finished } = watched();
    const pid = files.at('pid');
    const model = withHooks({ master: hook('/bin/sh', '-c', `echo $$ > ${pid}; exec sleep 60`) });
    notify(tells('MASTER'), model);
    await settled(10);
    assert.deepEqual(finished, []);
    const [started] = await until(() => files.lines('pid').length > 0 && files.lines('pid'), {
      what: 'the script to run',
    });
    process.kill(Number(started), 'SIGKILL');
    await settled(LONG_MS);
    assert.equal(finished.length, 1);
  });

  it('settle at once when there are none', async () => {
    await watched().settled(LONG_MS);
  });
});
