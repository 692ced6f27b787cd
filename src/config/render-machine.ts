/**
 * Diagnostics for programs: one JSON document, or the annotations that GitHub shows beside the
 * lines of a change. Fields keep their names and meaning; new ones may be added.
 */
import type { Diagnostic, Severity } from './diagnostic';
import { locate, type Span } from './source';

export interface Position {
  readonly file: string;
  /** from 1 */
  readonly line: number;
  /** from 1, in characters. */
  readonly column: number;
}

export interface Finding extends Position {
  readonly code: string;
  readonly severity: Severity;
  /** where the place ends: the column behind its last character. */
  readonly endLine: number;
  readonly endColumn: number;
  readonly message: string;
  readonly label: string | null;
  readonly why: string | null;
  readonly help: string | null;
  readonly related: readonly (Position & { readonly message: string })[];
  /** for what a template or a sequence wrote: the lines that used it, innermost first. */
  readonly expandedAt: readonly Position[];
}

export function findingOf(diagnostic: Diagnostic): Finding {
  const { code, severity, span, what, label, why, help, related } = diagnostic;
  const place = locate(span);
  const end = positionOf({ ...place.span, start: place.span.end });
  return {
    code,
    severity,
    file: place.span.source.name,
    line: place.line,
    column: place.column,
    endLine: end.line,
    endColumn: end.column,
    message: what,
    label,
    why,
    help,
    related: related.map((one) => ({ ...positionOf(one.span), message: one.what })),
    expandedAt: place.expandedAt.map(positionOf),
  };
}

function positionOf(span: Span): Position {
  const { span: at, line, column } = locate(span);
  return { file: at.source.name, line, column };
}

const commands: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  info: 'notice',
};

/** One workflow command: `::error file=…,line=…,col=…,title=…::message`. */
export function githubCommand(diagnostic: Diagnostic): string {
  const { severity, code, file, line, column, endLine, endColumn, ...one } = findingOf(diagnostic);
  const columns =
    endLine === line && endColumn > column ? `,endColumn=${Math.max(column, endColumn - 1)}` : '';
  const place = `file=${property(file)},line=${line},endLine=${endLine},col=${column}${columns}`;
  const more = [
    one.why === null ? null : `why: ${one.why}`,
    one.help === null ? null : `help: ${one.help}`,
  ];
  const text = [one.message, ...more.filter((part) => part !== null)].join('\n');
  return `::${commands[severity]} ${place},title=${property(code)}::${data(text)}`;
}

const data = (text: string): string =>
  text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
const property = (text: string): string => data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
