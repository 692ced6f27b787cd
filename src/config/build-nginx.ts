/**
 * `nginx { }`: what was written, completed with our defaults. What is wrong in a block of our own
 * is an error, since nothing else can be meant.
 */
import { milliseconds, seconds } from '../time';
import { didYouMean, error, type Report } from './diagnostic';
import { formatIp, parseIp } from './ip';
import type { Nginx, Probe, Restart } from './model-nginx';
import type { Directive, Word } from './parser';
import { type Reading, readBlock, type Session } from './read';
import type { Span } from './source';
import {
  booleanOf,
  directiveOf,
  durationOf,
  isSet,
  namesOf,
  numberOf,
  placeOf,
  textOf,
} from './values';

const weightMax = 253;

export const NGINX_BINARY = '/usr/sbin/nginx';
export const NGINX_PID_FILE = '/run/nginx.pid';

/** A supervised nginx and where it stands in the file. */
export interface PlacedNginx {
  readonly nginx: Nginx;
  readonly reading: Reading;
}

/** Two of one name would be one to whoever orders them to stop. */
export function buildNginxes(
  blocks: readonly Directive[],
  instances: ReadonlySet<string>,
  session: Session,
): readonly PlacedNginx[] {
  const known = new Map<string, Span>();
  return blocks.map((directive) => {
    const placed = buildNginx(directive, instances, session);
    const { name } = placed.nginx;
    const before = known.get(name);
    const span = directive.words[0]?.span ?? directive.keyword.span;
    if (before !== undefined) {
      session.report(
        error('duplicate-name', span, `there is an nginx '${name}' already`, {
          help: 'nginx NAME { … } tells several apart',
          related: [{ span: before, what: 'this one' }],
        }),
      );
    }
    known.set(name, before ?? span);
    return placed;
  });
}

function buildNginx(
  directive: Directive,
  among: ReadonlySet<string>,
  session: Session,
): PlacedNginx {
  const { report } = session;
  const reading = readBlock(directive, 'nginx', session);
  const probe = directiveOf(reading, 'probe');
  const restart = directiveOf(reading, 'restart');
  const nginx: Nginx = {
    name: directive.words[0]?.text ?? 'nginx',
    binary: pathOf(reading, 'binary', report) ?? NGINX_BINARY,
    config: pathOf(reading, 'config', report),
    pidFile: pathOf(reading, 'pid_file', report) ?? NGINX_PID_FILE,
    systemdUnit: textOf(reading, 'systemd_unit'),
    probe: probe === null ? null : buildProbe(readBlock(probe, 'nginx probe', session), report),
    workersMin: numberOf(reading, 'workers') ?? 1,
    weight: weightOf(reading, report),
    grace: durationOf(reading, 'grace') ?? milliseconds(200),
    restart: buildRestart(restart === null ? null : readBlock(restart, 'nginx restart', session)),
    masterOnly: isSet(reading, 'start_on_master_only'),
    instances: instancesOf(reading, among, report),
  };
  return { nginx, reading };
}

function pathOf(reading: Reading, word: string, report: Report): string | null {
  const text = textOf(reading, word);
  if (text === null || text.startsWith('/')) return text;
  report(
    error('bad-path', placeOf(reading, word), `${word} must be an absolute path, found '${text}'`),
  );
  return null;
}

/** `on_failure fault` or `on_failure weight N`: N is taken away while it is ill. */
function weightOf(reading: Reading, report: Report): number {
  const directive = directiveOf(reading, 'on_failure');
  const [kind, number] = directive?.words ?? [];
  if (kind === undefined || (kind.text === 'fault' && number === undefined)) return 0;
  const weight = /^\d+$/.test(number?.text ?? '') ? Number(number?.text) : Number.NaN;
  if (kind.text === 'weight' && weight >= 1 && weight <= weightMax) return weight;
  const isKind = kind.text === 'weight' || kind.text === 'fault';
  report(
    error(
      'bad-choice',
      (isKind ? (number ?? kind) : kind).span,
      'on_failure is fault, or weight N',
      {
        label: `N is 1..${weightMax}`,
        why: 'fault gives the address away; a weight is taken from the priority while nginx is ill',
      },
    ),
  );
  return 0;
}

