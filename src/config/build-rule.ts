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
  placeIn,
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

const plain: Lookup = { realms: null, suppressPrefixLength: null, suppressGroup: null };

const fresh = (): RuleDraft => ({
  rule: {
    family: 4,
    not: false,
    from: null,
    to: null,
    priority: 0,
    tos: 0,
    mark: null,
    inputDevice: null,
    outputDevice: null,
    tunnelId: null,
    uids: null,
    ipProtocol: null,
    sourcePorts: null,
    destinationPorts: null,
    action: { kind: 'nop' },
    protocol: keepalivedProtocol,
    track: true,
    trackGroup: null,
  },
  priority: null,
  protocol: null,
  deed: null,
  lookup: plain,
  lookupOnly: null,
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
      draft.rule.trackGroup = readTrackGroup(line, word, around.groups);
    } else readDeed(line, word, draft);
  }
  if (line.dropped) return null;
  const action = settleAction(line, draft);
  if (action === null) return null;
  const { rule, priority } = draft;
  rule.action = action;
  rule.family = line.family ?? 4;
  rule.priority = priority ?? settlePriority(line, directive, rule.family, around);
  settleProtocol(line, draft);
  settleGroup(line, draft);
  return rule;
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
    dropUnknown(line, word, [...known, ...names], hints);
  }
}

const deeds = 'table N, goto N, nop, blackhole, unreachable, prohibit or l3mdev';

/** Words of `ip rule`, or of keepalived's own manual, that keepalived does not know. */
const hints: ReadonlyMap<string, string> = new Map(
  Object.entries({
    pref: 'preference',
    prio: 'priority',
    metric: 'priority',
    ip_proto: 'ipproto',
    proto: 'protocol',
    tun_id: 'tunnel-id',
    suppress_prefixlen: 'suppress_prefixlength',
  }).map(([word, meant]) => [word, `did you mean '${meant}'?`]),
);

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

function settleAction(line: Line, draft: RuleDraft): RuleAction | null {
  if (draft.deed === null) {
    return drop(line, line.keyword.span, 'this rule does nothing', { help: deeds });
  }
  const { deed, word } = draft.deed;
  const { lookupOnly, priority } = draft;
  switch (deed.kind) {
    case 'table':
      return { kind: deed.kind, table: deed.table, ...draft.lookup };
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
function settleProtocol(line: Line, { rule, protocol }: RuleDraft): void {
  if (!rule.track) {
    rule.protocol = protocol?.number ?? 0;
    return;
  }
  if (protocol === null || protocol.number === keepalivedProtocol) return;
  line.report(
    warning('tracked-protocol', protocol.word.span, `'${protocol.word.text}' needs no_track`, {
      label: `${keepalivedProtocol}, keepalived, counts`,
      why: 'a tracked rule is known by its protocol',
      help: 'add no_track, or leave the protocol out',
    }),
  );
}

function settleGroup(line: Line, { rule }: RuleDraft): void {
  const span = placeIn(line, "'track_group'");
  if (rule.trackGroup === null || span === null) return;
  if (rule.track && rule.inputDevice !== null) return;
  rule.trackGroup = null;
  const what = rule.track
    ? "a rule with track_group needs 'iif'"
    : 'no_track stands beside track_group';
  ignore(line, span, what, { label: 'nothing tracks this rule' });
}
