/** One line of a list of addresses, routes or rules, read in a file that is otherwise clean. */
import assert from 'node:assert/strict';
import type { Diagnostic } from '../../src/config/diagnostic';
import { type Loaded, loadConfig } from '../../src/config/load';
import type { Address, Config } from '../../src/config/model';
import type { Route, Rule } from '../../src/config/model-network';
import { slice } from '../../src/config/source';

export type Kind = 'address' | 'route' | 'rule';

const blocks = { address: 'ipaddress', route: 'routes', rule: 'rules' } as const;

/** Besides the addresses under test every instance has one that none of them is. */
const own = '198.51.100.99';

/** `lines` in virtual_ipaddress_excluded, virtual_routes or virtual_rules. */
export const virtualFile = (kind: Kind, lines: string): string => `vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 7
  virtual_ipaddress { ${own} }
  virtual_${blocks[kind]}${kind === 'address' ? '_excluded' : ''} {
${lines}
  }
}
`;

/** `lines` in static_…; track_group G1 is there. */
export const staticFile = (kind: Kind, lines: string): string => `track_group G1 {
  group { VI_1 }
}
static_${blocks[kind]} {
${lines}
}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 7
  virtual_ipaddress { ${own} }
}
`;

/** Findings about blocks that are not carried out are not about the line. */
const aboutLine = ({ code, what }: Diagnostic): boolean =>
  code !== 'not-yet-active' || !/'(virtual|static|track)_/.test(what);

export const findings = ({ diagnostics }: Loaded): readonly Diagnostic[] =>
  diagnostics.filter(aboutLine);

export interface One<T> {
  /** null: the line was left out. */
  readonly read: T | null;
  /** `severity code at 'word'`, in order. */
  readonly said: readonly string[];
}

function one<T>(loaded: Loaded, of: (config: Config) => readonly T[]): One<T> {
  const said = findings(loaded).map(
    ({ severity, code, span }) => `${severity} ${code} at '${slice(span)}'`,
  );
  return { read: loaded.config === null ? null : (of(loaded.config)[0] ?? null), said };
}

export const address = (line: string): One<Address> =>
  one(
    loadConfig('t', virtualFile('address', line)),
    (config) => config.instances[0]?.excluded ?? [],
  );

export const staticAddress = (line: string): One<Address> =>
  one(loadConfig('t', staticFile('address', line)), (config) => config.staticAddresses);

export const route = (line: string): One<Route> =>
  one(
    loadConfig('t', virtualFile('route', line)),
    (config) => config.instances[0]?.virtualRoutes ?? [],
  );

export const staticRoute = (line: string): One<Route> =>
  one(loadConfig('t', staticFile('route', line)), (config) => config.staticRoutes);

export const rule = (line: string): One<Rule> =>
  one(
    loadConfig('t', virtualFile('rule', line)),
    (config) => config.instances[0]?.virtualRules ?? [],
  );

export const staticRule = (line: string): One<Rule> =>
  one(loadConfig('t', staticFile('rule', line)), (config) => config.staticRules);

/** What stands there when nothing is wrong with the line. */
export function clean<T>({ read, said }: One<T>, line = ''): T {
  assert.deepEqual(said, [], line);
  assert.ok(read, line);
  return read;
}
