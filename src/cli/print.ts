/**
 * holdfast print FILE: the configuration in effect, as canonical text or as JSON. Passwords are
 * stars unless --secrets, since this is what people paste into tickets. Returns the exit code:
 * 0 printed, 1 the file has errors or cannot be read.
 */
import type { Config } from '../config/model';
import { print as printText } from '../config/print';
import { toJson } from '../config/print-json';
import { render } from '../config/render';
import { type LoadedFile, loadFile, type ReadOptions, reportUnreadable } from './load-file';

export interface PrintOptions extends ReadOptions {
  readonly json?: boolean;
  readonly secrets?: boolean;
  readonly color?: boolean;
}

/** Raised when a program that reads the JSON would have to change. */
const JSON_VERSION = 1;

export function print(path: string, options: PrintOptions = {}): number {
  const file = loadFile(path, options);
  const config = configOf(file, options.color ?? false);
  if (config === null || file.kind === 'unreadable') return 1;
  const { json = false, secrets = false } = options;
  if (json) {
    const document = {
      version: JSON_VERSION,
      file: file.name,
      config: toJson(config, { secrets }),
    };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return 0;
  }
  const text = printText(config, { secrets });
  process.stdout.write(text);
  if (!secrets && text !== printText(config)) {
    process.stderr.write(`${file.name}: passwords are shown as stars; --secrets shows them\n`);
  }
  return 0;
}

/** Null when there is none; the reason is on stderr then. Warnings are for `check`. */
export function configOf(file: LoadedFile, color: boolean): Config | null {
  if (file.kind === 'unreadable') {
    reportUnreadable(file.name, file.why);
    return null;
  }
  const { config, diagnostics } = file.loaded;
  for (const one of diagnostics) {
    if (one.severity === 'error') process.stderr.write(`${render(one, { color })}\n\n`);
  }
  return config;
}
