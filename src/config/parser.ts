/**
 * Tokens into a tree of directives. A directive is one line: a keyword, its words, and the
 * block that follows it on the same line or the next. Knows no keyword, so an unknown block is
 * as well-formed as any other. Braces that do not match are reported; nothing throws.
 */
import { error, type Report, warning } from './diagnostic';
import type { Token } from './lexer';
import { isBlank } from './lines';
import { cover, type Source, type Span, spanOf } from './source';

export interface Word {
  readonly text: string;
  readonly quoted: boolean;
  readonly span: Span;
}

export interface Directive {
  readonly keyword: Word;
  readonly words: readonly Word[];
  /** everything after the keyword as it was typed; null when there is nothing. */
  readonly raw: Span | null;
  /** the comment that begins in the middle of the last word, as in `pa#ss`. */
  readonly gluedComment: Span | null;
  readonly block: Block | null;
}

export interface Block {
  readonly open: Span;
  /** null: the file ended first. */
  readonly close: Span | null;
  readonly body: readonly Directive[];
}

/** Nobody nests deeper by hand; a bound keeps every walk over the tree short. */
const nestingMax = 16;

type Draft = { -readonly [K in keyof Directive]: Directive[K] };
interface Open {
  readonly body: Directive[];
  readonly open: Span | null;
  readonly owner: Draft | null;
}

interface State {
  readonly report: Report;
  readonly stack: Open[];
  words: Word[];
  gluedComment: Span | null;
  /** the directive that a `{` would belong to. */
  last: Draft | null;
  /** the first block whose `}` stands further left than the block itself. */
  suspect: Suspect | null;
}

interface Suspect {
  readonly open: Span;
  readonly close: Span;
}

export function parse(
  source: Source,
  tokens: readonly Token[],
  report: Report,
): readonly Directive[] {
  const root: Open = { body: [], open: null, owner: null };
  const state: State = {
    report,
    stack: [root],
    words: [],
    gluedComment: null,
    last: null,
    suspect: null,
  };
  for (const token of tokens) take(state, token);
  finishLine(state);
  closeLeftovers(state, source);
  return root.body;
}

function take(state: State, token: Token): void {
  switch (token.kind) {
    case 'word':
      state.words.push(token);
      return;
    case 'comment':
      if (token.glued) state.gluedComment = token.span;
      return;
    case 'newline':
      finishLine(state);
      return;
    case 'open':
      finishLine(state);
      openBlock(state, token.span);
      return;
    case 'close':
      finishLine(state);
      closeBlock(state, token.span);
      return;
    default: {
      const never: never = token;
      void never;
    }
  }
}

const top = (state: State): Open => state.stack[state.stack.length - 1] as Open;

function finishLine(state: State): void {
  const [keyword, ...words] = state.words;
  if (keyword !== undefined) {
    const first = words[0];
    const final = words.at(-1);
    const raw = first && final ? cover(first.span, final.span) : null;
    const { gluedComment } = state;
    const directive: Draft = { keyword, words, raw, gluedComment, block: null };
    top(state).body.push(directive);
    state.last = directive;
  }
  state.words = [];
  state.gluedComment = null;
}

function openBlock(state: State, open: Span): void {
  const owner = state.last;
  if (owner === null) {
    state.report(
      warning('unexpected-brace', open, "'{' without a keyword in front of it", {
        help: 'the block is skipped up to its closing brace',
      }),
    );
  }
  if (state.stack.length === nestingMax + 1) {
    state.report(error('too-deep', open, `blocks are nested deeper than ${nestingMax}`));
  }
  const body: Directive[] = [];
  // A block that is too deep is read, so that braces still match, and belongs to nobody.
  const kept = state.stack.length <= nestingMax ? owner : null;
  if (kept !== null) kept.block = { open, close: null, body };
  state.stack.push({ body, open, owner: kept });
  state.last = null;
}

function closeBlock(state: State, close: Span): void {
  state.last = null;
  if (state.stack.length === 1) {
    state.report(
      warning('extra-brace', close, "'}' closes nothing", {
        help: 'remove it, or look for a block above that was closed too early',
      }),
    );
    return;
  }
  const done = state.stack.pop();
  if (done?.owner && done.open) {
    done.owner.block = { open: done.open, close, body: done.body };
    if (isFurtherLeft(close, done.owner.keyword.span)) {
      state.suspect ??= { open: done.open, close };
    }
  }
}

/** Whether both begin their lines, and `a` with a part only of the blanks in front of `b`. */
function isFurtherLeft(a: Span, b: Span): boolean {
  const [left, right] = [blanksBefore(a), blanksBefore(b)];
  if (left === null || right === null) return false;
  return left.length < right.length && right.startsWith(left);
}

function blanksBefore({ source: { text }, start }: Span): string | null {
  let from = start;
  while (from > 0 && isBlank(text.charAt(from - 1))) from--;
  return from === 0 || text.charAt(from - 1) === '\n' ? text.slice(from, start) : null;
}

/** The braces are one short: the block that looks closed by another's brace, if there is one. */
function reportSuspect({ open, close }: Suspect, left: Open, report: Report): void {
  report(
    warning('missing-brace', open, "this '{' is never closed, by the look of it", {
      label: 'opened here',
      why: "the '}' that closes it is indented like that of an outer block",
      help: "add the missing '}'",
      related: [
        { span: close, what: 'closed here' },
        ...(left.open === null ? [] : [{ span: left.open, what: 'so this one stays open' }]),
      ],
    }),
  );
}

function closeLeftovers(state: State, source: Source): void {
  const endOfFile = spanOf(source, source.text.length, source.text.length);
  const [first, ...others] = state.stack.slice(1, nestingMax + 1);
  if (first === undefined) return;
  const { suspect } = state;
  if (suspect !== null) reportSuspect(suspect, first, state.report);
  for (const left of suspect === null ? [first, ...others] : others) {
    state.report(
      warning('missing-brace', left.open ?? endOfFile, "this '{' is never closed", {
        label: 'opened here',
        why: 'the file ends inside the block',
        help: "add the missing '}'",
      }),
    );
  }
}
