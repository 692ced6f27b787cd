/**
 * Real files, where HOLDFAST_CORPUS names a folder with them: keepalived's own samples and those
 * of operators, faults included. Each is read without a crash, what keepalived accepts is
 * accepted, and every known fault is told at its line. Nothing of the files stands here but their
 * names, and which code is told at which line.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { nowhere } from '../../src/config/host';
import { type Loaded, loadConfig } from '../../src/config/load';
import { locate } from '../../src/config/source';
import { faultsOf, refused } from './corpus-known';
import { holds } from './holds';

const corpus = process.env['HOLDFAST_CORPUS'];
const skip = corpus === undefined ? 'HOLDFAST_CORPUS is not set' : false;

interface File {
  /** below the corpus. */
  readonly name: string;
  readonly text: string;
}

const files: readonly File[] =
  corpus === undefined
    ? []
    : readdirSync(corpus, { recursive: true, encoding: 'utf8' })
        .filter((name) => statSync(join(corpus, name)).isFile() && !name.includes('.service.d.'))
        .sort()
        .map((name) => ({ name, text: readFileSync(join(corpus, name), 'utf8') }));

const said = ({ diagnostics }: Loaded): readonly string[] =>
  diagnostics.map(({ code, span }) => `${locate(span).line} ${code}`);

describe('real files', () => {
  test('there are some', { skip }, () => assert.ok(files.length > 0));

  test('each is read, and every finding has its place', { skip }, () => {
    for (const { name, text } of files) holds(text, nowhere, name);
  });

  test('what keepalived accepts is accepted', { skip }, () => {
    const ours = files.filter(({ name, text }) => loadConfig(name, text).config === null);
    assert.deepEqual(
      ours.map(({ name }) => name).filter((name) => !refused.has(name)),
      [],
    );
  });

  test('every known fault is told at its line', { skip }, () => {
    for (const { name, text } of files) {
      const found = said(loadConfig(name, text));
      for (const fault of faultsOf.get(name) ?? []) {
        assert.ok(found.includes(fault), `${name}: ${fault}\n${found.join('\n')}`);
      }
    }
  });
});
