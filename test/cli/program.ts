/** The program as it is installed: the compiled main.js, in a process of its own. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

export const MAIN = path.join(__dirname, '..', '..', 'src', 'main.js');

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export function holdfast(...words: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    encoding: 'utf8',
    timeout: 30_000,
  });
  return { code: status, stdout, stderr };
}
