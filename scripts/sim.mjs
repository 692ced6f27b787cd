// npm run sim -- --seeds N: the simulator, for as many seeds as wanted. Arguments pass through.
import process from 'node:process';
import { launch } from './launch.mjs';
import { ensureOrExit } from './setup.mjs';

await ensureOrExit({ typescript: true });
launch('dist/test/sim/run.js', process.argv.slice(2));
