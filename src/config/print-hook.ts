/**
 * Commands with the user they run as, and users alone.
 */
import type { Hook, User } from './model';
import { commandText, line, type Printed } from './print-text';

const wordsOf = (user: User | null): readonly string[] =>
  user === null ? [] : [user.user, ...(user.group === null ? [] : [user.group])];

export const printHook = (word: string, hook: Hook | null): readonly Printed[] =>
  hook === null ? [] : line(word, commandText(hook.argv), ...wordsOf(hook.user));

export const printUser = (word: string, user: User | null): readonly Printed[] =>
  user === null ? [] : line(word, ...wordsOf(user));

/** A path, and whom it belongs to. */
export const printOwned = (word: string, path: string, owner: User | null): readonly Printed[] =>
  line(word, path, ...wordsOf(owner));
