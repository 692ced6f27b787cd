/**
 * An address where no prefix belongs: of a peer, a server, a source. keepalived reads up to the
 * first '/' and forgets the rest, so a file that says 192.0.2.2/24 there works.
 */
import { type Report, warning } from './diagnostic';
import { type Ip, parseIp } from './ip';
import type { Word } from './parser';

export const bareIp = (text: string): Ip | null => parseIp(text.split('/', 1)[0] ?? '');

/** Null: no address, which the caller has to tell. */
export function readBare({ text, span }: Pick<Word, 'text' | 'span'>, report: Report): Ip | null {
  const ip = bareIp(text);
  const slash = text.indexOf('/');
  if (ip !== null && slash !== -1) {
    report(
      warning('prefix-ignored', span, `'${text.slice(slash)}' has no meaning here`, {
        label: 'the address alone counts',
        help: `write ${text.slice(0, slash)}`,
      }),
    );
  }
  return ip;
}
