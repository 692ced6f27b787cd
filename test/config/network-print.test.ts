/** What is printed reads back to the same; and whatever the words, nothing throws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadConfig } from '../../src/config/load';
import { printAddress, printRoute, printRule } from '../../src/config/print-network';
import { type Printed, printText } from '../../src/config/print-text';
import { routeMetrics } from '../../src/config/route-metrics';
import { routeOptions } from '../../src/config/route-options';
import { ruleConditions } from '../../src/config/rule-conditions';
import { addresses, routes, rules } from './network-arbitrary';
import {
  address,
  type Kind,
  type One,
  route,
  rule,
  staticAddress,
  staticFile,
  staticRoute,
  staticRule,
  virtualFile,
} from './network-fixture';

const textOf = (printed: Printed): string => printText([printed]);

function readsBack<T>(value: T, print: (value: T) => Printed, read: (line: string) => One<T>) {
  const line = textOf(print(value));
  const { read: again, said } = read(line);
  // Records of fast-check have no prototype; a model is plain data.
  const plain: unknown = JSON.parse(JSON.stringify(value));
  assert.deepEqual(again, plain, `${line}\n${said.join('\n')}`);
}

test('read(print(address)) = address', () => {
  fc.assert(
    fc.property(addresses, (one) => readsBack(one, printAddress, address)),
    { numRuns: 1500 },
  );
});

test('read(print(route)) = route', () => {
  fc.assert(
    fc.property(routes, (one) => readsBack(one, printRoute, route)),
    { numRuns: 1500 },
  );
});

test('read(print(rule)) = rule', () => {
  fc.assert(
    fc.property(rules, (one) => readsBack(one, printRule, rule)),
    { numRuns: 1500 },
  );
});

test('a track_group reads back too', () => {
  const trackGroup = 'G1';
  fc.assert(
    fc.property(addresses, routes, rules, (a, b, c) => {
      const held = { ...a, device: a.device ?? 'eth0', useVmac: false };
      const tracked = { track: true, protocol: 18 };
      readsBack({ ...held, track: true, trackGroup }, printAddress, staticAddress);
      readsBack({ ...b, ...tracked, device: 'eth0', trackGroup }, printRoute, staticRoute);
      readsBack({ ...c, ...tracked, inputDevice: 'eth0', trackGroup }, printRule, staticRule);
    }),
    { numRuns: 200 },
  );
});

test('what is the default is left out', () => {
  const printed = (line: string): readonly string[] => {
    const { read } = route(line);
    assert.ok(read, line);
    return printRoute(read).words;
  };
  const same = [
    'default via 192.0.2.1',
    '::/0 via fe80::1 dev eth0',
    'blackhole 192.0.2.0/24',
    '192.0.2.0/24 dev eth0 table 100 scope link mtu lock 1400 rtt 300ms add',
    '192.0.2.0/24 nexthop via 192.0.2.1 dev eth0 weight 2 nexthop dev eth1',
  ];
  for (const line of same) assert.equal(printed(line).join(' '), line);
  assert.equal(printed('to any gw 192.0.2.1 table main').join(' '), 'default via 192.0.2.1');
  const { read } = rule('inet6 table 5 order 7 tos 0');
  assert.ok(read);
  assert.equal(printRule(read).words.join(' '), 'table 5 priority 7 inet6');
});

/** Words of all three grammars, good and bad values, and what none of them knows. */
const soup = fc.constantFrom(
  ...[...routeOptions.keys(), ...routeMetrics.keys(), ...ruleConditions.keys()],
  ...['brd', 'label', 'peer', 'preferred_lft', '-nodad', 'home', 'use_vmac', 'track_group', 'G1'],
  ...['table', 'lookup', 'goto', 'nop', 'type', 'blackhole', 'to', 'lock', 'weight', 'ip', 'ip6'],
  ...['mpls', 'ila', 'id', 'dst', 'tc', 'ttl', 'flags', '10.0.0.0/8', '10.0.0.1', 'fe80::1/64'],
  ...['default', 'default6', '0', '-1', '1-2', '0x10', '1/2', '99999999999999999999', '1.5s', '//'],
  ...['""', '/', ':', 'eth0', 'main', 'forever', '+', '-', 'x', '1:2:3:4', 'é'],
);

test('any row of words: no exception, and a place for every finding', () => {
  const kinds = fc.constantFrom<Kind>('address', 'route', 'rule');
  const line = fc.array(soup, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(kinds, line, fc.boolean(), (kind, words, isStatic) => {
      const text = isStatic ? staticFile(kind, words) : virtualFile(kind, words);
      const { config, diagnostics } = loadConfig('t', text);
      assert.equal(
        config === null,
        diagnostics.some(({ severity }) => severity === 'error'),
      );
      for (const { span, what } of diagnostics) {
        assert.ok(span.start <= span.end && span.end <= text.length && what !== '');
      }
    }),
    { numRuns: 3000 },
  );
});
