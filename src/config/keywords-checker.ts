/**
 * The words of every checker inside real_server, of `url` in HTTP_GET and SSL_GET, and of the
 * old `host` in SMTP_CHECK.
 */
import {
  address,
  boolean,
  flag,
  integer,
  type Row,
  rows,
  section,
  strictInteger,
  text,
  user,
  words,
} from './keyword-row';
import type { Context, Keyword } from './keywords';
import { loopTimer, serverPart, timeout, timer } from './keywords-server';

const unsignedMax = 4_294_967_295;
const lengthMax = 65_535;
const portMax = 65_535;

const schedule: readonly Row[] = [
  ['delay_loop', loopTimer, 'accepted', 'is the time from one check to the next'],
  ['retry', integer(0, unsignedMax), 'accepted', 'repeats a failed check before it counts'],
  ['delay_before_retry', timer, 'accepted', 'is the time before a failed check is repeated'],
  ['warmup', timer, 'accepted', 'delays the first check by up to so many seconds'],
  ['alpha', boolean, 'accepted', 'holds the server for down until the check succeeds'],
  ['log_all_failures', boolean, 'accepted', 'logs every failed attempt'],
];

const connection: readonly Row[] = [
  ['connect_ip', address, 'accepted', 'is the address to ask', { default: 'of real_server' }],
  [
    'connect_port',
    integer(1, portMax),
    'accepted',
    'is the port to ask',
    { default: 'of real_server' },
  ],
  ['bindto', address, 'accepted', 'is the address to ask from'],
  ['bind_port', integer(1, portMax), 'accepted', 'is the port to ask from'],
  ['bind_if', text, 'accepted', 'is the interface to ask through'],
  ['fwmark', integer(0, unsignedMax), 'accepted', 'marks the packets of the check'],
  ['connect_timeout', timeout, 'accepted', 'is how long one check may take', { default: '5' }],
];

const common: readonly Row[] = [...connection, ...schedule];

const http: readonly Row[] = [
  ...common,
  ['url', section(0, 0), 'accepted', 'is a page to ask for'],
  [
    'nb_get_retry',
    integer(0, unsignedMax),
    'accepted',
    'repeats a failed check before it counts',
    { means: 'retry' },
  ],
  ['virtualhost', text, 'accepted', 'is the Host of the request', { missing: 'warning' }],
  [
    'http_protocol',
    text,
    'accepted',
    'is the version of the request',
    { missing: 'warning', default: '1.0' },
  ],
  ['enable_sni', flag, 'accepted', 'sends the virtual host as the TLS server name'],
  ['sni_name', text, 'accepted', 'is the TLS server name', { missing: 'warning' }],
  ['tls_compliant', flag, 'accepted', 'ends TLS with a close_notify'],
  ['fast_recovery', boolean, 'accepted', 'asks for all pages at once on the way up'],
];

const url: readonly Row[] = [
  ['path', text, 'accepted', 'is what to ask for'],
  ['digest', text, 'accepted', 'is the MD5 sum the page must have', { repeated: 'first' }],
  [
    'status_code',
    words(0),
    'accepted',
    'is the status the answer must have',
    { repeated: 'all', default: '200-299' },
  ],
  ['virtualhost', text, 'accepted', 'is the Host of the request', { missing: 'warning' }],
  ['regex', words(0), 'accepted', 'is what the page must contain'],
  ['regex_no_match', flag, 'accepted', 'turns it round: what the page must not contain'],
  ['regex_options', words(0), 'accepted', 'are the options of PCRE2', { repeated: 'all' }],
  ['regex_stack', words(0), 'accepted', 'is the first and the largest size of its stack'],
  [
    'regex_min_offset',
    strictInteger(0, Number.MAX_SAFE_INTEGER),
    'accepted',
    'is where the search begins',
    { missing: 'warning' },
  ],
  [
    'regex_max_offset',
    strictInteger(0, Number.MAX_SAFE_INTEGER),
    'accepted',
    'is where a match must have begun',
    { missing: 'warning' },
  ],
  ['tls_compliant', flag, 'accepted', 'ends TLS with a close_notify'],
];

const smtp: readonly Row[] = [
  ...common,
  [
    'helo_name',
    text,
    'accepted',
    'is the name to greet with',
    { missing: 'warning', default: 'smtpchecker.keepalived.org' },
  ],
  ['host', section(0, 0), 'accepted', 'is one more address to ask'],
];

const dns: readonly Row[] = [
  ...common,
  ['type', text, 'accepted', 'is the type of record to ask for', { default: 'SOA' }],
  ['name', text, 'accepted', 'is the name to ask for', { repeated: 'first', default: '.' }],
];

const misc: readonly Row[] = [
  ...schedule,
  ['misc_path', words(0), 'accepted', 'is the command; exit code 0 is success'],
  [
    'misc_timeout',
    integer(0, 4294),
    'accepted',
    'is how long one run may take',
    { default: 'delay_loop' },
  ],
  ['misc_dynamic', flag, 'accepted', 'takes the weight from the exit code'],
  ['user', user, 'accepted', 'runs it as this user', { missing: 'warning' }],
];

const udp: readonly Row[] = [
  ...common,
  ['payload', words(0), 'accepted', 'is what to send, in hex'],
  ['require_reply', words(0), 'accepted', 'is what must come back, in hex with x for any'],
  ['min_reply_length', strictInteger(0, lengthMax), 'accepted', 'is the shortest reply'],
  [
    'max_reply_length',
    strictInteger(0, lengthMax),
    'accepted',
    'is the longest reply',
    { default: '255' },
  ],
];

const file: readonly Row[] = [
  ['track_file', text, 'accepted', 'names the track_file'],
  [
    'weight',
    words(0),
    'accepted',
    'multiplies the number before it is added to the weight',
    { default: 'of track_file' },
  ],
  ['dynamic', flag, 'accepted', 'stands in the man page (unknown to keepalived itself)'],
];

const bfd: readonly Row[] = [
  ['name', words(0), 'accepted', 'names the bfd_instance'],
  ['alpha', boolean, 'accepted', 'holds the server for down until the neighbour is up'],
];

const blocks: readonly (readonly [Context, readonly Row[]])[] = [
  ['TCP_CHECK', common],
  ['HTTP_GET', http],
  ['SSL_GET', http],
  ['SMTP_CHECK', smtp],
  ['DNS_CHECK', dns],
  ['MISC_CHECK', misc],
  ['UDP_CHECK', udp],
  ['PING_CHECK', common],
  ['FILE_CHECK', file],
  ['BFD_CHECK', bfd],
  ['url', url],
  ['host', common],
];

export const checkerRows: readonly Keyword[] = blocks.flatMap(([within, list]) =>
  rows(within, list, serverPart),
);
