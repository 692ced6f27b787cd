/**
 * The command line: what can be typed, and which room does it. Help, completion and the program
 * itself read this one tree.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Argument, Command, Option } from 'commander';
import { CONTROL_PATH } from '../daemon/control';
import { check, FORMATS, type Format } from './check';
import { completion, SHELLS, type Shell } from './completion';
import { diff } from './diff';
import { DEFAULT_FILE, type ReadOptions } from './load-file';
import { NGINX_VERBS, type NginxVerb, nginx } from './nginx';
import { print } from './print';
import { run } from './run';
import { simulate } from './simulate';
import { SIMULATE_HELP } from './simulate-help';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error'];

function version(): string {
  const file = path.resolve(__dirname, '..', '..', '..', 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

/** What is read the same way by every command that reads a configuration. */
interface Reading {
  configId?: string;
  includeChecks?: boolean;
}

const reading = (command: Command): Command =>
  command
    .option('-i, --config-id <id>', "what '@id' lines are compared with (default: the host name)")
    .option('-e, --include-checks', 'every include must find and read its files');

const readOptions = ({ configId, includeChecks }: Reading): ReadOptions => ({
  ...(configId === undefined ? {} : { configId }),
  ...(includeChecks === undefined ? {} : { includeChecks }),
});

/** `done` is told the exit code of the command that ran. */
export function createProgram(done: (code: number) => void): Command {
  const program = new Command('holdfast')
    .description("keeps a service's address alive, from an unmodified keepalived.conf")
    .version(version());
  addRun(program, done);
  addCheck(program, done);
  addPrint(program, done);
  addDiff(program, done);
  addNginx(program, done);
  addSimulate(program, done);
  program
    .command('completion')
    .description('print the completion script of a shell')
    .addArgument(new Argument('<shell>', 'which shell').choices(SHELLS))
    .action((shell: Shell) => {
      process.stdout.write(completion(program, shell));
      done(0);
    });
  return program;
}

function addRun(program: Command, done: (code: number) => void): void {
  reading(program.command('run'))
    .description('run the daemon in the foreground')
    .option('-f, --use-file <file>', 'configuration file', DEFAULT_FILE)
    .option('-n, --dont-fork', 'stay in the foreground (holdfast always does)')
    .option('--control <path>', 'the control socket', CONTROL_PATH)
    .option('--allow-inactive', 'start although the file asks for what is not carried out yet')
    .addOption(new Option('--log-level <level>').choices(LEVELS).default('info'))
    .action(async (options: RunWords) => {
      const { useFile: file, logLevel, control, allowInactive = false } = options;
      done(await run({ file, logLevel, control, allowInactive, ...readOptions(options) }));
    });
}

interface RunWords extends Reading {
  readonly useFile: string;
  readonly logLevel: string;
  readonly control: string;
  readonly allowInactive?: boolean;
}

function addCheck(program: Command, done: (code: number) => void): void {
  reading(program.command('check'))
    .description('say what is wrong, risky or not yet active in a configuration')
    .argument('[file]', "configuration file, '-' for standard input", DEFAULT_FILE)
    .option('--strict', 'warnings fail too, with exit code 2')
    .addOption(new Option('--format <format>').choices(FORMATS).default('text'))
    .option('--peer <file>', "compare with the other router's configuration")
    .option('--peer-id <id>', "what '@id' lines of the other file are compared with")
    .option('--compat', "exit with the codes of 'keepalived -t'")
    .addHelpText('after', EXIT_CODES)
    .action((file: string, options: CheckWords) => {
      const { strict = false, format, peer = null, peerId = null, compat = false } = options;
      const color = isColored();
      done(check(file, { strict, format, peer, peerId, compat, color, ...readOptions(options) }));
    });
}

const isColored = (): boolean =>
  process.stderr.isTTY === true && process.env['NO_COLOR'] === undefined;

