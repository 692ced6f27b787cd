/**
 * How a virtual server shares out connections: the scheduler, its flags, and one-packet mode.
 */
import { info, type Report, warning } from './diagnostic';
import type { Protocol, Scheduler, SchedulerFlag, VirtualServer } from './model-server';
import type { Reading } from './read';
import { isBefore } from './source';
import { directiveOf, isSet, textOf } from './values';

interface FlagWord {
  readonly word: string;
  /** the only scheduler that knows it; null: any. */
  readonly only: Scheduler | null;
  readonly flag: SchedulerFlag | null;
}

const flagWords: readonly FlagWord[] = [
  { word: 'flag-1', only: null, flag: 1 },
  { word: 'flag-2', only: null, flag: 2 },
  { word: 'flag-3', only: null, flag: 3 },
  { word: 'sh-fallback', only: 'sh', flag: 1 },
  { word: 'sh-port', only: 'sh', flag: 2 },
  { word: 'mh-fallback', only: 'mh', flag: 1 },
  { word: 'mh-port', only: 'mh', flag: 2 },
  { word: 'hashed', only: 'sh', flag: null },
];

export function buildScheduler(
  reading: Reading,
  protocol: Protocol | null,
  report: Report,
): Pick<VirtualServer, 'scheduler' | 'schedulerFlags' | 'hashed' | 'onePacket'> {
  const given = textOf(reading, 'lvs_sched') as Scheduler | null;
  if (!reading.attempted.has('lvs_sched')) {
    report(
      info('default-scheduler', reading.span, 'no lvs_sched is given', { label: 'wlc counts' }),
    );
  }
  const scheduler = given ?? 'wlc';
  const words = flagWords.filter((one) => isOn(one, scheduler, reading, report));
  const flags = new Set(words.flatMap(({ flag }) => flag ?? []));
  return {
    scheduler,
    schedulerFlags: [...flags].sort(),
    hashed: words.some(({ word }) => word === 'hashed'),
    onePacket: onePacketOf(reading, protocol, report),
  };
}

function isOn(
  { word, only }: FlagWord,
  scheduler: Scheduler,
  reading: Reading,
  report: Report,
): boolean {
  const place = directiveOf(reading, word)?.keyword.span;
  if (place === undefined) return false;
  if (only === null) return true;
  if (only !== scheduler) {
    report(
      warning('flag-of-another-scheduler', place, `${word} is for the scheduler ${only}`, {
        label: 'ignored',
        why: `this virtual_server has ${scheduler}`,
      }),
    );
    return false;
  }
  const chosen = directiveOf(reading, 'lvs_sched')?.keyword.span;
  if (chosen !== undefined && isBefore(place, chosen)) {
    report(
      warning('flag-before-scheduler', place, `${word} stands above lvs_sched`, {
        label: 'counts all the same',
        why: 'keepalived does not know the scheduler here and ignores the flag',
        help: 'move it below lvs_sched',
        related: [{ span: chosen, what: 'the scheduler' }],
      }),
    );
  }
  return true;
}

function onePacketOf(reading: Reading, protocol: Protocol | null, report: Report): boolean {
  const place = directiveOf(reading, 'ops')?.keyword.span;
  if (place === undefined) return false;
  if (protocol === 'UDP' || protocol === null) return isSet(reading, 'ops');
  report(
    warning('ops-without-udp', place, `ops does not go with ${protocol}`, {
      label: 'ignored',
      why: 'only datagrams can be scheduled one by one',
    }),
  );
  return false;
}
