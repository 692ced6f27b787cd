/**
 * holdfast simulate -f A -f B --do 't=5 kill nginx on a': who would be master when, and why.
 * Reads files, touches no network. Returns the exit code: 0 in the end each address is held by one
 * node, 1 one is held by nobody or by several, 2 a file or a word is wrong.
 */
import path from 'node:path';
import type { Config } from '../config/model';
import { render } from '../config/render';
import {
  type Deed,
  type Planned,
  parseDeed,
  parseFailure,
  type Vocabulary,
  type Wrong,
  wordsOf,
} from '../simulate/deed';
import { nginxChecks } from '../simulate/nginx-checks';
import { renderReport, reportDocument } from '../simulate/render';
import { isWell, simulate as run } from '../simulate/simulate';
import { reloadKey } from '../simulate/stage';
import type { NodeFile } from '../simulate/world';
import { loadFile, type ReadOptions, reportUnreadable } from './load-file';

export interface SimulateOptions extends ReadOptions {
  /** node names, in the order of the files; for the others the files are called by their names. */
  readonly names: readonly string[];
  readonly deeds: readonly string[];
  readonly failures: readonly string[];
  /** what failed comes back, one after another. */
  readonly recover: boolean;
  readonly json: boolean;
  readonly color?: boolean;
}

export const SIMULATE_EXIT = { well: 0, notWell: 1, wrong: 2 } as const;

export function simulate(paths: readonly string[], options: SimulateOptions): number {
  const named = namesOf(paths, options.names);
  if ('what' in named) return refuse('', named);
  const files = named.names.map((name, i) => read(paths[i] ?? '', name, options));
  const good = files.filter((file) => file !== null);
  if (good.length < files.length) return SIMULATE_EXIT.wrong;
  const all: Vocabulary = { nodes: good.map((file) => wordsOf(file, nginxChecks(file))) };
  const planned = plan(options, all);
  if (planned === null) return SIMULATE_EXIT.wrong;
  const reloads = readReloads(planned, good, options);
  if (reloads === null) return SIMULATE_EXIT.wrong;
  const report = run(good, planned, reloads);
  const document = options.json
    ? `${JSON.stringify(reportDocument(report), null, 2)}\n`
    : renderReport(report);
  process.stdout.write(document);
  return report.end.every(isWell) ? SIMULATE_EXIT.well : SIMULATE_EXIT.notWell;
}

// ---- files and names

const NODES_MAX = 16;

/** `lb1.conf` is lb1; `lb1/keepalived.conf` beside `lb2/keepalived.conf` too. */
function namesOf(
  paths: readonly string[],
  given: readonly string[],
): { readonly names: readonly string[] } | Wrong {
  if (paths.length === 0) {
    return { what: 'no file is given', help: 'one for each node: -f a.conf -f b.conf' };
  }
  if (paths.length > NODES_MAX) {
    return { what: `${paths.length} files are given`, help: `${NODES_MAX} nodes at most` };
  }
  if (given.length > paths.length) {
    return { what: `--name '${given.at(-1)}' has no file`, help: 'one -f for each --name' };
  }
  const base = paths.map((file) => path.basename(file).replace(/\.[^.]+$/, ''));
  const isOnce = (names: readonly string[], name: string): boolean =>
    names.indexOf(name) === names.lastIndexOf(name);
  const folders = paths.map((file) => path.basename(path.dirname(path.resolve(file))));
  const names = paths.map((_, i) => {
    const [own = '', folder = ''] = [base[i], folders[i]];
    const numbered = `${own}${i + 1}`;
    return given[i] ?? (isOnce(base, own) ? own : isOnce(folders, folder) ? folder : numbered);
  });
  const odd = names.find((name) => !/^[^\s@]+$/.test(name));
  if (odd !== undefined)
    return { what: `'${odd}' cannot name a node`, help: 'one word, without @' };
  const twice = names.find((name) => !isOnce(names, name));
  if (twice === undefined) return { names };
  return {
    what: `two nodes are called '${twice}'`,
    help: '--name for each, in the order of the files',
  };
}

/** Null: it has errors, which are printed. */
function read(file: string, name: string, options: SimulateOptions): NodeFile | null {
  const { includeChecks, color = false } = options;
  const one = loadFile(file, {
    // The same file with `@id` lines may serve several nodes.
    configId: name,
    elsewhere: true,
    ...(includeChecks === undefined ? {} : { includeChecks }),
  });
  if (one.kind === 'unreadable') {
    reportUnreadable(one.name, one.why);
    return null;
  }
  const { loaded, host } = one;
  if (loaded.config !== null) return { name, file: one.name, loaded, host, config: loaded.config };
  for (const each of loaded.diagnostics) {
    if (each.severity === 'error') process.stderr.write(`${render(each, { color })}\n\n`);
  }
  return null;
}

/** Null: one of them cannot be read or has errors. */
function readReloads(
  planned: readonly Planned[],
  files: readonly NodeFile[],
  options: SimulateOptions,
): ReadonlyMap<string, Config> | null {
  const found = new Map<string, Config>();
  const isReload = (deed: Deed) => deed.kind === 'reload';
  for (const deed of planned.map((one) => one.deed).filter(isReload)) {
    const file = read(deed.file, files[deed.node]?.name ?? '', options);
    if (file === null) return null;
    found.set(reloadKey(deed), file.config);
  }
  return found;
}

// ---- words

/** Null: something is wrong, which is printed. */
function plan(options: SimulateOptions, all: Vocabulary): readonly Planned[] | null {
  const wrongs: (readonly [string, Wrong])[] = [];
  const deeds = options.deeds.flatMap((text) => {
    const one = parseDeed(text, all);
    if (!('what' in one)) return [one];
    wrongs.push([`--do '${text}'`, one]);
    return [];
  });
  const failures = options.failures.flatMap((text) => {
    const pair = parseFailure(text, all);
    if (!('what' in pair)) return [pair];
    wrongs.push([`--fail '${text}'`, pair]);
    return [];
  });
  if (wrongs.length > 0) {
    for (const [where, wrong] of wrongs) refuse(where, wrong);
    return null;
  }
  const [first, back] = [0, 1].map((i) => failures.flatMap((pair) => pair[i] ?? []));
  return [...deeds, ...(first ?? []), ...(options.recover ? (back ?? []) : [])];
}

function refuse(where: string, { what, help }: Wrong): number {
  const place = where === '' ? 'simulate' : `simulate: ${where}`;
  process.stderr.write(`${place}: ${what}\n  help: ${help}\n`);
  return SIMULATE_EXIT.wrong;
}
