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

const helpOf = (text: string): string | null | undefined =>
  loadConfig('t', text).diagnostics.find(({ code }) => code.startsWith('unknown-'))?.help;

test('an unknown word is told where it belongs, or what was meant', () => {
  assert.equal(
    helpOf('global_defs { garp_master_delay 1 }'),
    "did you mean 'vrrp_garp_master_delay'?",
  );
  assert.equal(helpOf('global_defs { nopreempt }'), 'it belongs in vrrp_instance');
  assert.equal(helpOf('vrrp_instance A { inteface eth0 }'), "did you mean 'interface'?");
  assert.equal(helpOf('vrrp_sync_group G { notify_deleted /x }'), 'it belongs in vrrp_instance');
  assert.equal(
    helpOf('global_defs { linkbeat_interfaces { eth0 } }'),
    'it belongs at the top level',
  );
});

test('a block of the top level inside another one is an error: a brace is missing', () => {
  const { diagnostics } = loadConfig('t', 'global_defs {\nvrrp_script A { script /x }\n}');
  assert.ok(diagnostics.some(({ code }) => code === 'misplaced-block'));
});

test('keepalived skips an instance with two names; we do not, and say so', () => {
  const text = 'vrrp_instance A B {\ninterface eth0\nvirtual_router_id 1\n}';
  const { config, diagnostics } = loadConfig('t', text);
  assert.equal(config?.instances[0]?.name, 'A');
  const said = diagnostics.find(({ code }) => code === 'extra-word');
  assert.equal(said?.why, 'keepalived skips a vrrp_instance that has two names');
});

test('of two lists of members the first counts', () => {
  const one = (name: string, vrid: number) =>
    `vrrp_instance ${name} {\ninterface eth0\nvirtual_router_id ${vrid}\n}\n`;
  const group = 'vrrp_sync_group G {\ngroup { A }\ngroup { B }\n}\n';
  const { config, diagnostics } = loadConfig('t', group + one('A', 1) + one('B', 2));
  assert.deepEqual(config?.groups[0]?.members, ['A']);
  assert.ok(diagnostics.some(({ code, label }) => code === 'duplicate' && label === 'ignored'));
});
