/** Scripts' command lines are split as keepalived splits them. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitCommand, splitFields } from '../../src/config/command-line';

/** As typed behind `script`: the first field, split into argv. */
function argv(raw: string): readonly string[] | null {
  const [command] = splitFields(raw) ?? [];
  return command === undefined ? null : splitCommand(command);
}

test('a quoted command is split again, with quotes and escapes of its own', () => {
  assert.deepEqual(argv('"/p/n.sh \'a  b\' \\"c\\" d\\ e"'), ['/p/n.sh', 'a  b', '"c"', 'd e']);
  assert.deepEqual(argv("'/p/n.sh x'"), ['/p/n.sh', 'x']);
});

test('unquoted words are fields: the command, a user, a group', () => {
  assert.deepEqual(splitFields('/p/n.sh nobody nogroup'), ['/p/n.sh', 'nobody', 'nogroup']);
  assert.deepEqual(splitFields('"/p/n.sh a b" nobody'), ['/p/n.sh a b', 'nobody']);
});

test('adjacent pieces join', () => {
  assert.deepEqual(splitCommand('a"b c"\'d e\'f'), ['ab cd ef']);
  assert.deepEqual(splitCommand('a "" b'), ['a', '', 'b']);
});

test('escapes: letters, octal, hex, control, anything else itself', () => {
  assert.deepEqual(splitCommand('\\t\\n\\E \\101\\x42\\cC \\q\\\\'), ['\t\n\x1b', 'AB\x03', 'q\\']);
});

test('a quote that does not close gives null', () => {
  assert.equal(splitFields('"a b'), null);
  assert.equal(splitCommand("a 'b"), null);
});
