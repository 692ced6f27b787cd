/**
 * The words of vrrp_instance and of the two blocks in it that sign its adverts.
 */
import {
  address,
  block,
  boolean,
  choice,
  command,
  device,
  entries,
  flag,
  integer,
  lenient,
  oldNameOf,
  once,
  optional,
  prefixed,
  type Row,
  recent,
  rows,
  seconds,
  strictInteger,
  syntax,
  text,
  wholeSeconds,
} from './keyword-row';
import { trackRows } from './keywords-tracking';

const rfc = (section: string) => ({ reference: `RFC 9568 §${section}` });
const vrid = { invalid: 'error', ...rfc('5.2.3') } as const;
const countMax = 4294967295;
const intMax = 2147483647;
const many = Number.POSITIVE_INFINITY;

const identity: readonly Row[] = [
  ['state', choice('MASTER', 'BACKUP'), 'active', 'is the state wished for at the start'],
  ['interface', device, 'active', 'is where adverts go; unicast can do without'],
  ['virtual_router_id', strictInteger(1, 255), 'active', 'names the virtual router', vrid],
  ['priority', strictInteger(1, 255), 'active', 'decides who is master', { default: '100' }],
  ['advert_int', seconds(0.01, 255), 'active', 'is the time between adverts', { default: '1' }],
  ['version', integer(2, 3), 'active', 'is the version of VRRP', { default: 'vrrp_version' }],
  ['native_ipv6', flag, 'active', 'says that the instance is for IPv6'],
];

const election: readonly Row[] = [
  ['preempt', flag, 'active', 'lets a higher priority take over'],
  ['nopreempt', flag, 'active', 'leaves a lower master alone', rfc('6.1')],
  ['preempt_delay', seconds(0, 1000), 'active', 'waits before it preempts', { default: '0' }],
  [
    'down_timer_adverts',
    integer(1, 100),
    'active',
    'is how many adverts may be missed',
    { default: 'vrrp_down_timer_adverts' },
  ],
  ['lower_prio_no_advert', boolean, 'active', 'does not answer a lower advert at once'],
  ['higher_prio_send_advert', boolean, 'accepted', 'sends one more advert to a higher master'],
  ['owner_ignore_adverts', boolean, 'accepted', 'lets the owner ignore all adverts', recent],
  [
    'timer_expired_backup',
    optional(integer(1, 254)),
    'accepted',
    'steps back after a timer that fired late',
    recent,
  ],
  [
    'thread_timer_expired',
    optional(integer(1, 254)),
    'accepted',
    'steps back after a timer that fired late',
    oldNameOf('timer_expired_backup'),
  ],
];

const trust: readonly Row[] = [
  ['authentication', block, 'active', 'is the clear text password of VRRP version 2'],
  ['auth_hmac', block, 'decisive', 'signs adverts', recent],
  ['strict_mode', boolean, 'active', 'keeps to the RFC', { default: 'vrrp_strict' }],
  ['skip_check_adv_addr', boolean, 'accepted', 'compares the addresses of an advert only once'],
  ['v3_checksum_as_v2', boolean, 'active', 'leaves the pseudo-header out', rfc('5.2.8')],
  [
    'old_unicast_checksum',
    optional(choice('never')),
    'active',
    'uses the unicast checksum of keepalived 1.3.5; only never is carried out',
  ],
];

const addresses: readonly Row[] = [
  [
    'virtual_ipaddress',
    entries('address [options]'),
    'active',
    'lists the addresses advertised and held',
  ],
  [
    'virtual_ipaddress_excluded',
    entries('address [options]'),
    'active',
    'lists addresses held, not advertised',
  ],
  ['no_virtual_ipaddress', flag, 'active', 'says that no address is meant', recent],
  ['virtual_routes', entries('route'), 'decisive', 'moves routes with the master'],
  ['virtual_rules', entries('rule'), 'decisive', 'moves policy rules with the master'],
  ['promote_secondaries', flag, 'accepted', 'keeps other addresses when the first one goes'],
  ['accept', flag, 'active', 'lets a master answer on the addresses', rfc('6.1')],
  ['no_accept', flag, 'accepted', 'keeps a master from answering on the addresses'],
];

const transport: readonly Row[] = [
  ['mcast_src_ip', address, 'active', 'is the source of multicast adverts'],
  ['mcast_dst_ip', address, 'active', 'is the multicast group', { default: 'vrrp_mcast_group4' }],
  ['unicast_src_ip', address, 'active', 'is the source of unicast adverts'],
  [
    'unicast_peer',
    entries('address [min_ttl n] [max_ttl n]'),
    'active',
    'lists where adverts go, one by one',
  ],
  ['unicast_ttl', integer(0, 255), 'active', 'is the TTL of unicast adverts', { default: '255' }],
  ['check_unicast_src', flag, 'active', 'believes nobody but the unicast peers'],
  ['unicast_fault_no_peer', flag, 'active', 'makes unicast without a peer a fault'],
  ['track_src_ip', flag, 'active', 'makes a missing source address a fault'],
  ['vrf', device, 'decisive', 'binds an instance without an interface to a VRF'],
  [
    'use_vmac',
    syntax(0, many, '[[name] interface] [MAC] [netlink_notify_msg] [group n]'),
    'decisive',
    'gives the addresses a MAC address of their own',
    { ...once, ...rfc('7.3') },
  ],
  ['use_vmac_addr', flag, 'decisive', 'gives addresses elsewhere a MAC address of their own'],
  [
    'use_ipvlan',
    syntax(0, many, '[[name] interface] [address] [bridge|private|vepa] [group n]'),
    'decisive',
    'sends from an ipvlan interface',
    once,
  ],
  ['vmac_xmit_base', flag, 'accepted', 'sends from the interface below the use_vmac one'],
];

