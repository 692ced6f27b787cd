/** holdfast run: what it refuses before it touches the network, and one life from start to stop. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { scratch } from '../drivers/scratch';
import { until } from '../lab/until';
import { holdfast, MAIN } from './program';

const files = scratch();

const logged = (stdout: string): { readonly level: number; readonly msg: string }[] =>
  stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { level: number; msg: string });

test('a bad file is refused with code 2, as keepalived does it, and every error is shown', () => {
  const file = files.script(
    'bad.conf',
    ['A', 'B'].map((name) => `vrrp_instance ${name} {\n  virtual_router_id 0\n}\n`).join(''),
  );
  const { code, stdout, stderr } = holdfast('run', '-f', file);
  assert.equal(code, 2);
  assert.match(stderr, /bad\.conf:2:\d+: error\[/);
  assert.match(stderr, /bad\.conf:5:\d+: error\[/);
  assert.ok(logged(stdout).filter(({ level }) => level === 50).length >= 2);
  assert.ok(!logged(stdout).some(({ msg }) => /Startup complete/.test(msg)));
});

test('a missing file is refused with code 2', () => {
  const { code, stdout, stderr } = holdfast('run', '-n', '-f', files.at('missing.conf'));
  assert.equal(code, 2);
  assert.match(logged(stdout)[0]?.msg ?? '', /cannot read .*missing\.conf.*ENOENT/);
  assert.doesNotMatch(stderr, /\n\s+at /);
});

test('an unknown log level is refused in one line', () => {
  const { code, stderr } = holdfast('run', '--log-level', 'loud', '-f', files.at('missing.conf'));
  assert.equal(code, 1);
  assert.match(stderr, /loud/);
  assert.doesNotMatch(stderr, /\n\s+at /);
});

const config = (priority: number, vrid = 51): string => `
vrrp_instance VI_1 {
    interface hf0
    version 3
    virtual_router_id ${vrid}
    priority ${priority}
    advert_int 0.05
    virtual_ipaddress {
        192.0.2.100/24
    }
    notify_master "/bin/sh -c 'echo MASTER >> ${files.at('told')}'"
    notify_stop "/bin/sh -c 'echo STOP >> ${files.at('told')}'"
}
`;

test('what is not carried out yet is refused by name and place', () => {
  const file = files.script('inactive.conf', config(100).replace('version 3', 'use_vmac'));
  const { code, stdout } = holdfast('run', '-f', file);
  assert.equal(code, 2);
  const said = logged(stdout).find(({ msg }) =>
    msg.includes('not carried out yet, so not started'),
  );
  assert.match(said?.msg ?? '', /'use_vmac' \(line 4\); --allow-inactive/);
});

test('one life: master, a refused reload, a good one, and a stop that tells and lets go', async () => {
  const file = files.script('life.conf', config(100));
  const script = `
    ip link add hf0 type veth peer name hf0p
    ip addr add 192.0.2.1/24 dev hf0; ip link set hf0p up; ip link set hf0 up
    "$@" & daemon=$!
    trap 'kill -TERM $daemon' TERM; trap 'kill -HUP $daemon' HUP
    while kill -0 $daemon 2>/dev/null; do wait $daemon; code=$?; done
    echo "code $code"; ip -o -4 addr show dev hf0`;
  const control = ['--control', files.at('control.sock')];
  const daemon = [process.execPath, MAIN, 'run', '-n', '-f', file, ...control];
  const child = spawn('unshare', ['-n', '/bin/sh', '-c', script, 'sh', ...daemon], {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      output += text.toString();
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const says = (pattern: RegExp): Promise<unknown> =>
    until(() => pattern.test(output), { what: `${pattern}`, detail: () => output });
  try {
    await says(/Startup complete: 1 instance/);
    await says(/\(VI_1\) Entering MASTER STATE/);
    writeFileSync(file, config(100, 300));
    child.kill('SIGHUP');
    await says(/New config failed validation; the old one stays in force/);
    assert.doesNotMatch(output, /Reload complete/);
    writeFileSync(file, config(120));
    child.kill('SIGHUP');
    await says(/Changing effective priority from 100 to 120/);
    await says(/"lines":\["priority 100 → 120"\],"msg":"vrrp_instance VI_1: altered in place"/);
    await says(/Reload complete/);
    child.kill('SIGTERM');
    await says(/code 0/);
    await ended;
  } finally {
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }
  const shown = output.slice(output.indexOf('code 0'));
  assert.match(shown, /192\.0\.2\.1\//);
  assert.doesNotMatch(shown, /192\.0\.2\.100/);
  assert.match(output, /"Stopping"[\s\S]*"Stopped"/);
  assert.equal([...output.matchAll(/Entering MASTER STATE/g)].length, 1, 'a reload is no election');
  assert.deepEqual(files.lines('told'), ['MASTER', 'STOP']);
});
