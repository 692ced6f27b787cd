/**
 * What each kind of checker asks, except HTTP: TCP, SMTP, DNS, MISC, UDP, PING, FILE and BFD.
 */
import { type Duration, seconds } from '../time';
import {
  type Block,
  buildConnection,
  buildSchedule,
  type Checked,
  readInherited,
  type ScheduleDefaults,
} from './build-checker';
import { readCommandLine, userFrom } from './build-hook';
import { buildHttp } from './build-http-check';
import { buildBfdCheck, buildFile } from './build-tracked-checks';
import { buildUdp } from './build-udp-check';
import { didYouMean, warning } from './diagnostic';
import type { Context } from './keywords';
import type { Checker, DnsType } from './model-server';
import type { Directive } from './parser';
import { readBlock } from './read';
import { directiveOf, isSet, numberOf, placeOf, textOf, userOf } from './values';

type Builder = (block: Block) => readonly Checker[];

const builders: ReadonlyMap<string, readonly [within: Context, build: Builder]> = new Map([
  ['TCP_CHECK', ['TCP_CHECK', buildTcp]],
  ['HTTP_GET', ['HTTP_GET', buildHttp]],
  ['SSL_GET', ['SSL_GET', buildHttp]],
  ['SMTP_CHECK', ['SMTP_CHECK', buildSmtp]],
  ['DNS_CHECK', ['DNS_CHECK', buildDns]],
  ['MISC_CHECK', ['MISC_CHECK', buildMisc]],
  ['UDP_CHECK', ['UDP_CHECK', buildUdp]],
  ['PING_CHECK', ['PING_CHECK', buildPing]],
  ['FILE_CHECK', ['FILE_CHECK', buildFile]],
  ['BFD_CHECK', ['BFD_CHECK', buildBfdCheck]],
] as const);

/** In the order of the file. */
export function buildCheckers(body: readonly Directive[], checked: Checked): readonly Checker[] {
  const watched = new Set<string>();
  return body.flatMap((directive) => {
    const found = builders.get(directive.keyword.text);
    if (found === undefined) return [];
    const [within, build] = found;
    const reading = readBlock(directive, within, checked.session);
    const { report } = checked.session;
    return build({ directive, reading, checked, report }).filter((checker) => {
      if (checker.kind !== 'bfd') return true;
      if (watched.has(checker.session)) {
        report(
          warning(
            'duplicate',
            placeOf(reading, 'name'),
            `'${checker.session}' is followed already`,
            {
              label: 'left out',
            },
          ),
        );
        return false;
      }
      watched.add(checker.session);
      return true;
    });
  });
}

function buildTcp(block: Block): readonly Checker[] {
  return [{ kind: 'tcp', schedule: buildSchedule(block), connection: buildConnection(block) }];
}

function buildPing(block: Block): readonly Checker[] {
  const connection = buildConnection(block, false);
  return [{ kind: 'ping', schedule: buildSchedule(block), connection }];
}

const heloDefault = 'smtpchecker.keepalived.org';

/** Each old `host` block is one more check beside that of the server itself. */
function buildSmtp(block: Block): readonly Checker[] {
  const { reading, checked, report } = block;
  const hosts = (reading.entries.get('host') ?? []).map(({ directive }) => directive);
  const schedule = buildSchedule(block);
  const heloName = textOf(reading, 'helo_name') ?? heloDefault;
  const main: Checker = {
    kind: 'smtp',
    schedule,
    connection: buildConnection(block),
    heloName,
  };
  const [first] = hosts;
  if (first !== undefined && !checked.said.has('host')) {
    checked.said.add('host');
    report(
      warning('old-host', first.keyword.span, "'host' is an old way to check more addresses", {
        label: 'each is one more SMTP_CHECK',
        why: 'the address of real_server is checked besides',
        help: 'one SMTP_CHECK { connect_ip … } for each address',
      }),
    );
  }
  const inner: Checked = {
    ...checked,
    inherited: readInherited(reading, checked.inherited),
    alpha: schedule.alpha,
    logAllFailures: schedule.logAllFailures,
  };
  const others = hosts.map((directive): Checker => {
    const own = readBlock(directive, 'host', checked.session);
    const host: Block = { ...block, directive, reading: own, checked: inner };
    return { ...main, schedule: buildSchedule(host), connection: buildConnection(host) };
  });
  return [main, ...others];
}

const dnsTypes: readonly DnsType[] = [
  'A',
  'NS',
  'CNAME',
  'SOA',
  'MX',
  'TXT',
  'AAAA',
  'RRSIG',
  'DNSKEY',
];
const dnsDefaults: ScheduleDefaults = { retries: 3, retryDelay: null };

function buildDns(block: Block): readonly Checker[] {
  return [
    {
      kind: 'dns',
      schedule: buildSchedule(block, dnsDefaults),
      connection: buildConnection(block),
      type: dnsTypeOf(block),
      name: dnsNameOf(block),
    },
  ];
}

function dnsTypeOf({ reading, report }: Block): DnsType {
  const text = textOf(reading, 'type');
  if (text === null) return 'SOA';
  const known = dnsTypes.find((type) => type === text.toUpperCase());
  if (known !== undefined) return known;
  const near = didYouMean(text, dnsTypes);
  report(
    warning('bad-choice', placeOf(reading, 'type'), `'${text}' is not a type DNS_CHECK knows`, {
      label: 'the default counts: SOA',
      help: near === null ? `one of ${dnsTypes.join(' ')}` : `did you mean '${near}'?`,
    }),
  );
  return 'SOA';
}

function dnsNameOf({ reading, report }: Block): string {
  const name = textOf(reading, 'name') ?? '.';
  const labels = name.replace(/\.$/, '').split('.');
  if (name === '' || name === '.') return '.';
  if (labels.every((label) => label !== '')) return name;
  report(
    warning('bad-name', placeOf(reading, 'name'), `'${name}' has an empty label`, {
      label: 'the default counts: .',
      why: 'two dots side by side, or one at the beginning (RFC 1035 §2.3.1)',
    }),
  );
  return '.';
}

const miscDefaults: ScheduleDefaults = { retries: 0, retryDelay: seconds(1) };

function buildMisc(block: Block): readonly Checker[] {
  const { directive, reading, checked, report } = block;
  const path = directiveOf(reading, 'misc_path');
  if (path === null || path.words.length === 0) {
    const place = path?.keyword.span ?? directive.keyword.span;
    report(
      warning('check-without-command', place, 'MISC_CHECK has no misc_path', {
        label: 'left out',
        help: 'misc_path "/path/to/command"',
      }),
    );
    return [];
  }
  const command = readCommandLine(path, report);
  if (command === null) return [];
  if (command.rest.length > 0) {
    report(
      warning(
        'extra-word',
        (path.words[1] ?? path.keyword).span,
        'this is not passed to the command',
        {
          label: 'ignored',
          why: 'only the first word counts unless the whole command is quoted',
          help: 'put the command with its arguments in double quotes',
        },
      ),
    );
  }
  const user = userOf(reading, 'user');
  return [
    {
      kind: 'misc',
      schedule: buildSchedule(block, miscDefaults),
      command: command.argv,
      user: user === null ? checked.scriptUser : userFrom(user.user, user.group ?? undefined),
      timeout: miscTimeoutOf(block),
      dynamic: isSet(reading, 'misc_dynamic'),
    },
  ];
}

/** 0 is as good as nothing. */
function miscTimeoutOf({ reading, checked }: Block): Duration {
  const timeout = numberOf(reading, 'misc_timeout') ?? 0;
  return timeout === 0 ? checked.serviceDelayLoop : seconds(timeout);
}
