/**
 * What a reload would do, as it is told; and that the core does just that.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Change, diff, differs } from '../../src/config/diff';
import { loadConfig } from '../../src/config/load';
import type { Config, Instance } from '../../src/config/model';
import type { Command } from '../../src/core/command';
import type { Node } from '../../src/core/node';
import {
  address,
  at,
  config,
  configured,
  globalWith,
  instance,
  play,
  script,
  started,
  syncGroup,
  tookOver,
} from '../core/fixture';

const read = (text: string): Config => {
  const { config: model } = loadConfig('t', text);
  assert.ok(model !== null, text);
  return model;
};

/** 'altered vrrp_instance VI_1', without what was kept. */
const told = (changes: readonly Change[]): readonly string[] =>
  changes
    .filter(({ kind }) => kind !== 'kept')
    .map(({ kind, subject }) => `${kind} ${subject.kind} ${subject.name}`.trim());

/** 'virtual_ipaddress: 192.0.2.1/32 → -' of everything altered or restarted. */
const lines = (changes: readonly Change[]): readonly string[] =>
  changes.flatMap((one) =>
    one.kind === 'altered' || one.kind === 'restarted'
      ? one.lines.map(({ within, before, after }) =>
          [...within, `${before ?? '-'} → ${after ?? '-'}`].join(': '),
        )
      : [],
  );

const notes = (changes: readonly Change[]): readonly string[] =>
  changes.flatMap((one) => (one.kind === 'altered' ? one.notes : []));

const A = instance('A');
const B = instance('B', { vrid: 52 });
const of = (...instances: readonly Instance[]): Config => config({ instances });

test('the same twice: everything is kept', () => {
  const model = config({
    scripts: [script('chk')],
    instances: [A, B],
    groups: [syncGroup('G', ['A', 'B'])],
  });
  const changes = diff(model, model);
  assert.ok(!differs(changes));
  assert.deepEqual(told(changes), []);
  assert.deepEqual(
    changes.map(({ subject }) => `${subject.kind} ${subject.name}`.trim()),
    [
      'global_defs',
      'vrrp_script chk',
      'vrrp_instance A',
      'vrrp_instance B',
      'vrrp_sync_group G',
      'holdfast',
    ],
  );
});

test('a field: altered, in the words of the file', () => {
  const changes = diff(of(A, B), of({ ...A, priority: 150, preempt: false }, B));
  assert.deepEqual(told(changes), ['altered vrrp_instance A']);
  assert.deepEqual(lines(changes), [
    'priority 100 → priority 150',
    '- → nopreempt',
    'preempt → -',
    'preempt_delay 0 → -',
  ]);
});

