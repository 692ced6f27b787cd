/**
 * vrrp_script: a command and how its results count. Without a command there is no script.
 */
import { type Duration, seconds } from '../time';
import { info, type Report, warning } from './diagnostic';
import type { Script, User } from './model';
import type { Reading } from './read';
import type { Span } from './source';
import {
  commandOf,
  directiveOf,
  durationOf,
  isSet,
  numberOf,
  placeOf,
  userOf,
  weightOf,
} from './values';

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
  reportInitFail(reading, report);
  const interval = atLeastOneSecond(reading, 'interval', report) ?? seconds(1);
  const { weight, reverse } = weightOf(reading, 'weight') ?? { weight: 0, reverse: false };
  return {
    name,
    command: command.argv,
    interval,
    timeout: atLeastOneSecond(reading, 'timeout', report) ?? interval,
    weight,
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

function reportInitFail(reading: Reading, report: Report): void {
  if (!isSet(reading, 'init_fail')) return;
  const why = 'keepalived forgets it as soon as an instance tracks the script; so does holdfast';
  const place = placeOf(reading, 'init_fail');
  report(info('no-effect', place, "'init_fail' changes nothing", { why }));
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
