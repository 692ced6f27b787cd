// npm run docs: writes docs/directives.md from the keyword table.
import process from 'node:process';
import { launch } from './launch.mjs';
import { ensureOrExit } from './setup.mjs';

await ensureOrExit({ typescript: true });
launch('dist/scripts/directives.js', process.argv.slice(2));
