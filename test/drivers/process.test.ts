/** Programs run to their end: how they end, what they may not do to us, and as whom they run. */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { User } from '../../src/config/model';
import { type Finished, run } from '../../src/drivers/process';
import { type Duration, milliseconds, seconds } from '../../src/time';
import { until } from '../lab/until';
import { scratch } from './scratch';

const files = scratch();
const sh = (text: string): readonly string[] => ['/bin/sh', '-c', text];

const finish = (
  command: readonly string[],
  timeout: Duration = seconds(20),
  user: User | null = null,
): Promise<Finished> => run(command, timeout, user).finished;

/** Gone, or a zombie whose parent has yet to look. */
function ended(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.startsWith('Z') ?? true;
  } catch {
    return true;
  }
}

describe('a program', { concurrency: 4 }, () => {
  it('ends with its exit code', async () => {
    assert.deepEqual((await finish(['/bin/true'])).outcome, { kind: 'exited', status: 0 });
    for (const status of [1, 3, 255]) {
      assert.deepEqual((await finish(sh(`exit ${status}`))).outcome, { kind: 'exited', status });
    }
  });

  it('gets its words as they are, without a shell', async () => {
    const { output } = await finish(['/bin/echo', '$HOME', '*', 'a  b', ';id']);
    assert.equal(output, '$HOME * a  b ;id\n');
  });

  it('ends by a signal', async () => {
    const { outcome } = await finish(sh('kill -KILL $$'));
    assert.deepEqual(outcome, { kind: 'signalled', signal: 'SIGKILL' });
    const { kill, finished } = run(['/bin/sleep', '60'], seconds(20), null);
    kill('SIGHUP');
    assert.deepEqual((await finished).outcome, { kind: 'signalled', signal: 'SIGHUP' });
    kill('SIGHUP'); // nobody is there any more; no harm done
  });

  it('prints to both streams, and the end of it is kept', async () => {
    assert.equal((await finish(sh('echo out; echo err >&2'))).output.length, 8);
    const { output } = await finish(sh('seq 1 20000'));
    assert.ok(output.length <= 4096, `${output.length} kept`);
    assert.ok(output.endsWith('19999\n20000\n'), output.slice(-20));
  });

  it('that never ends printing is ended, and takes no memory', async () => {
    const before = process.memoryUsage().rss;
    const { outcome, output } = await finish(['/usr/bin/yes'], milliseconds(500));
    assert.deepEqual(outcome, { kind: 'timed-out' });
    assert.ok(output.length <= 4096);
    assert.ok(process.memoryUsage().rss - before < 200 << 20);
  });

  it('without an interpreter line is run by /bin/sh, with its words', async () => {
    const file = files.script('plain', 'echo "$0" "$1" "$2"\nexit 4\n');
    const { outcome, output } = await finish([file, 'a b', 'c']);
    assert.deepEqual(outcome, { kind: 'exited', status: 4 });
    assert.equal(output, `${file} a b c\n`);
  });
});

describe('a program that takes too long', { concurrency: 4 }, () => {
  it('timed out: a result of its own', async () => {
    const { outcome } = await finish(['/bin/sleep', '60'], milliseconds(100));
    assert.deepEqual(outcome, { kind: 'timed-out' });
  });

  it('timed out, even if it then ends well', async () => {
    const { outcome } = await finish(
      sh('trap "exit 0" TERM; while :; do sleep 0.05; done'),
      milliseconds(200),
    );
    assert.deepEqual(outcome, { kind: 'timed-out' });
  });

  it('is killed when it does not listen', async () => {
    const { outcome, output } = await finish(
      sh('trap "" TERM; echo $$; while :; do sleep 0.1; done'),
      milliseconds(300),
    );
    assert.deepEqual(outcome, { kind: 'timed-out' });
    assert.ok(ended(Number(output)));
  });

  it('takes its children along', async () => {
    const { output } = await finish(sh('sleep 60 & echo $!; wait'), milliseconds(300));
    const child = Number(output);
    assert.ok(child > 1);
    await until(() => ended(child), { what: 'the child to end' });
  });

  it('takes along even a child that does not listen', async () => {
    const { outcome, output } = await finish(
      sh('(trap "" TERM; exec sleep 60) & echo $!; wait'),
      milliseconds(300),
    );
    assert.deepEqual(outcome, { kind: 'timed-out' });
    const child = Number(output);
    assert.ok(child > 1);
    try {
      await until(() => ended(child), { what: 'the deaf child to end', timeout: 5000 });
    } finally {
      if (!ended(child)) process.kill(child, 'SIGKILL');
    }
  });
});

describe('what a script leaves behind', () => {
  it('may hold the pipes: the script has ended all the same', async () => {
    const { outcome, output } = await finish(sh('sleep 60 & echo $!; exit 7'));
    assert.deepEqual(outcome, { kind: 'exited', status: 7 });
    const left = Number(output);
    assert.ok(!ended(left), 'it outlives its script: that is what daemons do');
    process.kill(left, 'SIGKILL');
  });
});

