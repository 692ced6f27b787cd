/**
 * The regex of a url and the words around it. Patterns are those of PCRE2; whether one compiles
 * is for the driver that has PCRE2.
 */
import { splitCommand } from './command-line';
import { didYouMean, type Report, warning } from './diagnostic';
import type { Regex } from './model-server';
import type { Directive } from './parser';
import type { Reading } from './read';
import { booleanOf, directiveOf, isSet, numberOf, placeOf, rawText } from './values';

const companions = [
  'regex_no_match',
  'regex_options',
  'regex_stack',
  'regex_min_offset',
  'regex_max_offset',
];

const optionNames: readonly string[] = [
  'allow_empty_class',
  'alt_bsux',
  'alt_circumflex',
  'alt_verbnames',
  'auto_callout',
  'caseless',
  'dollar_endonly',
  'dotall',
  'dupnames',
  'extended',
  'firstline',
  'match_unset_backref',
  'multiline',
  'never_backslash_c',
  'never_ucp',
  'never_utf',
  'no_auto_capture',
  'no_auto_possess',
  'no_dotstar_anchor',
  'no_start_optimize',
  'ucp',
  'ungreedy',
  'use_offset_limit',
  'utf',
];

export function buildRegex(url: Reading, report: Report): Regex | null {
  const directive = directiveOf(url, 'regex');
  const pattern = directive === null ? null : patternOf(directive, report);
  if (pattern === null) {
    if (directive === null) reportCompanions(url, report);
    return null;
  }
  return {
    pattern,
    negate: booleanOf(url, 'regex_no_match') ?? false,
    options: optionsOf(url, report),
    ...offsetsOf(url, report),
    stack: stackOf(url, report),
  };
}

function reportCompanions(url: Reading, report: Report): void {
  for (const word of companions) {
    const place = directiveOf(url, word)?.keyword.span;
    if (place === undefined) continue;
    report(warning('no-regex', place, `${word} without regex`, { label: 'ignored' }));
  }
}

function patternOf(directive: Directive, report: Report): string | null {
  const text = rawText(directive) ?? '';
  const fields = splitCommand(text);
  const [pattern, ...others] = fields ?? [];
  if (pattern !== undefined && others.length === 0) return pattern;
  const place = directive.words[others.length === 0 ? 0 : 1]?.span ?? directive.keyword.span;
  report(
    warning('bad-regex', place, 'regex must have one word', {
      label: 'left out',
      why: fields === null ? 'a quote does not match' : null,
      help: 'put it in double quotes where it has blanks',
    }),
  );
  return null;
}

function optionsOf(url: Reading, report: Report): readonly string[] {
  const words = (url.entries.get('regex_options') ?? []).flatMap(
    ({ directive }) => directive.words,
  );
  const known = words.filter((word) => {
    if (optionNames.includes(word.text)) return true;
    const near = didYouMean(word.text, optionNames);
    report(
      warning('bad-choice', word.span, `'${word.text}' is no option of a regex`, {
        label: 'ignored',
        help: near === null ? null : `did you mean '${near}'?`,
      }),
    );
    return false;
  });
  return [...new Set(known.map(({ text }) => text))].sort();
}

function offsetsOf(url: Reading, report: Report): Pick<Regex, 'minOffset' | 'maxOffset'> {
  const minOffset = numberOf(url, 'regex_min_offset') ?? 0;
  const maxOffset = numberOf(url, 'regex_max_offset');
  if (maxOffset === null || minOffset <= maxOffset) return { minOffset, maxOffset };
  const place = placeOf(url, isSet(url, 'regex_min_offset') ? 'regex_min_offset' : 'regex');
  report(
    warning('out-of-range', place, `regex_min_offset ${minOffset} is above regex_max_offset`, {
      label: 'both are ignored',
    }),
  );
  return { minOffset: 0, maxOffset: null };
}

function stackOf(url: Reading, report: Report): Regex['stack'] {
  const directive = directiveOf(url, 'regex_stack');
  if (directive === null) return null;
  const [start, max] = directive.words.map(({ text }) =>
    /^\d+$/.test(text) ? Number(text) : Number.NaN,
  );
  if (start !== undefined && max !== undefined && start >= 1 && start <= max) return { start, max };
  const place = directive.words[0]?.span ?? directive.keyword.span;
  report(
    warning('bad-regex-stack', place, 'regex_stack must be two numbers, the first not larger', {
      label: 'ignored',
      help: 'regex_stack START MAX, in bytes',
    }),
  );
  return null;
}
