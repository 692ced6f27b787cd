/**
 * The fields of the model as TypeScript knows them: where each is ('instances[].garp.repeat') and
 * whether it is a Duration. What is asked of every field is asked of those that come later, too.
 */
import { join } from 'node:path';
import ts from 'typescript';

export interface Field {
  readonly path: string;
  readonly name: string;
  readonly isDuration: boolean;
}

/** Of everything that Config leads to, the leaves. */
export function modelFields(): readonly Field[] {
  const file = join(process.cwd(), 'src/config/model.ts');
  const program = ts.createProgram([file], { strict: true, skipLibCheck: true });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error('the model is not found');
  const config = source.statements.find(
    (one): one is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(one) && one.name.text === 'Config',
  );
  if (config === undefined) throw new Error('the model has no Config');
  const fields = new Map<string, Field>();
  const visit = (type: ts.Type, path: string, name: string): void => {
    const alternatives = type.isUnion() ? type.types : [type];
    const nodes = alternatives.filter(
      (one) => (one.flags & ts.TypeFlags.Object) !== 0 || checker.isArrayType(one),
    );
    if (nodes.length === 0) {
      const isDuration = checker.typeToString(type).replace(/ \| null$/, '') === 'Duration';
      fields.set(path, { path, name, isDuration });
    }
    for (const one of nodes) {
      const element = checker.getIndexTypeOfType(one, ts.IndexKind.Number);
      if (element !== undefined) visit(element, `${path}[]`, name);
      else {
        for (const property of one.getProperties()) {
          const inner = checker.getTypeOfSymbolAtLocation(property, source);
          visit(inner, path === '' ? property.name : `${path}.${property.name}`, property.name);
        }
      }
    }
  };
  visit(checker.getTypeAtLocation(config.name), '', '');
  return [...fields.values()];
}

/** What each leaf of a value is, under the same paths. */
export function leavesOf(
  value: unknown,
  see: (path: string, value: unknown) => void,
  path = '',
): void {
  if (Array.isArray(value)) {
    for (const one of value) leavesOf(one, see, `${path}[]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, one] of Object.entries(value)) {
      leavesOf(one, see, path === '' ? key : `${path}.${key}`);
    }
  } else see(path, value);
}
