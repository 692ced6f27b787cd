/**
 * The words of virtual_server, of real_server inside it, and of the root block SSL.
 */
import {
  boolean,
  choice,
  flag,
  integer,
  type Row,
  rows,
  seconds,
  section,
  strictInteger,
  text,
  words,
} from './keyword-row';
import type { Keyword, ValueType } from './keywords';
import type { Scheduler } from './model-server';

/** Named once for all its words, in whatever block the first one stands. */
export const serverPart = 'health checks and IPVS';

const unsignedMax = 4_294_967_295;
/** 136 years; keepalived's own limit is beyond what a double holds to the microsecond. */
const timerMax = unsignedMax;
const weightMax = 2_147_483_647;

export const timer: ValueType = seconds(0, timerMax);
export const loopTimer: ValueType = seconds(0.000001, timerMax);
export const timeout: ValueType = seconds(0.000001, 4294.967295);

export const schedulers: readonly Scheduler[] = [
  'rr',
  'wrr',
  'lc',
  'wlc',
  'lblc',
  'lblcr',
  'sh',
  'mh',
  'dh',
  'fo',
  'ovf',
  'sed',
  'nq',
  'twos',
];

/** What a virtual server hands down to its real servers, and those to their checkers. */
const inherited: readonly Row[] = [
  ['delay_loop', loopTimer, 'accepted', 'is the time from one check to the next', defaults('60')],
  ['connect_timeout', timeout, 'accepted', 'is how long one check may take', defaults('5')],
  [
    'retry',
    strictInteger(1, unsignedMax),
    'accepted',
    'repeats a failed check before it counts',
    defaults('1; MISC_CHECK 0, DNS_CHECK 3'),
  ],
  [
    'delay_before_retry',
    timer,
    'accepted',
    'is the time before a failed check is repeated',
    defaults('1; HTTP_GET and SSL_GET 3, DNS_CHECK delay_loop'),
  ],
  [
    'warmup',
    timer,
    'accepted',
    'spreads the first checks over so many seconds',
    defaults('delay_loop'),
  ],
  [
    'virtualhost',
    text,
    'accepted',
    'is the Host of HTTP and SSL checks',
    { missing: 'warning', default: 'address:port' },
  ],
  ['snmp_name', text, 'accepted', 'names it in SNMP', { missing: 'warning' }],
];

const schedulerFlags: readonly Row[] = [
  ['flag-1', flag, 'accepted', 'sets the first flag of the scheduler'],
  ['flag-2', flag, 'accepted', 'sets the second flag of the scheduler'],
  ['flag-3', flag, 'accepted', 'sets the third flag of the scheduler'],
  ['sh-fallback', flag, 'accepted', 'lets sh pass over a server that takes nothing'],
  ['sh-port', flag, 'accepted', 'lets sh hash the source port too'],
  ['mh-fallback', flag, 'accepted', 'lets mh pass over a server that takes nothing'],
  ['mh-port', flag, 'accepted', 'lets mh hash the source port too'],
  ['hashed', flag, 'accepted', 'asks sh for a hashed service'],
];

