/** holdfast check as a function: what it prints and its exit code. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock, test } from 'node:test';
import { type CheckOptions, check } from '../../src/cli/check';

const instance = `vrrp_instance A {
  interface lo
  virtual_router_id 1
  virtual_ipaddress { 192.0.2.1 }
`;

function run(text: string, options: CheckOptions) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-check-'));
  const path = join(folder, 'a.conf');
  writeFileSync(path, text);
  try {
    return capture(path, options);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function capture(path: string, options: CheckOptions) {
  const written = { stdout: '', stderr: '' };
  const streams = (['stdout', 'stderr'] as const).map((stream) =>
    mock.method(process[stream], 'write', (text: string) => {
      written[stream] += text;
      return true;
    }),
  );
  try {
    return { code: check(path, options), ...written };
  } finally {
    for (const stream of streams) stream.mock.restore();
  }
}

test('a clean file: 0, one line', () => {
  const { code, stdout, stderr } = run(`${instance}}`, {});
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /a\.conf: ok\n$/);
});

test('warnings: 0, and 2 under strict; each with file, line and column', () => {
  const text = `${instance} nopreempt false\n}`;
  const { code, stdout, stderr } = run(text, {});
  assert.equal(code, 0);
  assert.match(stdout, /a\.conf: ok, 1 warning\n$/);
  assert.match(stderr, /a\.conf:5:12: warning\[extra-word\]: /);
  assert.equal(run(text, { strict: true }).code, 2);
});

test('notes alone are clean, even under strict', () => {
  const published = 'authentication {\nauth_type PASS\nauth_pass 1111\n}';
  const { code, stdout } = run(`${instance} ${published}\n}`, { strict: true });
  assert.equal(code, 0);
  assert.match(stdout, /ok, 1 note\n$/);
});

test('errors: 1, counted', () => {
  const { code, stdout } = run('vrrp_instance A { }', {});
  assert.equal(code, 1);
  assert.match(stdout, /a\.conf: 2 errors, 1 warning\n$/);
});

test('a file that cannot be read: 1, with the reason', () => {
  const { code, stderr } = capture('/nonexistent/a.conf', {});
  assert.equal(code, 1);
  assert.match(stderr, /^\/nonexistent\/a\.conf: error\[unreadable\]: ENOENT/);
});
