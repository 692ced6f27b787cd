/**
 * The words of bfd_instance.
 */
import {
  address,
  boolean,
  flag,
  milliseconds,
  type Row,
  rows,
  strictInteger,
  text,
  words,
} from './keyword-row';

export const bfdPart = 'BFD sessions';

const intervalMax = 4_294_967;
const reference = { reference: 'RFC 5880 §6.8' };

const list: readonly Row[] = [
  ['neighbor_ip', text, 'accepted', 'is the neighbour'],
  ['neighbour_ip', text, 'accepted', 'is the neighbour', { means: 'neighbor_ip' }],
  ['source_ip', address, 'accepted', 'is the address to send from'],
  [
    'min_rx',
    milliseconds(1, intervalMax),
    'accepted',
    'is the shortest interval we take, in ms',
    { default: '10', ...reference },
  ],
  [
    'min_tx',
    milliseconds(1, intervalMax),
    'accepted',
    'is the shortest interval we send at, in ms',
    { default: '10', ...reference },
  ],
  [
    'idle_tx',
    milliseconds(1000, intervalMax),
    'accepted',
    'is the interval while the session is down, in ms',
    { default: '1000', ...reference },
  ],
  [
    'multiplier',
    strictInteger(1, 255),
    'accepted',
    'is how many packets may be missing',
    { default: '5', ...reference },
  ],
  ['passive', flag, 'accepted', 'waits until the neighbour speaks'],
  [
    'ttl',
    strictInteger(1, 255),
    'accepted',
    'is the TTL of what we send',
    { default: '255; IPv6 64' },
  ],
  [
    'hoplimit',
    strictInteger(1, 255),
    'accepted',
    'is the hop limit of what we send',
    { means: 'ttl', default: '64' },
  ],
  [
    'max_hops',
    strictInteger(-1, 255),
    'accepted',
    'is how many hops away the neighbour may be',
    { default: '0' },
  ],
  ['multihop', boolean, 'accepted', 'uses the port of RFC 5883', { reference: 'RFC 5883 §5' }],
  ['weight', words(1), 'accepted', 'moves the priority; 0 makes down a fault', { default: '0' }],
  ['vrrp', flag, 'accepted', 'tells instances alone, unless checker is there too'],
  ['checker', flag, 'accepted', 'tells checkers alone, unless vrrp is there too'],
];

export const bfdRows = rows('bfd_instance', list, bfdPart);
