/**
 * `keepalived -t` in a network namespace of its own, with interfaces that have addresses. The
 * namespace lives as long as its keeper, and the keeper ends when this process does.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Host } from '../../src/config/host';
import { createHost } from '../../src/drivers/host';
import type { Typed } from './valid-style';
import { CONFIG_ID } from './valid-style';

const version = spawnSync('keepalived', ['--version'], { encoding: 'utf8' });

/** What the listed differences were found with. */
export const noKeepalived: string | false =
  version.status === 0 && version.stderr.includes('Keepalived v2.2.7')
    ? false
    : 'no keepalived 2.2.7';

export interface Verdict {
  readonly code: number | null;
  /** what it said, without the places. */
  readonly said: readonly string[];
}

export interface Namespace {
  readonly folder: string;
  /** what `check` sees on a machine with these interfaces. */
  readonly host: Host;
  readonly test: (file: Typed) => Verdict;
  readonly close: () => void;
}

export async function openNamespace(interfaces: readonly string[]): Promise<Namespace> {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-keepalived-'));
  const setup = interfaces.flatMap((name, index) => [
    `ip link add ${name} type veth peer name peer${index}`,
    `ip address add 192.0.2.${index + 1}/24 dev ${name}`,
    `ip link set ${name} up`,
    `ip link set peer${index} up`,
  ]);
  const script = [...setup, 'echo ready', 'exec cat'].join(' && ');
  const keeper = spawn('unshare', ['-n', 'sh', '-c', script], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const close = () => {
    keeper.stdin.end();
    rmSync(folder, { recursive: true, force: true });
  };
  process.once('exit', close);
  await ready(keeper);
  const addresses = interfaces.map((name, index): [string, string[]] => [
    name,
    [`192.0.2.${index + 1}`],
  ]);
  const host: Host = {
    ...createHost({ configId: CONFIG_ID }),
    interfaces: new Map([['lo', ['127.0.0.1', '::1']], ...addresses]),
  };
  const test = (file: Typed) => tested(keeper.pid ?? 0, folder, file);
  return { folder, host, test, close };
}

function ready(keeper: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    keeper.stdout?.once('data', () => resolve());
    keeper.once('error', reject);
    keeper.once('exit', (code) => reject(new Error(`no namespace: exit code ${code}`)));
  });
}

export function writeFile(folder: string, { main, parts }: Typed): string {
  for (const [name, text] of parts) writeFileSync(join(folder, name), text);
  const path = join(folder, 'main.conf');
  writeFileSync(path, main);
  return path;
}

function tested(pid: number, folder: string, file: Typed): Verdict {
  const path = writeFile(folder, file);
  const command = ['keepalived', '-t', '-i', CONFIG_ID, '-f', path];
  const { status, stderr } = spawnSync('nsenter', ['-t', String(pid), '-n', ...command], {
    encoding: 'utf8',
  });
  const said = stderr
    .split('\n')
    .map((line) => line.replace(/^\([^()]*Line \d+\) /, '').trim())
    .filter((line) => line !== '');
  return { code: status, said: [...new Set(said)] };
}
