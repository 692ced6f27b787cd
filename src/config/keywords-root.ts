/**
 * What may stand outside every block.
 */
import {
  block,
  device,
  entries,
  flag,
  lenient,
  maybeNamed,
  named,
  names,
  oldNameOf,
  once,
  optional,
  type Row,
  rows,
  seconds,
  section,
  text,
  wholeSeconds,
} from './keyword-row';
import { bfdPart } from './keywords-bfd';
import { serverPart } from './keywords-server';

const rfc = (section: string) => ({ reference: `RFC 9568 §${section}` });
const own = { reference: 'holdfast' } as const;
const linkbeat = {
  instead: 'nothing is needed: holdfast follows the link state that the kernel reports',
} as const;

const objects: readonly Row[] = [
  ['global_defs', block, 'active', 'holds what is common to all instances'],
  ['vrrp_instance', named, 'active', 'is one virtual router', { ...lenient, ...rfc('6') }],
  ['vrrp_sync_group', named, 'active', 'keeps instances in one state', lenient],
  ['vrrp_script', named, 'active', 'is a check that instances can track'],
  ['holdfast', block, 'active', 'holds what only holdfast knows', own],

  ['nginx', maybeNamed, 'active', 'is an nginx that is supervised', { ...own, invalid: 'error' }],
  ['nginx_upstream', named, 'accepted', 'is a pool of servers', own],

  ['vrrp_track_process', named, 'active', 'counts processes for instances to track'],
  ['track_file', named, 'active', 'reads a number from a file for instances to track'],
  [
    'vrrp_track_file',
    named,
    'active',
    'reads a number from a file for instances to track',
    oldNameOf('track_file'),
  ],
  ['track_group', named, 'accepted', 'ties static addresses to instances', lenient],
  ['bfd_instance', named, 'accepted', 'watches a neighbour by BFD', { part: bfdPart }],
  [
    'interface_up_down_delays',
    entries('interface down [up]'),
    'active',
    'delays what a link flap does to instances',
  ],
  ['garp_group', block, 'accepted', 'paces announcements over several interfaces'],
  [
    'linkbeat_interfaces',
    entries('interface [MII|ETHTOOL|IOCTL]'),
    'refused',
    'polls interfaces for their carrier',
    linkbeat,
  ],
  ['linkbeat_use_polling', flag, 'refused', 'polls interfaces for their carrier', linkbeat],

  [
    'static_ipaddress',
    entries('address [options]'),
    'decisive',
    'holds addresses whoever is master',
  ],
  ['static_routes', entries('route'), 'decisive', 'holds routes whoever is master'],
  ['static_rules', entries('rule'), 'decisive', 'holds policy rules whoever is master'],
];

const balanced = { part: serverPart } as const;

const servers: readonly Row[] = [
  ['virtual_server', section(1, 2), 'accepted', 'balances load over real servers', balanced],
  ['virtual_server_group', section(1, 1), 'accepted', 'names several virtual servers', balanced],
  ['SSL', block, 'accepted', 'holds the key and certificates of the SSL checks', balanced],
];

const process: readonly Row[] = [
  [
    'net_namespace',
    text,
    'decisive',
    'moves everything to another network namespace',
    { ...lenient, ...once },
  ],
  ['net_namespace_ipvs', optional(text), 'accepted', 'moves IPVS to another namespace', once],
  ['namespace_with_ipsets', flag, 'accepted', 'says that ipsets know namespaces'],
  ['use_pid_dir', flag, 'accepted', 'puts the pid files in a directory of their own'],
  [
    'instance',
    text,
    'accepted',
    'tells several daemons on one host apart',
    { ...lenient, ...once },
  ],
  [
    'child_wait_time',
    wholeSeconds(0, 4294967295),
    'accepted',
    'waits for child processes to stop',
    { default: '5' },
  ],
];

export const rootRows = rows('root', [...objects, ...servers, ...process]);

export const trackGroupRows = rows('track_group', [
  ['group', names, 'accepted', 'lists the instances'],
]);

/** An interval is a signed number of microseconds in keepalived. */
const pace = seconds(0, 2147.483647);

export const garpGroupRows = rows('garp_group', [
  ['garp_interval', pace, 'accepted', 'is the gap between ARPs', { default: '0' }],
  ['gna_interval', pace, 'accepted', 'is the gap between NAs', { default: '0' }],
  ['interface', device, 'accepted', 'is the one interface that is paced'],
  ['interfaces', names, 'accepted', 'lists interfaces that share the pace'],
]);
