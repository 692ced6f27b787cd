/** A weight too small for the usual distance: the arithmetic, at the number, once. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, places } from './rule';

const code = 'small-weight';
const tracked = (lines: string, script = '') =>
  file(`${lines}\ntrack_script {\nchk\n}`, { script });

test('weight 2 of the tutorials, with its sum', () => {
  const text = tracked('priority 102', 'weight 2');
  assert.deepEqual(places(code, text), ['info 12:2']);
  const [said] = findings(code, text);
  assert.equal(said?.label, '104 → 102 when it fails');
  assert.match(said?.why ?? '', /a peer at 100 \+ 2 = 102 is equal then.*RFC 9568 §6\.4\.2/);
  assert.match(said?.help ?? '', /a larger weight, or weight 0/);
});

test('a negative weight, on the tracking line, of an interface', () => {
  const negative = findings(code, tracked('priority 102', 'weight -5'))[0];
  assert.equal(negative?.label, '102 → 97 when it fails');
  assert.match(negative?.why ?? '', /a peer at 97 is equal/);
  const line = file('track_script { chk weight 3 }');
  assert.deepEqual(places(code, line), ['info 5:3']);
  const link = file('track_interface { eth1 weight 4 }');
  assert.equal(findings(code, link)[0]?.label, '104 → 100 when it is down');
  const reversed = file('track_interface { eth1 weight 4 reverse }');
  assert.equal(findings(code, reversed)[0]?.label, '100 → 96 when it is up');
});

test('more than the usual distance is fine, and 0 is a fault', () => {
  assert.deepEqual(places(code, tracked('', 'weight 11')), []);
  assert.deepEqual(places(code, tracked('', 'weight -20')), []);
  assert.deepEqual(places(code, tracked('')), []);
});

test('what a clamp takes away counts: 250 + 20 is 254', () => {
  assert.equal(
    findings(code, tracked('priority 250', 'weight 20'))[0]?.label,
    '254 → 250 when it fails',
  );
});

test('one weight, tracked twice, is told once', () => {
  const text = tracked('', 'weight 2');
  const second = text
    .slice(0, text.indexOf('vrrp_script'))
    .replace('VI_1', 'VI_2')
    .replace(' 7', ' 8')
    .replace('.100', '.101');
  assert.equal(places(code, second + text).length, 1);
});

test('a script that is not there moves nothing', () => {
  assert.deepEqual(places(code, file('track_script { nosuch weight 2 }')), []);
});
