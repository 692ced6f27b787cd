/** A directory of scripts for one test file, gone with the process that made it. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface Scratch {
  readonly at: (name: string) => string;
  /** Writes an executable file and answers its path. */
  readonly script: (name: string, text: string) => string;
  /** The lines of a file; none when it is not there. */
  readonly lines: (name: string) => readonly string[];
}

export function scratch(): Scratch {
  const directory = mkdtempSync(path.join(tmpdir(), 'holdfast-test-'));
  // Scripts that run as somebody else must get in.
  chmodSync(directory, 0o777);
  process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
  const at = (name: string): string => path.join(directory, name);
  return {
    at,
    script: (name, text) => {
      writeFileSync(at(name), text);
      chmodSync(at(name), 0o755);
      return at(name);
    },
    lines: (name) =>
      existsSync(at(name)) ? readFileSync(at(name), 'utf8').split('\n').slice(0, -1) : [],
  };
}
