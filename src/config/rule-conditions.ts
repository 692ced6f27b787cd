/**
 * What a rule asks of a packet, and the words that say so.
 */
import { warning } from './diagnostic';
import type { Lookup, Named, Range, Rule } from './model-network';
import {
  argument,
  drop,
  everything,
  ignore,
  type Line,
  once,
  readDevice,
  readFamily,
  readNamed,
  readPrefix,
} from './network-line';
import { ipProtocols, named, readC, readDecimal, services } from './network-names';
import type { Word } from './parser';
import { idOf } from './route-encap';

const countMax = 0xffffffff;

/** What a rule does, before it is known what else the line says. */
export type Deed =
  | { readonly kind: 'table'; readonly table: Named }
  | { readonly kind: 'goto'; readonly priority: number }
  | { readonly kind: 'l3mdev' | 'nop' | 'blackhole' | 'unreachable' | 'prohibit' };

/** A rule while its line is read; what its defaults depend on is settled at the end. */
export interface RuleDraft {
  readonly rule: { -readonly [K in keyof Rule]: Rule[K] };
  priority: number | null;
  protocol: { readonly number: number; readonly word: Word } | null;
  deed: { readonly deed: Deed; readonly word: Word } | null;
  lookup: Lookup;
  /** the first word that only makes sense where a table is looked up. */
  lookupOnly: Word | null;
}

export type ReadRule = (line: Line, word: Word, draft: RuleDraft) => void;

const readPriority: ReadRule = (line, of, draft) => {
  once(line, "'priority'", of);
  const word = argument(line, of);
  if (word === null) return;
  draft.priority = readC(word.text);
  if (draft.priority === null || draft.priority > countMax) {
    drop(line, word.span, `${of.text} must be 0..${countMax}, found '${word.text}'`);
  }
};

const readTos: ReadRule = (line, of, draft) => {
  once(line, "'tos'", of);
  const word = argument(line, of);
  draft.rule.tos = (word && readNamed(line, word, services)) ?? 0;
};

const readInput: ReadRule = (line, of, draft) => {
  once(line, "'iif'", of);
  draft.rule.inputDevice = readDevice(line, of);
};

export const ruleConditions: ReadonlyMap<string, ReadRule> = new Map<string, ReadRule>([
  ['inet', readFamily],
  ['inet6', readFamily],
  ['from', readEnd('from')],
  ['to', readEnd('to')],
  [
    'not',
    (_line, _of, draft) => {
      draft.rule.not = true;
    },
  ],
  ['priority', readPriority],
  ['preference', readPriority],
  ['order', readPriority],
  ['tos', readTos],
  ['dsfield', readTos],
  ['fwmark', readMark],
  ['iif', readInput],
  ['dev', readInput],
  ['oif', readOutput],
  ['tunnel-id', readTunnelId],
  ['uidrange', readUids],
  ['ipproto', readIpProtocol],
  ['sport', readPorts('sourcePorts')],
  ['dport', readPorts('destinationPorts')],
  ['protocol', readProtocol],
  [
    'no_track',
    (_line, _of, draft) => {
      draft.rule.track = false;
    },
  ],
]);

function readEnd(key: 'from' | 'to'): ReadRule {
  return (line, of, draft) => {
    once(line, `'${key}'`, of, 'put each rule on a line of its own');
    const word = argument(line, of);
    if (word === null) return;
    const prefix = readPrefix(line, word, 'a network');
    draft.rule[key] = prefix === everything || prefix?.length === 0 ? null : prefix;
  };
}

function readMark(line: Line, of: Word, draft: RuleDraft): void {
  once(line, "'fwmark'", of);
  const word = argument(line, of);
  if (word === null) return;
  const [value, mask] = word.text.split('/', 2).map(readC);
  const mark = { value: value ?? null, mask: mask === undefined ? countMax : mask };
  const bad = mark.value === null || mark.mask === null || word.text.split('/').length > 2;
  if (bad || Math.max(mark.value ?? 0, mark.mask ?? 0) > countMax) {
    drop(line, word.span, `'${word.text}' is not a firewall mark`, {
      why: 'it is MARK or MARK/MASK, 32 bits each',
    });
  } else draft.rule.mark = { value: mark.value ?? 0, mask: mark.mask ?? countMax };
}

