/**
 * Mail needs three words that stand far apart: who gets it, which server takes it, and of whom it
 * tells. Without one of them keepalived sends none, and does not say so.
 */
import type { Built } from '../build';
import { type Diagnostic, info, warning } from '../diagnostic';
import type { Span } from '../source';
import { isSet, placeOf } from '../values';

export function mailWay(built: Built): readonly Diagnostic[] {
  const { config, globals } = built;
  const { to, server } = config.global.mail;
  const alert = placeOfAlert(built);
  const isTold = isSet(globals, 'notification_email');
  if (alert !== null && to.length === 0) {
    return [
      warning('mail-to-nobody', alert, 'mail is asked for, and nobody is to get it', {
        label: 'no mail is sent',
        help: 'notification_email { you@example.org } in global_defs',
      }),
    ];
  }
  // A server that was left out for its port has been told of.
  if (alert !== null && server === null && !isSet(globals, 'smtp_server')) {
    return [
      warning('mail-without-server', placeOf(globals, 'notification_email'), 'no smtp_server', {
        label: 'no mail is sent',
        why: 'there is no default; keepalived sends none either, and does not say so',
        help: 'smtp_server 127.0.0.1 in global_defs',
      }),
    ];
  }
  if (alert !== null || !isTold || to.length === 0 || config.virtualServers.length > 0) return [];
  return [
    info('mail-of-nothing', placeOf(globals, 'notification_email'), 'no mail will be sent', {
      why: 'no instance or group has smtp_alert',
      help: 'smtp_alert in the instance, or smtp_alert_vrrp in global_defs',
    }),
  ];
}

/** Where the first is that wants mail; null: none does. */
function placeOfAlert({ config, globals, instances, groups }: Built): Span | null {
  const wanting = [
    ...config.instances.filter((one) => one.smtpAlert).map(({ name }) => instances.get(name)),
    ...config.groups.filter((one) => one.smtpAlert).map(({ name }) => groups.get(name)),
  ];
  const [first] = wanting;
  if (first === undefined) return null;
  if (isSet(first, 'smtp_alert')) return placeOf(first, 'smtp_alert');
  const word = isSet(globals, 'smtp_alert_vrrp') ? 'smtp_alert_vrrp' : 'smtp_alert';
  return placeOf(globals, word);
}
