/**
 * A shell script into words and operators. Comments, redirections and here-documents are left
 * out; quotes are taken off; an expansion stays as it is written. Never throws.
 */
export interface ShellToken {
  readonly kind: 'word' | 'operator';
  readonly text: string;
  readonly quoted: boolean;
  readonly start: number;
  readonly end: number;
}

interface State {
  readonly text: string;
  readonly tokens: ShellToken[];
  /** here-documents that begin after this line. */
  readonly awaited: { readonly delimiter: string; readonly tabs: boolean }[];
  at: number;
  /** the next word is the file of a redirection, or what ends a here-document. */
  redirects: 'file' | 'here' | 'here-tabs' | null;
}

export function lexShell(text: string): readonly ShellToken[] {
  const state: State = { text, tokens: [], awaited: [], at: 0, redirects: null };
  while (state.at < text.length) step(state);
  return state.tokens;
}

function step(state: State): void {
  const { text, at } = state;
  const c = text.charAt(at);
  if (c === '\n') {
    operator(state, '\n');
    skipHereDocuments(state);
  } else if (/\s/.test(c)) {
    state.at++;
  } else if (c === '\\' && text.charAt(at + 1) === '\n') {
    state.at += 2;
  } else if (c === '#') {
    const end = text.indexOf('\n', at);
    state.at = end === -1 ? text.length : end;
  } else if (redirection(state)) {
    return;
  } else {
    const found = /^(?:;;&|;;|;&|&&|\|\||\|&|[;&|()])/.exec(text.slice(at, at + 3));
    if (found === null) word(state);
    else operator(state, found[0]);
  }
}

function operator(state: State, written: string): void {
  const start = state.at;
  state.at += written.length;
  state.redirects = null;
  // All three end a branch of a case.
  const text = [';;&', ';&'].includes(written) ? ';;' : written;
  state.tokens.push({ kind: 'operator', text, quoted: false, start, end: state.at });
}

function redirection(state: State): boolean {
  const found = /^(?:&>>?|\d*(?:<<-?|<>|<&|<|>>|>\||>&|>))/.exec(
    state.text.slice(state.at, state.at + 8),
  );
  if (found === null) return false;
  const [mark] = found;
  state.at += mark.length;
  const isString = mark.endsWith('<<') && state.text.charAt(state.at) === '<';
  if (isString) state.at++;
  state.redirects =
    isString || !mark.includes('<<') ? 'file' : mark.endsWith('-') ? 'here-tabs' : 'here';
  return true;
}

function word(state: State): void {
  const start = state.at;
  let text = '';
  let quoted = false;
  while (state.at < state.text.length) {
    const c = state.text.charAt(state.at);
    if (/[\s;&|()<>]/.test(c)) break;
    if (c === '\\' && state.text.charAt(state.at + 1) === '\n') {
      state.at += 2;
    } else if (c === '\\') {
      text += state.text.charAt(state.at + 1);
      quoted = true;
      state.at += 2;
    } else if (c === "'" || c === '"') {
      text += quotedText(state, c);
      quoted = true;
    } else if (c === '`' || (c === '$' && /[({]/.test(state.text.charAt(state.at + 1)))) {
      text += expansion(state);
    } else {
      text += c;
      state.at++;
    }
  }
  // A character that begins nothing must still be passed.
  if (state.at === start) state.at++;
  finishWord(state, { kind: 'word', text, quoted, start, end: state.at });
}

function finishWord(state: State, token: ShellToken): void {
  const { redirects } = state;
  state.redirects = null;
  if (redirects === null) state.tokens.push(token);
  else if (redirects !== 'file') {
    state.awaited.push({ delimiter: token.text, tabs: redirects === 'here-tabs' });
  }
}

function quotedText(state: State, quote: string): string {
  state.at++;
  let text = '';
  while (state.at < state.text.length) {
    const c = state.text.charAt(state.at);
    if (c === quote) break;
    if (quote === '"' && (c === '`' || (c === '$' && state.text.charAt(state.at + 1) === '('))) {
      text += expansion(state);
      continue;
    }
    if (quote === '"' && c === '\\') state.at++;
    text += state.text.charAt(state.at);
    state.at++;
  }
  state.at++;
  return text;
}

/** `…`, ${…} and $(…), whole; quotes inside hide what would close them. */
function expansion(state: State): string {
  const { text } = state;
  const start = state.at;
  if (text.charAt(start) === '`') {
    const end = text.indexOf('`', start + 1);
    state.at = end === -1 ? text.length : end + 1;
    return text.slice(start, state.at);
  }
  let depth = 0;
  let quote: string | null = null;
  for (state.at = start + 1; state.at < text.length; state.at++) {
    const c = text.charAt(state.at);
    if (c === '\\' && quote !== "'") state.at++;
    else if (quote !== null) quote = c === quote ? null : quote;
    else if (c === "'" || c === '"') quote = c;
    else if (c === '(' || c === '{') depth++;
    else if ((c === ')' || c === '}') && --depth === 0) break;
  }
  state.at = Math.min(text.length, state.at + 1);
  return text.slice(start, state.at);
}

function skipHereDocuments(state: State): void {
  for (const { delimiter, tabs } of state.awaited.splice(0)) {
    while (state.at < state.text.length) {
      const newline = state.text.indexOf('\n', state.at);
      const end = newline === -1 ? state.text.length : newline;
      const line = state.text.slice(state.at, end);
      state.at = Math.min(state.text.length, end + 1);
      if ((tabs ? line.replace(/^\t+/, '') : line) === delimiter) break;
    }
  }
}