function readOutput(line: Line, of: Word, draft: RuleDraft): void {
  once(line, "'oif'", of);
  draft.rule.outputDevice = readDevice(line, of);
}

function readTunnelId(line: Line, of: Word, draft: RuleDraft): void {
  once(line, "'tunnel-id'", of);
  const word = argument(line, of);
  if (word === null) return;
  const id = idOf(word.text);
  if (id === null) drop(line, word.span, `tunnel-id must be 0..2^64-1, found '${word.text}'`);
  // The kernel matches every packet with 0, as without the option.
  draft.rule.tunnelId = id === '0' ? null : id;
}

function readUids(line: Line, of: Word, draft: RuleDraft): void {
  once(line, "'uidrange'", of);
  const word = argument(line, of);
  if (word === null) return;
  draft.rule.uids = rangeOf(line, word, countMax);
  if (draft.rule.uids === null && !line.dropped) {
    drop(line, word.span, `'${word.text}' is not a range of user ids`, {
      help: 'FIRST-LAST, as in 1000-1999',
    });
  }
}

/** A port range that is none is left out, and the rule then holds for every port. */
function readPorts(key: 'sourcePorts' | 'destinationPorts'): ReadRule {
  return (line, of, draft) => {
    once(line, `'${of.text}'`, of);
    const word = argument(line, of);
    if (word === null) return;
    const single = readDecimal(word.text);
    if (single !== null && single <= 0xffff) {
      draft.rule[key] = { first: single, last: single };
      line.report(
        warning('single-port', word.span, `keepalived ignores a single port here`, {
          label: 'read as meant',
          why: 'it would apply the rule to every port',
          help: `write ${single}-${single}`,
        }),
      );
      return;
    }
    const range = rangeOf(line, word, 0xffff);
    if (range !== null) draft.rule[key] = range;
    else if (!line.dropped) {
      ignore(line, word.span, `'${word.text}' is not a range of ports`, {
        label: 'ignored, so the rule holds for every port',
        help: 'FIRST-LAST, as in 1000-1999',
      });
    }
  };
}

/** Null: not a range; or one that the kernel refuses, and then the line is dropped. */
function rangeOf(line: Line, word: Word, max: number): Range | null {
  const match = /^\+?(\d+)-\+?(\d+)$/.exec(word.text);
  const range = { first: Number(match?.[1]), last: Number(match?.[2]) };
  if (match === null || !(Math.max(range.first, range.last) <= max)) return null;
  if (range.first <= range.last) return range;
  return drop(line, word.span, `'${word.text}' ends before it begins`, {
    why: 'the kernel refuses the rule',
    help: `${range.last}-${range.first}`,
  });
}

function readIpProtocol(line: Line, of: Word, draft: RuleDraft): void {
  once(line, "'ipproto'", of);
  const word = argument(line, of);
  if (word === null) return;
  // /etc/protocols has the names in capitals too; and no base but ten counts here.
  const isUpper = word.text === word.text.toUpperCase();
  const text = isUpper ? word.text.toLowerCase() : word.text;
  const value = /^0x/i.test(text) ? null : named(text.replace(/^\+?0+(?=\d)/, ''), ipProtocols);
  if (typeof value === 'number') draft.rule.ipProtocol = value;
  else if (value !== null) {
    draft.rule.ipProtocol = readNamed(line, word, ipProtocols, 'takes the rule for every protocol');
  } else {
    ignore(line, word.span, `'${word.text}' is not an IP protocol`, {
      label: 'ignored, so the rule holds for every protocol',
    });
  }
}

function readProtocol(line: Line, of: Word, draft: RuleDraft): void {
  once(line, "'protocol'", of);
  const word = argument(line, of);
  if (word === null) return;
  const number = readDecimal(word.text);
  if (number !== null && number <= 255) draft.protocol = { number, word };
  else {
    ignore(line, word.span, `protocol must be 0..255, found '${word.text}'`, {
      help: /^(tcp|udp|icmp)$/i.test(word.text) ? `did you mean 'ipproto ${word.text}'?` : null,
    });
  }
}
