/**
 * vrrp_script: a command and how its results count. Without a command there is no script.
 */
import { type Duration, seconds } from '../time';
import { type Report, warning } from './diagnostic';
import type { Script, User } from './model';
import type { Word } from './parser';
import type { Reading } from './read';
import type { Span } from './source';
import { commandOf, directiveOf, durationOf, numberOf, placeOf, userOf } from './values';

export const weightMax = 253;

export function buildScript(
  name: string,
  reading: Reading,
  scriptUser: User | null,
  report: Report,
): Script | null {
  const command = commandOf(reading, 'script');
  if (command === null) {
    // A command that could not be read has been reported where it stands.
    if (reading.attempted.has('script')) return null;
    report(
      warning('script-without-command', reading.span, `vrrp_script ${name} has no script`, {
        label: 'left out',
        help: 'script "/path/to/command"',
      }),
    );
    return null;
  }
  reportDroppedWords(reading, command.user, report);
  const interval = atLeastOneSecond(reading, 'interval', report) ?? seconds(1);
  const weight = directiveOf(reading, 'weight');
  const { weight: number, reverse } = weight
    ? readWeight(`vrrp_script ${name}`, weight.words, report)
    : { weight: 0, reverse: false };
  return {
    name,
    command: command.argv,
    interval,
    timeout: atLeastOneSecond(reading, 'timeout', report) ?? interval,
    weight: number ?? 0,
    reverse,
    rise: numberOf(reading, 'rise') ?? 1,
    fall: numberOf(reading, 'fall') ?? 1,
    user: userOf(reading, 'user') ?? scriptUser,
  };
}

/** `script /p/n.sh a b` runs /p/n.sh alone, in keepalived too: the command must be quoted. */
function reportDroppedWords(reading: Reading, rest: User | null, report: Report): void {
  const words = directiveOf(reading, 'script')?.words ?? [];
  if (rest === null) return;
  const place: Span = words[1]?.span ?? placeOf(reading, 'script');
  report(
    warning('extra-word', place, `'${rest.user}' is not passed to the script`, {
      label: 'ignored',
      why: 'only the first word counts unless the whole command is quoted',
      help: 'put the command with its arguments in double quotes',
    }),
  );
}

function atLeastOneSecond(reading: Reading, word: string, report: Report): Duration | null {
  const value = durationOf(reading, word);
  if (value !== 0) return value;
  report(
    warning('out-of-range', placeOf(reading, word), `${word} must be more than 0`, {
      label: '1 second counts',
    }),
  );
  return seconds(1);
}

export interface Weight {
  readonly weight: number | null;
  readonly reverse: boolean;
}

/** `n [reverse]`, of a script or of a tracked name. Null: keep what would count without it. */
export function readWeight(owner: string, words: readonly Word[], report: Report): Weight {
  const [number, option] = words;
  const reverse = option?.text === 'reverse';
  const surplus = words[reverse ? 2 : 1];
  if (surplus !== undefined) {
    report(
      warning('extra-word', surplus.span, `unknown word '${surplus.text}' after a weight`, {
        label: 'ignored',
      }),
    );
  }
  if (number === undefined) return { weight: null, reverse };
  return { weight: weightFrom(owner, number, report), reverse };
}

function weightFrom(owner: string, word: Word, report: Report): number | null {
  const match = /^[+-]?\d+/.exec(word.text);
  if (match === null) {
    report(
      warning('not-a-number', word.span, `weight must be a whole number, found '${word.text}'`, {
        label: 'ignored',
      }),
    );
    return null;
  }
  const weight = Number(match[0]);
  const rest = word.text.slice(match[0].length);
  if (rest !== '') {
    report(
      warning('trailing-junk', word.span, `'${word.text}' is read as ${weight}`, {
        label: `'${rest}' is ignored`,
      }),
    );
  }
  // `-0` is 0: two zeros would make two equal files differ.
  if (Math.abs(weight) <= weightMax) return weight === 0 ? 0 : weight;
  // The effective priority is 1..254, so a larger step has no other outcome.
  const nearest = weight < 0 ? -weightMax : weightMax;
  report(
    warning('out-of-range', word.span, `weight must be -${weightMax}..${weightMax}`, {
      label: `${nearest} counts`,
      why: `${owner} cannot move a priority further than from one end to the other`,
    }),
  );
  return nearest;
}
