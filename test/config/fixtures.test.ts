/**
 * Whole files: NAME.conf and, in NAME.ok, everything that is said about it. To accept a new
 * text: HOLDFAST_REWRITE=1, then read the difference.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig } from '../../src/config/load';
import { render } from '../../src/config/render';

const folder = join(process.cwd(), 'test/config');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.conf'))
  .sort();

assert.ok(names.length >= 8, 'the fixtures are found');

for (const name of names) {
  test(`${name}: every finding, in the order of the file`, () => {
    const { config, diagnostics } = loadConfig(name, readFileSync(join(folder, name), 'utf8'));
    const said = diagnostics.map((one) => render(one, { color: false })).join('\n\n');
    const verdict = config === null ? 'refused' : 'accepted';
    const actual = `${said}\n\n${verdict}\n`;
    const expected = join(folder, name.replace(/\.conf$/, '.ok'));
    if (process.env['HOLDFAST_REWRITE'] === '1') writeFileSync(expected, actual);
    assert.equal(actual, readFileSync(expected, 'utf8'));
  });
}
