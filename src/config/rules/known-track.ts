/**
 * A line of track_file, track_process or track_bfd must name something that is defined: keepalived
 * leaves the instance untracked otherwise. Scripts have a rule of their own.
 */
import type { Built } from '../build';
import { type Diagnostic, didYouMean, warning } from '../diagnostic';
import type { Word } from '../parser';
import type { Reading } from '../read';
import { isBefore } from '../source';
import { linesOf } from '../values';

interface Kind {
  /** of the list. */
  readonly word: string;
  /** of the block that it should name. */
  readonly block: string;
  /** what the block needs to be of use. */
  readonly needs: string;
  readonly places: ReadonlyMap<string, { readonly span: Reading['span'] }>;
  readonly usable: ReadonlySet<string>;
}

export function knownTrack(built: Built): readonly Diagnostic[] {
  const { files, processes, bfds, places } = built.tracked;
  const kinds: readonly Kind[] = [
    kind('track_file', 'track_file', 'file', places.files, files),
    kind('track_process', 'vrrp_track_process', 'process', places.processes, processes),
    kind('track_bfd', 'bfd_instance', 'neighbor_ip', places.bfds, bfds),
  ];
  return [...built.instances.values(), ...built.groups.values()].flatMap((reading) =>
    kinds.flatMap((one) =>
      linesOf(reading, one.word).flatMap((line) => check(reading, line.keyword, one)),
    ),
  );
}

const kind = (
  word: string,
  block: string,
  needs: string,
  places: Kind['places'],
  built: ReadonlyMap<string, unknown>,
): Kind => ({ word, block, needs, places, usable: new Set(built.keys()) });

function check(reading: Reading, { text, span }: Word, of: Kind): readonly Diagnostic[] {
  const place = of.places.get(text);
  if (place === undefined || !of.usable.has(text)) {
    const near = didYouMean(text, of.usable);
    const help =
      near === null ? `${of.block} ${text} { ${of.needs} … }` : `did you mean '${near}'?`;
    return [
      warning('unknown-track', span, `there is no ${of.block} '${text}'`, {
        label: place === undefined ? 'not tracked' : `it has no ${of.needs}`,
        why: 'this router stays master whatever it would show (as under keepalived)',
        help,
      }),
    ];
  }
  if (isBefore(place.span, reading.span)) return [];
  return [
    warning('late-track', span, `${of.block} '${text}' is defined further down`, {
      label: 'tracked all the same',
      why: 'keepalived would go on without it',
      help: 'move it above',
      related: [{ span: place.span, what: 'defined here' }],
    }),
  ];
}
