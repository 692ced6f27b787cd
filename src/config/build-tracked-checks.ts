/**
 * The checkers that follow something defined elsewhere in the file: FILE_CHECK a track_file,
 * BFD_CHECK a bfd_instance. A name that nothing has leaves the checker out, as in keepalived.
 */
import type { Block } from './build-checker';
import { didYouMean, warning } from './diagnostic';
import type { Checker } from './model-server';
import type { Word } from './parser';

import { isBefore, type Span } from './source';
import { booleanOf, directiveOf } from './values';

const weightMax = 2_147_483_647;

export function buildFile(block: Block): readonly Checker[] {
  const { directive, reading, checked, report } = block;
  const name = directiveOf(reading, 'track_file')?.words[0];
  if (name === undefined) {
    report(
      warning('check-without-name', directive.keyword.span, 'FILE_CHECK has no track_file', {
        label: 'left out',
      }),
    );
    return [];
  }
  const file = find(name, 'track_file', checked.files, block);
  if (file === null) return [];
  return [{ kind: 'file', file: name.text, ...weightOf(file, block) }];
}

interface Weight {
  readonly weight: number;
  readonly reverse: boolean;
}

/** `n [reverse]`; what the track_file says where there is none. */
function weightOf({ weight, reverse }: Weight, { reading, report }: Block): Weight {
  const directive = directiveOf(reading, 'weight');
  if (directive === null) return { weight, reverse };
  const [number, option] = directive.words;
  const own = /^[+-]?\d+$/.test(number?.text ?? '') ? Number(number?.text) : Number.NaN;
  if (!(Math.abs(own) <= weightMax)) {
    const place = number?.span ?? directive.keyword.span;
    report(
      warning('out-of-range', place, `weight must be -${weightMax}..${weightMax}`, {
        label: `the weight of the track_file counts: ${weight}`,
      }),
    );
    return { weight, reverse };
  }
  if (option !== undefined && option.text !== 'reverse' && option.text !== 'noreverse') {
    report(
      warning('bad-option', option.span, `unknown word '${option.text}' after a weight`, {
        label: 'ignored',
      }),
    );
  }
  return { weight: own === 0 ? 0 : own, reverse: option?.text === 'reverse' };
}

export function buildBfdCheck(block: Block): readonly Checker[] {
  const { directive, reading, checked, report } = block;
  const words = directiveOf(reading, 'name')?.words ?? [];
  const [name] = words;
  if (name === undefined || words.length > 1) {
    const place = words[1]?.span ?? directive.keyword.span;
    report(
      warning('check-without-name', place, 'BFD_CHECK must have one name', { label: 'left out' }),
    );
    return [];
  }
  const session = find(name, 'bfd_instance', checked.sessions, block);
  if (session === null) return [];
  if (!session.tellsCheckers) {
    report(
      warning('bfd-for-vrrp', name.span, `bfd_instance '${name.text}' is for instances alone`, {
        label: 'left out',
        related: [{ span: session.place, what: 'it has `vrrp` without `checker`' }],
      }),
    );
    return [];
  }
  const alpha = booleanOf(reading, 'alpha') ?? checked.alpha;
  return [{ kind: 'bfd', session: name.text, alpha }];
}

function find<T extends { readonly place: Span }>(
  name: Word,
  kind: string,
  known: ReadonlyMap<string, T>,
  { directive, report }: Block,
): T | null {
  const found = known.get(name.text);
  if (found === undefined) {
    const near = didYouMean(name.text, known.keys());
    report(
      warning('unknown-name', name.span, `there is no ${kind} '${name.text}'`, {
        label: 'this check is left out',
        why: 'the server counts as up as far as it is concerned',
        help: near === null ? null : `did you mean '${near}'?`,
      }),
    );
    return null;
  }
  if (isBefore(directive.keyword.span, found.place)) {
    report(
      warning('late-definition', name.span, `${kind} '${name.text}' is defined further down`, {
        label: 'followed all the same',
        why: 'keepalived would go on without this check',
        help: `move the ${kind} above`,
        related: [{ span: found.place, what: 'defined here' }],
      }),
    );
  }
  return found;
}
