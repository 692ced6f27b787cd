#!/usr/bin/env node
/** argv in, exit code out. The only process.exit. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { check } from './cli/check';
import { run } from './cli/run';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'];
const DEFAULT_FILE = '/etc/keepalived/keepalived.conf';

function version(): string {
  const file = path.resolve(__dirname, '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

async function main(): Promise<number> {
  let code = 0;
  const program = new Command('holdfast')
    .description("keeps a service's address alive, from an unmodified keepalived.conf")
    .version(version());
  program
    .command('run')
    .description('run the daemon in the foreground')
    .option('-f, --use-file <file>', 'configuration file', DEFAULT_FILE)
    .option('-n, --dont-fork', 'stay in the foreground (holdfast always does)')
    .option('--allow-inactive', 'start although the file asks for what is not carried out yet')
    .addOption(new Option('--log-level <level>').choices(LEVELS).default('info'))
    .action(async (options: { useFile: string; logLevel: string; allowInactive?: boolean }) => {
      const { useFile: file, logLevel, allowInactive = false } = options;
      code = await run({ file, logLevel, allowInactive });
    });
  program
    .command('check')
    .description('say what is wrong, risky or not yet active in a configuration')
    .argument('[file]', 'configuration file', DEFAULT_FILE)
    .option('--strict', 'warnings fail too')
    .action((file: string, options: { strict?: boolean }) => {
      const color = process.stderr.isTTY === true;
      code = check(file, { strict: options.strict === true, color });
    });
  await program.parseAsync();
  return code;
}

main().then(
  (code) => process.exit(code),
  (failure: unknown) => {
    process.stderr.write(`holdfast: ${failure instanceof Error ? failure.stack : failure}\n`);
    process.exit(1);
  },
);
