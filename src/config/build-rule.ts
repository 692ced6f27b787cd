/**
 * One line of virtual_rules or static_rules, by the words of `ip rule` that keepalived knows.
 * A line that keepalived leaves out is left out, and said so at the word that is to blame.
 */
import { type Report, warning } from './diagnostic';
import type { Family } from './model';
import type { Lookup, Rule, RuleAction } from './model-network';
import {
  argument,
  drop,
  dropUnknown,
  ignore,
  type Line,
  once,
  readCount,
  readNamed,
  readTrackGroup,
  startLine,
  take,
} from './network-line';
import {
  groups as deviceGroups,
  keepalivedProtocol,
  readC,
  routeTypes,
  tables,
} from './network-names';
import type { Directive, Word } from './parser';
import { readRealms } from './route-nexthop';
import { type Deed, type ReadRule, type RuleDraft, ruleConditions } from './rule-conditions';

const countMax = 0xffffffff;

const fresh = (): RuleDraft => ({
  not: false,
  from: null,
  to: null,
  priority: null,
  tos: 0,
  mark: null,
  inputDevice: null,
  outputDevice: null,
  tunnelId: null,
  uids: null,
  ipProtocol: null,
  sourcePorts: null,
  destinationPorts: null,
  protocol: null,
  deed: null,
  lookup: { realms: null, suppressPrefixLength: null, suppressGroup: null },
  lookupOnly: null,
  track: true,
  trackGroup: null,
});

export interface RuleSurroundings {
  /** what a static rule may name in track_group; null for the rules of an instance. */
  readonly groups: ReadonlySet<string> | null;
  /** of a rule that gives itself no priority. */
  readonly priority: (directive: Directive, family: Family) => number;
  readonly report: Report;
}

export function buildRule(directive: Directive, around: RuleSurroundings): Rule | null {
  const line = startLine('rule', directive, around.report);
  const draft = fresh();
  for (let word = take(line); word !== null && !line.dropped; word = take(line)) {
    const read = ruleConditions.get(word.text) ?? lookups.get(word.text);
    if (read !== undefined) read(line, word, draft);
    else if (word.text === 'track_group') {
      draft.trackGroup = readTrackGroup(line, word, around.groups);
    } else readDeed(line, word, draft);
  }
  if (line.dropped) return null;
  const action = settleAction(line, directive.keyword, draft);
  return action && finish(line, directive, draft, action, around);
}

/** A word about the table; the first one is remembered, for rules without a table. */
const lookupWord =
  (read: (line: Line, of: Word) => Partial<Lookup>): ReadRule =>
  (line, of, draft) => {
    draft.lookupOnly ??= of;
    draft.lookup = { ...draft.lookup, ...read(line, of) };
  };

const suppressLength = lookupWord((line, of) => {
  once(line, "'suppress_prefixlength'", of);
  return { suppressPrefixLength: readCount(line, of, 0x7fffffff) };
});

const suppressGroup = lookupWord((line, of) => {
  once(line, "'suppress_ifgroup'", of);
  const word = argument(line, of);
  return { suppressGroup: word && readNamed(line, word, deviceGroups) };
});

const lookups: ReadonlyMap<string, ReadRule> = new Map<string, ReadRule>([
  ['table', readTable],
  ['lookup', readTable],
  ['l3mdev', readBare],
  ['realms', lookupWord((line, of) => ({ realms: readRealms(line, of) }))],
  ['suppress_prefixlength', suppressLength],
  ['sup_pl', suppressLength],
  ['suppress_ifgroup', suppressGroup],
  ['sup_group', suppressGroup],
]);

function readTable(line: Line, of: Word, draft: RuleDraft): void {
  const word = argument(line, of);
  const table = word && readNamed(line, word, tables);
  if (word === null || table === null) return;
  if (table === 0) drop(line, word.span, 'a rule cannot look up table 0');
  else act(line, of, draft, { kind: 'table', table });
}

type Bare = Exclude<Deed['kind'], 'table' | 'goto'>;

/** The deeds that are one word; the kernel's numbers are those of the types of routes. */
const bare: ReadonlyMap<string | number, Bare> = new Map<string | number, Bare>([
  ['l3mdev', 'l3mdev'],
  ['nop', 'nop'],
  ['blackhole', 'blackhole'],
  ['unreachable', 'unreachable'],
  ['prohibit', 'prohibit'],
  [routeTypes.get('blackhole') ?? 0, 'blackhole'],
  [routeTypes.get('unreachable') ?? 0, 'unreachable'],
  [routeTypes.get('prohibit') ?? 0, 'prohibit'],
]);

function readBare(line: Line, word: Word, draft: RuleDraft): void {
  const kind = bare.get(readC(word.text) ?? word.text);
  if (kind !== undefined) act(line, word, draft, { kind });
}

