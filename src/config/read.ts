/**
 * A block's directives read against the keyword table: unknown, misplaced and unsupported words,
 * missing and surplus arguments, wrong values. What comes out holds only values of the right type.
 */
import { didYouMean, error, info, type Report, warning } from './diagnostic';
import type { Context, Keyword } from './keywords';
import { blockOf, homesOf, lookup, wordsWithin } from './keywords';
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
    const word = row.means ?? row.word;
    attempted.add(word);
    if (!isSupported(row, directive, session)) continue;
    reportOldName(row, directive, session.report);
    const value = hasShape(row, directive, session.report)
      ? readValue(row, directive, session.report)
      : null;
    if (value === null) continue;
    const known = entries.get(word) ?? [];
    const before = known.at(-1);
    if (before !== undefined && row.repeated !== 'all') {
      reportRepeated(row, before, directive, session);
      if (row.repeated === 'first') continue;
    }
    known.push({ row, directive, value });
    entries.set(word, known);
  }
  return { span, entries, attempted };
}

function reportUnknown(directive: Directive, within: Context, report: Report): void {
  const { text, span } = directive.keyword;
  const place = within === 'root' ? 'at the top level' : `in ${within}`;
  const outer = within === 'root' ? null : lookup('root', text);
  const isOuter = outer !== null && outer.value.kind !== 'lines' && directive.block !== null;
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
  if (/^(<{7}|={7}|>{7}|\|{7})/.test(text)) {
    report(
      warning('merge-conflict', span, 'a merge was not finished here', {
        label: 'ignored, so both sides count',
        help: text.startsWith('<') ? 'keep one side, and delete all the marks' : null,
      }),
    );
    return;
  }
  const isBlock = directive.block !== null;
  report(
    warning(
      isBlock ? 'unknown-block' : 'unknown-keyword',
      span,
      `unknown ${isBlock ? 'block' : 'keyword'} '${text}' ${place}`,
      {
        label: isBlock ? 'skipped up to its closing brace' : 'ignored',
        why:
          isBlock && within !== 'root'
            ? `in keepalived its '}' closes ${within}, and what follows there is lost`
            : null,
        help: helpFor(text, within),
      },
    ),
  );
}

/** Another name for it here, where it would be at home, or what looks like it. */
function helpFor(word: string, within: Context): string | null {
  const homes = homesOf(word);
  for (const home of homes) {
    const meant = lookup(home, word)?.means ?? null;
    if (meant !== null && lookup(within, meant) !== null) return `here it is called '${meant}'`;
  }
  if (lookup(within, `vrrp_${word}`) !== null) return `did you mean 'vrrp_${word}'?`;
  // An instance is where most words are looked for.
  const home = homes.includes('vrrp_instance') ? 'vrrp_instance' : homes[0];
  if (home !== undefined)
    return `it belongs ${home === 'root' ? 'at the top level' : `in ${home}`}`;
  const near = didYouMean(word, wordsWithin(within));
  return near === null ? null : `did you mean '${near}'?`;
}

/** Says what is not carried out; false when the directive is left out altogether. */
function isSupported(row: Keyword, directive: Directive, session: Session): boolean {
  const { span } = directive.keyword;
  switch (row.status) {
    case 'active':
      return true;
    case 'accepted':
      // Of a block that is not carried out as a whole its own line says so.
      if (blockOf(row.within)?.status === 'accepted') return true;
      if (row.decisive) reportInactive(`'${row.word}'`, span, `it ${row.about}`, session);
      else noteInactive(row, span, session);
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

/** Once for each word, or for the part of the language that it belongs to. */
function noteInactive(row: Keyword, span: Span, session: Session): void {
  const name = row.part ?? row.word;
  if (session.notYetActive.has(name)) return;
  session.notYetActive.add(name);
  session.report(
    row.part === null
      ? info('not-yet-active', span, `'${row.word}' is read but has no effect yet`, {
          why: `it ${row.about}`,
        })
      : info('not-yet-active', span, `${row.part} are read, not carried out yet`, {
          label: 'the first of them',
          why: 'every word of them is checked all the same',
        }),
  );
}

/** An old file may keep it; whoever writes a new one should know. */
function reportOldName(row: Keyword, directive: Directive, report: Report): void {
  if (row.old === null) return;
  report(
    info('old-name', directive.keyword.span, `'${row.word}' is an old name`, {
      help: `write ${row.old}`,
    }),
  );
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
  if (kind === 'section') {
    if (block === null) reportNoBraces(row, keyword.span, report);
  } else if (!wantsBlock && block !== null) {
    report(
      warning('unexpected-brace', block.open, `'${row.word}' takes no block`, {
        label: 'skipped up to its closing brace',
      }),
    );
  }
  if (words.length < argumentsMin(row.value)) {
    const what = `'${row.word}' needs a value`;
    report(
      row.missing === 'error'
        ? error('missing-parameter', keyword.span, what, {
            why: 'keepalived does not start without it',
          })
        : warning('missing-parameter', keyword.span, what, { label: 'ignored' }),
    );
    return false;
  }
  reportStray(row, words, report);
  const surplus = words[argumentsMax(row.value)];
  if (surplus !== undefined && words[0]?.text !== '=')
    reportSurplus(row, surplus.text, surplus.span, report);
  return true;
}

function reportNoBraces(row: Keyword, span: Span, report: Report): void {
  report(
    warning('missing-block', span, `'${row.word}' has no block in braces`, {
      label: 'taken as an empty one',
      help: `${row.word} … { … }`,
    }),
  );
}

/** Their words are for nobody's terminal. */
const secrets: ReadonlySet<string> = new Set(
  ['auth_pass', 'password', 'smtp_password'].concat('webhook_bearer'),
);

function reportSurplus(row: Keyword, text: string, span: Span, report: Report): void {
  const isFlag = row.value.kind === 'flag';
  // It may be a part of the secret.
  const quoted = secrets.has(row.word) || row.within === 'auth_hmac' ? '' : ` '${text}'`;
  report(
    warning(
      'extra-word',
      span,
      isFlag ? `'${row.word}' takes no value, found '${text}'` : `surplus word${quoted}`,
      {
        label: 'ignored',
        why: surplusWhy(row),
        help: isFlag
          ? `remove the line if '${row.word}' is not meant`
          : ((secrets.has(row.word) ? null : slipOf(text, 'extra-word')) ??
            'put each keyword on a line of its own'),
      },
    ),
  );
}

function surplusWhy(row: Keyword): string {
  if (row.value.kind === 'flag') {
    return `keepalived ignores it without a word: '${row.word}' is in force`;
  }
  const picky = row.value.kind === 'block' && row.value.named === true && row.missing === 'warning';
  return picky
    ? `keepalived skips a ${row.word} that has two names`
    : 'keepalived ignores it without a word';
}

function reportRepeated(row: Keyword, before: Entry, directive: Directive, session: Session): void {
  const isFirst = row.repeated === 'first';
  session.report(
    warning(
      isFirst ? 'duplicate' : 'repeated',
      directive.keyword.span,
      `'${row.word}' is set again`,
      {
        label: isFirst ? 'ignored' : 'this one counts',
        related: [
          {
            span: before.directive.keyword.span,
            what: isFirst ? 'this one counts' : 'set here before',
          },
        ],
      },
    ),
  );
}
