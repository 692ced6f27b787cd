/** Whatever the two files: the same findings from either end, each with its places. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Diagnostic } from '../../src/config/diagnostic';
import { locate } from '../../src/config/source';
import { compare } from './peer-ends';

const one = (...values: readonly string[]) => fc.constantFrom(...values);

const lines = fc.record({
  version: one('', 'version 2', 'version 3'),
  vrid: one('51', '51', '52'),
  priority: one('priority 100', 'priority 102', 'priority 255', ''),
  state: one('', 'state MASTER', 'state BACKUP'),
  preempt: one('', 'nopreempt'),
  interval: one('', 'advert_int 2', 'advert_int 0.5'),
  password: one('', 'auth_pass a', 'auth_pass b'),
  checksum: one('', 'v3_checksum_as_v2', 'strict_mode true'),
  source: one(
    '',
    'unicast_src_ip 192.0.2.11',
    'unicast_src_ip 192.0.2.12',
    'mcast_src_ip 192.0.2.11',
  ),
  peers: one('', '192.0.2.11', '192.0.2.12', '192.0.2.11\n192.0.2.12', '192.0.2.12 min_ttl 200'),
  ttl: one('', 'unicast_ttl 64'),
  addresses: one(
    '192.0.2.1',
    '192.0.2.1/24\n192.0.2.2',
    '192.0.2.3 dev br0',
    'fe80::1\n2001:db8::1',
    '2001:db8::1',
    '',
  ),
  excluded: one('', '192.0.2.1', '192.0.2.2', '192.0.2.4'),
  device: one('eth0', 'eth0', 'ens3'),
  track: one('', 'chk', 'chk weight 2', 'chk weight -2', 'nothing', 'chk weight 2 reverse'),
});

type Lines = typeof lines extends fc.Arbitrary<infer T> ? T : never;

const block = (word: string, body: string): string => (body === '' ? '' : `${word} {\n${body}\n}`);

const textOf = (name: string, of: Lines): string => `vrrp_instance ${name} {
interface ${of.device}
virtual_router_id ${of.vrid}
${[of.version, of.priority, of.state, of.preempt, of.interval, of.checksum, of.source, of.ttl].join('\n')}
${of.password === '' ? '' : block('authentication', `auth_type PASS\n${of.password}`)}
${block('unicast_peer', of.peers)}
${block('virtual_ipaddress', of.addresses)}
${block('virtual_ipaddress_excluded', of.excluded)}
${block('track_script', of.track)}
}
`;

const file = fc
  .tuple(
    one(
      'vrrp_script chk {\nscript "/bin/true"\nweight 2\n}\n',
      'vrrp_script chk {\nscript "/bin/true"\n}\n',
      '',
    ),
    fc.array(fc.tuple(one('A', 'B', 'C'), lines), { maxLength: 3 }),
    one(
      '',
      'vrrp_sync_group G {\ngroup { A B }\n}\n',
      'vrrp_sync_group G {\nsync_group_tracking_weight\ngroup { A B C }\n}\n',
    ),
  )
  .map(
    ([script, instances, group]) =>
      script + instances.map(([name, of]) => textOf(name, of)).join('') + group,
  );

/** What the errors of one file bring forth is said of the other file only. */
const codes = (found: readonly Diagnostic[]): readonly string[] =>
  [...new Set(found.map(({ code, severity }) => `${severity} ${code}`))]
    .filter((each) => !each.endsWith('peer-errors'))
    .sort();

test('either end finds the same', () => {
  fc.assert(
    fc.property(file, file, (own, other) => {
      assert.deepEqual(codes(compare(own, other)), codes(compare(other, own)));
    }),
    { numRuns: 1500 },
  );
});

test('places are in the own file, the other ones are related; no password in any text', () => {
  fc.assert(
    fc.property(file, file, (own, other) => {
      const [mine, theirs] = [own, other].map((text) => text.replace(/auth_pass ./g, '$&QQ'));
      for (const { span, related, what, label, why, help } of compare(mine ?? '', theirs ?? '')) {
        assert.equal(locate(span).span.source.name, 'own.conf');
        const files = related.map((each) => locate(each.span).span.source.name);
        assert.ok(files.every((name) => name === 'own.conf' || name === 'other.conf'));
        const said = [what, label, why, help, ...related.map((each) => each.what)].join(' ');
        assert.doesNotMatch(said, /QQ|undefined|null|NaN/);
        assert.doesNotMatch(what, /\.$|\n/);
      }
    }),
    { numRuns: 500 },
  );
});

test('a file and itself: one finding at most', () => {
  fc.assert(
    fc.property(file, (text) => {
      const found = compare(text, text).filter(({ code }) => code !== 'peer-errors');
      assert.ok(found.length <= 1, JSON.stringify(found.map(({ code }) => code)));
    }),
    { numRuns: 500 },
  );
});

test('any two texts', () => {
  const text = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(fc.property(text, fc.oneof(text, file), (own, other) => void compare(own, other)));
});
