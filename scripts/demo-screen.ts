/**
 * What the demonstration prints: a line per event, with the time since the start and who it is
 * about. Watches the daemons' logs, the client and the VIP, and reports only what changed.
 */
import type { Client } from '../test/lab/client';
import { logRecord } from '../test/lab/holdfast';

const colours = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
  blue: 34,
  magenta: 35,
  cyan: 36,
};
type Colour = keyof typeof colours;

const coloured = process.stdout.isTTY && process.env['NO_COLOR'] === undefined;

export const paint = (colour: Colour, text: string): string =>
  coloured ? `\u001b[${colours[colour]}m${text}\u001b[0m` : text;

/** Milliseconds for people: 0.85 s, 3.61 s. */
export const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

const began = performance.now();

/** One event: ' 12.3 s  lb2     Entering MASTER STATE'. */
export function tell(who: string, text: string, colour: Colour | null = null): void {
  const at = `${((performance.now() - began) / 1000).toFixed(2)} s`.padStart(8);
  const shown = colour === null ? text : paint(colour, text);
  process.stdout.write(`${paint('dim', at)}  ${who.padEnd(7)} ${shown}\n`);
}

/** Log texts, in keepalived's wording, that tell the story; the rest is for the log file. */
const STORY = [
  [/Entering MASTER STATE/, 'green'],
  [/Entering (BACKUP|FAULT) STATE/, 'yellow'],
  [/Receive advertisement timeout/, null],
  [/[Bb]ackup received priority 0/, null],
  [/higher priority|same priority|forcing new election/, null],
  [/`.+` (now returning [^0]|timed out)/, null],
  [/Netlink reports eth0 (up|down)/, null],
  [/sent 0 priority|^Stopped/, null],
] as const;

/** A raw line of keepalived's log, or a record of holdfast's, when it belongs to the story. */
export function tellLog(node: string, line: string): void {
  const text = logRecord(line)?.msg ?? line.replace(/^\w{3} \w{3} +\d+ [\d:]+ \d{4}: /, '');
  const found = STORY.find(([pattern]) => pattern.test(text));
  if (found === undefined) return;
  const [, colour] = found;
  tell(node, text.replace(/^\(VI_1\) /, ''), colour);
}

/** Says when the client stops being answered, and by whom and after what time it is again. */
export class ClientWatch {
  readonly #client: Client;
  #told = 0;
  #silent = false;

  constructor(client: Client) {
    this.#client = client;
  }

  look(): void {
    const outages = this.#client.outages();
    for (const { duration, after } of outages.slice(this.#told)) {
      tell('client', `answered by ${after} after ${inSeconds(duration)}`, 'cyan');
      this.#silent = false;
    }
    const ended = outages.length > this.#told;
    this.#told = outages.length;
    if (ended || this.#silent || !this.#client.silent) return;
    this.#silent = true;
    tell('client', 'no answer', 'red');
  }
}

/** A takeover passes through 'on both' within a few milliseconds; only what lasts is told. */
const SETTLE_MS = 50;

/** Follows `ip -o monitor address` of the nodes; tells when the VIP comes to or leaves one. */
export class HolderWatch {
  readonly #address: string;
  readonly #held = new Set<string>();
  #told = '';
  #timer: NodeJS.Timeout | null = null;

  constructor(address: string) {
    this.#address = address;
  }

  /** One line of a node's monitor; a refresh of a lifetime repeats what is known. */
  line(node: string, text: string): void {
    if (!text.includes(` ${this.#address}/`)) return;
    if (text.startsWith('Deleted')) this.#held.delete(node);
    else this.#held.add(node);
    this.#timer ??= setTimeout(() => this.#settled(), SETTLE_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #settled(): void {
    this.#timer = null;
    const holders = [...this.#held].join(' and ') || 'no node';
    if (holders === this.#told) return;
    this.#told = holders;
    tell('VIP', `is on ${holders}`, this.#held.size === 1 ? 'magenta' : 'red');
  }
}
