/**
 * The model as JSON for programs: the names of model.ts, keys in alphabetical order, times as
 * numbers of seconds, null for what is not set. Lists are in the order of the file.
 */
import { type Duration, toSeconds } from '../time';
import type { Config } from './model';
import { stars } from './print';

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** The fields of model.ts whose type is Duration; a test holds the list against it. */
export const durationFields: ReadonlySet<string> = new Set([
  'arp',
  'autoPriorityDelay',
  'backoff',
  'childWait',
  'connectTimeout',
  'delay',
  'delayAfterBoot',
  'delayLoop',
  'down',
  'every',
  'forkDelay',
  'garpInterval',
  'gnaInterval',
  'grace',
  'idleTx',
  'interval',
  'lowerPriorityDelay',
  'minRx',
  'minTx',
  'neighbour',
  'preemptDelay',
  'realtimeLimit',
  'refresh',
  'retryDelay',
  'shutdownTimeout',
  'stallLease',
  'startupDelay',
  'startupTimeout',
  'tcp',
  'tcpFin',
  'terminateDelay',
  'timeout',
  'udp',
  'up',
  'vipLease',
  'warmup',
  'within',
]);

const secretFields: ReadonlySet<string> = new Set(['password', 'octets', 'bearer']);

export const toJson = (
  config: Config,
  { secrets = true }: { readonly secrets?: boolean } = {},
): Json => convert('', config, secrets);

function convert(field: string, value: unknown, secrets: boolean): Json {
  if (!secrets && secretFields.has(field) && value !== null) return stars;
  if (Array.isArray(value)) return value.map((one) => convert(field, one, secrets));
  if (typeof value === 'object' && value !== null) {
    const sorted = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return Object.fromEntries(sorted.map(([key, one]) => [key, convert(key, one, secrets)]));
  }
  if (typeof value === 'number') {
    return durationFields.has(field) ? toSeconds(value as Duration) : value;
  }
  return typeof value === 'string' || typeof value === 'boolean' ? value : null;
}
