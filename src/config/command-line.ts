/**
 * What follows `script` or `notify` as keepalived splits it: first into fields (the command, a
 * user, a group), then the command into argv. Both kinds of quotes, adjacent pieces join, and a
 * backslash escapes. Never throws; null means a quote that does not close.
 */
const isBlank = (c: string): boolean => /\s/.test(c);

/** The fields of a line; escapes are left in place, outer quotes are taken off. */
export function splitFields(raw: string): readonly string[] | null {
  return split(raw, (sequence) => sequence);
}

/** The argv of one command. */
export function splitCommand(command: string): readonly string[] | null {
  return split(command, meaningOf);
}

function split(text: string, meaning: (sequence: string) => string): readonly string[] | null {
  const fields: string[] = [];
  let field: string | null = null;
  let quote: string | null = null;
  let at = 0;
  while (at < text.length) {
    const c = text.charAt(at);
    if (c === '\\' && at + 1 < text.length) {
      const sequence = sequenceAt(text, at);
      field = (field ?? '') + meaning(sequence);
      at += sequence.length;
      continue;
    }
    at++;
    if (quote !== null) {
      if (c === quote) quote = null;
      else field += c;
    } else if (c === '"' || c === "'") {
      quote = c;
      field = field ?? '';
    } else if (isBlank(c)) {
      if (field !== null) fields.push(field);
      field = null;
    } else {
      field = (field ?? '') + c;
    }
  }
  if (quote !== null) return null;
  if (field !== null) fields.push(field);
  return fields;
}

/** The whole escape that begins at a backslash, the backslash included. */
function sequenceAt(text: string, at: number): string {
  const match = /^\\(?:x[0-9A-Fa-f]{1,2}|[0-7]{1,3}|c[\s\S]|[\s\S])/.exec(text.slice(at, at + 4));
  return match?.[0] ?? text.slice(at, at + 2);
}

const letters: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  E: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function meaningOf(sequence: string): string {
  const body = sequence.slice(1);
  if (/^x./.test(body)) return String.fromCharCode(Number.parseInt(body.slice(1), 16));
  if (/^[0-7]+$/.test(body)) return String.fromCharCode(Number.parseInt(body, 8) & 0xff);
  if (/^c./s.test(body)) return String.fromCharCode(body.charCodeAt(1) & 0x1f);
  return letters[body] ?? body;
}
