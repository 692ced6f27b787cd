/** The keyword table: no row twice, every default in range. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keywords, lookup, wordsWithin } from '../../src/config/keywords';
import { loadConfig } from '../../src/config/load';

test('every keyword stands once in its block', () => {
  const seen = keywords.map(({ within, word }) => `${within} ${word}`);
  assert.equal(new Set(seen).size, seen.length);
  assert.ok(keywords.length > 200);
});

test('every row says what the keyword does', () => {
  for (const { word, about, reference } of keywords) {
    assert.match(about, /^[a-z0-9].*[^.]$/, word);
    assert.notEqual(reference, '', word);
  }
});

test('no keyword that is not carried out passes without being named', () => {
  for (const { word, status, decisive } of keywords.filter(
    ({ within }) => within === 'vrrp_instance',
  )) {
    if (status === 'active') continue;
    const { diagnostics, inactive } = loadConfig('t', `vrrp_instance A {\n ${word} 1 {\n}\n}`);
    const severity = decisive || status === 'refused' ? 'warning' : 'info';
    const said = diagnostics.find(({ what }) => what.includes(`'${word}'`));
    assert.equal(said?.severity, severity, word);
    assert.equal(inactive.length, decisive ? 1 : 0, word);
  }
});

test('the words of the root and of an instance are found', () => {
  assert.equal(lookup('vrrp_instance', 'priority')?.default, '100');
  assert.equal(lookup('vrrp_instance', 'router_id'), null);
  assert.ok(wordsWithin('root').includes('vrrp_instance'));
});
