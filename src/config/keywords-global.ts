/**
 * The words of global_defs that concern instances and what is told about them, and the words of
 * holdfast's own block. The rest of global_defs is in keywords-system.
 */

import type { Row } from './keyword-row';
import {
  address,
  boolean,
  choice,
  command,
  device,
  flag,
  integer,
  lenient,
  names,
  oldNameOf,
  once,
  optional,
  owned,
  path,
  prefixed,
  recent,
  rows,
  seconds,
  syntax,
  text,
  umask,
  url,
  user,
  wholeSeconds,
} from './keyword-row';
import { systemRows } from './keywords-system';

const countMax = 4294967295;
const intMax = 2147483647;
/** Microseconds in 32 bits. */
const timerMax = 4294.967295;

const mail: readonly Row[] = [
  ['notification_email', names, 'active', 'lists who gets mail'],
  ['notification_email_from', text, 'active', 'is the sender of mails', lenient],
  ['smtp_server', syntax(1, 2, 'host [port]'), 'active', 'is the mail server', port(25)],
  [
    'smtp_helo_name',
    text,
    'active',
    'is the name given to the mail server',
    { ...lenient, default: 'host name' },
  ],
  [
    'smtp_connect_timeout',
    wholeSeconds(0, 4294),
    'active',
    'waits for the mail server',
    { default: '30' },
  ],
  ['smtp_alert', boolean, 'active', 'sends mails about everything'],
  ['smtp_alert_vrrp', boolean, 'active', 'sends mails about instances', { default: 'no' }],
  ['smtp_alert_checker', boolean, 'accepted', 'sends mails about checkers', { default: 'no' }],
  ['no_email_faults', flag, 'active', 'sends no mail about faults'],
  ['no_checker_emails', boolean, 'accepted', 'sends no mail about single checkers'],
];

function port(number: number) {
  return { default: `port ${number}` };
}

const defaults: readonly Row[] = [
  ['vrrp_version', integer(2, 3), 'active', 'is the version of VRRP', { default: '2' }],
  ['vrrp_strict', boolean, 'active', 'keeps to the RFC', { default: 'no' }],
  ['vrrp_mcast_group4', address, 'active', 'is the IPv4 group', { default: '224.0.0.18' }],
  ['vrrp_mcast_group6', address, 'active', 'is the IPv6 group', { default: 'ff02::12' }],
  [
    'vrrp_skip_check_adv_addr',
    boolean,
    'accepted',
    'compares the addresses of an advert only once',
  ],
  ['vrrp_check_unicast_src', flag, 'active', 'believes nobody but the unicast peers'],
  ['vrrp_lower_prio_no_advert', boolean, 'active', 'does not answer a lower advert at once'],
  ['vrrp_higher_prio_send_advert', boolean, 'accepted', 'sends one more advert to a higher master'],
  ['vrrp_owner_ignore_adverts', boolean, 'accepted', 'lets the owner ignore all adverts', recent],
  [
    'vrrp_down_timer_adverts',
    integer(1, 100),
    'active',
    'is how many adverts may be missed',
    { default: '3' },
  ],
  ['v3_checksum_as_v2', flag, 'active', 'leaves the pseudo-header out of the v3 checksum', recent],
  [
    'vrrp_startup_delay',
    seconds(0.001, timerMax),
    'active',
    'waits at the start',
    { default: '0' },
  ],
  [
    'vrrp_delay_after_boot',
    seconds(0, timerMax),
    'active',
    'waits after the boot of the host',
    { ...recent, default: '0' },
  ],
  [
    'default_interface',
    device,
    'accepted',
    'is where addresses go that name no interface',
    { ...lenient, default: 'eth0' },
  ],
  [
    'dynamic_interfaces',
    optional(choice('allow_if_changes')),
    'active',
    'lets interfaces appear later',
  ],
  ['log_unknown_vrids', flag, 'accepted', 'logs adverts of foreign routers'],
  [
    'vrrp_notify_priority_changes',
    boolean,
    'active',
    'tells FIFOs when the priority changes',
    { default: 'no' },
  ],
];

