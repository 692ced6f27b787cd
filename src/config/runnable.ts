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
      .filter(({ command, user }) => fate(command, user, global, host) === 'runs')
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

/** A command that is only missing is tried all the same: nothing hangs on its result. */
const permittedHook = (hook: Hook | null, global: Global, host: Host): Hook | null =>
  hook !== null && fate(hook.argv, hook.user, global, host) === 'unsafe' ? null : hook;

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

function fate(
  argv: readonly string[],
  user: User | null,
  { scriptSecurity, scriptUser }: Global,
  host: Host,
): 'runs' | 'missing' | 'unsafe' {
  const account = (user ?? scriptUser)?.user ?? null;
  // Whom the host does not know nobody can become.
  if (account !== null && usersOf(host)?.(account) === false) return 'missing';
  const found = host.program(argv[0] ?? '')?.kind ?? 'program';
  switch (found) {
    case 'missing':
    case 'not-executable':
      return 'missing';
    case 'unsafe': {
      return scriptSecurity && ['root', '0'].includes(account ?? 'root') ? 'unsafe' : 'runs';
    }
    case 'program':
      return 'runs';
  }
}
