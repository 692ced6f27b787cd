/** Lines of virtual_routes and static_routes, as keepalived 2.2.7 was seen to take them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Route } from '../../src/config/model-network';
import { clean, route, staticRoute } from './network-fixture';

const plain: Route = {
  family: 4,
  type: 'unicast',
  insert: 'prepend',
  destination: { address: '192.0.2.0', length: 24 },
  from: null,
  source: null,
  via: null,
  device: 'eth0',
  onlink: false,
  encap: null,
  nexthops: [],
  table: 254,
  vrf: null,
  scope: 0,
  metric: null,
  tos: 0,
  protocol: 18,
  realms: null,
  metrics: {},
  congestion: null,
  ecn: false,
  preference: null,
  expires: null,
  ttlPropagate: null,
  track: true,
  trackGroup: null,
};

/** The fields in which a line differs from `192.0.2.0/24 dev eth0`. */
function changed(line: string): Partial<Route> {
  const read = clean(route(line), line);
  const same = plain as unknown as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    Object.entries(read).filter(([key, value]) => {
      try {
        assert.deepEqual(value, same[key]);
        return false;
      } catch {
        return true;
      }
    }),
  );
}

const net = '192.0.2.0/24 dev eth0';
const net6 = '2001:db8::/32 dev eth0';

test('every default', () => {
  assert.deepEqual(clean(route(net)), plain);
});

test('every option has its field', () => {
  const of = (options: string) => changed(`${net} ${options}`);
  assert.deepEqual(of('via 192.0.2.1 onlink'), { via: '192.0.2.1', onlink: true });
  assert.deepEqual(of('via inet 192.0.2.1'), { via: '192.0.2.1' });
  assert.deepEqual(of('src 192.0.2.9 scope link'), { source: '192.0.2.9', scope: 253 });
  assert.deepEqual(of('scope 0x10 tos EF'), { scope: 16, tos: 0xb8 });
  assert.deepEqual(of('dsfield 010'), { tos: 8 });
  assert.deepEqual(of('table local'), { table: 255 });
  assert.deepEqual(of('table 0x100 metric 010'), { table: 256, metric: 10 });
  assert.deepEqual(of('priority 7 append'), { metric: 7, insert: 'append' });
  assert.deepEqual(of('preference 0 vrf red'), { metric: 0, vrf: 'red' });
  assert.deepEqual(of('protocol bird no_track'), { protocol: 12, track: false });
  assert.deepEqual(of('realms 1/2'), { realms: { from: 1, to: 2 } });
  assert.deepEqual(of('realms cosmos'), { realms: { from: null, to: 0 } });
  assert.deepEqual(of('features ecn congctl lock bbr'), {
    ecn: true,
    congestion: { name: 'bbr', lock: true },
  });
  assert.deepEqual(of('ttl-propagate disabled'), { ttlPropagate: false });
  const { preference, expires, from } = clean(
    route(`${net6} pref low expires 60 from 2001:db8:1::/48`),
  );
  assert.deepEqual([preference, expires], ['low', 60]);
  assert.deepEqual(from, { address: '2001:db8:1::', length: 48 });
});

test('metrics, with lock and with units', () => {
  const of = (options: string) => changed(`${net} ${options}`).metrics;
  const value = (number: number, lock = false) => ({ value: number, lock });
  assert.deepEqual(of('mtu lock 1400 advmss 010 hoplimit 5 quickack 1 fastopen_no_cookie 0'), {
    mtu: value(1400, true),
    advmss: value(10),
    hoplimit: value(5),
    quickack: value(1),
    fastopen_no_cookie: value(0),
  });
  assert.deepEqual(of('rtt 300ms rttvar lock 1.5secs rto_min .25S'), {
    rtt: value(2400),
    rttvar: value(6000, true),
    rto_min: value(250),
  });
  assert.deepEqual(of('rtt 2401 rttvar 801 rto_min 201'), {
    rtt: value(2401),
    rttvar: value(801),
    rto_min: value(201),
  });
});

test('a time that the kernel does not take is moved to the nearest that it does', () => {
  const of = (options: string) => {
    const { read, said } = route(`${net} ${options}`);
    return [Object.values(read?.metrics ?? {})[0]?.value, ...said];
  };
  assert.deepEqual(of('rtt 10'), [1600, "warning out-of-range at '10'"]);
  assert.deepEqual(of('rttvar 10ms'), [800, "warning out-of-range at '10ms'"]);
  assert.deepEqual(of('rtt 130s'), [960_000, "warning out-of-range at '130s'"]);
  assert.deepEqual(of('rto_min 250.5ms'), [251, "warning excess-digits at '250.5ms'"]);
});

