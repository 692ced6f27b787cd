/**
 * The machine as the configuration asks about it: files, environment, interfaces, programs.
 * Reads only, at the moment of the question, and throws nothing: what cannot be known is null.
 */
import { readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import type { FileRead, Host, Readers } from '../config/host';
import { glob } from './glob';
import { programOf } from './program';

export interface HostOptions {
  /** what `@id` lines are compared with; the host's name up to the first dot when absent. */
  readonly configId?: string;
}

/** A log or an image included by mistake must not fill the memory. */
const FILE_BYTES_MAX = 64 << 20;

export function createHost(options: HostOptions = {}): Host {
  return {
    configId: options.configId ?? hostname().split('.')[0] ?? '',
    files: { folderOf, glob, read },
    environment: (name) => process.env[name] ?? null,
    random: (min, max) => min + Math.floor(Math.random() * (max - min + 1)),
    interfaces: interfacesOf(),
    program: programOf,
    reads,
  };
}

/** keepalived changes into the folder and asks where it is: links are resolved. */
function folderOf(file: string): string {
  const folder = path.resolve(path.dirname(file));
  try {
    return realpathSync(folder);
  } catch {
    return folder;
  }
}

function read(file: string): FileRead {
  try {
    const stats = statSync(file);
    const why = irregularity(stats);
    if (why !== null) return { kind: 'irregular', why };
    if (stats.size > FILE_BYTES_MAX) return { kind: 'unreadable', why: 'larger than 64 MiB' };
    return { kind: 'text', text: readFileSync(file, 'utf8') };
  } catch (failure) {
    return { kind: 'unreadable', why: reasonOf(failure) };
  }
}

function reads(file: string): Readers | null {
  try {
    return (statSync(file).mode & 0o004) === 0 ? 'some' : 'everybody';
  } catch (failure) {
    return (failure as NodeJS.ErrnoException).code === 'ENOENT' ? 'missing' : null;
  }
}

/** A FIFO would keep us waiting, a device has no end, a script is no configuration. */
function irregularity(stats: Stats): string | null {
  if (stats.isDirectory()) return 'it is a directory';
  if (!stats.isFile()) return 'it is not a regular file';
  return (stats.mode & 0o111) === 0 ? null : 'it is executable';
}

/** `ENOENT: no such file or directory, open '/x'`: the path is known to who asked. */
function reasonOf(failure: unknown): string {
  const message = failure instanceof Error ? failure.message : String(failure);
  return message.replace(/^[A-Z0-9]+: /, '').replace(/, \w+( '.*')?$/s, '');
}

function interfacesOf(): ReadonlyMap<string, readonly string[]> | null {
  const names = linkNames();
  if (names === null) return null;
  const known = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const [label, addresses = []] of Object.entries(networkInterfaces())) {
    // An IPv4 address with a label comes under the label: eth0:v.
    const name = label.split(':')[0] ?? label;
    known.set(name, [...(known.get(name) ?? []), ...addresses.map(({ address }) => address)]);
  }
  return known;
}

/** /sys shows the namespace of whoever mounted it, /proc that of the process which asks. */
function linkNames(): readonly string[] | null {
  try {
    const [, , ...lines] = readFileSync('/proc/net/dev', 'utf8').split('\n');
    return lines.flatMap((line) => /^\s*(\S+):/.exec(line)?.[1] ?? []);
  } catch {
    return foldersOf('/sys/class/net');
  }
}

function foldersOf(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder);
  } catch {
    return null;
  }
}
