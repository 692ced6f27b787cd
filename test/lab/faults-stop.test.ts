/**
 * A clean stop: priority 0 on the wire, addresses gone, exit code 0 within a second; and the notify
 * scripts of a whole life, in order, with keepalived's arguments.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { becomes } from './failover-story';
import { Holdfast } from './holdfast';
import { vrrpInstance } from './keepalived';
import { type Lab, withLab } from './lab';
import { heldBy } from './one-holder';
import { advertsFrom } from './rhythm';
import { until } from './until';

const VIP = '192.0.2.10';
/** How long the hanging script would take. */
const SCRIPT_MS = 60_000;

type More = readonly string[];

const config = (more: More = []) =>
  vrrpInstance({ version: 3, interval: 0.1, priority: 200, addresses: [VIP], more });

/** A script that writes down how it was called, and the file it writes to. */
function scribe(lab: Lab): { readonly script: string; readonly calls: () => readonly string[] } {
  const file = join(lab.directory, 'calls');
  const script = join(lab.directory, 'notify.sh');
  writeFileSync(script, `#!/bin/sh\necho "$*" >> ${file}\n`, { mode: 0o755 });
  const calls = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : []);
  return { script, calls };
}

const hooks = (script: string) => [
  ...['master', 'backup', 'fault', 'stop'].map(
    (state) => `notify_${state} "${script} own ${state}"`,
  ),
  `notify ${script}`,
];

async function stopTimed(daemon: Holdfast) {
  const before = performance.now();
  const ended = await daemon.stop();
  return { ...ended, ms: performance.now() - before };
}

describe('SIGTERM', () => {
  it('resigns, releases, and exits with 0', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const capture = await lab.capture({ filter: 'vrrp' });
      const a = new Holdfast(lab, 'a', config());
      await becomes(a, 'MASTER');
      await heldBy(lab, [VIP], 'a');
      const { code } = await a.stop();
      assert.deepEqual(lab.holders(VIP), []);
      assert.equal(code, 0, a.child.tail());
      await capture.stop();
      const priorities = advertsFrom(lab, 'a', capture.frames()).map(({ vrrp }) => vrrp.priority);
      assert.equal(priorities.at(-1), 0, 'the last advert resigns');
      assert.equal(priorities.indexOf(0), priorities.length - 1, 'and it does so once');
    });
  });

  it('does not wait for a notify script that hangs', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const a = new Holdfast(lab, 'a', config(['notify_stop "/bin/sleep 60"']));
      await becomes(a, 'MASTER');
      const { code, ms } = await stopTimed(a);
      assert.equal(code, 0, a.child.tail());
      assert.ok(ms < SCRIPT_MS / 2, 'it did not wait for the script');
    });
  });

  it('before any state was reached exits as well', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const a = new Holdfast(lab, 'a', config());
      await a.says(/Startup complete/);
      const { code } = await a.stop();
      assert.equal(code, 0, a.child.tail());
      assert.deepEqual(lab.holders(VIP), []);
    });
  });
});

describe('notify scripts', () => {
  it('of an instance run in order, its own before the generic one', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const { script, calls } = scribe(lab);
      const a = new Holdfast(lab, 'a', config(hooks(script)));
      await becomes(a, 'MASTER');
      const mark = a.mark();
      lab.pullCable('a', 'switch-port-down');
      await becomes(a, 'FAULT', mark);
      lab.plugCable('a');
      await becomes(a, 'MASTER', mark);
      await a.stop();
      const states = ['BACKUP', 'MASTER', 'FAULT', 'BACKUP', 'MASTER', 'STOP'];
      assert.deepEqual(
        calls(),
        states.flatMap((state) => [`own ${state.toLowerCase()}`, `INSTANCE VI_1 ${state} 200`]),
      );
    });
  });

  it('of a sync group are called with GROUP and priority 0', async () => {
    await withLab({ nodes: ['a'] }, async (lab) => {
      const { script, calls } = scribe(lab);
      const group = [
        'vrrp_sync_group G1 {',
        '  group {',
        '    VI_1',
        '  }',
        `  notify ${script}`,
        '}',
      ];
      const a = new Holdfast(lab, 'a', `${group.join('\n')}\n${config()}`);
      await becomes(a, 'MASTER');
      await until(() => calls().length === 2, { what: 'two calls', detail: () => calls().join() });
      await a.stop();
      assert.deepEqual(calls(), ['GROUP G1 BACKUP 0', 'GROUP G1 MASTER 0', 'GROUP G1 STOP 0']);
    });
  });
});
