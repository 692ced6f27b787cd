/** A Host whose files are an object; folders are what their names say. */
import { posix } from 'node:path';
import type { FileRead, Host } from '../../src/config/host';
import { nowhere } from '../../src/config/host';

export interface Memory {
  readonly files?: Readonly<Record<string, string | FileRead>>;
  readonly configId?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export function memoryHost({ files = {}, configId = 'box', environment = {} }: Memory): Host {
  const matches = (pattern: string, path: string): boolean => {
    const source = pattern.replace(/[.+^${}()|\\]/g, '\\$&').replace(/\*/g, '[^/]*');
    return new RegExp(`^${source.replace(/\?/g, '[^/]')}$`).test(path);
  };
  return {
    ...nowhere,
    configId,
    environment: (name) => environment[name] ?? null,
    random: (min, max) => Math.floor((min + max) / 2),
    files: {
      folderOf: (path) => posix.dirname(path),
      glob: (pattern, folder) =>
        Object.keys(files)
          .filter((path) => matches(posix.resolve('/', folder, pattern), path))
          .sort(),
      read: (path) => {
        const found = files[path];
        if (found === undefined) return { kind: 'unreadable', why: 'no such file' };
        return typeof found === 'string' ? { kind: 'text', text: found } : found;
      },
    },
  };
}
