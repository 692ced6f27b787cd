/**
 * The check that every nginx tutorial has: is nginx there, else start it, sleep, and if it is
 * still not there stop keepalived. Recognised by what it does, not by its wording, so that the
 * variants with pidof, killall -0, systemctl or service count too.
 */
import { toSeconds } from '../time';
import type { Built } from './build';
import { baseName, type CheckScript, catchesSignals, checkScript } from './check-script';
import type { Host } from './host';
import type { Script } from './model';
import { checksOf, type PlacedCommand } from './places';
import type { ShellCommand } from './shell';

export interface ClassicCheck extends PlacedCommand {
  readonly script: Script;
  readonly text: CheckScript;
  /** what starts nginx; null: it only looks. */
  readonly starts: ShellCommand | null;
  /** what stops keepalived; null: it leaves that to its exit status. */
  readonly stops: ShellCommand | null;
  /** the sleep in which the timeout ends it, where that is certain. */
  readonly endsIn: ShellCommand | null;
}

/** By the name of the script. */
export function classicChecks(built: Built, host: Host): ReadonlyMap<string, ClassicCheck> {
  return new Map(
    checksOf(built).flatMap((placed) => {
      const text = checkScript(placed.argv, host);
      const found = text === null ? null : recognise(placed, text);
      return found === null ? [] : [[placed.script.name, found] as const];
    }),
  );
}

function recognise(
  placed: PlacedCommand & { readonly script: Script },
  text: CheckScript,
): ClassicCheck | null {
  if (!/\bnginx\b/.test(text.text)) return null;
  const reached = text.commands.filter(({ unreachable }) => !unreachable);
  const starts = reached.find(({ words }) => startsNginx(words)) ?? null;
  const stops = reached.find(({ words }) => stopsKeepalived(words)) ?? null;
  if (starts === null && stops === null) return null;
  const limit = toSeconds(placed.script.timeout);
  const endsIn = reached.find(
    ({ sleeps, slept, background }) => sleeps > 0 && !background && slept + sleeps >= limit,
  );
  return {
    ...placed,
    text,
    starts,
    stops,
    endsIn: catchesSignals(text) ? null : (endsIn ?? null),
  };
}

const starting: ReadonlySet<string> = new Set(['start', 'restart', 'reload-or-restart']);
const isNginx = (word: string): boolean => /^(?:nginx|openresty|tengine)(?:\.service)?$/.test(word);

function startsNginx([first = '', ...args]: readonly string[]): boolean {
  const program = baseName(first);
  const starts = args.some((word) => starting.has(word));
  if (program === 'systemctl' || program === 'service') return starts && args.some(isNginx);
  if (!isNginx(program)) return false;
  // An init script wants the word; the program itself starts unless told otherwise.
  return /\/init\.d\//.test(first) ? starts : !args.some((word) => /^-[stTvVhq]/.test(word));
}

export function stopsKeepalived([first = '', ...args]: readonly string[]): boolean {
  const isNamed = args.some((word) => /\bkeepalived\b/.test(word));
  switch (baseName(first)) {
    case 'systemctl':
    case 'service':
      return isNamed && args.includes('stop');
    case 'killall':
    case 'pkill':
    case 'kill':
      return isNamed && !args.includes('-0');
    case 'keepalived':
      return /\/init\.d\//.test(first) && args.includes('stop');
    default:
      return false;
  }
}
