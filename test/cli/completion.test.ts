/** holdfast completion: the real shells are asked what they would offer. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { scratch } from '../drivers/scratch';
import { holdfast } from './program';

const files = scratch();

const script = (shell: string): string => {
  const { code, stdout, stderr } = holdfast('completion', shell);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  return files.script(`holdfast.${shell}`, stdout);
};

function shell(program: string, words: readonly string[], input = ''): readonly string[] {
  const options = { encoding: 'utf8', input, timeout: 20_000, cwd: files.at('') } as const;
  const { status, stdout, stderr, error } = spawnSync(program, words, options);
  assert.equal(error, undefined, `${program} must be installed`);
  assert.equal(status, 0, `${stdout}${stderr}`);
  return stdout.split('\n').filter((line) => line !== '');
}

/** What bash would offer for the last of the words. */
function bash(...words: string[]): readonly string[] {
  const line = words.map((word) => `'${word}'`).join(' ');
  return shell('bash', [
    '--norc',
    '-c',
    `source ${script('bash')}; COMP_WORDS=(${line}); COMP_CWORD=${words.length - 1}; _holdfast;
     printf '%s\\n' "\${COMPREPLY[@]}"`,
  ]);
}

test('bash: commands, options, choices, files', () => {
  const conf = path.basename(files.script('my.conf', 'x'));
  assert.deepEqual(bash('holdfast', 'ch'), ['check']);
  assert.ok(bash('holdfast', 'check', '--').includes('--format'));
  assert.deepEqual(bash('holdfast', 'check', '--format', ''), ['text', 'json', 'github']);
  assert.deepEqual(bash('holdfast', 'check', 'my.'), [conf]);
  assert.deepEqual(bash('holdfast', 'run', '-f', 'my.'), [conf]);
  assert.deepEqual(bash('holdfast', 'completion', 'z'), ['zsh']);
  assert.deepEqual(bash('holdfast', 'simulate', 'my.'), [conf]);
  assert.deepEqual(bash('holdfast', 'simulate', '-f', 'my.'), [conf]);
  assert.ok(bash('holdfast', 'simulate', '--').includes('--fail'));
});

/** What fish would offer for a line. */
const fish = (line: string): readonly string[] =>
  shell('fish', ['--no-config', '-c', `source ${script('fish')}; complete -C '${line}'`]).map(
    (offer) => offer.split('\t')[0] ?? '',
  );

test('fish: commands, options, choices, files', () => {
  files.script('my.conf', 'x');
  assert.deepEqual(fish('holdfast ch'), ['check']);
  assert.ok(fish('holdfast check --').includes('--format'));
  assert.deepEqual([...fish('holdfast check --format ')].sort(), ['github', 'json', 'text']);
  assert.deepEqual(fish('holdfast check my.'), ['my.conf']);
  assert.deepEqual(fish('holdfast completion z'), ['zsh']);
});

/** What zsh is told to offer; its completion widgets want a terminal, so they are listened to. */
function zsh(...words: string[]): string {
  const line = words.map((word) => `'${word}'`).join(' ');
  const listen = '_arguments() { print -r -- "$@" }; _describe() { print -rl -- $commands }';
  const text = `compdef() {}; source ${script('zsh')}; ${listen}
words=(${line}); CURRENT=${words.length}; _holdfast`;
  return shell('zsh', ['-f', '-c', text]).join('\n');
}

test('zsh: commands, options, choices, files', () => {
  assert.match(zsh('holdfast', ''), /^check:say what is wrong/m);
  const check = zsh('holdfast', 'check', '');
  assert.match(check, /--format\[[^\]]*\]:value:\(text json github\)/);
  assert.match(check, /\*:argument:_files/);
  assert.match(zsh('holdfast', 'completion', ''), /\(bash zsh fish\)/);
});

test('a shell that nobody knows is refused', () => {
  const { code, stderr } = holdfast('completion', 'csh');
  assert.notEqual(code, 0);
  assert.match(stderr, /Allowed choices are bash, zsh, fish/);
});
