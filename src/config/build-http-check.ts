/**
 * HTTP_GET and SSL_GET: the pages to ask for and what must come back. Without a page there is
 * no check.
 */
import { seconds } from '../time';
import { type Block, buildConnection, buildSchedule, readInherited } from './build-checker';
import { buildRegex } from './build-regex';
import { info, type Report, warning } from './diagnostic';
import type { Checker, HttpChecker, StatusRange, Tls, Url } from './model-server';
import { type Reading, readBlock } from './read';
import { booleanOf, directiveOf, isSet, placeOf, textOf } from './values';

export function buildHttp(block: Block): readonly Checker[] {
  const { directive, reading, checked, report } = block;
  const kind = directive.keyword.text;
  const blocks = (reading.entries.get('url') ?? []).map((entry) =>
    readBlock(entry.directive, 'url', checked.session),
  );
  const urls = blocks.flatMap((url) => buildUrl(url, block) ?? []);
  if (urls.length === 0) {
    report(
      warning('check-without-url', directive.keyword.span, `${kind} has no url to ask for`, {
        label: 'left out',
        why: 'keepalived 2.2.7 crashes on such a check',
        help: 'url { path / }',
      }),
    );
    return [];
  }
  reportOldRetry(block);
  const isTls = kind === 'SSL_GET';
  if (!isTls) reportTlsWords([reading, ...blocks], report);
  return [
    {
      kind: 'http',
      schedule: buildSchedule(block, { retries: 1, retryDelay: seconds(3) }),
      connection: buildConnection(block),
      tls: isTls ? buildTls(block, blocks) : null,
      version: versionOf(block),
      fastRecovery: booleanOf(reading, 'fast_recovery') ?? false,
      urls,
    },
  ];
}

function reportOldRetry({ reading, checked, report }: Block): void {
  const entry = reading.entries.get('retry')?.at(-1);
  if (entry?.row.word !== 'nb_get_retry' || checked.said.has(entry.row.word)) return;
  checked.said.add(entry.row.word);
  report(
    info('deprecated', entry.directive.keyword.span, "'nb_get_retry' is an old word", {
      label: "'retry' says the same",
    }),
  );
}

function reportTlsWords(readings: readonly Reading[], report: Report): void {
  for (const reading of readings) {
    for (const word of ['enable_sni', 'sni_name', 'tls_compliant']) {
      if (!isSet(reading, word)) continue;
      const place = directiveOf(reading, word)?.keyword.span ?? reading.span;
      report(
        warning('no-tls', place, `${word} has no meaning in HTTP_GET`, {
          label: 'ignored',
          help: 'SSL_GET asks over TLS',
        }),
      );
    }
  }
}

function buildTls(block: Block, urls: readonly Reading[]): Tls {
  const { reading, checked, report } = block;
  const name = textOf(reading, 'sni_name');
  const isOn = isSet(reading, 'enable_sni');
  const isHostOnlyInherited =
    checked.inherited.host !== null && ![reading, ...urls].some((one) => isSet(one, 'virtualhost'));
  const place = directiveOf(reading, 'enable_sni')?.keyword.span;
  if (isOn && name === null && isHostOnlyInherited && place !== undefined) {
    report(
      warning('sni-without-host', place, 'keepalived would send no server name here', {
        label: `'${checked.inherited.host}' is sent`,
        why: 'it does not look at the virtualhost of real_server and virtual_server for this',
        help: 'repeat virtualhost inside SSL_GET',
      }),
    );
  }
  return {
    serverName: name !== null ? { kind: 'name', name } : isOn ? { kind: 'host' } : { kind: 'none' },
    closeNotify: [reading, ...urls].some((one) => isSet(one, 'tls_compliant')),
  };
}

const versions: ReadonlyMap<string, HttpChecker['version']> = new Map([
  ['1.0', '1.0'],
  ['1.0C', '1.0C'],
  ['1.0c', '1.0C'],
  ['1.1', '1.1'],
]);

function versionOf({ reading, report }: Block): HttpChecker['version'] {
  const text = textOf(reading, 'http_protocol');
  if (text === null) return '1.0';
  const version = versions.get(text);
  if (version !== undefined) return version;
  report(
    warning('bad-choice', placeOf(reading, 'http_protocol'), `'${text}' is no version of HTTP`, {
      label: 'the default counts: 1.0',
      help: '1.0, 1.0C or 1.1',
    }),
  );
  return '1.0';
}

function buildUrl(url: Reading, block: Block): Url | null {
  const { reading, checked, report } = block;
  const path = textOf(url, 'path') ?? '';
  if (path === '') {
    report(
      warning('url-without-path', url.span, 'this url has no path', {
        label: 'left out',
        help: 'path /',
      }),
    );
    return null;
  }
  if (!path.startsWith('/') && !path.includes('://')) {
    report(
      warning('relative-path', placeOf(url, 'path'), `'${path}' does not begin with '/'`, {
        why: 'it is sent as it stands, and a server refuses it (RFC 9112 §3.2.1)',
        help: `path /${path}`,
      }),
    );
  }
  const inherited = readInherited(reading, checked.inherited);
  return {
    path,
    host: textOf(url, 'virtualhost') ?? inherited.host,
    statuses: statusesOf(url, report),
    digest: digestOf(url, report),
    regex: buildRegex(url, report),
  };
}

function digestOf(url: Reading, report: Report): string | null {
  const text = textOf(url, 'digest');
  if (text === null || /^[0-9a-f]{32}$/i.test(text)) return text?.toLowerCase() ?? null;
  report(
    warning('bad-digest', placeOf(url, 'digest'), 'a digest must be 32 hex digits', {
      label: text.length === 32 ? 'ignored' : `ignored, it has ${text.length} characters`,
      why: 'it is the MD5 sum of the page',
    }),
  );
  return null;
}

const usualStatuses: readonly StatusRange[] = [{ from: 200, to: 299 }];

function statusesOf(url: Reading, report: Report): readonly StatusRange[] {
  const words = (url.entries.get('status_code') ?? []).flatMap(({ directive }) => directive.words);
  const ranges = words.flatMap((word) => {
    const match = /^(\d{3})(?:-(\d{3}))?$/.exec(word.text);
    const from = Number(match?.[1]);
    const to = Number(match?.[2] ?? match?.[1]);
    if (from >= 100 && to <= 599 && from <= to) return [{ from, to }];
    report(
      warning('bad-status', word.span, `'${word.text}' is no HTTP status or range of them`, {
        label: 'ignored',
        help: 'such as 200 or 200-299, within 100..599',
      }),
    );
    return [];
  });
  return ranges.length === 0 ? usualStatuses : merge(ranges);
}

/** Sorted; ranges that touch become one. */
function merge(ranges: readonly StatusRange[]): readonly StatusRange[] {
  const merged: StatusRange[] = [];
  for (const range of [...ranges].sort((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last !== undefined && range.from <= last.to + 1) {
      merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
    } else {
      merged.push(range);
    }
  }
  return merged;
}
