/**
 * What no mail server can be told is left out. keepalived says it all the same, is refused, and
 * then none of the recipients gets the mail.
 */
import type { Built } from '../build';
import { type Diagnostic, info, warning } from '../diagnostic';
import { isSet, namesOf, placeOf } from '../values';

/** The driver's own rule: blanks, brackets and commas would be something else on the wire. */
const isAddress = (text: string): boolean => /^[^\s<>,\p{Cc}]+$/u.test(text);

export function mailAddress({ config, globals }: Built): readonly Diagnostic[] {
  const bad = namesOf(globals, 'notification_email')
    .filter(({ text }) => !isAddress(text))
    .map(({ text, span }) =>
      warning('bad-mail-address', span, `'${text}' is no mail address`, {
        label: 'gets no mail',
        help: 'one bare address on each line: you@example.org',
      }),
    );
  const { from } = config.global.mail;
  if (from === null || isAddress(from) || !isSet(globals, 'notification_email_from')) return bad;
  const place = placeOf(globals, 'notification_email_from');
  const shown = /<([^<>]*)>\s*$/.exec(from)?.[1];
  const isNamed = shown !== undefined && isAddress(shown);
  const sender = isNamed
    ? info('named-sender', place, 'keepalived cannot send mail from a name', {
        why: 'it says all of it to the server, which refuses each mail; holdfast does not',
        help: `notification_email_from ${shown}, if the file is for both`,
      })
    : warning('bad-mail-address', place, `'${from}' is no mail address`, {
        label: 'our user at the host name is the sender',
        help: 'notification_email_from holdfast@example.org',
      });
  return [...bad, sender];
}
