/** Processes by their command lines: the figures are those of keepalived 2.2.7, from a trial. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'node:test';
import type { ProcessTracker } from '../../src/drivers/processes';
import { until } from '../lab/until';
import {
  endAll,
  mustLook,
  named,
  ownName,
  program,
  type Started,
  start,
  watcher,
} from './processes-bench';
import { scratch } from './scratch';

const files = scratch();
after(endAll);

describe('command lines are compared as keepalived compares them', () => {
  it('with its own figures', async () => {
    const w = watcher();
    const name = ownName();
    const file = program(files, name);
    const as = (title: string, ...args: string[]): Started =>
      start('/bin/bash', ['-c', 'exec -a "$0" "$@"', title, file, ...args]);
    const mark = ownName();
    const all = [as(mark, '101'), as(mark, '101', '20'), as(mark, '1012'), as(`/bin/${mark}`, '9')];
    const by = (
      key: string,
      paramMatch: ProcessTracker['paramMatch'],
      ...parameters: string[]
    ): ProcessTracker => ({ ...named(mark), name: key, fullCommand: true, paramMatch, parameters });
    await until(
      () => all.every(({ pid }) => readFileSync(`/proc/${pid}/comm`, 'utf8') !== 'bash\n'),
      {
        what: 'all to be what they shall be',
      },
    );
    w.processes.count([
      { ...named(name), name: 'kernel name' },
      { ...named(mark), name: 'title as a name' },
      { ...named(`/bin/${mark}`), name: 'path', fullCommand: true },
      by('any', 'none'),
      by('bare', 'exact'),
      by('exact', 'exact', '101'),
      by('exact two', 'exact', '101', '20'),
      by('partial', 'partial', '101'),
      by('partial none', 'partial', '10'),
      by('initial', 'initial', '10'),
      by('initial two', 'initial', '101', '2'),
    ]);
    const figures = {
      'kernel name': 4,
      'title as a name': 0,
      path: 1,
      any: 3,
      bare: 0,
      exact: 1,
      'exact two': 1,
      partial: 2,
      'partial none': 0,
      initial: 3,
      'initial two': 1,
    };
    for (const [key, count] of Object.entries(figures)) await w.counts(key, count);
    for (const one of all) await one.end();
    for (const key of Object.keys(figures)) await w.counts(key, 0);
    w.processes.close();
  });

  it('what a process writes over its own command line changes nothing, nor for its children', async (t) => {
    const w = watcher();
    const file = program(files, ownName(), '/usr/bin/perl');
    const script = '$| = 1; $0 = "my title"; $p = fork; print "$p\\n" if $p; sleep 60';
    const [was, is] = [ownName(), ownName()];
    w.processes.count([
      named(file, { name: was, fullCommand: true }),
      named('my title', { name: is, fullCommand: true }),
    ]);
    await w.counts(is, 0);
    if (mustLook(w)) return t.skip('where an exec is not told, a new name counts as one');
    // Long enough as perl's own command line that the count is not taken after the title.
    const child = start(file, ['-e', `sleep 1; ${script}`]);
    const born = Number(await child.line());
    await w.saw(was, 1);
    await w.counts(was, 2);
    assert.equal(w.latest(is), 0);
    process.kill(born, 'SIGKILL');
    await w.counts(was, 1);
    await child.end();
    await w.counts(was, 0);
    w.processes.close();
  });
});