test('the destination: types, names for everything, families', () => {
  const of = (line: string) => {
    const { family, type, insert, destination } = clean(route(line), line);
    return [family, type, insert, `${destination.address}/${destination.length}`].join(' ');
  };
  assert.equal(of('default via 192.0.2.1'), '4 unicast prepend 0.0.0.0/0');
  assert.equal(of('any via fe80::1 dev eth0'), '6 unicast prepend ::/0');
  assert.equal(of('default dev eth0 inet6'), '6 unicast prepend ::/0');
  assert.equal(of('to 192.0.2.1 dev eth0'), '4 unicast prepend 192.0.2.1/32');
  assert.equal(of('2001:db8:: dev eth0'), '6 unicast prepend 2001:db8::/128');
  assert.equal(of('unicast 192.0.2.0/24 dev eth0'), '4 unicast add 192.0.2.0/24');
  assert.equal(of('blackhole 192.0.2.0/24 prepend'), '4 blackhole prepend 192.0.2.0/24');
  assert.equal(of('src 192.0.2.9 brd 192.0.2.255 dev eth0'), '4 broadcast add 192.0.2.255/32');
  assert.equal(of('default nexthop via fe80::1 dev eth0'), '6 unicast prepend ::/0');
  assert.equal(of('7 default'), '4 unreachable add 0.0.0.0/0');
});

test('encapsulation', () => {
  const of = (options: string) => changed(`${net} encap ${options} table 5`).encap;
  const tunnel = { id: null, destination: null, source: null, tos: null, ttl: null, flags: null };
  assert.deepEqual(of('ip id 18446744073709551615 tos EF ttl 255 flags 7'), {
    ...tunnel,
    ...{ kind: 'ip', id: '18446744073709551615', tos: 0xb8, ttl: 255, flags: 7 },
  });
  assert.deepEqual(of('ip6 dst FE80::2 src fe80::1 tc 5 hoplimit 3'), {
    ...tunnel,
    ...{ kind: 'ip6', destination: 'fe80::2', source: 'fe80::1', tos: 5, ttl: 3 },
  });
  assert.deepEqual(of('mpls 100/0x10/3'), { kind: 'mpls', labels: [100, 16, 3] });
  assert.deepEqual(of('ila 1:02:AbC:4'), { kind: 'ila', locator: '1:2:abc:4' });
});

test('nexthops, and the two gateways of old', () => {
  const hop = { via: null, device: null, weight: 1, onlink: false, realms: null, encap: null };
  const line = `192.0.2.0/24 table 5 nexthop via 192.0.2.1 dev eth0 weight 256 onlink
    nexthop via 192.0.2.2 realms 3 encap mpls 5`;
  assert.deepEqual(clean(route(line.replace(/\s+/g, ' '))).nexthops, [
    { ...hop, via: '192.0.2.1', device: 'eth0', weight: 256, onlink: true },
    {
      ...hop,
      via: '192.0.2.2',
      realms: { from: null, to: 3 },
      encap: { kind: 'mpls', labels: [5] },
    },
  ]);
  const { read, said } = route('192.0.2.0/24 gw 192.0.2.1 or 192.0.2.2 dev eth0');
  assert.deepEqual(said, ["warning deprecated at 'gw'", "warning deprecated at 'or'"]);
  assert.deepEqual(read, {
    ...plain,
    nexthops: [
      { ...hop, via: '192.0.2.1' },
      { ...hop, via: '192.0.2.2' },
    ],
  });
});

test('a bad nexthop is left out with all behind it, and the route is kept', () => {
  const of = (hops: string) => {
    const { read, said } = route(`192.0.2.0/24 nexthop via 192.0.2.1 ${hops}`);
    return [read?.nexthops.length, ...said];
  };
  for (const bad of ['weight 0', 'weight 257', 'realms 1/', 'encap foo', 'as to']) {
    assert.equal(of(bad)[0], 0, bad);
    assert.match(String(of(bad)[1]), /^warning bad-nexthop at/, bad);
  }
  assert.deepEqual(of('nexthop via fe80::1 nexthop via 192.0.2.2'), [
    1,
    "warning bad-nexthop at 'fe80::1'",
  ]);
  assert.deepEqual(of('no_track table 5'), [1, "warning bad-route-option at 'no_track'"]);
});