const virtualServer: readonly Row[] = [
  ['lvs_sched', choice(...schedulers), 'accepted', 'shares out connections', defaults('wlc')],
  [
    'lb_algo',
    choice(...schedulers),
    'accepted',
    'shares out connections',
    { means: 'lvs_sched', default: 'wlc' },
  ],
  ['lvs_method', words(1), 'accepted', 'is how packets reach a real server', defaults('NAT')],
  [
    'lb_kind',
    words(1),
    'accepted',
    'is how packets reach a real server',
    { means: 'lvs_method', default: 'NAT' },
  ],
  ...schedulerFlags,
  ['ops', flag, 'accepted', 'schedules every datagram on its own'],
  ['protocol', text, 'accepted', 'is TCP, UDP or SCTP', defaults('UDP')],
  ['ip_family', choice('inet', 'inet6'), 'accepted', 'is the family of a fwmark service'],
  ['persistence_timeout', words(0), 'accepted', 'keeps a client on its server; alone: 360 s'],
  ['persistence_granularity', text, 'accepted', 'takes clients of one network together'],
  ['persistence_engine', text, 'accepted', 'tells clients apart by other means than address'],
  ['ha_suspend', flag, 'accepted', 'checks only while the address is on this host'],
  ['alpha', flag, 'accepted', 'holds every server for down until a check succeeds'],
  ['omega', flag, 'accepted', 'runs the down commands at the end'],
  [
    'inhibit_on_failure',
    flag,
    'accepted',
    'gives a failed server weight 0 instead of taking it out',
  ],
  ['weight', integer(1, weightMax), 'accepted', 'is the weight of its servers', defaults('1')],
  [
    'quorum',
    integer(1, unsignedMax),
    'accepted',
    'is the weight that must be alive',
    defaults('1'),
  ],
  [
    'hysteresis',
    integer(0, unsignedMax),
    'accepted',
    'dampens the change of quorum',
    defaults('0'),
  ],
  ['quorum_up', words(1), 'accepted', 'runs when quorum is gained', { repeated: 'first' }],
  ['quorum_down', words(1), 'accepted', 'runs when quorum is lost', { repeated: 'first' }],
  ['sorry_server', words(1), 'accepted', 'answers while quorum is lost'],
  ['sorry_server_inhibit', flag, 'accepted', 'leaves the sorry server in with weight 0'],
  ['sorry_server_lvs_method', words(0), 'accepted', 'is how packets reach the sorry server'],
  ['smtp_alert', boolean, 'accepted', 'sends a mail when quorum changes', defaults('no')],
  ...inherited,
  ['real_server', section(1, 2), 'accepted', 'is one server that does the work'],
];

const realServer: readonly Row[] = [
  ['weight', integer(0, weightMax), 'accepted', 'is its share', defaults('1')],
  ['lvs_method', words(1), 'accepted', 'is how packets reach it', defaults('of virtual_server')],
  ['uthreshold', integer(0, unsignedMax), 'accepted', 'is its most connections', defaults('0')],
  [
    'lthreshold',
    integer(0, unsignedMax),
    'accepted',
    'is when it takes connections again',
    defaults('0'),
  ],
  ['notify_up', words(1), 'accepted', 'runs when it comes up', { repeated: 'first' }],
  ['notify_down', words(1), 'accepted', 'runs when it goes down', { repeated: 'first' }],
  ['alpha', boolean, 'accepted', 'holds it for down until a check succeeds'],
  ['inhibit_on_failure', boolean, 'accepted', 'gives it weight 0 instead of taking it out'],
  ['smtp_alert', boolean, 'accepted', 'sends a mail when it goes up or down', defaults('yes')],
  ...inherited,
  ['TCP_CHECK', section(0, 0), 'accepted', 'asks whether a TCP connection opens'],
  ['HTTP_GET', section(0, 0), 'accepted', 'asks for pages over HTTP'],
  ['SSL_GET', section(0, 0), 'accepted', 'asks for pages over HTTPS'],
  ['SMTP_CHECK', section(0, 0), 'accepted', 'says HELO to a mail server'],
  ['DNS_CHECK', section(0, 0), 'accepted', 'asks a name server'],
  ['MISC_CHECK', section(0, 0), 'accepted', 'runs a command'],
  ['UDP_CHECK', section(0, 0), 'accepted', 'sends a datagram'],
  ['PING_CHECK', section(0, 0), 'accepted', 'sends an ICMP echo request'],
  ['FILE_CHECK', section(0, 0), 'accepted', 'reads a number from a track_file'],
  ['BFD_CHECK', section(0, 0), 'accepted', 'follows a bfd_instance'],
];

const ssl: readonly Row[] = [
  ['password', text, 'accepted', 'opens the key', { missing: 'warning' }],
  ['ca', text, 'accepted', 'is the file of trusted certificates', { missing: 'warning' }],
  ['certificate', text, 'accepted', 'is the file of our certificate', { missing: 'warning' }],
  ['key', text, 'accepted', 'is the file of our key', { missing: 'warning' }],
];

export const serverRows: readonly Keyword[] = [
  ...rows('virtual_server', virtualServer, serverPart),
  ...rows('real_server', realServer, serverPart),
  ...rows('SSL', ssl, serverPart),
];

function defaults(value: string): { readonly default: string } {
  return { default: value };
}
