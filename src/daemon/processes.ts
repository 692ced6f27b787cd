/**
 * The thread that watches processes, from the first order on: nobody who tracks none pays for it.
 */
import type { Logger } from 'pino';
import type { TrackProcess } from '../config/model-tracking';
import type { Event } from '../core/event';
import { type Processes, type ProcessTracker, processes } from '../drivers/processes';

export interface Census {
  count(trackers: readonly TrackProcess[]): void;
  close(): void;
}

export function processCensus(log: Logger, onEvent: (event: Event) => void): Census {
  let opened: Processes | null = null;
  return {
    count: (trackers) => {
      try {
        opened ??= processes((event) => {
          if (event.kind !== 'process-gone') onEvent(event);
        });
        opened.count(trackers.map(counted));
      } catch (failure) {
        // Whoever would be in fault without them waits, and says what for.
        log.error({ err: failure }, 'processes cannot be counted');
      }
    },
    close: () => opened?.close(),
  };
}

const counted = ({ name, process, match, fullCommand }: TrackProcess): ProcessTracker => {
  const [program = '', ...parameters] = process;
  const paramMatch = match === 'any' ? 'none' : match;
  return { name, process: program, fullCommand, parameters, paramMatch };
};