const leftOut: readonly (readonly [line: string, at: string])[] = [
  ['192.0.2. dev eth0', '192.0.2.'],
  ['192.0.2.0/24 vai 192.0.2.1', 'vai'],
  ['192.0.2.0/24 // the lab', '//'],
  ['dev eth0', 'dev'],
  [`${net} via 192.0.2.1/24`, '192.0.2.1/24'],
  [`${net} via fe80::1`, 'fe80::1'],
  [`${net} via inet6 fe80::1`, 'inet6'],
  [`${net} inet6`, 'inet6'],
  [`${net} mtu 0x10`, '0x10'],
  [`${net} mtu 1400lock`, '1400lock'],
  [`${net} window lock 5`, 'lock'],
  [`${net} hoplimit 256`, '256'],
  [`${net} rtt 1e3`, '1e3'],
  [`${net} rto_min 130s`, '130s'],
  [`${net} tos 256`, '256'],
  [`${net} table -1`, '-1'],
  [`${net} table 09`, '09'],
  [`${net} table 4294967296`, '4294967296'],
  [`${net} realms 1/`, '1/'],
  [`${net} pref low`, 'pref'],
  [`${net} expires 5`, 'expires'],
  [`${net6} realms 5`, 'realms'],
  [`${net6} pref foo`, 'foo'],
  [`${net6} from default`, 'default'],
  [`${net} from 192.0.2.1`, '192.0.2.1'],
  [`${net} track_group G1`, 'track_group'],
  [`${net} encap ip src 192.0.2.1`, 'ip'],
  [`${net} encap ip id x`, 'x'],
  [`${net} encap mpls 1048576`, '1048576'],
  [`${net} encap ila 1:2:3`, '1:2:3'],
  [`${net} encap seg6 mode`, 'seg6'],
  ['44 192.0.2.0/24 dev eth0', '44'],
];

test('what keepalived leaves out is left out, with a warning at the word', () => {
  for (const [line, at] of leftOut) {
    const { read, said } = route(line);
    assert.deepEqual([read, said], [null, [`warning bad-route at '${at}'`]], line);
  }
});

test('where keepalived would not start, it is an error', () => {
  for (const line of ['blackhole', `${net} via`, `${net} mtu lock`, `${net} nexthop weight`]) {
    const at = line.split(' ').at(-1);
    const said = route(line).said;
    assert.ok(
      said.includes(`error missing-parameter at '${at === 'lock' ? 'mtu' : at}'`),
      `${line}: ${said.join()}`,
    );
  }
});

test('what keepalived does not say', () => {
  const said = (line: string) => route(line).said;
  assert.deepEqual(said('192.0.2.0/24 dev eth0 198.51.100.0/24 dev eth1'), [
    "warning repeated at '198.51.100.0/24'",
    "warning repeated at 'dev'",
  ]);
  assert.deepEqual(said('192.0.2.1/24 dev eth0'), ["warning kernel-refuses at '192.0.2.1/24'"]);
  assert.deepEqual(said('192.0.2.0/24'), ["warning kernel-refuses at '192.0.2.0/24'"]);
  assert.deepEqual(said('192.0.2.0/24 nexthop weight 5'), ["warning kernel-refuses at 'nexthop'"]);
  assert.deepEqual(said(`${net} protocol bird`), ["warning tracked-protocol at 'bird'"]);
});

test('a trap of keepalived is mended and named', () => {
  const { read, said } = route('inet6 default via fe80::1 dev eth0');
  assert.deepEqual([read?.family, read?.via, read?.destination.address], [6, 'fe80::1', '::']);
  assert.deepEqual(said, ["warning skipped-word at 'default'"]);
  const late = route('via 192.0.2.1 default');
  assert.deepEqual(late.read?.destination, { address: '0.0.0.0', length: 0 });
  assert.deepEqual(late.said, ["warning late-default at 'default'"]);
});

test('a name that only the machine knows is kept, with a note', () => {
  const { read, said } = route(`${net} table blue scope mian no_track protocol 7up realms inr/x`);
  assert.deepEqual([read?.table, read?.scope, read?.protocol], ['blue', 'mian', '7up']);
  assert.deepEqual(read?.realms, { from: 'inr', to: 'x' });
  assert.equal(said.length, 5);
  for (const one of said) assert.match(one, /^info unknown-name at/);
});

test('a static route may have a track_group, where it names its device', () => {
  const of = (line: string) => {
    const { read, said } = staticRoute(line);
    return [read?.trackGroup, ...said];
  };
  assert.deepEqual(of(`${net} track_group G1`), ['G1']);
  assert.deepEqual(of(`${net} track_group G2`), [null, "warning bad-route-option at 'G2'"]);
  const lost = [null, "warning bad-route-option at 'track_group'"];
  assert.deepEqual(of('192.0.2.0/24 via 192.0.2.1 track_group G1'), lost);
  assert.deepEqual(of(`${net} track_group G1 no_track`), lost);
});
