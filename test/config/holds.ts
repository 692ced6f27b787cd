/** What holds for any text whatever: the promises of loadConfig, checked on one text. */
import assert from 'node:assert/strict';
import type { Host } from '../../src/config/host';
import { nowhere } from '../../src/config/host';
import { type Loaded, loadConfig } from '../../src/config/load';
import { render } from '../../src/config/render';
import { compareSpans, locate, type Span } from '../../src/config/source';

/**
 * No exception, a place inside its file for every finding, in the order of reading, and a model
 * exactly when nothing is an error. Gives what was loaded, for more questions.
 */
export function holds(text: string, host: Host = nowhere, name = 't'): Loaded {
  const loaded = loadConfig(name, text, host);
  const { config, diagnostics } = loaded;
  const failed = diagnostics.some(({ severity }) => severity === 'error');
  assert.equal(config === null, failed, 'no model exactly when there is an error');
  let last: Span | null = null;
  for (const diagnostic of diagnostics) {
    const { span, related } = diagnostic;
    if (last !== null) assert.ok(compareSpans(last, span) <= 0, 'in the order of reading');
    last = span;
    const { line, column, span: typed } = locate(span);
    for (const place of [span, ...related.map((one) => one.span)]) assertInside(place);
    const shown = render(diagnostic, { color: false });
    assert.ok(shown.startsWith(`${typed.source.name}:${line}:${column}: `), shown);
  }
  return loaded;
}

function assertInside(span: Span): void {
  const { line, column, span: typed, expandedAt } = locate(span);
  for (const { source, start, end } of [typed, ...expandedAt]) {
    assert.ok(start >= 0 && end >= start && end <= source.text.length, 'inside its file');
  }
  assert.ok(line >= 1 && column >= 1);
}
