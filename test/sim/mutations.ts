/**
 * Broken models. Each must be caught by the rule that it breaks: a simulator that cannot fail
 * proves nothing. A mutation wraps the standing orders, or loses an event on its way to the core.
 */
import type { AdvertTerms, PlaneCommand } from '../../src/core/command';
import type { Effect, NativeOrders } from '../../src/drivers/addon';
import { instantAt } from '../../src/time';
import type { Rule } from './checks';
import type { Mutation } from './simulation';

interface Change {
  readonly command?: (command: PlaneCommand) => PlaneCommand | null;
  readonly effect?: (effect: Effect) => boolean;
  /** false: the advert is not heard. */
  readonly hears?: (instance: string, held: ReadonlySet<string>) => boolean;
}

function wrapped(orders: NativeOrders, change: Change): NativeOrders {
  const held = new Set<string>();
  const pass = (effects: Effect[]): Effect[] => {
    for (const effect of effects) {
      if (effect.kind === 'claim') held.add(effect.instance);
      if (effect.kind === 'release') held.delete(effect.instance);
    }
    return effects.filter((effect) => change.effect?.(effect) ?? true);
  };
  return {
    submit(commands, now) {
      const passed = commands.flatMap((command) => {
        const kept = change.command === undefined ? command : change.command(command);
        return kept === null ? [] : [kept];
      });
      return pass(orders.submit(passed, now));
    },
    heard(instance, advert, at, now) {
      if (change.hears?.(instance, held) === false) return [];
      return pass(orders.heard(instance, advert, at, now));
    },
    expire: (now) => pass(orders.expire(now)),
    overslept: (gap, now) => orders.overslept(gap, now),
    deadline: () => orders.deadline(),
  };
}

const broken = (name: string, change: Change): Mutation => ({
  name,
  orders: (orders) => wrapped(orders, change),
});

/** The terms of an `advertise` and those that a `watch` holds in store. */
function withTerms(command: PlaneCommand, change: (terms: AdvertTerms) => AdvertTerms) {
  if (command.kind === 'advertise') return { ...command, ...change(command) };
  if (command.kind !== 'watch') return command;
  const members = command.members.map((m) => ({ ...m, onSilence: change(m.onSilence) }));
  return { ...command, members };
}

const FOREVER = instantAt(Number.MAX_SAFE_INTEGER / 4);

export const mutations: readonly { readonly mutation: Mutation; readonly caughtBy: Rule }[] = [
  {
    mutation: broken('a master that hears nobody never yields', {
      hears: (instance, held) => !held.has(instance),
    }),
    caughtBy: 'two masters hear each other',
  },
  {
    mutation: broken('a backup that ignores adverts', {
      hears: (instance, held) => held.has(instance),
    }),
    caughtBy: 'took over from a master that it hears',
  },
  {
    mutation: broken('a takeover that claims no address', {
      effect: (effect) => effect.kind !== 'claim',
    }),
    caughtBy: 'an address is held where no master is',
  },
  {
    mutation: broken('a silence measured too short', {
      command: (command) =>
        command.kind === 'watch'
          ? { ...command, members: command.members.map((m) => ({ ...m, factor: m.factor - 1 })) }
          : command,
    }),
    caughtBy: 'took over from a master that it hears',
  },
  {
    mutation: broken('a silence measured too long', {
      command: (command) =>
        command.kind === 'watch'
          ? { ...command, members: command.members.map((m) => ({ ...m, factor: 2 * m.factor })) }
          : command,
    }),
    caughtBy: 'took over too late',
  },
  {
    mutation: broken('a sync group whose members do not know each other', {
      command: (command) => withTerms(command, (terms) => ({ ...terms, fellows: [] })),
    }),
    caughtBy: 'a sync group is torn',
  },
  {
    mutation: broken('a lease that never lapses', {
      command: (command) =>
        command.kind === 'lease' ? { kind: 'lease', until: FOREVER } : command,
    }),
    caughtBy: 'the master hangs and no peer takes over',
  },
  {
    mutation: broken('a lease that never lapses, on a standby', {
      command: (command) =>
        command.kind === 'lease' ? { kind: 'lease', until: FOREVER } : command,
    }),
    caughtBy: 'a hung standby took over',
  },
  {
    mutation: broken('an offer that lets go at once', {
      command: (command) => withTerms(command, (terms) => ({ ...terms, onStall: 'resign' })),
    }),
    caughtBy: 'the master hangs alone and lets go',
  },
  {
    mutation: broken('a node that cannot resign', {
      command: (command) => (command.kind === 'resign' ? null : command),
    }),
    caughtBy: 'a node in fault holds an address',
  },
  {
    mutation: broken('a backup that is never told to watch', {
      command: (command) => (command.kind === 'watch' ? null : command),
    }),
    caughtBy: 'no single master after healing',
  },
  {
    mutation: broken('a backup that is told to be master', {
      command: (command) => {
        const first = command.kind === 'watch' ? command.members[0] : undefined;
        if (first === undefined) return command;
        return { kind: 'advertise', turn: first.turn, ...first.onSilence };
      },
    }),
    caughtBy: 'made master without having listened',
  },
  {
    mutation: broken('a preempting backup that follows everybody', {
      command: (command) =>
        command.kind === 'watch'
          ? { ...command, members: command.members.map((m) => ({ ...m, minPriority: 1 })) }
          : command,
    }),
    caughtBy: 'the best is not master after healing',
  },
  {
    mutation: {
      name: 'a core that is not told of its defeat',
      censor: (event) => (event.kind === 'yielded' ? null : event),
    },
    caughtBy: 'core and data plane disagree',
  },
];
