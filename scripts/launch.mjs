// Runs one compiled program in the foreground on behalf of an npm script: same terminal, same
// signals, same exit code, so that `npm start` behaves as the program itself would.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { root } from './setup.mjs';

/** `file` is relative to the repository, e.g. dist/scripts/demo.js. */
export function launch(file, args) {
  if (!fs.existsSync(path.join(root, file))) {
    console.error(`${file} does not exist: its source is not in this tree`);
    process.exit(1);
  }
  foreground(process.execPath, ['--enable-source-maps', path.join(root, file), ...args]);
}

export function foreground(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' });
  // A terminal sends Ctrl-C to both of us; the child decides when it is done.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`${command}: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 128 + (signal === 'SIGINT' ? 2 : 15);
  });
}
