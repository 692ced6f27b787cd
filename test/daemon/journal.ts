/**
 * What the daemon would have logged: events are stepped through the real core, every step is told
 * to the real log, and the records are kept. `at` counts seconds, one for each event.
 */
import pino from 'pino';
import type { Config } from '../../src/config/model';
import type { Event } from '../../src/core/event';
import { type Node, newNode, step } from '../../src/core/node';
import { logStep } from '../../src/daemon/log';
import type { Instant } from '../../src/time';
import { at, configured, link, surveyed } from '../core/fixture';

export interface LogRecord {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface Journal {
  /** Steps one event after another; answers what these logged. */
  readonly tell: (...events: ((when: Instant) => Event)[]) => readonly LogRecord[];
  readonly node: () => Node;
}

const LEVELS: Readonly<Record<number, LogRecord['level']>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
};

export function journal(): Journal {
  const records: LogRecord[] = [];
  const options = { level: 'trace', base: null, timestamp: false } as const;
  const log = pino(options, {
    write: (line: string) => {
      const { level, ...rest } = JSON.parse(line) as { level: number; msg: string };
      records.push({ ...rest, level: LEVELS[level] ?? 'error' });
    },
  });
  let node = newNode;
  let now = 0;
  return {
    tell: (...events) => {
      records.length = 0;
      for (const make of events) {
        now += 1;
        const event = make(at(now));
        const before = node;
        [node] = step(node, event);
        logStep(log, event, before, node);
      }
      return [...records];
    },
    node: () => node,
  };
}

/** A journal of a node with this configuration whose link eth0 is up. */
export function begun(model: Config): Journal {
  const one = journal();
  one.tell((t) => configured(t, model), link, surveyed);
  return one;
}

export const texts = (records: readonly LogRecord[]): string[] => records.map(({ msg }) => msg);

export const levelled = (records: readonly LogRecord[]): string[] =>
  records.map(({ level, msg }) => `${level}: ${msg}`);
