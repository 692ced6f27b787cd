/**
 * Notify commands that do all they should not, what is told beside the states, and what a newer
 * state does to those that wait.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Config } from '../../src/config/model';
import type { Notify } from '../../src/core/command';
import { notifyScripts } from '../../src/drivers/notify';
import { type Finished, run } from '../../src/drivers/process';
import { recorder } from '../../src/drivers/record';
import { milliseconds, seconds } from '../../src/time';
import { until } from '../lab/until';
import { scratch } from './scratch';
import { children, descriptors, hook, livesInGroup, news, tellingWith, withHooks } from './telling';

const files = scratch();
/** Bounds a failure only. */
const LONG_MS = 20_000;

interface Skipped {
  readonly by: Notify;
  readonly count: number;
  readonly why: string;
}

function watched(model: Config) {
  const finished: [Notify, Finished][] = [];
  const skipped: Skipped[] = [];
  const left: string[] = [];
  const sink = notifyScripts(
    {
      finished: (one, _, end) => finished.push([one, end]),
      skipped: (by, count, why) => skipped.push({ by, count, why }),
      running: (_, argv) => left.push(argv[0] ?? ''),
    },
    recorder(() => new Date()),
  );
  sink.configure(model);
  return { sink, finished, skipped, left };
}

const appends = (file: string, words = '"$*"'): string =>
  files.script(`to-${file}`, `#!/bin/sh\necho ${words} >> ${files.at(file)}\n`);

describe('notify commands', () => {
  it('that hang, fail, fork, ignore SIGTERM and print 10 MB: all in order, nothing left', async () => {
    const deaf = files.script(
      'deaf',
      `#!/bin/sh\ntrap '' TERM\necho $$ > ${files.at('deaf-pid')}\nwhile :; do sleep 0.05; done\n`,
    );
    const daemon = files.script(
      'daemon',
      `#!/bin/sh\nsetsid sh -c 'echo $$ > ${files.at('daemon-pid')}; exec sleep 60' &\nexit 0\n`,
    );
    const { sink, finished } = watched(
      withHooks(
        {
          backup: hook('/bin/sleep', '60'),
          master: hook('/bin/sh', '-c', 'exit 7'),
          fault: hook(daemon),
          stop: hook(deaf),
          any: hook('/bin/sh', '-c', 'head -c 10000000 /dev/zero | tr "\\0" x; echo', 'loud'),
        },
        { telling: tellingWith({ timeout: milliseconds(700) }) },
      ),
    );
    // The first start of all opens what all starts share.
    await run(['/bin/true'], seconds(9), null).finished;
    const before = descriptors();
    const memory = process.memoryUsage().rss;
    for (const state of ['BACKUP', 'MASTER', 'FAULT', 'STOP'] as const) sink.tell(news(state));
    await until(() => finished.length === 8, { what: 'all to end', timeout: LONG_MS });
    assert.deepEqual(
      finished.map(([{ state }, { outcome }]) => `${state} ${JSON.stringify(outcome)}`),
      ['timed-out', 7, 0, 'timed-out'].flatMap((end, i) => {
        const state = ['BACKUP', 'MASTER', 'FAULT', 'STOP'][i];
        const kind = typeof end === 'string' ? { kind: end } : { kind: 'exited', status: end };
        return [`${state} ${JSON.stringify(kind)}`, `${state} {"kind":"exited","status":0}`];
      }),
    );
    assert.ok(finished.every(([, { output }]) => output.length <= 4096));
    assert.ok(process.memoryUsage().rss - memory < 100e6);
    const deafGroup = Number(files.lines('deaf-pid')[0]);
    await until(() => !livesInGroup(deafGroup), { what: 'the deaf one to be gone' });
    // What has made itself a daemon lives on, as with keepalived, and is nobody's zombie.
    const daemonPid = Number(files.lines('daemon-pid')[0]);
    process.kill(daemonPid, 0);
    process.kill(daemonPid, 'SIGKILL');
    await until(() => descriptors() <= before, { what: 'no descriptor to be left' });
    assert.deepEqual(children(), []);
    await sink.settled(LONG_MS);
  });

  it('a hundred times: no descriptor and no child is left', async () => {
    const { sink, finished } = watched(withHooks({ any: hook('/bin/true') }));
    const before = descriptors();
    for (let i = 0; i < 100; i++) sink.tell(news(i % 2 === 0 ? 'MASTER' : 'BACKUP'));
    await sink.settled(LONG_MS);
    assert.equal(finished.length, 100);
    assert.ok(finished.every(([{ state }], i) => state === (i % 2 === 0 ? 'MASTER' : 'BACKUP')));
    await until(() => descriptors() <= before, { what: 'no descriptor to be left' });
    assert.deepEqual(children(), []);
  });

  it('that still run at the end are told', async () => {
    const { sink, left } = watched(withHooks({ stop: hook('/bin/sleep', '1') }));
    sink.tell(news('STOP'));
    await sink.settled(10);
    assert.deepEqual(left, ['/bin/sleep']);
  });
});

