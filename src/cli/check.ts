/**
 * holdfast check FILE: every finding in the order of the file and a one-line summary.
 * Returns the exit code: 0 clean, 1 errors (or, under strict, warnings).
 */
import { readFileSync } from 'node:fs';
import type { Diagnostic, Severity } from '../config/diagnostic';
import { loadConfig } from '../config/load';
import { render } from '../config/render';

export interface CheckOptions {
  readonly strict?: boolean;
  readonly color?: boolean;
}

export function check(path: string, options: CheckOptions = {}): number {
  const text = read(path);
  if (text === null) return 1;
  const { diagnostics } = loadConfig(path, text);
  const color = options.color ?? false;
  for (const one of diagnostics) process.stderr.write(`${render(one, { color })}\n\n`);
  const errors = count(diagnostics, 'error');
  const warnings = count(diagnostics, 'warning');
  process.stdout.write(`${path}: ${summary(errors, warnings, count(diagnostics, 'info'))}\n`);
  return errors > 0 || (options.strict === true && warnings > 0) ? 1 : 0;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (failure) {
    const reason = failure instanceof Error ? failure.message : String(failure);
    process.stderr.write(`${path}: error[unreadable]: ${reason}\n`);
    return null;
  }
}

const count = (diagnostics: readonly Diagnostic[], severity: Severity): number =>
  diagnostics.filter((one) => one.severity === severity).length;

function summary(errors: number, warnings: number, notes: number): string {
  const parts = [
    errors > 0 ? plural(errors, 'error') : null,
    warnings > 0 ? plural(warnings, 'warning') : null,
    notes > 0 ? plural(notes, 'note') : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'ok' : `${errors > 0 ? '' : 'ok, '}${parts.join(', ')}`;
}

const plural = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? '' : 's'}`;