function addPrint(program: Command, done: (code: number) => void): void {
  reading(program.command('print'))
    .description('print the configuration in effect, with every default that matters')
    .argument('[file]', "configuration file, '-' for standard input", DEFAULT_FILE)
    .option('--json', 'as JSON: every time a number of seconds, null for what is not set')
    .option('--secrets', 'show passwords')
    .action((file: string, options: Reading & { json?: boolean; secrets?: boolean }) => {
      const { json = false, secrets = false } = options;
      done(print(file, { json, secrets, color: isColored(), ...readOptions(options) }));
    });
}

function addDiff(program: Command, done: (code: number) => void): void {
  reading(program.command('diff'))
    .description('say what a reload would do: kept, altered in place, restarted')
    .argument('<old>', 'the configuration in force')
    .argument('<new>', 'the one to reload')
    .addHelpText('after', '\nExit codes:\n  0  no difference\n  1  differences\n  2  errors')
    .action((before: string, after: string, options: Reading) => {
      done(diff(before, after, { color: isColored(), ...readOptions(options) }));
    });
}

function addNginx(program: Command, done: (code: number) => void): void {
  program
    .command('nginx')
    .description('ask the running daemon about its nginx { }, or to stop, start or reload it')
    .addArgument(new Argument('<verb>', 'what to do').choices(NGINX_VERBS))
    .argument('[name]', 'which nginx, where there are several')
    .option('--control <path>', 'the control socket', CONTROL_PATH)
    .option('--json', 'the answer as one line of JSON')
    .addHelpText('after', NGINX_HELP)
    .action(async (verb: NginxVerb, name: string | undefined, options: NginxWords) => {
      const { control, json = false } = options;
      done(await nginx(verb, name ?? null, { control, json }));
    });
}

interface NginxWords {
  readonly control: string;
  readonly json?: boolean;
}

const NGINX_HELP = `
Where the address is here, stop and restart hand it over first: a peer takes over, and only
then is nginx touched. Where no peer does within a master-down time they go on all the same.
reload keeps the address: nginx -t, SIGHUP, and proof that new workers serve.

Exit codes:
  0  done; of status: every nginx is as it should be
  1  not done, or status: one is down
  2  no daemon answers at the control socket`;

const each = (value: string, before: readonly string[]): readonly string[] => [...before, value];

function addSimulate(program: Command, done: (code: number) => void): void {
  program
    .command('simulate')
    .description('say who would be master when, and why, if something happened to these nodes')
    .argument('[files...]', 'the configuration file of each node')
    .option('-f, --use-file <file>', 'the same, one at a time', each, [])
    .option('--name <name>', 'names of the nodes, in the order of the files', each, [])
    .option('--do <deed>', "what happens, as in 't=5 kill nginx on a'", each, [])
    .option('--fail <what>', "what fails at rest, as in 'script:chk@a'", each, [])
    .option('--recover', 'what failed comes back, one after another')
    .option('--json', 'as JSON')
    .option('-e, --include-checks', 'every include must find and read its files')
    .addHelpText('after', SIMULATE_HELP)
    .action((files: readonly string[], options: SimulateWords) => {
      const { includeChecks, name: names, do: deeds, fail: failures } = options;
      const { recover = false, json = false } = options;
      const reading = includeChecks === undefined ? {} : { includeChecks };
      const words = { names, deeds, failures, recover, json, color: isColored() };
      done(simulate([...options.useFile, ...files], { ...words, ...reading }));
    });
}

interface SimulateWords {
  readonly useFile: readonly string[];
  readonly name: readonly string[];
  readonly do: readonly string[];
  readonly fail: readonly string[];
  readonly recover?: boolean;
  readonly json?: boolean;
  readonly includeChecks?: boolean;
}

interface CheckWords extends Reading {
  readonly strict?: boolean;
  readonly format: Format;
  readonly peer?: string;
  readonly peerId?: string;
  readonly compat?: boolean;
}

const EXIT_CODES = `
Exit codes:
  0  no errors (warnings and notes are printed)
  1  errors, or a file that cannot be read
  2  no errors, but warnings, under --strict
With --compat: 0 nothing that keepalived reports, 2 a value is missing, 4 the file
cannot be read, 5 it reports something, 6 an insecure script or a failed include.`;