describe('what is told in words', () => {
  it('the environment holds what the four words do not', async () => {
    const names = ['SCOPE', 'NAME', 'STATE', 'PREVIOUS', 'PRIORITY', 'REASON', 'TIME', 'EVENT'];
    const words = names.map((name) => `"$HOLDFAST_${name}"`).join(' ');
    const file = files.script('env', `#!/bin/sh\nprintf '%s\\n' ${words} > ${files.at('env')}\n`);
    const { sink } = watched(withHooks({ any: hook(file) }, { routerId: 'lb1' }));
    const reason = 'script chk is failing; "quoted" $HOME';
    sink.tell(news('FAULT', { previous: 'MASTER', priority: 98, reason }));
    await sink.settled(LONG_MS);
    const [scope, name, state, previous, priority, why, time, event] = files.lines('env');
    assert.deepEqual(
      [scope, name, state, previous, priority, why],
      ['INSTANCE', 'VI', 'FAULT', 'MASTER', '98', reason],
    );
    assert.ok(Math.abs(Date.parse(time ?? '') - Date.now()) < LONG_MS, time);
    const { id, ...rest } = JSON.parse(event ?? '') as Record<string, unknown>;
    assert.match(String(id), /^[0-9a-f-]{36}$/);
    assert.deepEqual(rest, {
      time,
      router: 'lb1',
      scope: 'INSTANCE',
      name: 'VI',
      event: 'FAULT',
      state: 'FAULT',
      previous: 'MASTER',
      priority: 98,
      reason,
    });
  });

  it('a lower advert has a command of its own; priorities and repeats are for pipes', async () => {
    const file = appends('remarks');
    const { sink } = watched(
      withHooks({
        master: hook(file, 'master'),
        lowerAdvert: hook(file, 'lower'),
        any: hook(file, 'any'),
      }),
    );
    for (const remark of ['lower-advert', 'priority', 'repeated'] as const) {
      sink.tell(news('MASTER', { remark }));
    }
    await sink.settled(LONG_MS);
    assert.deepEqual(files.lines('remarks'), ['lower']);
  });

  it('who is gone is told by the configuration before, whoever has its name now', async () => {
    const file = appends('gone');
    const any = hook(file, 'any');
    const old = withHooks({ deleted: hook(file, 'del'), fault: hook(file, 'fault'), any });
    const { sink } = watched(old);
    sink.configure(withHooks({ any: hook(file, 'new') }));
    sink.tell(news('DELETED', { gone: true }));
    sink.tell(news('FAULT', { gone: true }));
    sink.tell(news('BACKUP'));
    await sink.settled(LONG_MS);
    assert.deepEqual(files.lines('gone'), [
      'del',
      'any INSTANCE VI DELETED 100',
      // keepalived says FAULT then, and runs no notify_fault.
      'any INSTANCE VI FAULT 100',
      'new INSTANCE VI BACKUP 100',
    ]);
  });
});

describe('notify commands that wait', () => {
  /** The first one runs until told; the others wait behind it. */
  function gate(name: string) {
    const file = files.script(
      name,
      `#!/bin/sh\necho "$3" >> ${files.at(`${name}-log`)}
       while [ ! -e ${files.at(`${name}-open`)} ]; do sleep 0.02; done\n`,
    );
    return { any: hook(file), open: () => files.script(`${name}-open`, '') };
  }

  it('run all the same, in order, when newer states come', async () => {
    const { any, open } = gate('all');
    const { sink, skipped } = watched(withHooks({ any }));
    const states = ['MASTER', 'BACKUP', 'FAULT', 'BACKUP', 'MASTER'] as const;
    for (const state of states) sink.tell(news(state));
    open();
    await sink.settled(LONG_MS);
    assert.deepEqual(files.lines('all-log'), states);
    assert.deepEqual(skipped, []);
  });

  it('are skipped under notify_coalesce, and only those of the same instance', async () => {
    const { any, open } = gate('some');
    const telling = tellingWith({ coalesce: true });
    const base = withHooks({ any }, { telling });
    const [first] = base.instances;
    assert.ok(first);
    const { sink, skipped } = watched({ ...base, instances: [first, { ...first, name: 'W' }] });
    sink.tell(news('MASTER'));
    sink.tell(news('FAULT', { name: 'W' }));
    sink.tell(news('BACKUP'));
    sink.tell(news('FAULT'));
    sink.tell(news('MASTER', { remark: 'lower-advert' }));
    sink.tell(news('BACKUP'));
    open();
    await sink.settled(LONG_MS);
    assert.deepEqual([...files.lines('some-log')].sort(), ['BACKUP', 'FAULT', 'MASTER']);
    assert.deepEqual(
      skipped.map(({ by, count, why }) => `${by.state} ${count} ${why}`),
      ['FAULT 1 superseded', 'BACKUP 1 superseded'],
    );
  });

  it('are bounded: the oldest go, and that is said', async () => {
    const { any, open } = gate('many');
    const { sink, skipped, finished } = watched(
      withHooks({ any }, { telling: tellingWith({ timeout: seconds(30) }) }),
    );
    for (let i = 0; i < 203; i++) sink.tell(news('MASTER', { priority: i + 1 }));
    assert.equal(skipped.length, 2);
    open();
    await sink.settled(LONG_MS);
    assert.equal(finished.length, 201);
    assert.deepEqual(
      finished.slice(0, 3).map(([{ priority }]) => priority),
      [1, 4, 5],
    );
  });
});
