/** holdfast print: text that reads back, JSON for programs, and no password unless asked for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scratch } from '../drivers/scratch';
import { holdfast } from './program';

const files = scratch();

const file = files.script(
  'a.conf',
  `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    advert_int 2
    preempt_delay 1.5
    authentication {
        auth_type PASS
        auth_pass s3cret
    }
    virtual_ipaddress { 192.0.2.1 }
}
`,
);

test('the text in effect, with its defaults; passwords are stars, and it says so', () => {
  const { code, stdout, stderr } = holdfast('print', file);
  assert.equal(code, 0);
  assert.match(stdout, /^vrrp_instance VI_1 \{\n {4}interface eth0\n/m);
  assert.match(stdout, /^ {4}priority 100$/m);
  assert.match(stdout, /^ {8}auth_pass \*{8}$/m);
  assert.match(stderr, /--secrets/);
  assert.doesNotMatch(stdout + stderr, /s3cret/);
});

test('with --secrets it prints what it was printed from', () => {
  const { code, stdout, stderr } = holdfast('print', '--secrets', file);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /auth_pass s3cret/);
  const again = holdfast('print', '--secrets', files.script('b.conf', stdout));
  assert.deepEqual(again, { code: 0, stdout, stderr: '' });
});

test('without a password there is nothing to say', () => {
  const plain = files.script('plain.conf', 'global_defs {\n}\n');
  assert.equal(holdfast('print', plain).stderr, '');
});

test('--json: times in seconds, sorted keys, null for what is not set', () => {
  const { code, stdout } = holdfast('print', '--json', file);
  assert.equal(code, 0);
  assert.doesNotMatch(stdout, /s3cret/);
  const document = JSON.parse(stdout) as {
    version: number;
    file: string;
    config: { instances: Record<string, unknown>[] };
  };
  assert.equal(document.version, 1);
  assert.equal(document.file, file);
  const [instance = {}] = document.config.instances;
  assert.equal(instance['interval'], 2);
  assert.equal(instance['preemptDelay'], 1.5);
  assert.equal(instance['source'], null);
  assert.deepEqual(Object.keys(instance), Object.keys(instance).sort());
  assert.match(holdfast('print', '--json', '--secrets', file).stdout, /"password": "s3cret"/);
});

test('a file with errors is not printed; the errors are', () => {
  const bad = files.script('bad.conf', 'vrrp_instance A {\n}\n');
  const { code, stdout, stderr } = holdfast('print', bad);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /bad\.conf:1:\d+: error\[/);
  const missing = holdfast('print', files.at('missing.conf'));
  assert.deepEqual([missing.code, missing.stdout], [1, '']);
  assert.match(missing.stderr, /missing\.conf: error\[unreadable\]/);
});

test('-i decides which lines count', () => {
  const conditional = files.script('c.conf', 'global_defs {\n  @one router_id first\n}\n');
  assert.match(holdfast('print', '-i', 'one', conditional).stdout, /router_id first/);
  assert.doesNotMatch(holdfast('print', '-i', 'two', conditional).stdout, /router_id/);
});
