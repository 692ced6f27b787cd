/**
 * News of a state → the letter that tells it: whether there is one, to whom, subject and body.
 * Subject and first line are keepalived's, for whatever sorts mail by them; below it stands what
 * only we know. Pure. Names come from a file: none of them can begin a line or a header.
 */
import { domainToASCII } from 'node:url';
import type { Config } from '../config/model';
import type { Notify } from '../core/command';

export interface Letter {
  /** Message-ID without its angle brackets; the same at every try, so that a repeat is known. */
  readonly id: string;
  /** when it happened; whenever it is delivered. */
  readonly date: Date;
  readonly from: Sender;
  /** as they are shown; bare addresses. */
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

export interface Sender {
  readonly name: string;
  readonly address: string;
}

/** Who we are where the file does not say. */
export interface Origin {
  readonly host: string;
  readonly user: string;
}

interface Wording {
  readonly subject: string;
  readonly instance: string;
  readonly group: string;
}

const gone = '=> VRRP Instance is no longer owning VRRP VIPs <=';

/** States that are mailed, in keepalived's words. */
const wordings: ReadonlyMap<string, Wording> = new Map([
  [
    'MASTER',
    {
      subject: 'Entering MASTER state',
      instance: '=> VRRP Instance is now owning VRRP VIPs <=',
      group: '=> All VRRP group instances are now in MASTER state <=',
    },
  ],
  [
    'BACKUP',
    {
      subject: 'Entering BACKUP state',
      instance: gone,
      group: '=> All VRRP group instances are now in BACKUP state <=',
    },
  ],
  [
    'FAULT',
    {
      subject: 'Entering FAULT state',
      instance: gone,
      group: '=> All VRRP group instances are now in FAULT state <=',
    },
  ],
  [
    'STOP',
    {
      subject: 'Stopping',
      instance: '=> VRRP Instance stopping <=',
      group: '=> All VRRP group instances are now stopping <=',
    },
  ],
  [
    'DELETED',
    {
      subject: 'Deleted',
      instance: '=> VRRP Deleted at reload <=',
      group: '=> VRRP Deleted at reload <=',
    },
  ],
]);

/** Whether somebody wants mail of it: smtp_alert of the instance or group, no_email_faults. */
export function isWanted(news: Notify, { global, instances, groups }: Config): boolean {
  const { mail } = global;
  if (mail.server === null || mail.to.length === 0 || !wordings.has(news.state)) return false;
  if (news.state === 'FAULT' && !mail.faults) return false;
  const list = news.scope === 'GROUP' ? groups : instances;
  return list.find(({ name }) => name === news.name)?.smtpAlert ?? false;
}

/** null: nobody can get it. */
export function letterOf(
  news: Notify,
  { global }: Config,
  origin: Origin,
  { id, date }: Pick<Letter, 'id' | 'date'>,
): Letter | null {
  const { mail, routerId } = global;
  const to = mail.to.filter(isAddress);
  const wording = wordings.get(news.state);
  if (to.length === 0 || wording === undefined) return null;
  const isGroup = news.scope === 'GROUP';
  const kind = isGroup ? 'Group' : 'Instance';
  const name = oneLine(news.name);
  const router = oneLine(routerId ?? origin.host);
  const facts: readonly (readonly [string, string])[] = [
    [kind, name],
    ['Router', router === origin.host ? router : `${router} (host ${origin.host})`],
    ['State', `${news.state}, it was ${news.previous}`],
    ['Reason', oneLine(news.reason)],
    // A group has none of its own.
    ...(isGroup ? [] : [['Priority', priorityOf(news)] as const]),
    ['Time', date.toISOString()],
  ];
  const first = isGroup ? wording.group : wording.instance;
  const lines = facts.map(([fact, value]) => wrapped(`${fact}:`.padEnd(10), value));
  return {
    id,
    date,
    from: senderOf(mail.from, origin),
    to,
    subject: `[${router}] VRRP ${kind} ${name} - ${wording.subject}`,
    text: `${[first, '', ...lines].join('\n')}\n`,
  };
}

/** With what made it, where that is more; not "=": the sum may be beyond 254. */
function priorityOf({ priority, arithmetic }: Notify): string {
  const plain = String(priority);
  return arithmetic === undefined || arithmetic === plain ? plain : `${plain}, from ${arithmetic}`;
}

/** `ka@x.org`, or `Keepalived <ka@x.org>`, of which keepalived makes a refused MAIL FROM. */
function senderOf(text: string | null, { host, user }: Origin): Sender {
  const shown = /^(.*)<([^<>]+)>\s*$/s.exec(text ?? '');
  const address = (shown?.[2] ?? text ?? '').trim();
  const name = oneLine((shown?.[1] ?? '').replace(/"/g, '')).trim();
  return isAddress(address) ? { name, address } : { name: '', address: `${user}@${host}` };
}

/** Also without a domain: the server may know `root`. */
export const isAddress = (text: string): boolean => /^[^\s<>,\p{Cc}]+$/u.test(text);

/** As it is said to the server: its domain in ASCII. */
export function envelopeAddress(address: string): string {
  const at = address.lastIndexOf('@');
  const domain = at === -1 ? '' : domainToASCII(address.slice(at + 1));
  return domain === '' ? address : address.slice(0, at + 1) + domain;
}

/** What would end a line, or be no letter at all, is a blank. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');

const columnsMax = 76;

/** Short lines stay readable as they are, without an encoding. */
function wrapped(head: string, text: string): string {
  const lines: string[] = [];
  let line = head;
  for (const word of text.split(/\s+/)) {
    if (line.trimEnd() !== line || lines.length + line.length === 0) line += word;
    else if (line.length + 1 + word.length <= columnsMax) line += ` ${word}`;
    else {
      lines.push(line);
      line = ' '.repeat(head.length) + word;
    }
  }
  return [...lines, line].join('\n');
}
