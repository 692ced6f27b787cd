/**
 * The life of a plane inside a process: opened, closed, forgotten, drowned, killed. Each scene of
 * plane-scenes.ts runs as a process of its own in a network namespace of its own, which ends with it.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { describe, it } from 'node:test';

const SCENES = path.join(__dirname, 'plane-scenes.js');
/** Bounds a hang; a scene takes a second or a few. */
const PATIENCE_MS = 30_000;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

interface Play {
  readonly node?: readonly string[];
  /** Afterwards, in the same namespace; its output is appended. */
  readonly afterwards?: string;
}

/** Plays a scene; `ip netns`-less, so that even a killed run leaves nothing behind. */
function play(scene: string, { node = [], afterwards = 'true' }: Play = {}): Promise<Ended> {
  const script = `"$0" "$@"; code=$?; ${afterwards}; exit $code`;
  const argv = [process.execPath, '--enable-source-maps', ...node, SCENES, scene];
  return new Promise((resolve, reject) => {
    const child = spawn('unshare', ['-n', '/bin/sh', '-c', script, ...argv], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (text: Buffer) => {
        output += text.toString();
      });
    }
    const limit = setTimeout(() => {
      output += `\n${scene}: ended after ${PATIENCE_MS} ms`;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, PATIENCE_MS);
    child.once('error', reject);
    child.once('close', (code, signal) => {
      clearTimeout(limit);
      resolve({ code, signal, output });
    });
  });
}

const SHOW = 'ip -o -4 addr show dev hf0';
const VIP = /192\.0\.2\.100\//;

function passes(what: string, scene: string, options: Play = {}): void {
  it(what, async () => {
    const { code, signal, output } = await play(scene, options);
    assert.equal(code, 0, `${scene}: code ${code}, signal ${signal}\n${output}`);
    assert.doesNotMatch(output, /Warning|FATAL/);
  });
}

// Most of a scene is waiting for the kernel.
describe('a plane', { concurrency: 4 }, () => {
  passes('opening and closing 200 planes leaks neither threads nor descriptors', 'open and close');
  passes('a plane that nobody refers to ends', 'garbage collection', { node: ['--expose-gc'] });
  passes('closing in the midst of a storm hands over every event', 'close in a storm');
  passes('what comes after close is ignored', 'after the end');

  it('a process that exits without closing ends well and lets go', async () => {
    const { code, output } = await play('exit without close', { afterwards: SHOW });
    assert.equal(code, 0, output);
    assert.match(output, /192\.0\.2\.1\//);
    assert.doesNotMatch(output, VIP);
  });

  it('a process that exits in the midst of a storm ends well', async () => {
    for (let round = 0; round < 5; round++) {
      const { code, output } = await play('exit in a storm');
      assert.equal(code, 0, output);
    }
  });

  it('a killed process leaves its address for no longer than the lease of the kernel', async () => {
    const { code, output } = await play('killed while master', { afterwards: SHOW });
    assert.equal(code, 137, output);
    const left = /192\.0\.2\.100\/.*valid_lft (\d+)sec/s.exec(output);
    assert.ok(left !== null, output);
    assert.ok(Number(left[1]) <= 10, output);
  });

  for (const [where, scene] of [
    ['in a timer', 'uncaught exception'],
    ['in the handling of a batch', 'uncaught exception in the batch'],
  ] as const) {
    it(`an uncaught exception ${where} ends the process and lets go`, async () => {
      const { code, output } = await play(scene, { afterwards: SHOW });
      assert.ok(code !== 0 && code !== null && code < 128, `code ${code}: ${output}`);
      assert.match(output, /a bug of ours/);
      assert.match(output, /192\.0\.2\.1\//);
      assert.doesNotMatch(output, VIP);
    });
  }

  passes('two workers have a plane each, and either end lets go', 'workers');
  passes('a worker may be ended in the midst of a storm', 'workers ended in a storm');
  passes(
    'events beyond the ring are counted, told in their place, and later ones arrive',
    'overrun',
  );
  passes('an alarm rings even when the ring is full', 'a wake in an overrun');
  passes('a flood of addresses while JS is blocked ends with the truth', 'a flood of addresses');
  passes(
    'an interface that is not there is reported, and may come later',
    'an interface that is not there',
  );
  passes('addresses are claimed for a lease and released', 'claim and release');
  passes('without a lease of the kernel an address is for ever', 'for ever');
  passes('an address that somebody removes is put back', 'put back');
  passes('leftovers of an earlier life are swept at open, and nothing else', 'sweep');
  passes('with another list a master adds before it removes, and keeps what stays', 'another list');
  passes('a reload announces what it brings and nothing else', 'only the new one is announced');
  passes('an address that moves to another instance never leaves', 'an address that moves');
  passes('nor when it comes before it goes', 'an address that moves the other way about');
  passes('another lease of the kernel counts at once', 'another lease');
  passes('standing orders end with their lease', 'lease of the orders');
  passes('a malformed command is a TypeError and its whole batch is void', 'malformed commands');
});
