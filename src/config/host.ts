/**
 * What the language asks of the machine on which it is read: other files, the environment, the
 * name of the host; and what a rule may look at to say something true. The real one is a driver;
 * tests write their own. Nothing here changes the machine.
 */

export interface Host {
  /** of `@id` lines: the option -i, else the host's name up to the first dot. */
  readonly configId: string;
  readonly files: Files;
  /** of `${_ENV NAME}`; null: not set. */
  environment(name: string): string | null;
  /** of `${_RANDOM min max}`: a whole number, both ends included. */
  random(min: number, max: number): number;
  /** name of an interface → its addresses without prefix; null: unknown, rules stay silent. */
  readonly interfaces: ReadonlyMap<string, readonly string[]> | null;
  /** the file that a command would run (`path` may be a bare name for PATH); null: unknown. */
  program(path: string): Program | null;
  /** who may read a file; null: unknown. */
  reads(path: string): Readers | null;
}

export interface Files {
  /** The folder of a file, without a slash at the end. */
  folderOf(path: string): string;
  /** Paths that match a shell pattern (no braces left in it), sorted; relative to `folder`. */
  glob(pattern: string, folder: string): readonly string[];
  read(path: string): FileRead;
}

export type FileRead =
  | { readonly kind: 'text'; readonly text: string }
  /** a folder, a device or an executable file: keepalived skips those. */
  | { readonly kind: 'irregular'; readonly why: string }
  | { readonly kind: 'unreadable'; readonly why: string };

export type Readers = 'missing' | 'everybody' | 'some';

export type Program =
  | { readonly kind: 'missing' }
  | { readonly kind: 'not-executable' }
  /** a path through a folder that others than root may write, as keepalived's walk finds it. */
  | { readonly kind: 'unsafe'; readonly component: string; readonly text: string | null }
  /** `text`: what it says, where it is a readable script of less than 64 kB; else null. */
  | { readonly kind: 'program'; readonly text: string | null };

/** No files, no environment, nothing known: for text that stands alone. */
export const nowhere: Host = {
  configId: '',
  files: {
    folderOf: () => '.',
    glob: () => [],
    read: () => ({ kind: 'unreadable', why: 'no files here' }),
  },
  environment: () => null,
  random: (min) => min,
  interfaces: null,
  program: () => null,
  reads: () => null,
};
