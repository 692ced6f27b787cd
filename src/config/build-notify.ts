/**
 * The notify commands of an instance or group.
 */
import { type Report, warning } from './diagnostic';
import type { Notify } from './model';
import type { Reading } from './read';
import { commandOf, directiveOf, placeOf } from './values';

export function buildNotify(reading: Reading, report: Report): Notify {
  const command = (word: string): readonly string[] | null => {
    const found = commandOf(reading, word);
    if (found?.user != null) {
      const place =
        directiveOf(reading, word)?.words.at(found.user.group === null ? -1 : -2)?.span ??
        placeOf(reading, word);
      report(
        warning('not-yet-supported', place, `a user for ${word} is not supported yet`, {
          label: 'left out',
          why: 'the command runs as script_user',
          help: 'if these are arguments, put the whole command in double quotes',
        }),
      );
    }
    return found?.argv ?? null;
  };
  return {
    master: command('notify_master'),
    backup: command('notify_backup'),
    fault: command('notify_fault'),
    stop: command('notify_stop'),
    any: command('notify'),
  };
}
