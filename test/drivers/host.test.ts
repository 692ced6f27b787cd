/** The machine as a configuration asks about it: globs, files, programs, interfaces. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { describe, it } from 'node:test';
import { createHost } from '../../src/drivers/host';
import { scratch } from './scratch';

const files = scratch();
// It comes as everybody's, which would make every program in it unsafe.
chmodSync(files.at(''), 0o755);
const host = createHost();
const { folderOf, glob, read } = host.files;

function file(name: string, text = '', mode = 0o644): string {
  mkdirSync(path.dirname(files.at(name)), { recursive: true });
  writeFileSync(files.at(name), text);
  chmodSync(files.at(name), mode);
  return files.at(name);
}

describe('glob', () => {
  const root = files.at('glob');
  const names = [
    'a.conf',
    'b.conf',
    'B.conf',
    '.hidden.conf',
    'c-1.txt',
    'c]2.txt',
    'x*y',
    'd/e.conf',
    'f/e.conf',
  ];
  for (const name of names) file(`glob/${name}`);
  symlinkSync('nowhere', path.join(root, 'dangling.conf'));

  const found = (pattern: string): readonly string[] =>
    glob(pattern, root).map((one) => path.relative(root, one));

  it('finds what the shell would find, by bytes', () => {
    assert.deepEqual(found('*.conf'), ['B.conf', 'a.conf', 'b.conf', 'dangling.conf']);
    assert.deepEqual(found('?.conf'), ['B.conf', 'a.conf', 'b.conf']);
    assert.deepEqual(found('*/e.conf'), ['d/e.conf', 'f/e.conf']);
    assert.deepEqual(found('d/e.conf'), ['d/e.conf']);
    assert.deepEqual(found('../glob/a.conf'), ['a.conf']);
    assert.deepEqual(found('nothing*'), []);
    assert.deepEqual(found('nothing'), []);
    assert.deepEqual(found(''), []);
  });

  it('agrees with sh', () => {
    const patterns = [
      '*',
      '.*conf',
      '[ab].conf',
      '[!a]*',
      '[^a-b].conf',
      '*[[:digit:]]*',
      'c[]]*',
      '[x',
      'x\\*y',
      'x[*]y',
      '*/',
      '*/*',
      './*.conf',
    ];
    for (const pattern of patterns) {
      const script = `for f in ${pattern}; do [ -e "$f" ] || [ -L "$f" ] && echo "$f"; done; true`;
      const out = execFileSync('bash', ['-c', script], {
        cwd: root,
        encoding: 'utf8',
        env: { LC_ALL: 'C' },
      });
      const expected = out.split('\n').filter((line) => !/^(\.\.?)?$/.test(line));
      const actual = glob(pattern, root).map((one) => one.slice(root.length + 1));
      assert.deepEqual(actual, expected, pattern);
    }
  });

  it('takes absolute patterns from the root', () => {
    assert.deepEqual(glob(`${root}/a*`, '/nowhere'), [`${root}/a.conf`]);
    assert.deepEqual(glob('/', '/nowhere'), ['/']);
  });

  it('takes no longer for many stars', () => {
    const name = 'a'.repeat(200);
    file(`glob/long/${name}`);
    assert.deepEqual(found(`long/${'a*'.repeat(60)}`), [`long/${name}`]);
    assert.deepEqual(found(`long/${'a*'.repeat(60)}b`), []);
  });
});

describe('files', () => {
  it('are read', () => {
    assert.deepEqual(read(file('text', 'é\n')), { kind: 'text', text: 'é\n' });
  });

  it('that keepalived skips are irregular, and no FIFO keeps us waiting', () => {
    execFileSync('mkfifo', [files.at('fifo')]);
    for (const name of [file('executable', '', 0o755), files.at(''), files.at('fifo'), '/dev/null'])
      assert.equal(read(name).kind, 'irregular', name);
  });

  it('that are not there say why', () => {
    assert.deepEqual(read('/nonexistent/a'), {
      kind: 'unreadable',
      why: 'no such file or directory',
    });
  });

  it('lie in a folder, links resolved', () => {
    file('folder/a');
    symlinkSync('folder', files.at('link'));
    assert.equal(folderOf(files.at('link/a')), files.at('folder'));
    assert.equal(folderOf('a'), process.cwd());
    assert.equal(folderOf('/nonexistent/a'), '/nonexistent');
  });
});

