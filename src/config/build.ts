/**
 * The tree and the keyword table become the model. Order: what is common, what can be tracked,
 * instances, groups (which settle what their members track). Collects every diagnostic, corrects
 * nothing silently; an object that cannot be built is left out, and something above error says why.
 */
import { buildDefaults, buildGlobal } from './build-global';
import { buildGroup, type Members } from './build-group';
import { buildInstance } from './build-instance';
import { buildStatic, numberRules } from './build-network';
import { buildNginxes, type PlacedNginx } from './build-nginx';
import { buildGarpGroups, buildLinkDelays, buildTrackGroup } from './build-pace';
import { buildServers } from './build-servers';
import { type Readings, readObjects, type Tracked, trackedWith } from './build-trackable';
import { warning } from './diagnostic';
import type { Context } from './keywords';
import type { Config, Instance, SyncGroup } from './model';
import type { Directive } from './parser';
import { type Reading, readBlock, readBody, type Session } from './read';
import { settleMember } from './settle-tracks';
import { isBefore, type Span } from './source';
import { linesOf } from './values';

/** A model and where its objects stand in the file; what the rules look at. */
export interface Built {
  /** for what is said about the file as such. */
  readonly whole: Span;
  readonly config: Config;
  /** global_defs, however many there are. */
  readonly globals: Reading;
  /** holdfast, however many there are. */
  readonly own: Reading;
  readonly instances: Readings;
  readonly scripts: Readings;
  readonly groups: Readings;
  /** whatever can be tracked, the scripts too. */
  readonly tracked: Tracked;
  readonly nginxes: readonly PlacedNginx[];
}

export function build(body: readonly Directive[], whole: Span, session: Session): Built {
  const root = readBody(whole, body, 'root', session);
  const blocks = (word: string): readonly Directive[] =>
    (root.entries.get(word) ?? []).map(({ directive }) => directive);
  reportLateGlobals(root, session);
  const globals = merged(blocks('global_defs'), 'global_defs', whole, session);
  const own = merged(blocks('holdfast'), 'holdfast', whole, session);
  const global = buildGlobal(root, globals, own, session.report);
  const defaults = buildDefaults(globals, session.report);

  const named = (within: Context): Readings => readNamed(blocks(within), within, session);

  const objects = readObjects(named, global.scriptUser, session);
  const { scriptUser } = global;
  const servers = buildServers({ root, globals, tracked: objects, scriptUser, session });
  const tracked = trackedWith(objects, servers.bfd);
  const rulePriority = numberRules(body);
  const around = { defaults, trackable: tracked, rulePriority, session };
  const instanceReadings = named('vrrp_instance');
  const instances: readonly Instance[] = [...instanceReadings].flatMap(
    ([name, reading]) => buildInstance(name, reading, around) ?? [],
  );

  const groupReadings = named('vrrp_sync_group');
  const among: Members = {
    names: new Set(instanceReadings.keys()),
    instances,
    trackable: tracked,
    defaults,
    taken: new Map(),
  };
  const groups: readonly SyncGroup[] = [...groupReadings].flatMap(
    ([name, reading]) => buildGroup(name, reading, among, session.report) ?? [],
  );
  const nginxes = buildNginxes(blocks('nginx'), among.names, session);
  const config: Config = {
    global,
    scripts: [...tracked.scripts.values()],
    instances: inGroups(instances, groups, instanceReadings, session),
    groups,
    trackFiles: [...tracked.files.values()],
    trackProcesses: [...tracked.processes.values()],
    ...buildShared(root, named, among, session),
    ...buildStatic(root, globals, rulePriority, session),
    ...servers,
    services: nginxes.map(({ nginx }) => nginx),
  };
  return {
    whole,
    config,
    globals,
    own,
    instances: instanceReadings,
    scripts: tracked.places.scripts,
    groups: groupReadings,
    tracked,
    nginxes,
  };
}

type Shared = Pick<Config, 'trackGroups' | 'linkDelays' | 'garpGroups'>;

/** What concerns several instances. */
function buildShared(
  root: Reading,
  named: (within: Context) => Readings,
  { names, instances }: Members,
  session: Session,
): Shared {
  const { report } = session;
  const paces = (root.entries.get('garp_group') ?? []).map(({ directive }) =>
    readBlock(directive, 'garp_group', session),
  );
  return {
    trackGroups: [...named('track_group')].map(([name, reading]) =>
      buildTrackGroup(name, reading, names, report),
    ),
    linkDelays: buildLinkDelays(linesOf(root, 'interface_up_down_delays'), instances, report),
    garpGroups: buildGarpGroups(paces, report),
  };
}

/** Several blocks of one kind count as one. */
function merged(
  blocks: readonly Directive[],
  within: Context,
  whole: Span,
  session: Session,
): Reading {
  const body = blocks.flatMap((directive) => directive.block?.body ?? []);
  return readBody(blocks[0]?.keyword.span ?? whole, body, within, session);
}

function readNamed(
  blocks: readonly Directive[],
  within: Context,
  session: Session,
): ReadonlyMap<string, Reading> {
  const readings = new Map<string, Reading>();
  for (const directive of blocks) {
    const name = directive.words[0];
    if (name === undefined) continue;
    const before = readings.get(name.text);
    if (before !== undefined) {
      session.report(
        warning('duplicate-name', name.span, `there is a ${within} '${name.text}' already`, {
          label: 'skipped up to its closing brace',
          related: [{ span: before.span, what: 'this one counts' }],
        }),
      );
      continue;
    }
    readings.set(name.text, { ...readBlock(directive, within, session), span: name.span });
  }
  return readings;
}

/** keepalived hands the defaults to an instance when its block begins. */
function reportLateGlobals(root: Reading, session: Session): void {
  const first = root.entries.get('vrrp_instance')?.[0]?.directive.keyword.span;
  const late = root.entries
    .get('global_defs')
    ?.find(({ directive }) => first !== undefined && isBefore(first, directive.keyword.span));
  if (first === undefined || late === undefined) return;
  const sets = late.directive.block?.body.some(({ keyword }) => /^(vrrp|v3)_/.test(keyword.text));
  if (sets !== true) return;
  session.report(
    warning('late-global-defs', late.directive.keyword.span, 'global_defs stands after instances', {
      label: 'counts for them all the same',
      why: 'in keepalived it would not reach the instances above it',
      help: 'move it to the top',
      related: [{ span: first, what: 'the first instance' }],
    }),
  );
}

function inGroups(
  instances: readonly Instance[],
  groups: readonly SyncGroup[],
  readings: ReadonlyMap<string, Reading>,
  session: Session,
): readonly Instance[] {
  return instances.map((instance) => {
    const group = groups.find(({ members }) => members.includes(instance.name));
    const reading = readings.get(instance.name);
    if (group === undefined || reading === undefined) return instance;
    const tracks = settleMember(group, reading, instance, session.report);
    return tracks === instance ? instance : { ...instance, ...tracks };
  });
}
