/**
 * The lists of addresses, routes and rules outside the address lists of an instance: its
 * virtual_routes and virtual_rules, and what is static.
 */
import { buildAddress } from './build-address';
import { buildRoute } from './build-route';
import { buildRule } from './build-rule';
import type { Config, Family, Instance } from './model';
import type { Directive } from './parser';
import type { Reading, Session } from './read';
import { linesOf, textOf } from './values';

/** The priority of a line that gives its rule none. */
export type RulePriority = (line: Directive) => number;

/** keepalived counts down from here, in each family. */
const priorityStart = 16384;

/**
 * Numbers the rules without a priority in the order of the file, static ones among those of
 * instances. A line that is left out takes no number, so each has to be read to know.
 */
export function numberRules(body: readonly Directive[]): RulePriority {
  const given = new Map<Directive, number>();
  const next: Record<Family, number> = { 4: priorityStart, 6: priorityStart };
  const number = (line: Directive, family: Family): number => {
    given.set(line, next[family]);
    return next[family]--;
  };
  const groups = groupNames(body);
  for (const { line, isStatic } of ruleLines(body)) {
    const words = [line.keyword, ...line.words];
    if (words.some(({ text }) => /^(priority|preference|order)$/.test(text))) continue;
    buildRule(line, { groups: isStatic ? groups : null, priority: number, report: () => {} });
  }
  return (line) => given.get(line) ?? priorityStart;
}

function* ruleLines(
  body: readonly Directive[],
): Generator<{ readonly line: Directive; readonly isStatic: boolean }> {
  const instances = new Set<string>();
  for (const { keyword, words, block } of body) {
    const name = words[0]?.text ?? '';
    if (keyword.text === 'static_rules') {
      for (const line of block?.body ?? []) yield { line, isStatic: true };
    } else if (keyword.text === 'vrrp_instance' && !instances.has(name)) {
      // A second instance of that name is skipped.
      instances.add(name);
      for (const inner of block?.body ?? []) {
        if (inner.keyword.text !== 'virtual_rules') continue;
        for (const line of inner.block?.body ?? []) yield { line, isStatic: false };
      }
    }
  }
}

const groupNames = (body: readonly Directive[]): ReadonlySet<string> =>
  new Set(
    body.flatMap(({ keyword, words }) =>
      keyword.text === 'track_group' && words[0] !== undefined ? [words[0].text] : [],
    ),
  );

export function buildNetwork(
  reading: Reading,
  priority: RulePriority,
  { report }: Session,
): Pick<Instance, 'virtualRoutes' | 'virtualRules'> {
  return {
    virtualRoutes: linesOf(reading, 'virtual_routes').flatMap(
      (line) => buildRoute(line, null, report) ?? [],
    ),
    virtualRules: linesOf(reading, 'virtual_rules').flatMap(
      (line) => buildRule(line, { groups: null, priority, report }) ?? [],
    ),
  };
}

export function buildStatic(
  root: Reading,
  globals: Reading,
  priority: RulePriority,
  session: Session,
): Pick<Config, 'staticAddresses' | 'staticRoutes' | 'staticRules'> {
  const { report } = session;
  const directives = (root.entries.get('track_group') ?? []).map(({ directive }) => directive);
  const groups = groupNames(directives);
  const device = textOf(globals, 'default_interface') ?? 'eth0';
  return {
    staticAddresses: linesOf(root, 'static_ipaddress').flatMap((line) => {
      const address = buildAddress(line, groups, session)?.address;
      return address === undefined ? [] : { ...address, device: address.device ?? device };
    }),
    staticRoutes: linesOf(root, 'static_routes').flatMap(
      (line) => buildRoute(line, groups, report) ?? [],
    ),
    staticRules: linesOf(root, 'static_rules').flatMap(
      (line) => buildRule(line, { groups, priority, report }) ?? [],
    ),
  };
}
