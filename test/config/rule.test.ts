/** Lines of virtual_rules and static_rules, as keepalived 2.2.7 was seen to take them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import type { Rule } from '../../src/config/model-network';
import { clean, rule, staticRule, virtualFile } from './network-fixture';

const lookup = { realms: null, suppressPrefixLength: null, suppressGroup: null };

const plain: Rule = {
  family: 4,
  not: false,
  from: null,
  to: null,
  priority: 7,
  tos: 0,
  mark: null,
  inputDevice: null,
  outputDevice: null,
  tunnelId: null,
  uids: null,
  ipProtocol: null,
  sourcePorts: null,
  destinationPorts: null,
  action: { kind: 'table', table: 5, ...lookup },
  protocol: 18,
  track: true,
  trackGroup: null,
};

const made = (condition: string): Rule => clean(rule(`${condition} table 5 priority 7`), condition);

test('every default', () => {
  assert.deepEqual(made(''), plain);
  assert.deepEqual(made('from any to default'), plain);
  assert.deepEqual(clean(rule('table 5 priority 7 inet6')), { ...plain, family: 6 });
});

test('every condition has its field', () => {
  const cases: readonly (readonly [string, Partial<Rule>])[] = [
    ['not from 192.0.2.0/24', { not: true, from: { address: '192.0.2.0', length: 24 } }],
    ['to 2001:DB8::/32', { family: 6, to: { address: '2001:db8::', length: 32 } }],
    ['tos EF', { tos: 0xb8 }],
    ['dsfield 0x10', { tos: 16 }],
    ['fwmark 0x10', { mark: { value: 16, mask: 0xffffffff } }],
    ['fwmark 24/12', { mark: { value: 24, mask: 12 } }],
    ['dev eth0 oif eth1', { inputDevice: 'eth0', outputDevice: 'eth1' }],
    ['tunnel-id 18446744073709551615', { tunnelId: '18446744073709551615' }],
    ['tunnel-id 0', {}],
    ['uidrange 1000-1999', { uids: { first: 1000, last: 1999 } }],
    ['ipproto UDP sport 5-10 dport 0-65535', { ipProtocol: 17 }],
    ['ipproto 017', { ipProtocol: 17 }],
    ['protocol 12 no_track', { protocol: 12, track: false }],
    ['no_track', { protocol: 0, track: false }],
  ];
  for (const [condition, change] of cases) {
    const ports = condition.includes('sport')
      ? { sourcePorts: { first: 5, last: 10 }, destinationPorts: { first: 0, last: 65535 } }
      : {};
    assert.deepEqual(made(condition), { ...plain, ...ports, ...change }, condition);
  }
});

test('every action', () => {
  const of = (line: string) => clean(rule(`${line} priority 7`), line).action;
  assert.deepEqual(of('lookup main'), { kind: 'table', table: 254, ...lookup });
  assert.deepEqual(of('table 5 realms 1/2 sup_pl 0 sup_group default'), {
    kind: 'table',
    table: 5,
    realms: { from: 1, to: 2 },
    suppressPrefixLength: 0,
    suppressGroup: 0,
  });
  assert.deepEqual(of('l3mdev suppress_prefixlength 8'), {
    kind: 'l3mdev',
    ...lookup,
    suppressPrefixLength: 8,
  });
  assert.deepEqual(of('goto 8'), { kind: 'goto', priority: 8 });
  assert.deepEqual(of('type goto 8'), { kind: 'goto', priority: 8 });
  assert.deepEqual(of('nop'), { kind: 'nop' });
  assert.deepEqual(of('type prohibit'), { kind: 'prohibit' });
  assert.deepEqual(of('6'), { kind: 'blackhole' });
});

test('the words of a priority, in any base', () => {
  for (const [word, priority] of [
    ['priority 0x10', 16],
    ['preference 010', 8],
    ['order 4294967295', 0xffffffff],
  ] as const) {
    assert.equal(clean(rule(`table 5 ${word}`)).priority, priority, word);
  }
});

const leftOut: readonly (readonly [line: string, at: string])[] = [
  ['from 192.0.2.0/24 priority 7', 'from'],
  ['from 192.0.2. table 5 priority 7', '192.0.2.'],
  ['from 192.0.2.0/24 to 2001:db8::/32 table 5 priority 7', '2001:db8::/32'],
  ['table 0 priority 7', '0'],
  ['table unspec priority 7', 'unspec'],
  ['table 5 table 6 priority 7', 'table'],
  ['table 5 nop priority 7', 'nop'],
  ['l3mdev table 5 priority 7', 'table'],
  ['table 5 priority -1', '-1'],
  ['table 5 priority 4294967296', '4294967296'],
  ['table 5 pref 7', 'pref'],
  ['table 5 priority 7 fwmark x', 'x'],
  ['table 5 priority 7 fwmark 5/', '5/'],
  ['table 5 priority 7 tos 256', '256'],
  ['table 5 priority 7 tunnel-id 18446744073709551616', '18446744073709551616'],
  ['table 5 priority 7 uidrange 5', '5'],
  ['table 5 priority 7 uidrange 10-5', '10-5'],
  ['table 5 priority 7 sport 10-5', '10-5'],
  ['table 5 priority 7 suppress_prefixlength -1', '-1'],
  ['table 5 priority 7 from 2001:db8::/32 realms 5', 'realms'],
  ['nop priority 7 realms 5', 'realms'],
  ['goto 8', 'goto'],
  ['goto 7 priority 7', 'goto'],
  ['goto 0x10 priority 7', '0x10'],
  ['throw priority 7', 'throw'],
  ['foo table 5 priority 7', 'foo'],
  ['table 5 priority 7 track_group G1', 'track_group'],
];

test('what keepalived leaves out is left out, with a warning at the word', () => {
  for (const [line, at] of leftOut) {
    const { read, said } = rule(line);
    assert.deepEqual([read, said], [null, [`warning bad-rule at '${at}'`]], line);
  }
});

test('where keepalived ignores an option, so do we, and say what that means', () => {
  for (const [condition, at] of [
    ['sport x', 'x'],
    ['dport 5-', '5-'],
    ['ipproto 256', '256'],
    ['ipproto 0x11', '0x11'],
    ['protocol tcp', 'tcp'],
  ]) {
    const { read, said } = rule(`${condition} table 5 priority 7`);
    assert.deepEqual(said, [`warning bad-rule-option at '${at}'`]);
    assert.deepEqual(read, plain, condition);
  }
});

test('where keepalived would not start, it is an error', () => {
  for (const line of ['table', 'from', 'table 5 priority', 'type']) {
    const at = line.split(' ').at(-1);
    assert.ok(rule(line).said.includes(`error missing-parameter at '${at}'`), line);
  }
});

test('a single port is read as meant, which keepalived ignores', () => {
  const { read, said } = rule('sport 53 table 5 priority 7');
  assert.deepEqual(read?.sourcePorts, { first: 53, last: 53 });
  assert.deepEqual(said, ["warning single-port at '53'"]);
});

test('a word that is nearly right is named', () => {
  const help = (line: string) =>
    loadConfig('t', virtualFile('rule', line)).diagnostics.find(({ code }) => code === 'bad-rule')
      ?.help;
  assert.equal(help('tabel 5 priority 7'), "did you mean 'table'?");
  assert.equal(help('table 5 pref 7'), "did you mean 'preference'?");
  assert.equal(help('table 5 priority 7 ip_proto UDP'), "did you mean 'ipproto'?");
  assert.equal(help('goto 8'), "add 'priority N', less than 8");
});

test('rules without a priority count down in the order of the file, in each family', () => {
  const text = `
    vrrp_instance A { interface eth0
      virtual_router_id 1
      virtual_ipaddress { 192.0.2.1 }
      virtual_rules { from 192.0.2.0/24 table 1
        from 192.0.2.0/24
        from 2001:db8::/32 table 2
        from 192.0.2.0/24 table 3 priority 5
        from 192.0.2.0/24 table 4 }
    }
    static_rules { from 198.51.100.0/24 table 5 }
    vrrp_instance A { virtual_rules { table 6 } }
    vrrp_instance B { interface eth0
      virtual_router_id 2
      virtual_ipaddress { 192.0.2.2 }
      virtual_rules { table 7
        table 8 inet6 }
    }`;
  const { config, diagnostics } = loadConfig('t', text);
  const [a, b] = config?.instances ?? [];
  const priorities = (rules: readonly Rule[] = []) => rules.map(({ priority }) => priority);
  assert.deepEqual(priorities(a?.virtualRules), [16384, 16384, 5, 16383]);
  assert.deepEqual(priorities(config?.staticRules), [16382]);
  assert.deepEqual(priorities(b?.virtualRules), [16381, 16383]);
  assert.equal(diagnostics.filter(({ code }) => code === 'no-priority').length, 6);
});

test('a static rule may have a track_group, where it names its input', () => {
  const of = (line: string) => {
    const { read, said } = staticRule(`table 5 priority 7 ${line}`);
    return [read?.trackGroup, ...said];
  };
  assert.deepEqual(of('iif eth0 track_group G1'), ['G1']);
  assert.deepEqual(of('iif eth0 track_group G2'), [null, "warning bad-rule-option at 'G2'"]);
  const lost = [null, "warning bad-rule-option at 'track_group'"];
  assert.deepEqual(of('track_group G1'), lost);
  assert.deepEqual(of('iif eth0 track_group G1 no_track'), lost);
});
