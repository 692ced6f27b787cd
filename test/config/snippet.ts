/** Small files for tests: an instance that is complete, with lines in it and text around it. */
import assert from 'node:assert/strict';
import { loadConfig } from '../../src/config/load';
import type { Config, Instance } from '../../src/config/model';

export const file = (lines: string, around = '', addresses = '192.0.2.1'): string =>
  `${around}
vrrp_instance VI_1 {
  interface eth0
  virtual_router_id 7
  virtual_ipaddress { ${addresses} }
  ${lines}
}`;

/** Severity and code of each finding, in the order of the file. */
export const codes = (text: string): readonly string[] =>
  loadConfig('t', text).diagnostics.map(({ code, severity }) => `${severity} ${code}`);

/** What is not carried out, and rules that look at such a file as a whole. */
const beside: ReadonlySet<string> = new Set(
  ['not-yet-active', 'script-security', 'small-weight', 'unicast-source', 'strict-accept'].concat(
    'unused-script',
    'weight-without-effect',
  ),
);

/** Without those. */
export const findings = (text: string): readonly string[] =>
  codes(text).filter((one) => !beside.has(one.split(' ')[1] ?? ''));

export function accepted(text: string): Config {
  const { config, diagnostics } = loadConfig('t', text);
  assert.ok(config, JSON.stringify(diagnostics.map(({ code, what }) => [code, what])));
  return config;
}

export function instance(lines: string, around = '', addresses?: string): Instance {
  const [first] = accepted(file(lines, around, addresses)).instances;
  assert.ok(first);
  return first;
}

/** What `run` does not start without. */
export const inactive = (text: string): readonly string[] =>
  loadConfig('t', text).inactive.map(({ what }) => what);
