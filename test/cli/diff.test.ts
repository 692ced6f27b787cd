/** holdfast diff: what a reload would do, for people, and as an exit code. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scratch } from '../drivers/scratch';
import { holdfast } from './program';

const files = scratch();

const OLD = `vrrp_instance VI_1 {
    interface eth0
    virtual_router_id 51
    virtual_ipaddress {
        192.0.2.1/24
        192.0.2.2/24
    }
}
`;

const old = files.script('old.conf', OLD);
const changed = (name: string, ...replacements: readonly (readonly [string, string])[]): string =>
  files.script(
    name,
    replacements.reduce((text, [from, to]) => text.replace(from, to), OLD),
  );

test('no difference: 0, every object kept', () => {
  const same = changed('same.conf', ['    interface', '\tinterface']);
  const { code, stdout, stderr } = holdfast('diff', old, same);
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(
    stdout,
    'global_defs: kept\nvrrp_instance VI_1: kept\nholdfast: kept\nno difference\n',
  );
});

test('differences: 1, object by object in the words of the file', () => {
  const next = changed(
    'next.conf',
    ['VI_1', 'edge'],
    ['192.0.2.2', '192.0.2.3'],
    ['    virtual_router_id', '    priority 150\n    virtual_router_id'],
  );
  const { code, stdout } = holdfast('diff', old, next);
  assert.equal(code, 1);
  assert.equal(
    stdout,
    `global_defs: kept
vrrp_instance edge: altered in place, renamed from VI_1
    priority 100 → 150
    virtual_ipaddress: + 192.0.2.3/24
    virtual_ipaddress: - 192.0.2.2/24
holdfast: kept
2 kept, 1 altered in place
`,
  );
});

test('a restart says why', () => {
  const next = changed('vrid.conf', ['router_id 51', 'router_id 52']);
  const { code, stdout } = holdfast('diff', old, next);
  assert.equal(code, 1);
  assert.match(stdout, /^vrrp_instance VI_1: restarted: .*virtual_router_id 51 → 52/m);
  assert.match(stdout, /^ {4}virtual_router_id 51 → 52$/m);
});

test('an error in either file: 2, and nothing is compared', () => {
  const bad = files.script('bad.conf', 'vrrp_instance A {\n}\n');
  for (const pair of [
    [old, bad],
    [bad, old],
  ] as const) {
    const { code, stdout, stderr } = holdfast('diff', ...pair);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, /bad\.conf:1:\d+: error\[/);
  }
  assert.equal(holdfast('diff', old, files.at('missing.conf')).code, 2);
});

test('what a reload would refuse is told', () => {
  const next = changed('vmac.conf', ['    interface', '    use_vmac\n    interface']);
  const { code, stderr } = holdfast('diff', old, next);
  assert.ok(code === 0 || code === 1);
  assert.match(stderr, /vmac\.conf: a reload would keep the old file: .*'use_vmac' \(line 2\)/);
});
