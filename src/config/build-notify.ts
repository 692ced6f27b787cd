/**
 * Commands that are told of something, each with the user it runs as: the notify commands of an
 * instance or group, and those of the daemon's own life.
 */
import { userFrom } from './build-hook';
import { splitFields } from './command-line';
import { type Report, warning } from './diagnostic';
import type { Hook, Notify } from './model';
import type { Word } from './parser';
import type { Reading } from './read';
import { booleanOf, commandOf, directiveOf, isSet, rawText } from './values';

export function buildNotify(reading: Reading, priorities: boolean, report: Report): Notify {
  const hook = (word: string): Hook | null => hookOf(reading, word, report);
  return {
    master: hook('notify_master'),
    backup: hook('notify_backup'),
    fault: hook('notify_fault'),
    stop: hook('notify_stop'),
    any: hook('notify'),
    deleted: hook('notify_deleted'),
    tellsDeleted: isSet(reading, 'notify_deleted'),
    lowerAdvert: hook('notify_master_rx_lower_pri'),
    priorities: booleanOf(reading, 'notify_priority_changes') ?? priorities,
  };
}

/** `command [user [group]]`; the command has more words only in quotes. */
export function hookOf(reading: Reading, word: string, report: Report): Hook | null {
  const found = commandOf(reading, word);
  const directive = directiveOf(reading, word);
  if (found === null || directive === null) return null;
  const fields = splitFields(rawText(directive) ?? '')?.length ?? 0;
  const last = directive.words.at(-1);
  if (fields > fieldsMax && last !== undefined) reportSurplus(last, report);
  const { argv, user } = found;
  return { argv, user: user && userFrom(user.user, user.group ?? undefined) };
}

/** The command, a user, a group. */
const fieldsMax = 3;

function reportSurplus(word: Word, report: Report): void {
  report(
    warning('extra-word', word.span, `surplus word '${word.text}'`, {
      label: 'ignored',
      why: 'behind the command stand a user and a group, no more',
      help: 'if these are arguments, put the whole command in double quotes',
    }),
  );
}
