/**
 * What global_defs says about IPVS as a whole: its timeouts, its sync daemon, when it is emptied.
 * The virtual servers themselves are elsewhere.
 */
import { type Duration, seconds } from '../time';
import { didYouMean, type Report, warning } from './diagnostic';
import { formatIp, isMulticast, parseIp } from './ip';
import type { Lvs, SyncDaemon } from './model-system';
import type { Word } from './parser';
import type { Reading } from './read';
import { booleanOf, directiveOf, isSet, numberOf, textOf } from './values';

export function buildLvs(globals: Reading, report: Report): Lvs {
  return {
    timeouts: timeouts(globals, report),
    flush: isSet(globals, 'lvs_flush'),
    flushOnStop: flushOnStop(globals),
    syncDaemon: syncDaemon(globals, report),
    nftables:
      textOf(globals, 'nftables_ipvs') ??
      (isSet(globals, 'nftables_ipvs') ? 'keepalived_ipvs' : null),
    nftablesPriority: numberOf(globals, 'nftables_ipvs_priority'),
    firstMark: numberOf(globals, 'nftables_ipvs_start_fwmark') ?? 1000,
    logAllFailures: booleanOf(globals, 'checker_log_all_failures') ?? false,
    notifiesAtStart: booleanOf(globals, 'rs_init_notifies') ?? false,
  };
}

function flushOnStop(globals: Reading): Lvs['flushOnStop'] {
  if (!isSet(globals, 'lvs_flush_on_stop')) return null;
  return textOf(globals, 'lvs_flush_on_stop') === 'VS' ? 'servers' : 'all';
}

interface Range {
  readonly min: number;
  readonly max: number;
}

/** 31 days. */
const timeout: Range = { min: 0, max: 2678400 };
const timeoutWords: ReadonlyMap<string, keyof Lvs['timeouts']> = new Map([
  ['tcp', 'tcp'],
  ['tcpfin', 'tcpFin'],
  ['udp', 'udp'],
]);

function timeouts(globals: Reading, report: Report): Lvs['timeouts'] {
  const found = { tcp: null, tcpFin: null, udp: null } as Record<
    keyof Lvs['timeouts'],
    Duration | null
  >;
  const directive = directiveOf(globals, 'lvs_timeouts');
  if (directive === null) return found;
  for (const [name, value] of pairs(directive.words, [...timeoutWords.keys()], report)) {
    const key = timeoutWords.get(name.text);
    const number = within(name, value, timeout, report);
    if (key !== undefined && number !== null) found[key] = seconds(number);
  }
  if (!directive.words.some(({ text }) => timeoutWords.has(text))) {
    report(
      warning('missing-parameter', directive.keyword.span, "'lvs_timeouts' needs a timeout", {
        label: 'ignored',
        help: 'lvs_timeouts tcp 900 tcpfin 120 udp 300',
      }),
    );
  }
  return found;
}

/** `name value name value …`; a word that is no name is told and passed over. */
function pairs(
  words: readonly Word[],
  names: readonly string[],
  report: Report,
): readonly (readonly [Word, Word])[] {
  const found: (readonly [Word, Word])[] = [];
  for (let at = 0; at < words.length; at++) {
    const name = words[at];
    if (name === undefined) break;
    if (!names.includes(name.text)) {
      reportName(name, names, report);
      continue;
    }
    const value = words[++at];
    if (value !== undefined) found.push([name, value]);
    else {
      report(
        warning('missing-parameter', name.span, `'${name.text}' needs a value`, {
          label: 'ignored',
        }),
      );
    }
  }
  return found;
}

function reportName(name: Word, names: readonly string[], report: Report): void {
  const near = didYouMean(name.text, names);
  report(
    warning('unknown-option', name.span, `unknown word '${name.text}'`, {
      label: 'ignored',
      help: near === null ? `known are ${names.join(', ')}` : `did you mean '${near}'?`,
    }),
  );
}

function within(name: Word, value: Word, range: Range, report: Report): number | null {
  const isNumber = /^[+-]?\d+$/.test(value.text);
  const number = isNumber ? Number(value.text) : Number.NaN;
  if (number >= range.min && number <= range.max) return number;
  const what = `${name.text} must be ${range.min}..${range.max}, found '${value.text}'`;
  report(
    warning(isNumber ? 'out-of-range' : 'not-a-number', value.span, what, { label: 'ignored' }),
  );
  return null;
}

const syncRanges = {
  id: { min: 0, max: 255 },
  maxlen: { min: 1, max: 65507 },
  port: { min: 1, max: 65535 },
  ttl: { min: 1, max: 255 },
} as const satisfies Readonly<Record<string, Range>>;

const syncWords = [...Object.keys(syncRanges), 'group'];

function syncDaemon(globals: Reading, report: Report): SyncDaemon | null {
  const [device, ...rest] = directiveOf(globals, 'lvs_sync_daemon')?.words ?? [];
  if (device === undefined) return null;
  const [instance, options] = followed(rest);
  const numbers = new Map<string, number>();
  let group: string | null = null;
  for (const [name, value] of pairs(options, syncWords, report)) {
    if (name.text === 'group') {
      group = groupFrom(value, report) ?? group;
    } else {
      const number = within(name, value, syncRanges[name.text as keyof typeof syncRanges], report);
      if (number !== null) numbers.set(name.text, number);
    }
  }
  return {
    interface: device.text,
    instance,
    id: numbers.get('id') ?? null,
    lengthMax: numbers.get('maxlen') ?? null,
    port: numbers.get('port') ?? null,
    ttl: numbers.get('ttl') ?? null,
    group,
  };
}

/** `[inst] NAME` in front of the options: the instance whose state the daemon follows. */
function followed(words: readonly Word[]): readonly [string | null, readonly Word[]] {
  const [first, second] = words;
  if (first?.text === 'inst' && second !== undefined) return [second.text, words.slice(2)];
  if (first !== undefined && !syncWords.includes(first.text)) return [first.text, words.slice(1)];
  return [null, words];
}

function groupFrom(word: Word, report: Report): string | null {
  const ip = parseIp(word.text);
  if (ip !== null && isMulticast(ip)) return formatIp(ip);
  report(
    warning('bad-address', word.span, `'${word.text}' is not a multicast address`, {
      label: 'ignored',
    }),
  );
  return null;
}
