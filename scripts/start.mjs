// npm start: the demonstration in network namespaces; with `--config FILE` the daemon itself,
// in the foreground, on a real file. Does all the set-up that either needs.
import path from 'node:path';
import process from 'node:process';
import { launch } from './launch.mjs';
import { ensureOrExit } from './setup.mjs';

const args = process.argv.slice(2);
const at = args.findIndex((arg) => arg === '--config' || arg.startsWith('--config='));

if (at === -1) {
  const peer = args.includes('keepalived') ? ['keepalived'] : [];
  const native = peer.length === 0;
  await ensureOrExit({ packages: ['run', ...peer], native, typescript: true });
  launch('dist/scripts/demo.js', args);
} else {
  const inline = args[at].startsWith('--config=');
  const file = inline ? args[at].slice('--config='.length) : args[at + 1];
  if (file === undefined || file === '') {
    console.error('usage: npm start -- --config FILE [options of holdfast run]');
    process.exit(2);
  }
  args.splice(at, inline ? 1 : 2);
  await ensureOrExit({ packages: ['run'], native: true, typescript: true });
  // npm runs scripts in the repository; the path was typed where the person stands.
  const resolved = path.resolve(process.env.INIT_CWD ?? '.', file);
  launch('dist/src/main.js', ['run', '-f', resolved, '-n', ...args]);
}
