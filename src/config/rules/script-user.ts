/**
 * A command runs as somebody. Whom the host does not know keepalived cannot become, so it drops
 * the command; and with enable_script_security it does not fall back to root.
 */
import type { Built } from '../build';
import { type Diagnostic, warning } from '../diagnostic';
import type { Host } from '../host';
import { commandsOf, firstOfEach, type PlacedCommand } from '../places';
import type { Span } from '../source';
import { usersOf } from '../users';
import { isSet, placeOf } from '../values';

const fallbackUser = 'keepalived_script';

interface Needed {
  readonly user: string;
  readonly span: Span;
  readonly of: PlacedCommand;
  /** behind the command or in its block, in global_defs, or nobody wrote it. */
  readonly from: 'own' | 'common' | 'default';
}

export function scriptUser(built: Built, host: Host): readonly Diagnostic[] {
  const known = usersOf(host);
  if (known === null) return [];
  const unknown = commandsOf(built)
    .flatMap((command) => neededBy(command, built) ?? [])
    .filter(({ user }) => !known(user));
  return firstOfEach(unknown, ({ user }) => user).map(({ user, span, of, from }) =>
    warning('unknown-user', span, `this host has no user '${user}'`, {
      why: from === 'default' ? fallback(of) : consequence(of),
      help: helps(of, from),
    }),
  );
}

function helps({ script }: PlacedCommand, from: Needed['from']): string | null {
  if (from === 'default') return 'script_user root in global_defs, or a user made for it';
  if (from === 'common') return 'script_user and a user that is in /etc/passwd';
  return script === null ? 'if it is an argument, put the whole command in double quotes' : null;
}

function neededBy(of: PlacedCommand, built: Built): Needed | null {
  const { scriptUser: common, scriptSecurity } = built.config.global;
  const own = placeOfUser(of, built);
  if (of.user !== null && own !== null) return { user: of.user.user, span: own, of, from: 'own' };
  if (common !== null) {
    const span = placeOf(built.globals, 'script_user');
    return { user: common.user, span, of, from: 'common' };
  }
  return scriptSecurity ? { user: fallbackUser, span: of.span, of, from: 'default' } : null;
}

/** Behind the command or in the script's block; null: from global_defs, or nowhere. */
function placeOfUser({ script, words, user }: PlacedCommand, built: Built): Span | null {
  if (script === null) return words.slice(1).find(({ text }) => text === user?.user)?.span ?? null;
  const reading = built.scripts.get(script.name);
  return reading !== undefined && isSet(reading, 'user') ? placeOf(reading, 'user') : null;
}

const consequence = ({ script }: PlacedCommand): string =>
  script === null
    ? 'keepalived leaves the command out, so nobody is told'
    : 'the router goes on without this check, as under keepalived';

const fallback = ({ script }: PlacedCommand): string =>
  'with enable_script_security and no script_user keepalived runs this as ' +
  `${fallbackUser}, or ${script === null ? 'not at all' : 'goes on without this check'}; ` +
  'holdfast runs it as itself';
