/** Twins: the words of the contract are the same on both sides of the boundary. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import { native } from '../../src/drivers/addon';

const root = path.resolve(__dirname, '..', '..', '..');

function parse(file: string): ts.SourceFile {
  const text = readFileSync(path.join(root, file), 'utf8');
  return ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true);
}

function alias(source: ts.SourceFile, name: string): ts.UnionTypeNode {
  for (const statement of source.statements) {
    if (ts.isTypeAliasDeclaration(statement) && statement.name.text === name) {
      assert.ok(ts.isUnionTypeNode(statement.type), `${name} is a union`);
      return statement.type;
    }
  }
  throw new Error(`no type ${name}`);
}

/** The `kind` of each member of a union of interfaces, in the order written. */
function kinds(file: string, union: string): string[] {
  const source = parse(file);
  return alias(source, union).types.map((member) => {
    const name = member.getText(source);
    for (const statement of source.statements) {
      if (!ts.isInterfaceDeclaration(statement) || statement.name.text !== name) continue;
      for (const property of statement.members) {
        if (property.name?.getText(source) !== 'kind' || !ts.isPropertySignature(property))
          continue;
        return property.type?.getText(source).replaceAll("'", '') ?? '';
      }
    }
    throw new Error(`${name} has no kind`);
  });
}

test('events have the same kinds in TypeScript and C++', () => {
  assert.deepEqual(
    [...native().kinds().events].sort(),
    kinds('src/core/event.ts', 'PlaneEvent').sort(),
  );
});

test('commands have the same kinds in TypeScript and C++', () => {
  assert.deepEqual(
    [...native().kinds().commands].sort(),
    kinds('src/core/command.ts', 'PlaneCommand').sort(),
  );
});

test('rejections have the same words in TypeScript and C++', () => {
  const source = parse('src/core/event.ts');
  const words = alias(source, 'Rejection').types.map((t) => t.getText(source).replaceAll("'", ''));
  assert.deepEqual([...native().kinds().rejections], words);
});

test('a malformed command is a TypeError that names the field, and nothing of it is obeyed', () => {
  const { Orders } = native();
  const orders = new Orders();
  assert.throws(() => orders.submit([{ kind: 'lease' } as never], 1 as never), /until/);
  assert.throws(() => orders.submit([{ kind: 'dance' } as never], 1 as never), /dance/);
  assert.equal(orders.deadline(), null);
});

test('the clock is monotonic and in microseconds', () => {
  const before = process.hrtime.bigint() / 1000n;
  const now = BigInt(Math.trunc(native().now()));
  const after = process.hrtime.bigint() / 1000n;
  assert.ok(before <= now && now <= after + 1n);
});
