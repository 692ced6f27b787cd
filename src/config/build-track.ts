/**
 * The lines of track_script and track_interface: a name and a weight. A script's own weight
 * counts where the line gives none. Whether the script exists is for rules/known-script.
 */

import { readWeight } from './build-script';
import { type Report, warning } from './diagnostic';
import type { Script, Track } from './model';
import type { Directive } from './parser';

export function buildTrackScripts(
  owner: string,
  lines: readonly Directive[],
  scripts: ReadonlyMap<string, Script>,
  report: Report,
): readonly Track[] {
  return once(lines, report).map((line) => {
    const script = scripts.get(line.keyword.text);
    const given = readTrackWeight(owner, line, report);
    return {
      name: line.keyword.text,
      weight: given.weight ?? script?.weight ?? 0,
      reverse: given.weight === null ? (script?.reverse ?? false) : given.reverse,
    };
  });
}

export function buildTrackInterfaces(
  owner: string,
  lines: readonly Directive[],
  ownInterface: string | null,
  report: Report,
): readonly Track[] {
  const others = once(lines, report).filter((line) => {
    if (line.keyword.text !== ownInterface) return true;
    report(
      warning('tracks-own-interface', line.keyword.span, `${ownInterface} is tracked anyway`, {
        label: 'ignored',
        help: 'dont_track_primary would turn that off',
      }),
    );
    return false;
  });
  return others.map((line) => {
    const { weight, reverse } = readTrackWeight(owner, line, report);
    return { name: line.keyword.text, weight: weight ?? 0, reverse };
  });
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
      warning('repeated', line.keyword.span, `'${line.keyword.text}' is tracked already`, {
        label: 'ignored',
        related: [{ span: before.keyword.span, what: 'tracked here' }],
      }),
    );
  }
  return [...seen.values()];
}

function readTrackWeight(owner: string, line: Directive, report: Report) {
  const [option, ...rest] = line.words;
  if (option === undefined) return { weight: null, reverse: false };
  if (option.text === 'weight') return readWeight(owner, rest, report);
  report(
    warning('extra-word', option.span, `unknown word '${option.text}' after a tracked name`, {
      label: 'ignored',
      help: 'put each name on a line of its own: NAME [weight n [reverse]]',
    }),
  );
  return { weight: null, reverse: false };
}
