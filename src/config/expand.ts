/**
 * The words that write configuration instead of being it: include, $NAME, ~SEQ, @conditions.
 * None of them is carried out so far, and each would change the meaning of what follows; so each
 * is refused by name and taken out of the tree. Where they will be expanded is here.
 */
import { type Diagnostic, error, type Report, warning } from './diagnostic';
import type { Directive } from './parser';
import { type Span, slice } from './source';

const builtIns: ReadonlySet<string> = new Set([
  '_PWD',
  '_INSTANCE',
  '_RANDOM',
  '_ENV',
  '_HASH',
  '_BANG',
]);

export function expand(body: readonly Directive[], report: Report): readonly Directive[] {
  const kept: Directive[] = [];
  for (const directive of body) {
    const refusal = refuse(directive);
    if (refusal !== null) {
      report(refusal);
      continue;
    }
    reportNames(directive, report);
    const { block } = directive;
    kept.push(
      block === null
        ? directive
        : { ...directive, block: { ...block, body: expand(block.body, report) } },
    );
  }
  return kept;
}

function refuse(directive: Directive): Diagnostic | null {
  const { text, span, quoted } = directive.keyword;
  if (quoted) return null;
  if (/^include[rmwba]?$/.test(text)) {
    return notYet(span, `'${text}'`, 'what the other file says would be missing', {
      help: 'put the text of that file here',
    });
  }
  const definition = /^\$([A-Za-z_]\w*)=$/.exec(text);
  if (definition !== null) {
    return notYet(span, `the definition of '$${definition[1]}'`, 'the name would stay a name', {
      help: `write the value wherever $${definition[1]} is used`,
    });
  }
  const sequence = /^~(SEQ|LST)\b/.exec(text);
  if (sequence !== null) {
    return notYet(span, `'~${sequence[1]}'`, 'the lines it writes would be missing', {
      help: 'write the lines out',
    });
  }
  if (text.startsWith('@')) {
    return notYet(span, `the condition '${text}'`, 'it decides whether this line counts', {
      help: 'keep one file for each host and leave the condition out',
    });
  }
  return null;
}

function notYet(span: Span, what: string, why: string, extra: { help: string }): Diagnostic {
  return error('not-yet-supported', span, `${what} is not supported yet`, {
    label: 'not read',
    why,
    ...extra,
  });
}

/** Finds $NAME and ${NAME} where keepalived would replace them. */
function reportNames(directive: Directive, report: Report): void {
  const seen = new Set<string>();
  for (const word of [directive.keyword, ...directive.words]) {
    const text = slice(word.span);
    for (const match of text.matchAll(/\$\{(\w+)\}|\$([A-Za-z_]\w*)(?=[\s,)"]|$)/g)) {
      const name = match[1] ?? match[2] ?? '';
      if (seen.has(name)) continue;
      seen.add(name);
      // A password that looks like a name is not for the terminal.
      const written = directive.keyword.text === 'auth_pass' ? '$…' : match[0];
      report(nameDiagnostic(name, written, word.span));
    }
  }
}

function nameDiagnostic(name: string, written: string, span: Span): Diagnostic {
  if (builtIns.has(name)) {
    return notYet(span, `'${written}'`, 'the name would stay a name', {
      help: 'write the value in its place',
    });
  }
  return warning('undefined-name', span, `'${written}' is not defined, so it is plain text`, {
    label: 'taken as it stands',
    help: 'replace it by the value that is meant',
  });
}
