/**
 * A block's directives read against the keyword table: unknown, misplaced and unsupported words,
 * missing and surplus arguments, wrong values. What comes out holds only values of the right type.
 */
import { didYouMean, error, info, type Report, warning } from './diagnostic';
import type { Context, Keyword } from './keywords';
import { homesOf, lookup, wordsWithin } from './keywords';
import type { Directive } from './parser';
import { reportStray, slipOf } from './slips';
import type { Span } from './source';
import { argumentsMax, argumentsMin, readValue, type Value } from './values';

export interface Entry {
  readonly row: Keyword;
  readonly directive: Directive;
  readonly value: Value;
}

/** What a block says: every entry in the order of the file, by keyword. */
export interface Reading {
  /** of the block's own keyword, for what is missing. */
  readonly span: Span;
  readonly entries: ReadonlyMap<string, readonly Entry[]>;
  /** keywords that were there, even where their value was no good. */
  readonly attempted: ReadonlySet<string>;
}

/** One for each load; what is said once is remembered here. */
export interface Session {
  readonly report: Report;
  readonly notYetActive: Set<string>;
  readonly inactive: Inactive[];
}

/** In the file and decisive, but not carried out. */
export interface Inactive {
  /** as it is called in a sentence: `'use_vmac'`. */
  readonly what: string;
  readonly span: Span;
}

/** May be given many times in one block; everything else is set once. */
const repeatable = (row: Keyword): boolean =>
  row.value.kind === 'lines' || row.value.kind === 'names' || row.value.kind === 'block';

export function readBlock(directive: Directive, within: Context, session: Session): Reading {
  const body = directive.block?.body ?? [];
  return readBody(directive.keyword.span, body, within, session);
}

export function readBody(
  span: Span,
  body: readonly Directive[],
  within: Context,
  session: Session,
): Reading {
  const entries = new Map<string, Entry[]>();
  const attempted = new Set<string>();
  for (const directive of body) {
    const row = lookup(within, directive.keyword.text);
    if (row === null) {
      reportUnknown(directive, within, session.report);
      continue;
    }
    attempted.add(row.word);
    if (!isSupported(row, directive, session)) continue;
    const value = hasShape(row, directive, session.report)
      ? readValue(row, directive, session.report)
      : null;
    if (value === null) continue;
    const known = entries.get(row.word) ?? [];
    const before = known.at(-1);
    if (before !== undefined && !repeatable(row)) reportRepeated(row, before, directive, session);
    known.push({ row, directive, value });
    entries.set(row.word, known);
  }
  return { span, entries, attempted };
}

function reportUnknown(directive: Directive, within: Context, report: Report): void {
  const { text, span } = directive.keyword;
  const place = within === 'root' ? 'at the top level' : `in ${within}`;
  const homes = homesOf(text);
  const isOuter = homes.includes('root') && within !== 'root' && directive.block !== null;
  if (isOuter) {
    report(
      error('misplaced-block', span, `${text} cannot stand ${place}`, {
        label: 'belongs at the top level',
        why: "a '}' is missing somewhere above, so this block would be lost",
        help: `close the ${within} block before this line`,
      }),
    );
    return;
  }
  const near = didYouMean(text, wordsWithin(within));
  const home = homes.includes('vrrp_instance') ? 'vrrp_instance' : homes[0];
  const help =
    home !== undefined
      ? `it belongs ${home === 'root' ? 'at the top level' : `in ${home}`}`
      : near !== null
        ? `did you mean '${near}'?`
        : null;
  const isBlock = directive.block !== null;
  report(
    warning(
      isBlock ? 'unknown-block' : 'unknown-keyword',
      span,
      `unknown ${isBlock ? 'block' : 'keyword'} '${text}' ${place}`,
      { label: isBlock ? 'skipped up to its closing brace' : 'ignored', help },
    ),
  );
}

/** Says what is not carried out; false when the directive is left out altogether. */
function isSupported(row: Keyword, directive: Directive, session: Session): boolean {
  const { span } = directive.keyword;
  switch (row.status) {
    case 'active':
      return true;
    case 'accepted':
      if (row.decisive) reportInactive(`'${row.word}'`, span, `it ${row.about}`, session);
      else if (!session.notYetActive.has(row.word)) {
        session.notYetActive.add(row.word);
        session.report(
          info('not-yet-active', span, `'${row.word}' is read but has no effect yet`, {
            why: `it ${row.about}`,
          }),
        );
      }
      return true;
    case 'refused':
      session.report(
        warning('refused', span, `holdfast does not do '${row.word}'`, {
          label: 'left out',
          why: `it ${row.about}`,
          help: row.instead,
        }),
      );
      if (row.decisive) session.inactive.push({ what: `'${row.word}'`, span });
      return false;
    default: {
      const never: never = row.status;
      return never;
    }
  }
}

/** Something understood and kept that is not carried out, without which `run` does not start. */
export function reportInactive(
  what: string,
  span: Span,
  why: string | null,
  session: Session,
): void {
  session.inactive.push({ what, span });
  session.report(
    warning('not-yet-active', span, `${what} is read but not carried out yet`, {
      label: "'holdfast run' does not start with it",
      why,
    }),
  );
}

/** Block or no block, enough words, no surplus ones. */
function hasShape(row: Keyword, directive: Directive, report: Report): boolean {
  const { keyword, words, block } = directive;
  const { kind } = row.value;
  const wantsBlock = kind === 'block' || kind === 'lines' || kind === 'names';
  if (wantsBlock && block === null) {
    report(
      error('missing-block', keyword.span, `'${row.word}' needs a block in braces`, {
        help: `${row.word} { … }`,
      }),
    );
    return false;
  }
  if (!wantsBlock && kind !== 'words' && block !== null) {
    report(
      warning('unexpected-brace', block.open, `'${row.word}' takes no block`, {
        label: 'skipped up to its closing brace',
      }),
    );
  }
  if (words.length < argumentsMin(row.value)) {
    report(
      error('missing-parameter', keyword.span, `'${row.word}' needs a value`, {
        why: 'keepalived does not start without it',
      }),
    );
    return false;
  }
  reportStray(row, words, report);
  const surplus = words[argumentsMax(row.value)];
  if (surplus !== undefined && words[0]?.text !== '=')
    reportSurplus(row, surplus.text, surplus.span, report);
  return true;
}

function reportSurplus(row: Keyword, text: string, span: Span, report: Report): void {
  const isFlag = row.value.kind === 'flag';
  const quoted = row.word === 'auth_pass' ? '' : ` '${text}'`;
  report(
    warning(
      'extra-word',
      span,
      isFlag ? `'${row.word}' takes no value, found '${text}'` : `surplus word${quoted}`,
      {
        label: 'ignored',
        why: `keepalived ignores it without a word${isFlag ? `: '${row.word}' is in force` : ''}`,
        help: isFlag
          ? `remove the line if '${row.word}' is not meant`
          : ((row.word === 'auth_pass' ? null : slipOf(text, 'extra-word')) ??
            'put each keyword on a line of its own'),
      },
    ),
  );
}

function reportRepeated(row: Keyword, before: Entry, directive: Directive, session: Session): void {
  session.report(
    warning('repeated', directive.keyword.span, `'${row.word}' is set again`, {
      label: 'this one counts',
      related: [{ span: before.directive.keyword.span, what: 'set here before' }],
    }),
  );
}