const announcements: readonly Row[] = [
  [
    'vrrp_garp_master_delay',
    wholeSeconds(0, 4294),
    'active',
    'repeats the announcements after this; 0: not',
    { default: '5' },
  ],
  [
    'vrrp_garp_master_repeat',
    integer(0, countMax),
    'active',
    'is how often an address is announced',
    { default: '5' },
  ],
  [
    'vrrp_garp_master_refresh',
    wholeSeconds(0, countMax),
    'active',
    'announces again every so often; 0: never',
    { default: '0' },
  ],
  [
    'vrrp_garp_master_refresh_repeat',
    integer(0, countMax),
    'active',
    'is how often each time',
    { default: '1' },
  ],
  [
    'vrrp_garp_lower_prio_delay',
    wholeSeconds(0, 4294),
    'active',
    'repeats them against a lower master',
    { default: 'vrrp_garp_master_delay' },
  ],
  [
    'vrrp_garp_lower_prio_repeat',
    integer(0, intMax),
    'active',
    'is how often, against a lower master',
    { default: 'vrrp_garp_master_repeat' },
  ],
  [
    'vrrp_garp_interval',
    seconds(0.000001, timerMax),
    'accepted',
    'is the gap between ARPs',
    { default: '0' },
  ],
  [
    'vrrp_gna_interval',
    seconds(0.000001, timerMax),
    'accepted',
    'is the gap between NAs',
    { default: '0' },
  ],
  ['vrrp_min_garp', boolean, 'active', 'announces each address only once', { default: 'no' }],
  [
    'vrrp_garp_extra_if',
    prefixed('all', wholeSeconds(1, 86400)),
    'accepted',
    'announces on the interfaces of the addresses too',
    { ...lenient, default: 'not' },
  ],
  [
    'vrrp_vmac_garp_intvl',
    prefixed('all', wholeSeconds(1, 86400)),
    'accepted',
    'announces on the interfaces of the addresses too',
    { ...lenient, ...oldNameOf('vrrp_garp_extra_if') },
  ],
];

const ten = { ...lenient, default: '10' };
const single = { ...lenient, ...once };

const scripts: readonly Row[] = [
  [
    'script_user',
    user,
    'active',
    'runs scripts as this user',
    { ...lenient, default: 'keepalived_script, else our own' },
  ],
  ['enable_script_security', flag, 'active', 'refuses scripts that others may write'],
  ['use_symlink_paths', flag, 'accepted', 'runs scripts by the path as written', recent],
  [
    'set_supplementary_groups',
    flag,
    'active',
    'gives scripts the other groups of the user',
    recent,
  ],
  ['umask', umask, 'active', 'limits the mode of files that scripts create', { default: '0177' }],
  [
    'startup_script',
    command,
    'active',
    'runs a command before the start, and waits for it',
    single,
  ],
  ['startup_script_timeout', integer(1, 1000, 's'), 'active', 'limits startup_script', ten],
  ['shutdown_script', command, 'active', 'runs a command after the end, and waits for it', single],
  ['shutdown_script_timeout', integer(1, 1000, 's'), 'active', 'limits shutdown_script', ten],
  ...['notify_fifo', 'vrrp_notify_fifo', 'lvs_notify_fifo'].flatMap((word): readonly Row[] => [
    [word, owned, 'active', `writes ${changes(word)} to a FIFO`, single],
    [`${word}_script`, command, 'active', `reads the FIFO of ${word}`, single],
  ]),
  ['fifo_write_vrrp_states_on_reload', flag, 'active', 'repeats states after a reload'],
];

function changes(fifo: string): string {
  const whose = { vrrp: 'of instances', lvs: 'of servers' }[fifo.split('_')[0] ?? ''];
  return `changes of state${whose === undefined ? '' : ` ${whose}`}`;
}

export const globalRows = rows('global_defs', [
  [
    'router_id',
    text,
    'active',
    'names this router in mails and logs',
    { ...lenient, default: 'host name' },
  ],
  ...mail,
  ...defaults,
  ...announcements,
  ...scripts,
  ...systemRows,
]);

const own = { reference: 'holdfast', invalid: 'error' } as const;

export const ownRows = rows('holdfast', [
  ['vip_lease', text, 'active', 'lets the kernel drop addresses', { ...own, default: '10' }],
  [
    'on_stall',
    choice('offer', 'keep', 'resign'),
    'active',
    'says what a master does when its control plane hangs',
    { ...own, default: 'offer' },
  ],
  ['stall_lease', seconds(0.1, 4294), 'active', 'says when it hangs', { ...own, default: '3' }],
  ['realtime', boolean, 'active', 'asks for real-time scheduling', { ...own, default: 'on' }],
  [
    'notify_coalesce',
    boolean,
    'active',
    'skips notify commands that a newer state has overtaken while they waited',
    { ...own, default: 'off' },
  ],
  [
    'notify_timeout',
    seconds(0.1, 3600),
    'active',
    'ends a notify command that runs longer',
    { ...own, default: '30' },
  ],
  [
    'notify_webhook',
    url,
    'active',
    'is a URL that gets every event as JSON by POST; several may stand',
    { ...own, repeated: 'all' },
  ],
  [
    'webhook_bearer',
    text,
    'active',
    'is the secret that goes to the webhooks as Authorization: Bearer',
    own,
  ],
  [
    'smtp_tls',
    choice('off', 'starttls', 'require', 'implicit'),
    'active',
    'says how mail is encrypted',
    { ...own, default: 'off; with smtp_user: require' },
  ],
  ['smtp_tls_ca', path, 'active', 'is the file of certificates to trust', own],
  ['smtp_user', text, 'active', 'is our name at the mail server', own],
  ['smtp_password', text, 'active', 'is our password there', own],
  ['smtp_password_file', path, 'active', 'is the file that holds it', own],
]);