/** `[type] goto N|nop|blackhole|…`, and what is no word of a rule at all. */
function readDeed(line: Line, first: Word, draft: RuleDraft): void {
  const word = first.text === 'type' ? argument(line, first) : first;
  if (word === null) return;
  if (word.text === 'goto') {
    const priority = readCount(line, word, countMax);
    if (priority !== null) act(line, word, draft, { kind: 'goto', priority });
  } else if (bare.has(readC(word.text) ?? word.text)) {
    readBare(line, word, draft);
  } else if (word !== first || readC(word.text) !== null || routeTypes.has(word.text)) {
    drop(line, word.span, `'${word.text}' is not what a rule can do`, { help: deeds });
  } else {
    const known = [...ruleConditions.keys(), ...lookups.keys(), 'goto', 'type'];
    const names = [...bare.keys()].filter((key) => typeof key === 'string');
    dropUnknown(line, word, [...known, ...names], longer);
  }
}

const deeds = 'table N, goto N, nop, blackhole, unreachable, prohibit or l3mdev';

/** What `ip rule` or keepalived's own manual has, and what keepalived wants in its place. */
const longer: ReadonlyMap<string, string> = new Map([
  ['pref', 'preference'],
  ['prio', 'priority'],
  ['metric', 'priority'],
  ['ip_proto', 'ipproto'],
  ['proto', 'protocol'],
  ['tun_id', 'tunnel-id'],
  ['suppress_prefixlen', 'suppress_prefixlength'],
]);

function act(line: Line, word: Word, draft: RuleDraft, deed: Deed): void {
  if (draft.deed === null) {
    draft.deed = { deed, word };
    return;
  }
  drop(line, word.span, `'${word.text}' comes after '${draft.deed.word.text}'`, {
    why: 'a rule does one thing',
    help: 'put each rule on a line of its own',
  });
}

function settleAction(line: Line, keyword: Word, draft: RuleDraft): RuleAction | null {
  if (draft.deed === null) {
    return drop(line, keyword.span, 'this rule does nothing', { help: deeds });
  }
  const { deed, word } = draft.deed;
  const { lookupOnly, priority } = draft;
  switch (deed.kind) {
    case 'table':
      return { ...deed, ...draft.lookup };
    case 'l3mdev':
      return { kind: deed.kind, ...draft.lookup };
    case 'goto':
    case 'nop':
    case 'blackhole':
    case 'unreachable':
    case 'prohibit':
      break;
  }
  if (lookupOnly !== null) {
    return drop(line, lookupOnly.span, `'${lookupOnly.text}' is for rules with a table`);
  }
  if (deed.kind !== 'goto') return { kind: deed.kind };
  if (priority === null) {
    return drop(line, word.span, "'goto' needs a priority of the rule's own", {
      help: `add 'priority N', less than ${deed.priority}`,
    });
  }
  if (priority < deed.priority) return deed;
  return drop(line, word.span, `goto ${deed.priority} does not lead on from ${priority}`, {
    why: 'rules are looked at in the order of their priorities',
  });
}

function finish(
  line: Line,
  directive: Directive,
  draft: RuleDraft,
  action: RuleAction,
  around: RuleSurroundings,
): Rule {
  const { deed, lookup, lookupOnly, ...conditions } = draft;
  const family = line.family ?? 4;
  return {
    ...conditions,
    family,
    action,
    priority: draft.priority ?? settlePriority(line, directive, family, around),
    protocol: settleProtocol(line, draft),
    trackGroup: settleGroup(line, draft),
  };
}

function settlePriority(
  line: Line,
  directive: Directive,
  family: Family,
  around: RuleSurroundings,
): number {
  const priority = around.priority(directive, family);
  line.report(
    warning('no-priority', directive.keyword.span, 'this rule has no priority', {
      label: `${priority} counts`,
      why: 'the next one without gets one less, so the last is looked at first',
      help: "add 'priority N'",
    }),
  );
  return priority;
}

/** A rule is known for keepalived's own by its protocol. */
function settleProtocol(line: Line, { protocol, track }: RuleDraft): number {
  if (!track) return protocol?.number ?? 0;
  if (protocol !== null && protocol.number !== keepalivedProtocol) {
    line.report(
      warning('tracked-protocol', protocol.word.span, `'${protocol.word.text}' needs no_track`, {
        label: `${keepalivedProtocol}, keepalived, counts`,
        why: 'a tracked rule is known by its protocol',
        help: 'add no_track, or leave the protocol out',
      }),
    );
  }
  return keepalivedProtocol;
}

function settleGroup(line: Line, { trackGroup, inputDevice, track }: RuleDraft): string | null {
  const span = line.seen.get("'track_group'");
  if (trackGroup === null || span === undefined) return null;
  if (track && inputDevice !== null) return trackGroup;
  const what = track ? "a rule with track_group needs 'iif'" : 'no_track stands beside track_group';
  return ignore(line, span, what, { label: 'nothing tracks this rule' });
}