describe('programs', () => {
  it('that can be run, and what they say', () => {
    const script = file('good.sh', '#!/bin/sh\nexit 0\n', 0o755);
    assert.deepEqual(host.program(script), { kind: 'program', text: '#!/bin/sh\nexit 0\n' });
    assert.deepEqual(host.program('/bin/sh'), { kind: 'program', text: null });
    const long = file('long.sh', `#!/bin/sh\n${'#'.repeat(70_000)}`, 0o755);
    assert.deepEqual(host.program(long), { kind: 'program', text: null });
  });

  it('without a slash are searched in PATH', () => {
    assert.deepEqual(host.program('sh'), { kind: 'program', text: null });
    for (const builtin of ['exit', '', 'no such program']) {
      assert.deepEqual(host.program(builtin), { kind: 'missing' });
    }
  });

  it('that are not there or cannot be run', () => {
    assert.deepEqual(host.program(files.at('no.sh')), { kind: 'missing' });
    assert.deepEqual(host.program(`${file('plain', '')}/x`), { kind: 'missing' });
    assert.deepEqual(host.program(files.at('plain')), { kind: 'not-executable' });
    assert.deepEqual(host.program(files.at('')), { kind: 'not-executable' });
  });

  it('relative to a folder that only the daemon knows', () => {
    assert.equal(host.program('./good.sh'), null);
  });

  it('that others may change, by the component', () => {
    const unsafe = (name: string) => {
      const found = host.program(files.at(name));
      return found?.kind === 'unsafe' ? found.component : found?.kind;
    };
    file('theirs.sh', '', 0o755);
    chownSync(files.at('theirs.sh'), 65534, 0);
    file('group.sh', '', 0o775);
    file('daemons.sh', '', 0o775);
    chownSync(files.at('daemons.sh'), 0, 1);
    file('everybody/a.sh', '', 0o755);
    chmodSync(files.at('everybody'), 0o777);
    file('sticky/a.sh', '', 0o755);
    chmodSync(files.at('sticky'), 0o1777);
    symlinkSync('everybody', files.at('door'));
    assert.equal(unsafe('theirs.sh'), files.at('theirs.sh'));
    assert.equal(unsafe('group.sh'), 'program');
    assert.equal(unsafe('daemons.sh'), files.at('daemons.sh'));
    assert.equal(unsafe('everybody/a.sh'), files.at('everybody'));
    assert.equal(unsafe('door/a.sh'), files.at('everybody'));
    assert.equal(unsafe('sticky/a.sh'), 'program');
    chmodSync(files.at(''), 0o777);
    assert.equal(unsafe('good.sh'), files.at('').replace(/\/$/, ''));
  });
});

describe('the host', () => {
  it('has interfaces with their addresses, also those without any', () => {
    assert.ok(host.interfaces?.get('lo')?.includes('127.0.0.1'));
    const listed = execFileSync('ip', ['-o', 'link'], { encoding: 'utf8' });
    const names = [...listed.matchAll(/^\d+: ([^:@]+)/gm)].map((match) => match[1]);
    assert.deepEqual([...(host.interfaces?.keys() ?? [])].sort(), names.sort());
  });

  it('has a name, unless told another', () => {
    assert.equal(host.configId, hostname().split('.')[0]);
    assert.equal(createHost({ configId: 'high' }).configId, 'high');
  });

  it('has an environment, and chance within both ends', () => {
    process.env['HOLDFAST_HOST_TEST'] = 'yes';
    assert.equal(host.environment('HOLDFAST_HOST_TEST'), 'yes');
    assert.equal(host.environment('HOLDFAST_NO_SUCH'), null);
    const drawn = new Set(Array.from({ length: 200 }, () => host.random(3, 5)));
    assert.deepEqual([...drawn].sort(), [3, 4, 5]);
  });
});