test('lists: what comes, what goes, what stands elsewhere', () => {
  const [one, two, three] = ['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((ip) => address(ip));
  assert.ok(one && two && three);
  const holding = (...addresses: Instance['addresses']): Config => of({ ...A, addresses });
  assert.deepEqual(lines(diff(holding(one, two), holding(one, three))), [
    'virtual_ipaddress: - → 192.0.2.3/24',
    'virtual_ipaddress: 192.0.2.2/24 → -',
  ]);
  assert.deepEqual(lines(diff(holding(one, two), holding(two, one))), [
    'virtual_ipaddress: 192.0.2.1/24, 192.0.2.2/24 → 192.0.2.2/24, 192.0.2.1/24',
  ]);
  assert.deepEqual(lines(diff(holding(one), holding({ ...one, label: 'eth0:1' }))), [
    'virtual_ipaddress: 192.0.2.1/24 → 192.0.2.1/24 label eth0:1',
  ]);
});

test('a block that comes or goes is its lines', () => {
  const password = { kind: 'pass', password: 'abc' } as const;
  assert.deepEqual(lines(diff(of(A), of({ ...A, authentication: password }))), [
    'authentication: - → auth_type PASS',
    'authentication: - → auth_pass ********',
  ]);
});

test('a password that changes is a change, and is not told', () => {
  const secured = (password: string): Config =>
    of({ ...A, authentication: { kind: 'pass', password } });
  const changes = diff(secured('abc'), secured('abd'));
  assert.deepEqual(lines(changes), ['authentication: auth_pass ******** → auth_pass ********']);
  assert.doesNotMatch(JSON.stringify(changes), /ab[cd]/);
});

test('another name is an alteration, whoever bears the old one', () => {
  const changes = diff(of(A, B), of({ ...A, name: 'B' }, { ...B, name: 'A' }));
  assert.deepEqual(told(changes), ['altered vrrp_instance B', 'altered vrrp_instance A']);
  assert.deepEqual(
    changes.flatMap((one) => (one.kind === 'altered' ? [one.was] : [])),
    ['A', 'B'],
  );
  const taken = diff(of(A), of({ ...A, name: 'new' }, { ...B, name: 'A' }));
  assert.deepEqual(told(taken), ['altered vrrp_instance new', 'added vrrp_instance A']);
});

test('another virtual router of the same name is a restart, and says why', () => {
  for (const [change, why] of [
    [{ vrid: 53 }, 'virtual_router_id 51 → 53'],
    [{ interface: 'eth1' }, 'interface eth0 → eth1'],
    [{ family: 6, addresses: [address('fe80::1')] }, 'IP version 4 → 6'],
  ] as const) {
    const [, restarted] = diff(of(A), of({ ...A, ...change }));
    assert.ok(restarted?.kind === 'restarted');
    assert.ok(restarted.why.includes(why), restarted.why);
  }
});

test('two names in quotes are told apart from four words', () => {
  const changes = diff(of({ ...A, name: 'a b' }), of({ ...A, name: 'c d' }));
  assert.deepEqual(told(changes), ['altered vrrp_instance c d']);
});

test('what comes and what goes', () => {
  const first = config({ scripts: [script('one')], instances: [A] });
  const second = config({ scripts: [script('two')], instances: [B] });
  assert.deepEqual(told(diff(first, second)), [
    'added vrrp_script two',
    'added vrrp_instance B',
    'removed vrrp_script one',
    'removed vrrp_instance A',
  ]);
});

test('a script keeps its verdict unless its command is another', () => {
  const checked = (change: Parameters<typeof script>[1]): Config =>
    config({ scripts: [script('chk', change)] });
  assert.deepEqual(told(diff(checked({}), checked({ fall: 3 }))), ['altered vrrp_script chk']);
  assert.deepEqual(told(diff(checked({}), checked({ command: ['/bin/other'] }))), [
    'restarted vrrp_script chk',
  ]);
});

test('groups: by name, else by their members; a member of another name is the same', () => {
  const grouped = (name: string, first: Instance, ...others: readonly Instance[]): Config => {
    const members = [first, ...others].map((one) => one.name);
    return config({
      instances: [A, B].map((one) => [first, ...others].find((o) => o.vrid === one.vrid) ?? one),
      groups: [syncGroup(name, members)],
    });
  };
  const both = grouped('G', A, B);
  assert.deepEqual(told(diff(both, grouped('H', A, B))), ['altered vrrp_sync_group H']);
  assert.deepEqual(told(diff(both, grouped('G', { ...A, name: 'X' }, B))), [
    'altered vrrp_instance X',
  ]);
  const left = diff(both, grouped('G', A));
  assert.deepEqual(told(left), ['altered vrrp_sync_group G']);
  assert.deepEqual(lines(left), ['group: B → -']);
  assert.deepEqual(notes(left), ['B goes on as it is, without the group']);
  assert.match(notes(diff(grouped('G', A), both)).join(), /^B comes in/);
});

test('what counts only at the next start says so', () => {
  const changes = diff(
    config({ global: globalWith({ realtime: false }) }),
    config({ global: globalWith({ realtime: true }) }),
  );
  assert.deepEqual(told(changes), ['altered holdfast']);
  assert.deepEqual(notes(changes), ['at the next start: realtime']);
});

test('a directive outside of all blocks is an object with one line', () => {
  const changes = diff(read('instance a'), read('instance b'));
  assert.deepEqual(told(changes), ['altered instance']);
  assert.deepEqual(lines(changes), ['instance a → instance b']);
  assert.deepEqual(told(diff(read('instance a'), read(''))), ['removed instance']);
});

test('what is not carried out yet says so', () => {
  const file = (route: string): Config =>
    read(`vrrp_instance A {
      interface eth0
      virtual_router_id 51
      virtual_ipaddress { 192.0.2.1 }
      virtual_routes { ${route} }
    }`);
  const changes = diff(file('198.51.100.0/24 dev eth0'), file('203.0.113.0/24 dev eth0'));
  assert.deepEqual(notes(changes), ['not carried out yet: virtual_routes']);
});

// ---- and the core does it

/** What was ordered about the virtual router of an instance. */
const ordered = (commands: readonly Command[], key: string): readonly string[] =>
  commands.flatMap((one) => {
    if (one.kind === 'watch') return one.members.some((m) => m.instance === key) ? ['watch'] : [];
    return 'instance' in one && one.instance === key ? [one.kind] : [];
  });

const keyOf = (node: Node, name: string): string =>
  node.units.flatMap(({ members }) => members).find((m) => m.instance.name === name)?.key ?? '';

const stateOf = (node: Node, name: string): string =>
  node.units.find(({ members }) => members.some((m) => m.instance.name === name))?.state ?? 'gone';

function masters(model: Config): Node {
  const node = started(model);
  const keys = node.units.flatMap(({ members }) => members.map(({ key }) => key));
  return keys.reduce((so, key, i) => play([tookOver(at(4), [key], 1_000_000 + i)], so)[0], node);
}

const instances: fc.Arbitrary<readonly Instance[]> = fc.uniqueArray(
  fc
    .record({
      name: fc.constantFrom('A', 'B', 'C', 'D'),
      vrid: fc.integer({ min: 51, max: 54 }),
      priority: fc.constantFrom(100, 150),
      version: fc.constantFrom(2 as const, 3 as const),
      peers: fc.constantFrom([], [{ address: '192.0.2.9', minTtl: 0, maxTtl: 255 }]),
      addresses: fc.constantFrom([address('192.0.2.10')], [address('192.0.2.11')]),
    })
    .map((change) => instance(change.name, change)),
  { comparator: (a, b) => a.name === b.name || a.vrid === b.vrid, maxLength: 4 },
);

test('masters: kept are not touched, altered stay, restarted and removed let go', () => {
  fc.assert(
    fc.property(instances, instances, (first, second) => {
      const [before, after] = [of(...first), of(...second)];
      const old = masters(before);
      const [node, commands] = play([configured(at(9), after)], old);
      for (const change of diff(before, after)) {
        const { kind, name } = change.subject;
        if (kind !== 'vrrp_instance') continue;
        const was = change.kind === 'altered' ? (change.was ?? name) : name;
        const about = ordered(commands, keyOf(old, was));
        switch (change.kind) {
          case 'kept':
            assert.deepEqual(about, []);
            assert.equal(stateOf(node, name), 'master');
            break;
          case 'altered':
            assert.ok(!about.includes('resign') && !about.includes('close'));
            assert.equal(stateOf(node, name), 'master');
            assert.equal(about.length === 0, change.lines.length === 0);
            break;
          case 'restarted':
            assert.deepEqual(about.slice(0, 2), ['resign', 'close']);
            assert.equal(stateOf(node, name), 'backup');
            break;
          case 'added':
            assert.deepEqual(ordered(commands, keyOf(node, name)).at(-1), 'watch');
            assert.equal(stateOf(node, name), 'backup');
            break;
          case 'removed':
            assert.deepEqual(about.slice(0, 2), ['resign', 'close']);
        }
      }
    }),
    { numRuns: 1000 },
  );
});
