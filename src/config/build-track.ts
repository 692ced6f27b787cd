/**
 * The lines of track_interface, track_script, track_file, track_process and track_bfd: a name and
 * a weight. What is tracked has a weight of its own, which counts where the line gives none.
 * Whether it exists is for rules/known-script and rules/known-track.
 */

import { type Report, warning } from './diagnostic';
import type { Track, Tracks } from './model';
import type { Directive } from './parser';
import type { Reading } from './read';
import { linesOf } from './values';
import { fileWeightMax, readWeight, type WeightTerms, weightMax } from './weight';

/** The weight with which something was defined. */
export interface Weighted {
  readonly weight: number;
  readonly reverse: boolean;
}

/** What there is to track, by name. */
export interface Trackable {
  readonly scripts: ReadonlyMap<string, Weighted>;
  readonly files: ReadonlyMap<string, Weighted>;
  readonly processes: ReadonlyMap<string, Weighted>;
  readonly bfds: ReadonlyMap<string, Weighted>;
}

/** The keyword of each list of Tracks. */
export const trackWords = {
  trackInterfaces: 'track_interface',
  trackScripts: 'track_script',
  trackFiles: 'track_file',
  trackProcesses: 'track_process',
  trackBfds: 'track_bfd',
} as const satisfies Readonly<Record<keyof Tracks, string>>;

type Ranges = Pick<WeightTerms, 'max' | 'clips' | 'noreverse'>;

/** Links and scripts take ±254 for ±253; what is further out counts as not given. */
const ranges: Readonly<Record<keyof Tracks, Ranges>> = {
  trackInterfaces: { max: weightMax, clips: 'next', noreverse: false },
  trackScripts: { max: weightMax, clips: 'next', noreverse: true },
  trackFiles: { max: fileWeightMax, clips: 'none', noreverse: true },
  trackProcesses: { max: fileWeightMax, clips: 'none', noreverse: true },
  trackBfds: { max: weightMax, clips: 'none', noreverse: true },
};

const none: ReadonlyMap<string, Weighted> = new Map();

/** `ownInterface` is watched anyway; null for a group. */
export function buildTracks(
  reading: Reading,
  known: Trackable,
  ownInterface: string | null,
  report: Report,
): Tracks {
  const lists = (list: keyof Tracks, defined: ReadonlyMap<string, Weighted>): readonly Track[] => {
    const lines = once(linesOf(reading, trackWords[list]), report);
    return lines.map((line) => buildTrack(line, ranges[list], defined, report));
  };
  const trackInterfaces = lists('trackInterfaces', none).filter(({ name }) => {
    if (name !== ownInterface) return true;
    reportOwnInterface(reading, name, report);
    return false;
  });
  return {
    trackInterfaces,
    trackScripts: lists('trackScripts', known.scripts),
    // What does not exist tracks nothing; a rule tells it.
    trackFiles: lists('trackFiles', known.files).filter(({ name }) => known.files.has(name)),
    trackProcesses: lists('trackProcesses', known.processes).filter(({ name }) =>
      known.processes.has(name),
    ),
    trackBfds: lists('trackBfds', known.bfds).filter(({ name }) => known.bfds.has(name)),
  };
}

/** Where a name is tracked. */
export const placeOfTrack = (reading: Reading, list: keyof Tracks, name: string) =>
  linesOf(reading, trackWords[list]).find((line) => line.keyword.text === name)?.keyword.span ??
  reading.span;

function reportOwnInterface(reading: Reading, name: string, report: Report): void {
  report(
    warning(
      'tracks-own-interface',
      placeOfTrack(reading, 'trackInterfaces', name),
      `${name} is tracked anyway`,
      { label: 'ignored', help: 'dont_track_primary would turn that off' },
    ),
  );
}

function once(lines: readonly Directive[], report: Report): readonly Directive[] {
  const seen = new Map<string, Directive>();
  for (const line of lines) {
    const before = seen.get(line.keyword.text);
    if (before === undefined) {
      seen.set(line.keyword.text, line);
      continue;
    }
    report(
      warning('duplicate', line.keyword.span, `'${line.keyword.text}' is tracked already`, {
        label: 'ignored',
        related: [{ span: before.keyword.span, what: 'tracked here' }],
      }),
    );
  }
  return [...seen.values()];
}

function buildTrack(
  line: Directive,
  range: Ranges,
  defined: ReadonlyMap<string, Weighted>,
  report: Report,
): Track {
  const name = line.keyword.text;
  const fallback = defined.get(name) ?? { weight: 0, reverse: false };
  const given = readTrackWeight(line, range, report);
  return {
    name,
    weight: given.weight ?? fallback.weight,
    reverse: given.weight === null ? fallback.reverse : given.reverse,
  };
}

function readTrackWeight(line: Directive, range: Ranges, report: Report) {
  const unset = { weight: null, reverse: false };
  const [option, ...rest] = line.words;
  if (option === undefined) return unset;
  if (option.text === 'weight') {
    if (rest.length > 0) {
      return readWeight({ owner: line.keyword.text, ...range }, rest, report);
    }
    report(
      warning('missing-parameter', option.span, "'weight' needs a number", { label: 'ignored' }),
    );
    return unset;
  }
  report(
    warning('unknown-option', option.span, `unknown word '${option.text}' after a tracked name`, {
      label: 'ignored',
      help: 'put each name on a line of its own: NAME [weight n [reverse]]',
    }),
  );
  return unset;
}
