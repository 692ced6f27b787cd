/** Files with one virtual server, and what is said about them. */
import assert from 'node:assert/strict';
import { loadConfig } from '../../src/config/load';
import type { Config } from '../../src/config/model';
import type { Checker, RealServer, VirtualServer } from '../../src/config/model-server';

/** Said about every such file. */
const usual = new Set(['nothing-to-do', 'not-yet-active']);

export const said = (text: string): readonly string[] =>
  loadConfig('t', text)
    .diagnostics.filter(({ code }) => !usual.has(code))
    .map(({ code, severity }) => `${severity} ${code}`);

export function accepted(text: string): Config {
  const { config, diagnostics } = loadConfig('t', text);
  assert.ok(config, JSON.stringify(diagnostics.map(({ code, what }) => [code, what])));
  return config;
}

/** A virtual server that is complete, with more lines in it. */
export const file = (lines: string, servers = 'real_server 192.0.2.1 80 { }', around = '') =>
  `${around}
virtual_server 192.0.2.100 80 {
  lvs_sched rr
  lvs_method NAT
  protocol TCP
  ${lines}
  ${servers}
}`;

export function virtual(text: string): VirtualServer {
  const [server] = accepted(text).virtualServers;
  assert.ok(server);
  return server;
}

export const withReal = (lines: string): string =>
  file('', `real_server 192.0.2.1 80 {\n${lines}\n}`);

export function real(lines: string): RealServer {
  const [server] = virtual(withReal(lines)).realServers;
  assert.ok(server);
  return server;
}

export const withCheck = (kind: string, lines: string): string =>
  withReal(`${kind} {\n${lines}\n}`);

export function check<K extends Checker['kind']>(
  kind: K,
  word: string,
  lines: string,
): Extract<Checker, { kind: K }> {
  const [checker] = real(`${word} {\n${lines}\n}`).checkers;
  assert.equal(checker?.kind, kind);
  return checker as Extract<Checker, { kind: K }>;
}
