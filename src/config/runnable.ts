/**
 * A configuration as far as its commands can be run on this host, as keepalived starts with it: a
 * check whose program or user is missing, or that enable_script_security forbids, is not tracked:
 * one that can never succeed would leave nobody to hold the address. Rules have said so.
 */
import type { Host } from './host';
import type { Config, Global, Hook, Notify, User } from './model';
import type { Fifo, System } from './model-system';
import { usersOf } from './users';

export function runnable(config: Config, host: Host): Config {
  const { global } = config;
  const left = new Set(
    config.scripts
      .filter(({ command, user }) => refusal(command, user, global, host) === null)
      .map(({ name }) => name),
  );
  const settled = <T extends Pick<Config['groups'][number], 'trackScripts' | 'notify'>>(
    one: T,
  ): T => ({
    ...one,
    trackScripts: one.trackScripts.filter(({ name }) => left.has(name)),
    notify: permitted(one.notify, global, host),
  });
  return {
    ...config,
    global: { ...global, system: withPermitted(global, host) },
    scripts: config.scripts.filter(({ name }) => left.has(name)),
    instances: config.instances.map(settled),
    groups: config.groups.map(settled),
  };
}

/** What `runnable` leaves out and why, for the log: in keepalived's words where it has them. */
export function leftOut(config: Config, host: Host): readonly string[] {
  const { global, scripts, instances, groups } = config;
  const checks = scripts.flatMap(({ name, command, user }) => {
    const refused = refusal(command, user, global, host);
    return refused === null ? [] : [`${refused.why} - disabling track script ${name}`];
  });
  const unsafe = (hook: Hook | null, what: string): readonly string[] => {
    const refused = hook === null ? null : refusal(hook.argv, hook.user, global, host);
    return refused?.kind === 'unsafe' ? [`${refused.why} - disabling ${what}`] : [];
  };
  const notifies = [...instances, ...groups].flatMap(({ name, notify }) =>
    hooksOf(notify).flatMap((hook) => unsafe(hook, `notify script of ${name}`)),
  );
  const { hooks, fifos } = global.system;
  const own = [
    ...unsafe(hooks.startup, 'startup_script'),
    ...unsafe(hooks.shutdown, 'shutdown_script'),
    ...[fifos.all, fifos.vrrp, fifos.lvs].flatMap((fifo) =>
      unsafe(fifo?.reader ?? null, `the script of ${fifo?.path}`),
    ),
  ];
  return [...new Set([...checks, ...notifies, ...own])];
}

const hooksOf = (notify: Notify): readonly (Hook | null)[] => [
  notify.master,
  notify.backup,
  notify.fault,
  notify.stop,
  notify.any,
  notify.deleted,
  notify.lowerAdvert,
];

/** A command that is only missing is tried all the same: nothing hangs on its result. */
const permittedHook = (hook: Hook | null, global: Global, host: Host): Hook | null =>
  hook !== null && refusal(hook.argv, hook.user, global, host)?.kind === 'unsafe' ? null : hook;

function permitted(notify: Notify, global: Global, host: Host): Notify {
  const hook = (one: Hook | null): Hook | null => permittedHook(one, global, host);
  return {
    ...notify,
    master: hook(notify.master),
    backup: hook(notify.backup),
    fault: hook(notify.fault),
    stop: hook(notify.stop),
    any: hook(notify.any),
    deleted: hook(notify.deleted),
    lowerAdvert: hook(notify.lowerAdvert),
  };
}

function withPermitted(global: Global, host: Host): System {
  const { hooks, fifos } = global.system;
  const hook = (one: Hook | null): Hook | null => permittedHook(one, global, host);
  const fifo = (one: Fifo | null): Fifo | null => one && { ...one, reader: hook(one.reader) };
  return {
    ...global.system,
    hooks: { ...hooks, startup: hook(hooks.startup), shutdown: hook(hooks.shutdown) },
    fifos: { ...fifos, all: fifo(fifos.all), vrrp: fifo(fifos.vrrp), lvs: fifo(fifos.lvs) },
  };
}

interface Refusal {
  readonly kind: 'missing' | 'unsafe';
  readonly why: string;
}

/** null: it runs, as far as can be known. */
function refusal(
  argv: readonly string[],
  user: User | null,
  { scriptSecurity, scriptUser }: Global,
  host: Host,
): Refusal | null {
  const account = (user ?? scriptUser)?.user ?? null;
  // Whom the host does not know nobody can become.
  if (account !== null && usersOf(host)?.(account) === false) {
    return { kind: 'missing', why: `Script user '${account}' does not exist` };
  }
  const [program = ''] = argv;
  const found = host.program(program);
  switch (found?.kind) {
    case 'missing':
      return { kind: 'missing', why: `Script ${program} cannot be accessed` };
    case 'not-executable':
      return { kind: 'missing', why: `Script ${program} is not executable` };
    case 'unsafe': {
      if (!scriptSecurity || !['root', '0'].includes(account ?? 'root')) return null;
      const who = `others than root can change '${found.component}'`;
      return { kind: 'unsafe', why: `Unsafe permissions found for script '${program}': ${who}` };
    }
    case 'program':
    case undefined:
      return null;
  }
}