describe('a program that cannot be started', () => {
  const reason = async (command: readonly string[], user: User | null = null): Promise<string> => {
    const { outcome } = await finish(command, seconds(20), user);
    assert.ok(outcome.kind === 'not-started', JSON.stringify(outcome));
    return outcome.why;
  };

  it('is told with the reason', async () => {
    assert.match(await reason(['/no/such/program']), /ENOENT/);
    assert.match(await reason(['/etc/passwd']), /EACCES/);
    assert.match(await reason(['/tmp']), /EACCES/);
  });

  it('for whatever reason, it never throws', async () => {
    assert.match(await reason(['/etc/passwd/program']), /ENOTDIR/);
    assert.match(await reason(['/bin/echo', 'x'.repeat(1 << 22)]), /E2BIG/);
    assert.ok((await reason([])) !== '');
    assert.ok((await reason(['/bin/echo\0'])) !== '');
  });

  it('because somebody is still writing it', async () => {
    const file = files.script('busy', '#!/bin/sh\nexit 0\n');
    const writing = openSync(file, 'r+');
    try {
      assert.match(await reason([file]), /ETXTBSY/);
    } finally {
      closeSync(writing);
    }
    assert.deepEqual((await finish([file])).outcome, { kind: 'exited', status: 0 });
  });

  it('because its user or group is unknown, and then not as root', async () => {
    const file = files.at('ran');
    const touch = ['/usr/bin/touch', file];
    assert.match(await reason(touch, { user: 'no-such-user', group: null }), /no-such-user/);
    assert.match(await reason(touch, { user: 'nobody', group: 'no-such-group' }), /no-such-group/);
    assert.ok(!existsSync(file));
  });
});

describe('the surroundings of a program', () => {
  it('are not for preloading code', async () => {
    const wicked = { LD_PRELOAD: '', LD_LIBRARY_PATH: '/nowhere', IFS: 'x', KEPT: 'yes' };
    Object.assign(process.env, wicked);
    try {
      const lines = (await finish(['/usr/bin/env'])).output.split('\n');
      for (const name of ['LD_PRELOAD', 'LD_LIBRARY_PATH', 'IFS']) {
        assert.ok(!lines.some((line) => line.startsWith(`${name}=`)), name);
      }
      assert.ok(lines.includes('KEPT=yes'));
    } finally {
      for (const name of Object.keys(wicked)) delete process.env[name];
    }
  });

  it('have no input', async () => {
    assert.deepEqual(await finish(['/bin/cat']), {
      outcome: { kind: 'exited', status: 0 },
      output: '',
    });
  });

  it('are its own process group and session', async () => {
    const { output } = await finish(sh('ps -o pid=,pgid=,sid= -p $$'));
    const [pid, group, session] = output.trim().split(/\s+/);
    assert.equal(group, pid);
    assert.equal(session, pid);
  });

  it('are those of its user, without any group of ours', async () => {
    const as = async (user: User): Promise<string> =>
      (await finish(sh('echo $(id -u) $(id -g) $(id -G)'), seconds(20), user)).output.trim();
    assert.equal(await as({ user: 'nobody', group: null }), '65534 65534 65534');
    assert.equal(await as({ user: 'nobody', group: 'daemon' }), '65534 1 1');
    const root = files.script('private', '#!/bin/sh\nexit 0\n');
    assert.deepEqual((await finish([root], seconds(20), { user: 'root', group: null })).outcome, {
      kind: 'exited',
      status: 0,
    });
  });

  it('are the other groups of its user when asked for', async () => {
    const user = 'holdfast-groups';
    // Nobody of that name is in /etc/passwd: a namespace of its own shows files of its own.
    const script = `
      mount --make-rprivate /
      cp -r /etc ${files.at('etc')} 2>/dev/null
      echo '${user}:x:4711:4711::/:/bin/sh' >> ${files.at('etc')}/passwd
      printf 'one:x:4712:${user}\ntwo:x:4713:${user}\n' >> ${files.at('etc')}/group
      mount --bind ${files.at('etc')} /etc
      exec "$0" -e '
        const { run } = require(process.argv[1]);
        const terms = { supplementaryGroups: process.argv[2] === "yes", umask: 0o27, mortal: false };
        const sh = ["/bin/sh", "-c", "echo $(id -u) $(id -g) $(id -G); umask"];
        const user = { user: "${user}", group: null };
        run(sh, 20e6, user, {}, terms).finished.then(({ output }) => process.stdout.write(output));
      ' "$1" "$2"`;
    const main = join(__dirname, '..', '..', 'src', 'drivers', 'process.js');
    const said = (asked: string): string =>
      execFileSync(
        '/usr/bin/unshare',
        ['-m', '/bin/sh', '-c', script, process.execPath, main, asked],
        { encoding: 'utf8' },
      );
    assert.equal(said('yes'), '4711 4711 4711 4712 4713\n0027\n');
    assert.equal(said('no'), '4711 4711 4711\n0027\n');
  });

  it('end with us, even when we are killed, if they are mortal', async () => {
    const main = join(__dirname, '..', '..', 'src', 'drivers', 'process.js');
    const script = `
      const { run } = require(process.argv[1]);
      const terms = { supplementaryGroups: false, umask: null, mortal: true };
      run(["/bin/sh", "-c", "echo $$ > " + process.argv[2] + "; exec sleep 60"], 60e6, null, {}, terms);`;
    const daemon = spawn(process.execPath, ['-e', script, main, files.at('mortal')]);
    await until(() => files.lines('mortal').length > 0, { what: 'the script to run' });
    const [pid] = files.lines('mortal').map(Number);
    assert.ok(pid !== undefined && !ended(pid));
    daemon.kill('SIGKILL');
    await until(() => ended(pid), { what: 'the script to end' });
  });

  it('hold none of our files, and no signal is ignored', async () => {
    const { output } = await finish(sh('ls /proc/self/fd | wc -l; grep SigIgn /proc/self/status'));
    // The fourth is the folder that is listed.
    assert.match(output, /^4\nSigIgn:\t0+\n$/);
  });
});

describe('many programs at once', () => {
  it('each end once, with what it printed', async () => {
    const wanted = Array.from({ length: 300 }, (_, i) => i);
    const found = await Promise.all(
      wanted.map(async (i) => (await finish(['/bin/echo', String(i)])).output),
    );
    assert.deepEqual(
      found,
      wanted.map((i) => `${i}\n`),
    );
  });
});
