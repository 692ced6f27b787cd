/** A diagnostic as a person reads it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { error, info, warning } from '../../src/config/diagnostic';
import { render } from '../../src/config/render';
import { createSource, spanOf } from '../../src/config/source';

const plain = { color: false };

test('place, excerpt, caret, why and help', () => {
  const source = createSource('/etc/holdfast/holdfast.conf', 'a {\n    virtual_router_id  300\n}');
  const text = render(
    error('out-of-range', spanOf(source, 27, 30), 'virtual_router_id must be 1..255, found 300', {
      label: 'not a VRID',
      why: 'the VRID is one octet of the advertisement (RFC 9568 §5.2.3)',
      help: 'peers must use the same number',
      related: [{ span: spanOf(source, 0, 1), what: 'in this block' }],
    }),
    plain,
  );
  assert.equal(
    text,
    [
      `${source.name}:2:24: error[out-of-range]: virtual_router_id must be 1..255, found 300`,
      '   2 |     virtual_router_id  300',
      '     |                        ^^^ not a VRID',
      'why:  the VRID is one octet of the advertisement (RFC 9568 §5.2.3)',
      'help: peers must use the same number',
      'see:  /etc/holdfast/holdfast.conf:1:1: in this block',
    ].join('\n'),
  );
});

test('carets stand under wide characters and behind tabs', () => {
  const source = createSource('f', '\t权值 x');
  const lines = render(info('c', spanOf(source, 4, 5), 'w'), plain).split('\n');
  assert.equal(lines[0], 'f:1:5: info[c]: w');
  assert.equal(lines[1], '   1 |     权值 x');
  assert.equal(lines[2], '     |          ^');
  const wide = render(info('c', spanOf(source, 1, 3), 'w'), plain).split('\n');
  assert.equal(wide[2], '     |     ^^^^');
});

test('colour only when asked', () => {
  const source = createSource('f', 'x');
  const diagnostic = warning('c', spanOf(source, 0, 1), 'w');
  assert.ok(!render(diagnostic, plain).includes('\x1b'));
  assert.ok(render(diagnostic, { color: true }).includes('\x1b[1;33mwarning[c]\x1b[0m'));
});

test('no control character of the file reaches the terminal', () => {
  const source = createSource('f', 'x \x1b[2J\x07 y');
  const text = render(info('c', spanOf(source, 0, 1), 'found \x1b'), plain);
  assert.ok(!/\p{Cc}/u.test(text.replaceAll('\n', '')));
});

test('a password is never shown', () => {
  for (const line of [
    'auth_pass topsecret',
    'auth_pass "top secret" topsecret',
    '{auth_pass top}',
    'auth_pass a#top # b',
  ]) {
    const source = createSource('f', line);
    const text = render(info('c', spanOf(source, 0, 4), 'w'), plain);
    assert.ok(!text.includes('top') && !text.includes('secret'), text);
    assert.ok(text.includes('auth_pass') && text.includes('***'), text);
  }
});

test('a long line is cut around the place', () => {
  const source = createSource('f', `${'a'.repeat(5000)}B${'c'.repeat(5000)}`);
  const lines = render(info('c', spanOf(source, 5000, 5001), 'w'), plain).split('\n');
  assert.ok((lines[1] ?? '').length < 200);
  assert.equal(lines[1]?.charAt(lines[2]?.indexOf('^') ?? 0), 'B');
});

test('the end of an empty file has a place', () => {
  const source = createSource('f', '');
  assert.equal(
    render(info('c', spanOf(source, 0, 0), 'w'), plain).split('\n')[0],
    'f:1:1: info[c]: w',
  );
});
