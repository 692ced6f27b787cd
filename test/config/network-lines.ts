/** Lines of addresses, routes and rules as an operator might type them, some of them wrong. */
import fc, { type Arbitrary } from 'fast-check';

const some = (...words: readonly string[]): Arbitrary<string> => fc.constantFrom(...words);

/** One in `n` is from the second lot. */
const mostly = (n: number, good: Arbitrary<string>, bad: Arbitrary<string>): Arbitrary<string> =>
  fc.oneof({ weight: n - 1, arbitrary: good }, { weight: 1, arbitrary: bad });

const words = (...parts: readonly (Arbitrary<string> | string)[]): Arbitrary<string> =>
  fc
    .tuple(...parts.map((part) => (typeof part === 'string' ? fc.constant(part) : part)))
    .map((all) => all.filter((word) => word !== '').join(' '));

const list = (of: Arbitrary<string>, min: number, max: number): Arbitrary<string> =>
  fc.array(of, { minLength: min, maxLength: max }).map((all) => all.join(' '));

const badNumber = some('-1', 'x', '5x', '4294967296', '0x1g');
const number = mostly(
  8,
  some('0', '1', '5', '100', '255'),
  fc.oneof(badNumber, some('256', '0x10')),
);
const network = mostly(
  8,
  some('10.0.0.0/8', '10.1.0.0/16', '192.0.2.9', '0.0.0.0/0', 'default', 'any'),
  some('10.0.0.1/8', '10.0.0.0/33', '10.0.0.', '2001:db8::/32', 'foo', '10.0.0.0/255.0.0.0'),
);
const network6 = mostly(8, some('2001:db8::/32', 'fe80::1', '::/0'), some('10.0.0.0/8', '::/129'));
const gateway = mostly(12, some('192.0.2.1', '192.0.2.2'), some('fe80::1', 'foo', '192.0.2.1/24'));
const gateway6 = mostly(12, some('fe80::1', '2001:db8::2'), some('192.0.2.1', 'fe80::g'));
const device = some('eth0', 'eth1');
const realms = mostly(8, some('1', '1/2', 'cosmos/3'), some('256', '/1', '1/', 'x/y'));
const table = mostly(8, some('main', '100', 'local', '0x10'), some('-1', 'foo', '4294967296'));

const encap = mostly(
  6,
  some(
    'encap ip id 5 src 192.0.2.1 tos EF ttl 5 flags 7',
    'encap ip dst 192.0.2.1',
    'encap ip6 dst fe80::2 tc 5 hoplimit 3',
    'encap mpls 100/200',
    'encap ila 1:2:3:4',
  ),
  some(
    'encap ip',
    'encap ip src 192.0.2.1',
    'encap ip id x',
    'encap mpls 1/2/3',
    'encap mpls 1048576',
    'encap ila 1:2:3',
    'encap foo',
  ),
);

const metric = words(
  some('mtu', 'advmss', 'reordering', 'cwnd', 'ssthresh', 'window', 'initcwnd', 'hoplimit'),
  mostly(4, fc.constant(''), fc.constant('lock')),
  number,
);

const time = words(
  some('rtt', 'rttvar', 'rto_min'),
  some('', '', 'lock'),
  some('300ms', '1s', '0.5s', '2000', '5', '.5secs', '250.5ms', '1000s', '1e3', 'x'),
);

const routeOption = (to: Arbitrary<string>): Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: words(some('via', 'via', 'gw'), to) },
    { weight: 6, arbitrary: words(some('dev', 'oif'), device) },
    words('src', to),
    words('from', network6),
    words(some('tos', 'dsfield'), mostly(6, some('EF', '0x10'), some('256', 'nix'))),
    { weight: 2, arbitrary: words('table', table) },
    words('protocol', mostly(6, some('18', 'keepalived'), some('bird', '256', 'nix'))),
    words('scope', mostly(6, some('link', 'host', '7'), some('256', 'nix'))),
    words(some('metric', 'priority', 'preference'), number),
    metric,
    time,
    words('realms', realms),
    words('features', some('ecn', 'ecn', 'foo')),
    words(some('quickack', 'fastopen_no_cookie'), some('0', '1', '2')),
    words('congctl', some('bbr', 'lock bbr')),
    words('pref', some('low', 'high', '3', 'x')),
    words('expires', number),
    words('ttl-propagate', some('enabled', 'disabled', 'on')),
    encap,
    some('add', 'append', 'prepend', 'no_track', 'onlink', 'inet', 'inet6', 'foo'),
    some('as to 192.0.2.1', 'track_group G1', 'or 192.0.2.2'),
  );

