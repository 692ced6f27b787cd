/**
 * What writes configuration instead of being it. Expected words were seen in a dump of
 * keepalived 2.2.7 reading the same lines, where it knows them.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Diagnostic } from '../../src/config/diagnostic';
import { expand } from '../../src/config/expand';
import type { Token } from '../../src/config/lexer';
import { render } from '../../src/config/render';
import { createSource, locate } from '../../src/config/source';
import { type Memory, memoryHost } from './memory-host';

function expanded(text: string, memory: Memory = {}, includeChecks = false) {
  const found: Diagnostic[] = [];
  const source = createSource('/etc/k/main.conf', text);
  const report = (one: Diagnostic) => found.push(one);
  const tokens = expand(source, { host: memoryHost(memory), report, includeChecks });
  return { tokens, lines: linesOf(tokens), found, codes: found.map(({ code }) => code) };
}

function linesOf(tokens: readonly Token[]): readonly string[] {
  const lines: string[][] = [[]];
  for (const token of tokens) {
    if (token.kind === 'newline') lines.push([]);
    if (token.kind === 'word') lines.at(-1)?.push(token.text);
    if (token.kind === 'open') lines.at(-1)?.push('{');
    if (token.kind === 'close') lines.at(-1)?.push('}');
  }
  return lines.filter((line) => line.length > 0).map((line) => line.join(' '));
}

const lines = (text: string, memory?: Memory) => expanded(text, memory).lines;

const places = (tokens: readonly Token[], word: string): readonly string[] =>
  tokens.flatMap((token) => {
    if (token.kind !== 'word' || token.text !== word) return [];
    const { span, line, column, expandedAt } = locate(token.span);
    const via = expandedAt.map((at) => ` < ${at.source.name}:${locate(at).line}`).join('');
    return [`${span.source.name}:${line}:${column}${via}`];
  });

test('names are replaced where a blank, a comma, a bracket or the end follows', () => {
  assert.deepEqual(lines('$C=zz\n$C\n$C,k\nm$C\nn$C-\n(${C}) ($C)'), [
    'zz',
    'zz,k',
    'mzz',
    'n$C-',
    '(zz) (zz)',
  ]);
});

test('names are replaced in quotes too, and values are looked up at the time of use', () => {
  const text = '$B=10.2.${S}\n$S=0\n${B}.1\n$S=10\n${B}.1\nx "$S q" "${B}"';
  assert.deepEqual(lines(text), ['10.2.0.1', '10.2.10.1', 'x 10 q 10.2.10']);
});

test('what is replaced is read again: comments, braces, conditions', () => {
  const text = '$A=x${_HASH}y\nr_$A z\n"$A q"\n$V=vrrp_instance V { interface lo\n$V\n}';
  assert.deepEqual(lines(text), ['r_x', 'x#y q', 'vrrp_instance V { interface lo', '}']);
  assert.deepEqual(lines('$IF=@box\n$IF priority 1\n$IF=@other\n$IF priority 2'), ['priority 1']);
});

test('what is not defined stays', () => {
  const { lines: left, codes } = expanded('u$UNDEF\n${X}y "$HOME" $5$a$b');
  assert.deepEqual(left, ['u$UNDEF', '${X}y $HOME $5$a$b']);
  assert.deepEqual(codes, ['undefined-name', 'undefined-name', 'undefined-name']);
});

test('a definition may have several lines, which end at an empty one', () => {
  const text = '$M= \\\na ${N} { \\\n@box b \\\n@other c \\\n} \\\n\nx\n$N=1\n$M\ny $M';
  assert.deepEqual(lines(text), ['x', 'a 1 {', 'b', '}', 'y', 'a 1 {', 'b', '}']);
  const { lines: left, codes } = expanded('$M=a\\\nb\nx $M y');
  assert.deepEqual(left, ['x $M y']);
  assert.ok(codes.includes('definition-inside'));
});

test('definitions in definitions', () => {
  const text = '$R=\\\nr ${V}.${K}\n$V_S=\\\nv ${V} {\\\n$K=1\\\n$R\\\n$K=2\\\n$R\\\n}\n$V=0\n$V_S';
  assert.deepEqual(lines(text), ['v 0 {', 'r 0.1', 'r 0.2', '}']);
});

test('names that are always there', () => {
  const memory = { environment: { HOME: '/root' } };
  assert.deepEqual(lines('${_PWD} ${_INSTANCE} ${_RANDOM 5 5} ${_ENV HOME}', memory), [
    '/etc/k box 5 /root',
  ]);
  assert.deepEqual(lines('"a${_BANG}b" ${_ENV NOPE}x', memory), ['a!b ${_ENV NOPE}x']);
  assert.deepEqual(lines('$_PWD=mine\n${_PWD}'), ['mine']);
});

test('sequences', () => {
  assert.deepEqual(lines('~SEQ(n,3) n$n'), ['n1', 'n2', 'n3']);
  assert.deepEqual(lines('~SEQ(n,-2) n$n'), ['n-1', 'n-2']);
  assert.deepEqual(lines('~SEQ(z,5,3) z$z'), ['z5', 'z4', 'z3']);
  assert.deepEqual(lines('~SEQ(z, 0, 5, 12) z$z'), ['z0', 'z5', 'z10']);
  assert.deepEqual(lines('~SEQx(h, 0x90, 0x10, 0xa0) h${h}'), ['h90', 'ha0']);
  assert.deepEqual(lines('a {\n~SEQ(i,2) b $i { c }\n}'), ['a {', 'b 1 { c }', 'b 2 { c }', '}']);
  assert.deepEqual(lines('~SEQ(a,2)  $a\n${a}left'), ['1', '2', '2left']);
});

test('the first of several sequences is the outer one', () => {
  const text = '~LST({A, B}, {10,1},{20,4}) ~SEQ(C,168,2,170) 192.${C}.${A}.${B}';
  assert.deepEqual(lines(text), ['192.168.10.1', '192.170.10.1', '192.168.20.4', '192.170.20.4']);
  assert.deepEqual(lines('~SEQ(a,2) ~LST(b,p,q) $a-${b}'), ['$a-p', '$a-q', '$a-p', '$a-q']);
});

test('lists may lack values, not exceed them', () => {
  assert.deepEqual(lines('~LST({v,w},{1,2},{3}) v${v}w${w}'), ['v1w2', 'v3w']);
  assert.deepEqual(expanded('~LST({v,w},{1,2,3}) x').codes, ['bad-sequence']);
  assert.deepEqual(expanded('~LST(v,a b) x').codes, ['bad-sequence']);
});

test('sequences that make no sense', () => {
  for (const text of [
    '~SEQ(n)',
    '~SEQ(n,1,0,5) x',
    '~SEQ(n,1,-1,5) x',
    '~SEQ(1,2) x',
    '~SEQ(n,2',
  ]) {
    assert.deepEqual(expanded(text).codes, ['bad-sequence'], text);
  }
  assert.deepEqual(expanded('~SEQ(n,999999999) x').codes, ['bad-sequence']);
});

test('a sequence defines nothing', () => {
  assert.deepEqual(lines('~SEQ(i,2) $X=${i}'), ['$X=1', '$X=2']);
});

test('conditions', () => {
  const text = '@box a\n@other b\n@^box c\n@^other d { @box e } f\n@box\n@other { g }';
  assert.deepEqual(lines(text), ['a', 'd { e } f']);
  assert.deepEqual(lines('a { @box b }', { configId: 'b' }), ['a {']);
});

const conf = (files: Record<string, string>): Memory => ({ files });

test('include reads what it finds, relative to the including file', () => {
  const memory = conf({
    '/etc/k/d/a.conf': 'a\ninclude b.inc # of d',
    '/etc/k/d/b.inc': 'b ${_PWD}',
    '/etc/k/d/c.conf': 'c',
  });
  assert.deepEqual(lines('x\ninclude d/*.conf\ny', memory), ['x', 'a', 'b /etc/k/d', 'c', 'y']);
  assert.deepEqual(lines('include d/{c,a}.conf', memory), ['c', 'a', 'b /etc/k/d']);
  assert.deepEqual(lines('include "/etc/k/d/b.inc"', memory), ['b /etc/k/d']);
  assert.deepEqual(lines('v { include d/c.conf }', memory), ['v {', 'c', '}']);
  assert.deepEqual(lines('k1 include d/c.conf', memory), ['k1 include d/c.conf']);
});

test('definitions reach the files that follow', () => {
  const memory = conf({ '/etc/k/a': '$X=$Y z', '/etc/k/b': '$X' });
  assert.deepEqual(lines('$Y=1\ninclude a\ninclude b', memory), ['1 z']);
});

test('what an include misses', () => {
  const severity = (text: string, checks = false) =>
    expanded(text, conf({ '/etc/k/a': 'a' }), checks).found.map((one) => one.severity)[0];
  assert.equal(severity('include b'), 'warning');
  assert.equal(severity('include b*'), 'info');
  assert.equal(severity('includem b'), 'error');
  assert.equal(severity('includer b'), 'warning');
  assert.equal(severity('includew b*'), 'error');
  assert.equal(severity('includeb {a,b}'), 'error');
  assert.equal(severity('include {a,b}'), 'warning');
  assert.equal(severity('include b', true), 'error');
  assert.equal(severity('include_check match\ninclude b'), 'error');
  assert.equal(severity('include_check +match -match\ninclude b'), 'warning');
  assert.equal(severity('include a'), undefined);
  assert.equal(severity('include'), 'warning');
});

test('files that are not regular, or cannot be read', () => {
  const files: Memory['files'] = {
    '/etc/k/x': { kind: 'irregular', why: 'is executable' },
    '/etc/k/u': { kind: 'unreadable', why: 'permission denied' },
  };
  const of = (text: string) => expanded(text, { files }).found.map((one) => one.severity);
  assert.deepEqual(of('include x\ninclude u\nincluder u'), ['warning', 'warning', 'error']);
});

test('an include loop is found', () => {
  const memory = conf({ '/etc/k/a': 'a\ninclude b', '/etc/k/b': 'b\ninclude a' });
  const { lines: read, codes } = expanded('include a\nend', memory);
  assert.deepEqual(read, ['a', 'b', 'end']);
  assert.deepEqual(codes, ['include-loop']);
});

test('every word knows where it was typed and where it was put', () => {
  const memory = conf({ '/etc/k/inc': 'q ${P}x' });
  const text = '$P=300\npriority $P\n$M=\\\nv ${N} {\\\n  w $P\n$N=1\n$M\ninclude inc';
  const { tokens } = expanded(text, memory);
  const main = '/etc/k/main.conf';
  assert.deepEqual(places(tokens, 'priority'), [`${main}:2:1`]);
  assert.deepEqual(places(tokens, '300'), [
    `${main}:1:4 < ${main}:2`,
    `${main}:1:4 < ${main}:5 < ${main}:7`,
  ]);
  assert.deepEqual(places(tokens, 'v'), [`${main}:4:1 < ${main}:7`]);
  assert.deepEqual(places(tokens, 'q'), ['/etc/k/inc:1:1']);
  assert.deepEqual(places(tokens, '300x'), ['/etc/k/inc:1:3']);
});

test('a repeated line points at itself, its number at the sequence', () => {
  const { tokens } = expanded('a\n~SEQ(i,2) b $i c$i');
  assert.deepEqual(places(tokens, 'b'), ['/etc/k/main.conf:2:11', '/etc/k/main.conf:2:11']);
  assert.deepEqual(places(tokens, '2'), ['/etc/k/main.conf:2:13']);
});

test('a finding names both places', () => {
  const { found } = expanded('$M=\\\n  x $NOPE y\na\n$M');
  const [text] = found.map((one) => render(one, { color: false }));
  assert.match(text ?? '', /^\/etc\/k\/main\.conf:2:5: warning\[undefined-name\]/);
  assert.match(text ?? '', /\nsee: {2}\/etc\/k\/main\.conf:4:1: expanded here/);
});

test('no definition runs for ever', () => {
  assert.deepEqual(expanded('$A=$A x\n$A').codes, ['endless-definition']);
  const doubling = Array.from({ length: 40 }, (_, i) => `$A${i + 1}=\${A${i}} \${A${i}}`).join(
    '\n',
  );
  assert.deepEqual(expanded(`$A0=word\n${doubling}\n$A40`).codes, ['endless-definition']);
  const nested = expanded('~SEQ(a,1000) ~SEQ(b,1000) ~SEQ(c,1000) ${a}${b}${c}');
  assert.ok(nested.codes.includes('endless-definition'));
});
