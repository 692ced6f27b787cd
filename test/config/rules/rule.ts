/** What the tests of rules share: a file with room for lines, a host made of words, findings. */
import { type Host, nowhere, type Program, type Readers } from '../../../src/config/host';
import { loadConfig } from '../../../src/config/load';
import { locate, slice } from '../../../src/config/source';

export interface Finding {
  readonly severity: string;
  /** line:the text above the carets */
  readonly at: string;
  readonly what: string;
  readonly label: string;
  readonly why: string;
  readonly help: string;
  /** source:line:the text that `see` points at */
  readonly see: readonly string[];
}

/** What was said under one code. */
export function findings(code: string, text: string, host?: Host): readonly Finding[] {
  return loadConfig('t', text, host)
    .diagnostics.filter((one) => one.code === code)
    .map(({ severity, span, what, label, why, help, related }) => ({
      severity,
      at: `${locate(span).line}:${slice(locate(span).span)}`,
      what,
      label: label ?? '',
      why: why ?? '',
      help: help ?? '',
      see: related.map((other) => {
        const place = locate(other.span);
        return `${place.span.source.name}:${place.line}:${slice(place.span)}`;
      }),
    }));
}

/** Where it was said, and how loud: 'warning 6:eth1'. */
export const places = (code: string, text: string, host?: Host): readonly string[] =>
  findings(code, text, host).map(({ severity, at }) => `${severity} ${at}`);

interface Parts {
  readonly global?: string;
  readonly script?: string;
  readonly addresses?: string;
}

/** Lines of an instance begin at line 5; nothing else in the file is worth a word. */
export function file(lines: string, parts: Parts = {}): string {
  const { global = '', script = '', addresses = '192.0.2.100' } = parts;
  return `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 7
  virtual_ipaddress { ${addresses} }
  ${lines}
}
vrrp_script chk {
  script "/opt/chk"
  ${script}
}
global_defs { ${global} }
`;
}

interface Machine {
  readonly programs?: Readonly<Record<string, Program>>;
  /** shell scripts by their path. */
  readonly scripts?: Readonly<Record<string, string>>;
  readonly interfaces?: Readonly<Record<string, readonly string[]>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly readers?: Readonly<Record<string, Readers>>;
}

/** A host that knows what it is told: a program that is not listed is unknown. */
export function machine({
  programs = {},
  scripts = {},
  interfaces,
  files = {},
  readers = {},
}: Machine): Host {
  return {
    ...nowhere,
    interfaces: interfaces === undefined ? null : new Map(Object.entries(interfaces)),
    program: (name) => {
      const text = scripts[name];
      return programs[name] ?? (text === undefined ? null : { kind: 'program', text });
    },
    reads: (path) => readers[path] ?? null,
    files: {
      ...nowhere.files,
      read: (path) => {
        const text = files[path];
        return text === undefined ? nowhere.files.read(path) : { kind: 'text', text };
      },
    },
  };
}