function buildRestart(reading: Reading | null): Restart {
  return {
    attempts: (reading && numberOf(reading, 'attempts')) ?? 5,
    within: (reading && durationOf(reading, 'within')) ?? seconds(60),
    backoff: (reading && durationOf(reading, 'backoff')) ?? seconds(1),
  };
}

function instancesOf(
  reading: Reading,
  among: ReadonlySet<string>,
  report: Report,
): readonly string[] | null {
  if (!isSet(reading, 'instances')) return null;
  return namesOf(reading, 'instances').flatMap((word) => {
    if (among.has(word.text)) return [word.text];
    const near = didYouMean(word.text, [...among]);
    report(
      error('unknown-instance', word.span, `there is no vrrp_instance '${word.text}'`, {
        help: near === null ? null : `did you mean '${near}'?`,
      }),
    );
    return [];
  });
}

function buildProbe(reading: Reading, report: Report): Probe {
  const target = targetOf(directiveOf(reading, 'url')?.words[0] ?? null, report);
  return {
    ...target,
    host: hostOf(reading, report) ?? target.host,
    status: statusOf(directiveOf(reading, 'status')?.words ?? [], report),
    interval: durationOf(reading, 'interval') ?? milliseconds(100),
    timeout: durationOf(reading, 'timeout') ?? milliseconds(150),
    rise: numberOf(reading, 'rise') ?? 2,
    fall: numberOf(reading, 'fall') ?? 2,
    throughVip: booleanOf(reading, 'through_vip') ?? false,
  };
}

type Target = Pick<Probe, 'address' | 'port' | 'tls' | 'path' | 'host'>;

/** A probe must not wait for a name server: an address, or localhost. */
function targetOf(word: Word | null, report: Report): Target {
  const url = word?.text ?? 'http://127.0.0.1/';
  const match = /^(https?):\/\/(\[[^\]]+\]|[^/:]+)(?::(\d{1,5}))?(\/[\x21-\x7e]*)?$/.exec(url);
  const [, scheme = 'http', written = '127.0.0.1', digits, path = '/'] = match ?? [];
  const ip = parseIp(written === 'localhost' ? '127.0.0.1' : written.replace(/^\[|\]$/g, ''));
  const tls = scheme === 'https';
  const port = digits === undefined ? (tls ? 443 : 80) : Number(digits);
  if (word !== null && (match === null || ip === null || port < 1 || port > 65535)) {
    report(
      error('bad-url', word.span, `'${url}' cannot be asked for`, {
        why: 'it needs an address: a probe does not wait for a name server',
        help: 'url http://127.0.0.1:80/path, and host NAME for the Host header',
      }),
    );
  }
  return { address: ip === null ? '127.0.0.1' : formatIp(ip), port, tls, path, host: written };
}

function hostOf(reading: Reading, report: Report): string | null {
  const text = textOf(reading, 'host');
  if (text === null || /^[\w.:[\]-]+$/.test(text)) return text;
  report(error('bad-host', placeOf(reading, 'host'), `'${text}' is no name for a Host header`));
  return null;
}

function statusOf(list: readonly Word[], report: Report): readonly (readonly [number, number])[] {
  if (list.length === 0) return [[200, 399]];
  return list.flatMap((word) => {
    const match = /^(\d{3})(?:-(\d{3}))?$/.exec(word.text);
    const low = Number(match?.[1]);
    const high = Number(match?.[2] ?? match?.[1]);
    if (match !== null && low >= 100 && high <= 599 && low <= high) return [[low, high] as const];
    report(
      error('bad-status', word.span, `'${word.text}' is no HTTP status`, {
        help: 'status 200, or status 200-399 401',
      }),
    );
    return [];
  });
}
