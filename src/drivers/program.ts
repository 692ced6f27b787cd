/**
 * What file a command would run, and whether keepalived would let root run it. Runs nothing.
 */
import { accessSync, constants, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import path from 'node:path';
import type { Program } from '../config/host';

/** No check is longer; what is longer is a binary. */
const TEXT_BYTES_MAX = 64 << 10;
/** What systemd gives a service, for when PATH is not set. */
const PATH_DEFAULT = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** null: cannot be known from here, as a path relative to the daemon's folder. */
export function programOf(name: string): Program | null {
  if (name === '') return { kind: 'missing' };
  if (!name.includes('/')) return searched(name);
  return name.startsWith('/') ? inspect(name) : null;
}

/** As execvp does: the first that can be run. */
function searched(name: string): Program | null {
  let refused: Program | null = { kind: 'missing' };
  for (const folder of (process.env['PATH'] ?? PATH_DEFAULT).split(':')) {
    if (!folder.startsWith('/')) continue;
    const found = inspect(`${folder}/${name}`);
    if (found?.kind === 'program' || found?.kind === 'unsafe') return found;
    if (found?.kind !== 'missing') refused = found;
  }
  return refused;
}

function inspect(file: string): Program | null {
  const stats = statsOf(file);
  if (stats === null || stats === 'missing') return stats === null ? null : { kind: 'missing' };
  if (!stats.isFile() || (stats.mode & 0o111) === 0) return { kind: 'not-executable' };
  const text = textOf(file, stats);
  const component = unsafeComponent(file);
  return component === null ? { kind: 'program', text } : { kind: 'unsafe', component, text };
}

/** null: it may be there, but not for us to see. */
function statsOf(file: string): Stats | 'missing' | null {
  try {
    return statSync(file);
  } catch (failure) {
    const { code } = failure as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : null;
  }
}

function textOf(file: string, { size }: Stats): string | null {
  if (size >= TEXT_BYTES_MAX) return null;
  try {
    accessSync(file, constants.R_OK);
    const text = readFileSync(file, 'utf8');
    return text.includes('\0') ? null : text;
  } catch {
    return null;
  }
}

/** keepalived's walk from / to the file, links resolved: the first part that is not root's own. */
function unsafeComponent(file: string): string | null {
  try {
    const parts = realpathSync(file).split(path.sep).slice(1);
    const walk = parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
    return ['/', ...walk].find((component) => othersMayWrite(statSync(component))) ?? null;
  } catch {
    return null;
  }
}

/** In a sticky folder as /tmp nobody can replace what is somebody else's. */
function othersMayWrite(stats: Stats): boolean {
  if (stats.uid !== 0) return true;
  if (stats.isDirectory() && (stats.mode & 0o1000) !== 0) return false;
  return (stats.mode & 0o002) !== 0 || ((stats.mode & 0o020) !== 0 && stats.gid !== 0);
}
