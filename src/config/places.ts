/**
 * Where in the file the things stand that rules talk about: tracked names and their weights,
 * addresses, commands. A rule finds its carets here.
 */
import type { Built } from './build';
import type { Host } from './host';
import { formatIp, parseIp } from './ip';
import type { Address, Instance, Script, SyncGroup, User } from './model';
import type { Word } from './parser';
import type { Reading } from './read';
import { compareSpans, type Span, slice, spanOf } from './source';
import { directiveOf, linesOf, placeOf } from './values';
import type { Factor } from './weights';

/** An instance, what was written of it, and its group. */
export interface PlacedInstance {
  readonly instance: Instance;
  readonly reading: Reading;
  readonly group: SyncGroup | null;
}

/** Thirty rules ask the same of one file; of a large one the answer is worked out once. */
function remembered<T extends object>(of: (built: Built) => T): (built: Built) => T {
  const known = new WeakMap<Built, T>();
  return (built) => {
    const answer = known.get(built) ?? of(built);
    known.set(built, answer);
    return answer;
  };
}

/** As they will run: a script that is not there is not tracked. */
export const instancesOf = remembered((built): readonly PlacedInstance[] => {
  const scripts = new Set(built.config.scripts.map(({ name }) => name));
  const settled = <T extends Pick<Instance, 'trackScripts'>>(one: T): T => ({
    ...one,
    trackScripts: one.trackScripts.filter(({ name }) => scripts.has(name)),
  });
  const groups = built.config.groups.map(settled);
  return built.config.instances.flatMap((instance) => {
    const reading = built.instances.get(instance.name);
    const group = groups.find(({ members }) => members.includes(instance.name)) ?? null;
    return reading === undefined ? [] : [{ instance: settled(instance), reading, group }];
  });
});

/** Names in track_script, of instances and groups. */
export const trackedScripts = remembered(
  (built): ReadonlySet<string> =>
    new Set(
      [...built.instances.values(), ...built.groups.values()].flatMap((reading) =>
        linesOf(reading, 'track_script').map((line) => line.keyword.text),
      ),
    ),
);

/** The number that counts as the weight: of the tracking line, else of what is tracked. */
export function placeOfWeight(built: Built, placed: PlacedInstance, factor: Factor): Span {
  const word = `track_${factor.kind}`;
  const ofGroup = placed.group === null ? undefined : built.groups.get(placed.group.name);
  const line = [placed.reading, ofGroup]
    .flatMap((reading) => (reading === undefined ? [] : linesOf(reading, word)))
    .find(({ keyword }) => keyword.text === factor.name);
  if (line === undefined) return placed.reading.span;
  const own = line.words[0]?.text === 'weight' ? line.words[1] : undefined;
  if (own !== undefined) return own.span;
  const block = {
    script: built.scripts.get(factor.name),
    process: built.tracked.places.processes.get(factor.name),
    interface: undefined,
  }[factor.kind];
  const isSet = block !== undefined && directiveOf(block, 'weight') !== null;
  return isSet ? placeOf(block, 'weight') : line.keyword.span;
}

/** null: wherever the routes lead. */
export const interfaceOf = ({ instance }: PlacedInstance): string | null => instance.interface;

/** What the instance's interface has at the moment; null: nobody knows. */
export function presentOn(placed: PlacedInstance, host: Host): readonly string[] | null {
  const name = interfaceOf(placed);
  return name === null ? null : (host.interfaces?.get(name) ?? null);
}

export interface PlacedAddress {
  readonly address: Address;
  readonly span: Span;
}

/** Every address an instance is to hold, each with its place. */
export function heldBy({ instance, reading }: PlacedInstance): readonly PlacedAddress[] {
  const spans = new Map<string, Span>();
  for (const word of ['virtual_ipaddress', 'virtual_ipaddress_excluded']) {
    for (const { keyword } of linesOf(reading, word)) {
      const ip = parseIp(keyword.text.split('/')[0] ?? '');
      if (ip !== null && !spans.has(formatIp(ip))) spans.set(formatIp(ip), keyword.span);
    }
  }
  return [...instance.addresses, ...instance.excluded].map((address) => ({
    address,
    span: spans.get(address.address) ?? reading.span,
  }));
}

/** A command that something in the file runs. */
export interface PlacedCommand {
  readonly argv: readonly string[];
  readonly span: Span;
  /** of the directive: the command, then perhaps a user and a group. */
  readonly words: readonly Word[];
  /** null: what global_defs says. */
  readonly user: User | null;
  /** the check it is; null: nobody waits for its result. */
  readonly script: Script | null;
}

/** The checks that run: those that something tracks. */
export function checksOf(built: Built): readonly (PlacedCommand & { readonly script: Script })[] {
  const tracked = trackedScripts(built);
  return built.config.scripts.flatMap((script) => {
    const reading = built.scripts.get(script.name);
    if (reading === undefined || !tracked.has(script.name)) return [];
    const words = directiveOf(reading, 'script')?.words ?? [];
    const span = placeOf(reading, 'script');
    return [{ argv: script.command, span, words, user: script.user, script }];
  });
}

/** The checks, and every command that is told of something, in the order of the file. */
export const commandsOf = remembered((built): readonly PlacedCommand[] => {
  const readings = [built.globals, ...built.instances.values(), ...built.groups.values()];
  const notifies = readings.flatMap((reading) =>
    [...reading.entries.values()].flatMap((entries) => {
      const last = entries.at(-1);
      if (last?.value.kind !== 'command') return [];
      const { keyword, words } = last.directive;
      const { argv, user } = last.value;
      return [{ argv, span: words[0]?.span ?? keyword.span, words, user, script: null }];
    }),
  );
  return [...checksOf(built), ...notifies].sort((a, b) => compareSpans(a.span, b.span));
});

/** What would be said of each is said once, where it comes first. */
export function firstOfEach<T>(things: readonly T[], key: (one: T) => string): readonly T[] {
  const seen = new Set<string>();
  return things.filter((one) => !seen.has(key(one)) && seen.add(key(one)));
}

/** Where in a command one of its words stands; all of it when quotes or names hide the word. */
export function partOf(span: Span, word: string): Span {
  const text = slice(span);
  const at = text.search(new RegExp(`(?<![^\\s"'])${escaped(word)}(?![^\\s"'])`, 'u'));
  return at === -1 ? span : spanOf(span.source, span.start + at, span.start + at + word.length);
}

const escaped = (word: string): string => word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
