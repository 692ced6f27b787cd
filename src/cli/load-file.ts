/**
 * A configuration file by its path, `-` for what comes in; with what the machine knows.
 */
import { readFileSync } from 'node:fs';
import type { Host } from '../config/host';
import { type Loaded, loadConfig } from '../config/load';
import { createHost } from '../drivers/host';

export interface ReadOptions {
  /** -i: what `@id` lines are compared with; the host's name up to the first dot when absent. */
  readonly configId?: string;
  /** -e: every include must find and read its files. */
  readonly includeChecks?: boolean;
  /** the file is of another machine: nothing is asked about the interfaces of this one. */
  readonly elsewhere?: boolean;
}

export type LoadedFile =
  | { readonly kind: 'loaded'; readonly name: string; readonly loaded: Loaded; host: Host }
  | { readonly kind: 'unreadable'; readonly name: string; readonly why: string };

export const DEFAULT_FILE = '/etc/keepalived/keepalived.conf';

export function loadFile(path: string, options: ReadOptions = {}): LoadedFile {
  const name = path === '-' ? '<stdin>' : path;
  let text: string;
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8');
  } catch (failure) {
    const why = failure instanceof Error ? failure.message : String(failure);
    return { kind: 'unreadable', name, why };
  }
  const { configId, includeChecks, elsewhere = false } = options;
  const here = createHost(configId === undefined ? {} : { configId });
  const host = elsewhere ? { ...here, interfaces: null, random: (min: number) => min } : here;
  const reading = includeChecks === undefined ? {} : { includeChecks };
  return { kind: 'loaded', name, loaded: loadConfig(name, text, host, reading), host };
}

/** Says on stderr that it cannot be read. */
export function reportUnreadable(name: string, why: string): void {
  process.stderr.write(`${name}: error[unreadable]: ${why}\n`);
}
