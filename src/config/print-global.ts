/**
 * global_defs and holdfast's own block. What instances inherit is not here: each instance prints
 * what it has.
 */
import { toSeconds } from '../time';
import type { Config, Global } from './model';
import type { Mail } from './model-mail';
import type { Telling } from './model-telling';
import { printUser } from './print-hook';
import { printSystem } from './print-system';
import { block, entries, flag, line, onOff, type Printed, unless } from './print-text';

export function printGlobal(config: Config): readonly Printed[] {
  const { global } = config;
  return block(
    ['global_defs'],
    [
      ...line('router_id', global.routerId),
      ...printMail(global.mail),
      ...printStart(global),
      ...flag('dynamic_interfaces', global.dynamicInterfaces),
      ...printUser('script_user', global.scriptUser),
      ...flag('enable_script_security', global.scriptSecurity),
      ...flag('vrrp_min_garp', refreshesNothing(config)),
      ...printSystem(global.system),
    ],
  );
}

/** It alone can say that a refresh announces nothing; instances overrule the rest of it. */
const refreshesNothing = ({ instances }: Config): boolean =>
  instances.some(({ garp }) => garp.refreshRepeat === 0);

/** No delay cannot be written. */
const printStart = ({ startupDelay, delayAfterBoot }: Global): readonly Printed[] => [
  ...line('vrrp_startup_delay', unless(toSeconds(startupDelay), 0)),
  ...line('vrrp_delay_after_boot', unless(toSeconds(delayAfterBoot), 0)),
];

const printMail = (mail: Mail): readonly Printed[] => [
  ...block(['notification_email'], entries(mail.to)),
  ...line('notification_email_from', mail.from),
  ...(mail.server === null ? [] : line('smtp_server', mail.server.host, mail.server.port)),
  ...line('smtp_connect_timeout', toSeconds(mail.connectTimeout)),
  ...line('smtp_helo_name', mail.heloName),
  ...(mail.checkers === null ? [] : onOff('smtp_alert_checker', mail.checkers)),
  ...flag('no_email_faults', !mail.faults),
  ...flag('no_checker_emails', !mail.eachChecker),
];

export const printOwn = ({ global }: Config): readonly Printed[] =>
  block(
    ['holdfast'],
    [
      ...line('vip_lease', global.vipLease === null ? 'off' : toSeconds(global.vipLease)),
      ...line('on_stall', global.onStall),
      ...line('stall_lease', toSeconds(global.stallLease)),
      ...onOff('realtime', global.realtime),
      ...printTelling(global.telling),
      ...printTransport(global.mail),
    ],
  );

const printTelling = ({ coalesce, timeout, webhooks, bearer }: Telling): readonly Printed[] => [
  ...onOff('notify_coalesce', coalesce),
  ...line('notify_timeout', toSeconds(timeout)),
  ...webhooks.flatMap((url) => line('notify_webhook', url)),
  ...line('webhook_bearer', bearer),
];

const printTransport = ({ tls, tlsAuthorities, login }: Mail): readonly Printed[] => [
  ...line('smtp_tls', tls),
  ...line('smtp_tls_ca', tlsAuthorities),
  ...(login === null
    ? []
    : [
        ...line('smtp_user', login.user),
        ...line('smtp_password', login.password),
        ...line('smtp_password_file', login.passwordFile),
      ]),
];
