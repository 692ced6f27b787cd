/**
 * Everything behind the load balancer: groups, virtual servers, the files of SSL checks and BFD
 * sessions, with what they need from the rest of the file.
 */
import { buildBfd } from './build-bfd';
import type { TrackFile, TrackSession } from './build-checker';
import { buildServerGroup } from './build-server-group';
import type { Objects } from './build-trackable';
import { buildVirtualServer, type Servers } from './build-virtual-server';
import { type Report, warning } from './diagnostic';
import type { Config, User } from './model';
import type { Bfd, ServerGroup, TlsFiles, VirtualServer } from './model-server';
import type { Directive } from './parser';
import { type Reading, readBlock, type Session } from './read';
import type { Span } from './source';
import { booleanOf, directiveOf, textOf } from './values';

export interface ServersInput {
  readonly root: Reading;
  readonly globals: Reading;
  /** what checks can track too. */
  readonly tracked: Objects;
  readonly scriptUser: User | null;
  readonly session: Session;
}

type ServersOutput = Pick<Config, 'virtualServers' | 'serverGroups' | 'tls' | 'bfd'>;

export function buildServers(input: ServersInput): ServersOutput {
  const { root, globals, tracked, scriptUser, session } = input;
  const { report } = session;
  const bfd: Bfd[] = [];
  const neighbors = new Map<string, Bfd[]>();
  const sessions = new Map<string, TrackSession>();
  for (const [name, reading] of tracked.places.bfds) {
    const one = buildBfd(name, reading, neighbors, report);
    if (one === null) continue;
    bfd.push(one);
    sessions.set(name, { place: reading.span, tellsCheckers: one.tellsCheckers });
  }
  const groups = buildGroups(directivesOf(root, 'virtual_server_group'), report);
  const around: Servers = {
    session,
    said: new Set(),
    scriptUser,
    groups,
    files: placesOf(tracked),
    sessions,
    smtpAlert: booleanOf(globals, 'smtp_alert_checker') ?? booleanOf(globals, 'smtp_alert'),
    logAllFailures: isOn(directiveOf(globals, 'checker_log_all_failures')),
  };
  return {
    virtualServers: buildVirtualServers(directivesOf(root, 'virtual_server'), around),
    serverGroups: [...groups.values()],
    tls: buildTls(directivesOf(root, 'SSL'), session),
    bfd,
  };
}

const directivesOf = (root: Reading, word: string): readonly Directive[] =>
  (root.entries.get(word) ?? []).map(({ directive }) => directive);

const isOn = (directive: Directive | null): boolean =>
  directive !== null && !/^(false|off|no)$/.test(directive.words[0]?.text ?? '');

function buildGroups(
  directives: readonly Directive[],
  report: Report,
): ReadonlyMap<string, ServerGroup> {
  const groups = new Map<string, ServerGroup>();
  const places = new Map<string, Span>();
  for (const directive of directives) {
    const name = directive.words[0];
    if (name === undefined) continue;
    const before = places.get(name.text);
    if (before !== undefined) {
      report(
        warning('duplicate-name', name.span, `there is a group '${name.text}' already`, {
          label: 'left out',
          related: [{ span: before, what: 'this one counts' }],
        }),
      );
      continue;
    }
    places.set(name.text, name.span);
    const group = buildServerGroup(directive, report);
    if (group !== null) groups.set(name.text, group);
  }
  return groups;
}

function buildVirtualServers(
  directives: readonly Directive[],
  around: Servers,
): readonly VirtualServer[] {
  const places = new Map<string, Span>();
  return directives.flatMap((directive) => {
    const server = buildVirtualServer(directive, around);
    const place = directive.words[0]?.span;
    if (server === null || place === undefined) return [];
    const key = JSON.stringify([server.target, server.protocol]);
    const before = places.get(key);
    if (before === undefined) {
      places.set(key, place);
    } else {
      around.session.report(
        warning('duplicate-virtual-server', place, 'this virtual server is there already', {
          why: 'the kernel has one service for both, so their real servers become one pool',
          help: 'put all real servers in one block',
          related: [{ span: before, what: 'the first one' }],
        }),
      );
    }
    return [server];
  });
}

function placesOf({ files, places }: Objects): ReadonlyMap<string, TrackFile> {
  const found = new Map<string, TrackFile>();
  for (const [name, { weight, reverse }] of files) {
    const place = places.files.get(name)?.span;
    if (place !== undefined) found.set(name, { place, weight, reverse });
  }
  return found;
}

/** The last block counts, whole. */
function buildTls(directives: readonly Directive[], session: Session): TlsFiles | null {
  const last = directives.at(-1);
  if (last === undefined) return null;
  const before = directives.at(-2);
  if (before !== undefined) {
    session.report(
      warning('repeated', last.keyword.span, 'SSL is set again', {
        label: 'this one counts',
        related: [{ span: before.keyword.span, what: 'set here before' }],
      }),
    );
  }
  const reading = readBlock(last, 'SSL', session);
  return {
    password: textOf(reading, 'password'),
    ca: textOf(reading, 'ca'),
    certificate: textOf(reading, 'certificate'),
    key: textOf(reading, 'key'),
  };
}
