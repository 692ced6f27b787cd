#!/usr/bin/env node
/** argv in, exit code out. The only process.exit. */
import { createProgram } from './cli/program';

async function main(): Promise<number> {
  let code = 0;
  await createProgram((result) => {
    code = result;
  }).parseAsync();
  return code;
}

main().then(
  (code) => process.exit(code),
  (failure: unknown) => {
    process.stderr.write(`holdfast: ${failure instanceof Error ? failure.stack : failure}\n`);
    process.exit(1);
  },
);
