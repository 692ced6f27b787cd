/**
 * A track_script line must name a vrrp_script: keepalived leaves the instance untracked
 * otherwise, and nobody notices until the day the check should have failed.
 */
import type { Built } from '../build';
import { type Diagnostic, didYouMean, warning } from '../diagnostic';
import type { Word } from '../parser';
import type { Reading } from '../read';
import { isBefore } from '../source';
import { linesOf } from '../values';

export function knownScript(built: Built): readonly Diagnostic[] {
  const usable = new Set(built.config.scripts.map(({ name }) => name));
  const check = (reading: Reading, { text, span }: Word): readonly Diagnostic[] => {
    const script = built.scripts.get(text);
    if (script?.attempted.has('script') === true && !usable.has(text)) return [];
    if (script === undefined || !usable.has(text)) {
      const near = didYouMean(text, usable);
      return [
        warning('unknown-script', span, `there is no vrrp_script '${text}'`, {
          label: script === undefined ? 'not tracked' : 'it has no command',
          why: 'this router stays master whatever that check would find (as under keepalived)',
          help: near === null ? `vrrp_script ${text} { script "…" }` : `did you mean '${near}'?`,
        }),
      ];
    }
    if (isBefore(script.span, reading.span)) return [];
    return [
      warning('late-script', span, `vrrp_script '${text}' is defined further down`, {
        label: 'tracked all the same',
        why: 'keepalived would go on without this check',
        help: 'move the script above',
        related: [{ span: script.span, what: 'defined here' }],
      }),
    ];
  };
  return [...built.instances.values(), ...built.groups.values()].flatMap((reading) =>
    linesOf(reading, 'track_script').flatMap((line) => check(reading, line.keyword)),
  );
}
