// A node:test reporter for scripts/test.mjs: one JSON line per finished test and per line that a
// test printed, so that the runner counts exactly and shows failures whole.
import { inspect } from 'node:util';

export default async function* report(source) {
  for await (const { type, data } of source) {
    const line = toLine(type, data);
    if (line !== null) yield `${JSON.stringify(line)}\n`;
  }
}

function toLine(type, data) {
  if (type === 'test:stdout' || type === 'test:stderr') {
    return { kind: 'output', file: data.file, text: data.message };
  }
  if (type === 'test:diagnostic' && data.message.startsWith('Warning:')) {
    // An error after a test's end fails its file, and only this says what it was.
    return { kind: 'output', file: data.file, text: `${data.message}\n` };
  }
  if (type !== 'test:pass' && type !== 'test:fail') return null;
  const { error, type: of, duration_ms: ms } = data.details;
  const failure = error?.failureType;
  // A suite or a parent whose children failed is not one more failure.
  if (failure === 'subtestsFailed') return null;
  if (of === 'suite' && failure === undefined) return null;
  const skipped = data.skip !== undefined || data.todo !== undefined;
  const result = skipped ? 'skipped' : type === 'test:pass' ? 'passed' : 'failed';
  const why = result === 'failed' ? describe(error) : '';
  return { kind: 'test', result, name: data.name, file: data.file, ms, why };
}

function describe(error) {
  const cause = error?.cause ?? error;
  return typeof cause === 'string' ? cause : inspect(cause, { depth: 10, colors: false });
}
