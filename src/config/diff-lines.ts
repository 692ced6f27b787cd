/**
 * Two printed objects as the lines in which they differ, in the file's own words. Knows no keyword,
 * so a line that is printed is a line that is compared. A password is stars on both sides.
 */
import { withStars } from './print';
import type { Printed } from './print-text';

export interface LineChange {
  /** the blocks inside the object in which it stands, outermost first. */
  readonly within: readonly string[];
  /** null: it was not there. */
  readonly before: string | null;
  /** null: it is not there any more. */
  readonly after: string | null;
}

type Lines = readonly Printed[];

export function lineChanges(
  before: Lines,
  after: Lines,
  owner: string,
  within: readonly string[] = [],
): readonly LineChange[] {
  const text = showing(within.at(-1) ?? owner);
  return headsOf([...after, ...before])
    .flatMap((head): readonly LineChange[] => {
      const [old, now] = [before, after].map((lines) =>
        lines.filter((one) => headOf(one) === head),
      );
      if (old === undefined || now === undefined) return [];
      if ([...old, ...now].some(({ body }) => body !== null)) {
        const bodyOf = (lines: Lines): Lines => lines.flatMap(({ body }) => body ?? []);
        return lineChanges(bodyOf(old), bodyOf(now), owner, [...within, head]);
      }
      return leafChanges(old, now, text).map((one) => ({ within, ...one }));
    })
    .concat(orderChange(before, after, within, text));
}

/** A block is told from others by all its words, a line by its first. */
const headOf = ({ words, body }: Printed): string =>
  body === null ? (words[0] ?? '') : words.join(' ');

const headsOf = (lines: Lines): readonly string[] => [...new Set(lines.map(headOf))];

const wordsOf = ({ words }: Printed): string => words.join(' ');

type Show = (line: Printed) => string;
const showing =
  (within: string): Show =>
  ({ words }) =>
    withStars(within, words).join(' ');

type Change = Omit<LineChange, 'within'>;

function leafChanges(before: Lines, after: Lines, text: Show): readonly Change[] {
  const gone = without(before, after);
  const come = without(after, before);
  const [old, now] = [gone[0], come[0]];
  if (gone.length === 1 && come.length === 1 && old !== undefined && now !== undefined) {
    return [{ before: text(old), after: text(now) }];
  }
  return [
    ...come.map((one) => ({ before: null, after: text(one) })),
    ...gone.map((one) => ({ before: text(one), after: null })),
  ];
}

/** What of these is not among the others, each as often as it is missing. */
function without(lines: Lines, others: Lines): Lines {
  const left = others.map(wordsOf);
  return lines.filter((one) => {
    const at = left.indexOf(wordsOf(one));
    if (at !== -1) left.splice(at, 1);
    return at === -1;
  });
}

/** Lists are in the order written, and an advert too. */
function orderChange(
  before: Lines,
  after: Lines,
  within: readonly string[],
  text: Show,
): readonly LineChange[] {
  const common = (lines: Lines, others: Lines): Lines => {
    const gone = without(lines, others);
    return lines.filter((one) => one.body === null && !gone.includes(one));
  };
  const show = (lines: Lines): string => lines.map(text).join(', ');
  const [old, now] = [show(common(before, after)), show(common(after, before))];
  return old === now ? [] : [{ within, before: old, after: now }];
}