const delay = wholeSeconds(0, 4294);
const global = (word: string) => ({ default: `vrrp_${word}` });

const announcements: readonly Row[] = [
  [
    'garp_master_delay',
    delay,
    'active',
    'repeats the announcements after this; 0: not',
    global('garp_master_delay'),
  ],
  [
    'garp_master_repeat',
    integer(0, countMax),
    'active',
    'is how often an address is announced',
    global('garp_master_repeat'),
  ],
  [
    'garp_master_refresh',
    wholeSeconds(0, countMax),
    'active',
    'announces again every so often; 0: never',
    global('garp_master_refresh'),
  ],
  [
    'garp_master_refresh_repeat',
    integer(0, countMax),
    'active',
    'is how often each time',
    global('garp_master_refresh_repeat'),
  ],
  [
    'garp_lower_prio_delay',
    delay,
    'active',
    'repeats them against a lower master',
    global('garp_lower_prio_delay'),
  ],
  [
    'garp_lower_prio_repeat',
    integer(0, intMax),
    'active',
    'is how often, against a lower master',
    global('garp_lower_prio_repeat'),
  ],
  [
    'garp_extra_if',
    prefixed('all', wholeSeconds(0, 86400)),
    'accepted',
    'announces on the interfaces of the addresses too; 0: not',
    { ...lenient, ...global('garp_extra_if') },
  ],
  [
    'vmac_garp_intvl',
    prefixed('all', wholeSeconds(0, 86400)),
    'accepted',
    'announces on the interfaces of the addresses too',
    { ...lenient, ...oldNameOf('garp_extra_if') },
  ],
];

const telling: readonly Row[] = [
  ['notify', command, 'active', 'runs a command at every change of state', once],
  ['notify_master', command, 'active', 'runs a command on becoming master', once],
  ['notify_backup', command, 'active', 'runs a command on becoming backup', once],
  ['notify_fault', command, 'active', 'runs a command on a fault', once],
  ['notify_stop', command, 'active', 'runs a command at the end', once],
  [
    'notify_deleted',
    optional(command),
    'active',
    'tells DELETED when a reload removes the instance; with a command, runs it',
    once,
  ],
  [
    'notify_master_rx_lower_pri',
    command,
    'active',
    'runs a command when a master hears a lower advert',
    once,
  ],
  [
    'notify_priority_changes',
    boolean,
    'active',
    'tells FIFOs when the priority changes',
    { default: 'vrrp_notify_priority_changes' },
  ],
  [
    'smtp_alert',
    boolean,
    'active',
    'sends a mail at every change of state',
    { default: 'smtp_alert_vrrp' },
  ],
];

const system: readonly Row[] = [
  [
    'kernel_rx_buf_size',
    integer(0, countMax, 'bytes'),
    'accepted',
    'is the size of the receive buffer',
    lenient,
  ],
  ['debug', integer(0, 4), 'accepted', 'sets how much is logged', { default: '0' }],
  [
    'linkbeat_use_polling',
    flag,
    'refused',
    'polls the interface for its carrier',
    { instead: 'nothing is needed: holdfast follows the link state that the kernel reports' },
  ],
  [
    'lvs_sync_daemon_interface',
    device,
    'accepted',
    'moves the IPVS sync daemon with the instance',
    { ...once, old: 'lvs_sync_daemon in global_defs' },
  ],
];

export const instanceRows = rows('vrrp_instance', [
  ...identity,
  ...election,
  ...trust,
  ...addresses,
  ...transport,
  ...announcements,
  ...trackRows(''),
  ['dont_track_primary', flag, 'active', 'goes on while its own link is down'],
  ...telling,
  ...system,
]);

export const authenticationRows = rows('authentication', [
  [
    'auth_type',
    choice('PASS', 'AH'),
    'active',
    'is the kind of authentication; AH is not carried out',
  ],
  ['auth_pass', text, 'active', 'is the password, at most 8 octets'],
]);

export const authHmacRows = rows('auth_hmac', [
  [
    'key',
    syntax(2, 2, 'id text|hex:…|file:path'),
    'accepted',
    'is one key of 32 to 64 octets, by a number of 1..255',
    { ...recent, repeated: 'all' },
  ],
  ['active_key', integer(1, 255), 'accepted', 'is the key that signs', recent],
  [
    'anti_replay',
    choice('time', 'monotonic'),
    'accepted',
    'says by what an old advert is known',
    { ...recent, default: 'time' },
  ],
  [
    'time_window',
    wholeSeconds(1, 300),
    'accepted',
    'is how far clocks may differ',
    { ...recent, default: '3 × advert_int, at least 5' },
  ],
  [
    'mode',
    choice('enforce', 'permissive', 'receive-only'),
    'accepted',
    'says what becomes of adverts that are not signed',
    { ...recent, default: 'enforce' },
  ],
]);
