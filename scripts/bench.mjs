// npm run bench: measures holdfast and keepalived side by side in the lab. Arguments pass through.
import process from 'node:process';
import { launch } from './launch.mjs';
import { ensureOrExit } from './setup.mjs';

await ensureOrExit({ packages: ['run', 'test'], native: true, tools: true, typescript: true });
launch('dist/test/bench/run.js', process.argv.slice(2));
