/**
 * holdfast check FILE: every finding in the order of the file and a one-line summary. Returns the
 * exit code: 0 clean (or warnings), 1 errors, 2 warnings under --strict; with --compat the codes
 * of `keepalived -t`.
 */
import { compatExitCode } from '../config/compat';
import { type Diagnostic, inFileOrder, type Severity } from '../config/diagnostic';
import type { Loaded } from '../config/load';
import { comparePeers } from '../config/peer';
import { render } from '../config/render';
import { findingOf, githubCommand } from '../config/render-machine';
import { loadFile, type ReadOptions, reportUnreadable } from './load-file';

export const FORMATS = ['text', 'json', 'github'] as const;
export type Format = (typeof FORMATS)[number];

export interface CheckOptions extends ReadOptions {
  readonly strict?: boolean;
  readonly color?: boolean;
  readonly format?: Format;
  /** the other router's file. */
  readonly peer?: string | null;
  /** what `@id` lines of that file are compared with; null: as in the own one. */
  readonly peerId?: string | null;
  /** exit as `keepalived -t` would. */
  readonly compat?: boolean;
}

const EXIT = { clean: 0, errors: 1, warnings: 2 } as const;
/** `keepalived -t` on a file that cannot be read, as its manual says it. */
const COMPAT_UNREADABLE = 4;

export function check(path: string, options: CheckOptions = {}): number {
  const own = loadFile(path, options);
  if (own.kind === 'unreadable') {
    reportUnreadable(own.name, own.why);
    return options.compat === true ? COMPAT_UNREADABLE : EXIT.errors;
  }
  const all = withPeer(own.loaded, options);
  if (all === null) return EXIT.errors;
  print(own.name, all, options);
  if (options.compat === true) return compatExitCode(all);
  if (count(all, 'error') > 0) return EXIT.errors;
  return options.strict === true && count(all, 'warning') > 0 ? EXIT.warnings : EXIT.clean;
}

/** What is wrong here, and what with the other router. Null: its file cannot be read. */
function withPeer(own: Loaded, options: CheckOptions): readonly Diagnostic[] | null {
  const { peer = null, peerId = null } = options;
  if (peer === null) return own.diagnostics;
  const other = loadFile(peer, peerId === null ? options : { ...options, configId: peerId });
  if (other.kind === 'unreadable') {
    reportUnreadable(other.name, other.why);
    return null;
  }
  const compared = comparePeers(own, other.loaded);
  // With both files at hand there is nothing to guess about weights.
  const exact = own.diagnostics.filter(({ code }) => code !== 'small-weight');
  return inFileOrder([...exact, ...compared]);
}

function print(
  name: string,
  findings: readonly Diagnostic[],
  { format = 'text', color = false }: CheckOptions,
) {
  switch (format) {
    case 'json':
      process.stdout.write(`${JSON.stringify(document(name, findings), null, 2)}\n`);
      return;
    case 'github':
      for (const one of findings) process.stdout.write(`${githubCommand(one)}\n`);
      return;
    case 'text':
      for (const one of findings) process.stderr.write(`${render(one, { color })}\n\n`);
      process.stdout.write(`${name}: ${summary(findings)}\n`);
  }
}

const document = (file: string, findings: readonly Diagnostic[]) => ({
  version: 1,
  file,
  accepted: count(findings, 'error') === 0,
  counts: {
    error: count(findings, 'error'),
    warning: count(findings, 'warning'),
    info: count(findings, 'info'),
  },
  findings: findings.map(findingOf),
});

const count = (findings: readonly Diagnostic[], severity: Severity): number =>
  findings.filter((one) => one.severity === severity).length;

function summary(findings: readonly Diagnostic[]): string {
  const errors = count(findings, 'error');
  const parts = [
    plural(errors, 'error'),
    plural(count(findings, 'warning'), 'warning'),
    plural(count(findings, 'info'), 'note'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'ok' : `${errors > 0 ? '' : 'ok, '}${parts.join(', ')}`;
}

const plural = (n: number, noun: string): string | null =>
  n === 0 ? null : `${n} ${noun}${n === 1 ? '' : 's'}`;