const hop = (to: Arbitrary<string>): Arbitrary<string> =>
  words(
    'nexthop via',
    to,
    list(
      fc.oneof(
        words('dev', device),
        words('weight', mostly(6, some('1', '256'), some('0', '257'))),
      ),
      0,
      2,
    ),
    mostly(6, fc.constant(''), fc.oneof(encap, words('realms', realms), some('onlink', 'foo'))),
  );

const type = mostly(4, fc.constant(''), some('blackhole', 'unreachable', 'local', 'to', '5', '44'));

const routeTo = (to: Arbitrary<string>, net: Arbitrary<string>): Arbitrary<string> =>
  fc.oneof(
    { weight: 4, arbitrary: words(type, net, list(routeOption(to), 0, 4)) },
    words(routeOption(to), net, list(routeOption(to), 0, 2)),
    words(net, list(routeOption(to), 0, 1), list(hop(to), 1, 2)),
  );

export const routeLines = fc.oneof(
  { weight: 3, arbitrary: routeTo(gateway, network) },
  routeTo(gateway6, network6),
);

const range = mostly(5, some('5-10', '0-65535'), some('10', '10-5', 'x', '0-65536', '5-10x'));

const condition = fc.oneof(
  words('from', network),
  words('to', network),
  words('tos', mostly(6, some('EF', '0x10'), some('256', 'nix'))),
  words('fwmark', mostly(6, some('5', '0x5/0xff'), some('-5', 'x', '4294967296', '5/', '5/6/7'))),
  words(some('iif', 'dev', 'oif'), device),
  words('tunnel-id', number),
  words('uidrange', range),
  words('protocol', some('18', '18', '12', '12 no_track', '256')),
  words('ipproto', mostly(6, some('tcp', 'UDP', '17'), some('256', '0x11', 'nix'))),
  words(some('sport', 'dport'), range),
  some('not', 'no_track', 'foo', 'track_group G1', 'pref 5'),
);

const deed = mostly(
  8,
  words(
    some('table', 'lookup'),
    table,
    mostly(4, fc.constant(''), words(some('realms', 'sup_pl', 'sup_group'), some('1', '7', 'x'))),
  ),
  some('nop', 'blackhole', 'type prohibit', 'goto 99', 'goto 5', 'l3mdev', 'throw', '', 'table'),
);

const priority = words(
  some('priority', 'preference', 'order'),
  mostly(8, some('0', '10', '0x10'), badNumber),
);

export const ruleLines = words(
  list(condition, 0, 2),
  deed,
  mostly(6, priority, fc.constant('')),
  list(condition, 0, 1),
  mostly(8, fc.constant(''), some('inet', 'inet6')),
);

const addressOption = (to: Arbitrary<string>): Arbitrary<string> =>
  fc.oneof(
    words('dev', device),
    words(some('brd', 'broadcast'), some('+', '-', '10.1.255.255', 'x')),
    words('scope', mostly(6, some('link', 'host', '0x10'), some('256', 'nix'))),
    words('label', some('eth0:1', 'eth0:1', 'eth0:67890123456')),
    words('peer', to),
    words('preferred_lft', mostly(5, some('0', '7', 'forever'), badNumber)),
    some('home', '-nodad', 'mngtmpaddr', 'noprefixroute', 'autojoin', 'no_track', 'use_vmac'),
    some('foo', 'track_group G1', '192.0.2.7'),
  );

/** At the end of a line a value may be missing. */
const rest = (to: Arbitrary<string>): Arbitrary<string> =>
  words(list(addressOption(to), 0, 4), mostly(8, fc.constant(''), some('dev', 'brd', 'label')));

export const addressLines = fc.oneof(
  words(
    network.filter((text) => !/^\D/.test(text)),
    rest(gateway),
  ),
  words(network6, rest(gateway6)),
  words(some('192.0.2.8', '10.1.2.3/16'), rest(gateway)),
);
