/**
 * Supervised nginxes on simulated machines: they run, start and answer as they should, as every
 * program here does until a deed says otherwise; none is known for them yet.
 */
import type { ServiceCommand, ServiceEvent } from '../core/service-terms';
import { type Duration, type Instant, milliseconds } from '../time';

/** What comes of a command, and after what time; null: nothing is reported of it. */
export function serviceReply(
  command: ServiceCommand,
): { readonly after: Duration; readonly event: (at: Instant) => ServiceEvent } | null {
  const soon = milliseconds(1);
  switch (command.kind) {
    case 'nginx-look': {
      const { nginx } = command;
      return { after: soon, event: (at) => ({ kind: 'nginx-found', at, nginx, pid: 1, why: '' }) };
    }
    case 'nginx-start': {
      const { nginx } = command;
      const outcome = { kind: 'started', pid: 1 } as const;
      return {
        after: milliseconds(30),
        event: (at) => ({ kind: 'nginx-started', at, nginx, outcome }),
      };
    }
    case 'nginx-stop': {
      const { nginx } = command;
      return { after: soon, event: (at) => ({ kind: 'nginx-stopped', at, nginx }) };
    }
    case 'nginx-survey': {
      const well = { nginx: command.nginx, workers: '', sockets: '', genuine: '' };
      return { after: soon, event: (at) => ({ kind: 'nginx-surveyed', at, ...well }) };
    }
    case 'nginx-probe': {
      const { nginx, through } = command;
      return {
        after: soon,
        event: (at) => ({ kind: 'nginx-probed', at, nginx, through, fault: '' }),
      };
    }
    case 'nginx-test':
    case 'nginx-reload':
    case 'nginx-forget':
    case 'nginx-answer':
      return null;
  }
}
