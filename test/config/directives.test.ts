/** docs/directives.md is what the keyword table says. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { directives } from '../../scripts/directives';
import { keywords } from '../../src/config/keywords';

test('docs/directives.md is current (npm run docs)', () => {
  const written = readFileSync(join(process.cwd(), 'docs/directives.md'), 'utf8');
  assert.equal(written, directives());
});

test('every keyword has a line, and every line as many cells as the head', () => {
  const lines = directives()
    .split('\n')
    .filter((line) => /^\| `/.test(line));
  assert.equal(lines.length, keywords.length);
  for (const line of lines) {
    assert.equal(line.replaceAll('\\|', '').split('|').length, 8, line);
  }
});
