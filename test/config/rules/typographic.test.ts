/** Dashes and quotes that came with the text of a web page. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { file, findings, machine, places } from './rule';

const code = 'typographic';
const command = (words: string): string => file('track_script { chk }').replace('/opt/chk', words);

test('in a command', () => {
  assert.deepEqual(places(code, command('/bin/ps –C nginx')), ['warning 8:–C']);
  assert.match(findings(code, command('/bin/ps –C nginx'))[0]?.help ?? '', /'--C'/);
  const quoted = command('/opt/chk').replaceAll('"', '”');
  assert.match(findings(code, quoted)[0]?.help ?? '', /the plain "/);
});

test('in the script that it runs', () => {
  const text = '#!/bin/sh\n# check – nginx\nn=`ps -C nginx –no-heading | wc -l`\n';
  const [said] = findings(
    code,
    file('track_script { chk }'),
    machine({ scripts: { '/opt/chk': text } }),
  );
  assert.deepEqual(said?.see, ['/opt/chk:3:–no-heading']);
  assert.match(said?.help ?? '', /'--no-heading'/);
});

test('in a comment, or between words, they may stand', () => {
  const scripts = { '/opt/chk': '#!/bin/sh\n# –no-heading\necho up – fine\n' };
  assert.deepEqual(places(code, file('track_script { chk }'), machine({ scripts })), []);
});
