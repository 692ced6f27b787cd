/**
 * What happens in a run, told to the checks, and line by line to the table.
 */
import type { Agenda } from '../../src/simulate/agenda';
import type { Router, Witness } from '../../src/simulate/router';
import type { Checks } from './checks';
import { commandText, eventText, type Table } from './table';

export function witness(checks: Checks, table: Table, agenda: Agenda): Witness {
  const say = (router: Router, text: string): void => table.row(agenda.now(), router.index, text);
  return {
    said: say,
    started: (router) => checks.started(router),
    changed: (router) => checks.changed(router),
    plugged: (router, name) => checks.plugged(router, name),
    reloads: (router, before) => checks.reloads(router, before),
    ordered: (router, command) => {
      if (command.kind !== 'wake' && command.kind !== 'lease') {
        say(router, `< ${commandText(command)}`);
      }
      checks.ordered(router, command);
    },
    told: (router, event) => {
      if (event.kind !== 'woken') say(router, eventText(event));
      checks.told(router, event);
    },
    heard: (router, instance, packet, at) => {
      say(router, `. ${instance} ${packet.priority} from ${packet.source}`);
      checks.heard(router, instance, packet, at);
    },
    claimed: (router, instance, why) => {
      say(router, `HOLDS ${instance}`);
      checks.claimed(router, instance, why);
    },
    released: (router, instance) => {
      say(router, `lets go ${instance}`);
      checks.released(router, instance);
    },
    sent: (router, instance, priority) => {
      if (priority === 0) say(router, `resigns ${instance}`);
      checks.sent(router, instance, priority);
    },
    overslept: (router, gap) => checks.overslept(router, gap),
    stepped: (router, before, event, after) => {
      for (const unit of after.units) {
        for (const { key } of unit.members) {
          const held = before.units.find((one) => one.members.some((m) => m.key === key));
          const old = held?.state ?? 'none';
          if (old !== unit.state) say(router, `${key} ${old} -> ${unit.state} (${event.kind})`);
        }
      }
    },
    settled: (router) => checks.settled(router),
  };
}
