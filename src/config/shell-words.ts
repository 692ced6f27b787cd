/**
 * Words that mean something to a shell and nothing to execve(2).
 */
const shellWords: ReadonlySet<string> = new Set([
  ...['if', 'for', 'while', 'until', 'case', 'function', '!', '{', '[[', '(', '.', ':'],
  ...['exit', 'export', 'source', 'eval', 'exec', 'set', 'unset', 'return', 'local', 'cd'],
  ...['trap', 'ulimit', 'umask', 'alias', 'declare', 'let', 'read', 'shift', 'wait', 'command'],
]);

export const isShellWord = (word: string): boolean => shellWords.has(word);

/** A whole argument that only a shell can have been meant for. */
export const isOperator = (word: string): boolean =>
  /^(?:\|\|?|&&?|;|\d?>{1,2}(?:&?\d|\/.*)?|&>.*|<|\$\(.*|`.*)$/s.test(word);
