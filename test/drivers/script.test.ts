/** Check scripts: what the core orders is run as configured, and how it ended is reported. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Outcome } from '../../src/core/event';
import { scripts } from '../../src/drivers/script';
import { milliseconds, seconds } from '../../src/time';
import { globalWith, script } from '../core/fixture';
import { until } from '../lab/until';
import { scratch } from './scratch';

const files = scratch();
const sh = (text: string): readonly string[] => ['/bin/sh', '-c', text];

function watched() {
  const told: [string, Outcome][] = [];
  const checks = scripts((name, { outcome }) => told.push([name, outcome]));
  const count = (n: number): Promise<unknown> =>
    until(() => told.length >= n, { what: `${n} results`, detail: () => JSON.stringify(told) });
  return { told, checks, count };
}

describe('check scripts', { concurrency: 4 }, () => {
  it('report how they ended, each under its name', async () => {
    const { told, checks, count } = watched();
    checks.run(script('good', { timeout: seconds(20) }), globalWith({}));
    checks.run(script('bad', { command: sh('exit 2'), timeout: seconds(20) }), globalWith({}));
    checks.run(
      script('none', { command: ['/no/such/check'], timeout: seconds(20) }),
      globalWith({}),
    );
    checks.run(
      script('slow', { command: sh('sleep 60'), timeout: milliseconds(100) }),
      globalWith({}),
    );
    await count(4);
    const outcomes = new Map(told);
    assert.deepEqual(outcomes.get('good'), { kind: 'exited', status: 0 });
    assert.deepEqual(outcomes.get('bad'), { kind: 'exited', status: 2 });
    assert.deepEqual(outcomes.get('slow'), { kind: 'timed-out' });
    assert.equal(outcomes.get('none')?.kind, 'not-started');
  });

  it('that cannot be started for an odd reason are a result too', async () => {
    const { told, checks, count } = watched();
    checks.run(script('odd', { command: ['/etc/passwd/check'] }), globalWith({}));
    await count(1);
    assert.equal(told[0]?.[1].kind, 'not-started');
  });

  it('run as their own user, or as the default one', async () => {
    const { checks, count } = watched();
    const asks = (name: string) =>
      script(name, { command: sh(`id -un > ${files.at(name)}`), timeout: seconds(20) });
    const asNobody = globalWith({ scriptUser: { user: 'nobody', group: null } });
    checks.run(asks('default'), asNobody);
    checks.run({ ...asks('own'), user: { user: 'daemon', group: null } }, asNobody);
    checks.run(asks('ours'), globalWith({}));
    await count(3);
    assert.deepEqual(files.lines('default'), ['nobody']);
    assert.deepEqual(files.lines('own'), ['daemon']);
    assert.deepEqual(files.lines('ours'), ['root']);
  });

  it('create files as keepalived lets them, or as umask says', async () => {
    const { checks, count } = watched();
    const asks = (name: string) =>
      script(name, { command: sh(`umask > ${files.at(name)}`), timeout: seconds(20) });
    checks.run(asks('usual'), globalWith({}));
    const { system } = globalWith({});
    const open = { ...system, scripts: { ...system.scripts, umask: 0o22 } };
    checks.run(asks('open'), globalWith({ system: open }));
    await count(2);
    assert.deepEqual([files.lines('usual'), files.lines('open')], [['0177'], ['0022']]);
  });

  it('are ended by close, and nothing is reported any more', async () => {
    const { told, checks } = watched();
    const command = sh(
      `trap 'echo ended > ${files.at('ended')}; exit 0' TERM; echo up > ${files.at('up')}
       while :; do sleep 0.05; done`,
    );
    checks.run(script('long', { command, timeout: seconds(20) }), globalWith({}));
    await until(() => files.lines('up').length > 0, { what: 'the script to run' });
    checks.close();
    await until(() => files.lines('ended').length > 0, { what: 'the script to be ended' });
    // One more round of the event loop, in which a wrong report would have come.
    await until(() => true, { what: 'nothing' });
    assert.deepEqual(told, []);
  });
});
