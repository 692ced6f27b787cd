/**
 * How news of states are delivered: the terms of notify commands, and where webhooks go. Pure
 * types. A field's comment gives its word in the block holdfast { }.
 */
import type { Duration } from '../time';

export interface Telling {
  /** notify_coalesce: a newer state lets what still waits for its turn be skipped. */
  readonly coalesce: boolean;
  /** notify_timeout: how long a notify command may run, 0.1..3600 s. */
  readonly timeout: Duration;
  /** notify_webhook: http and https URLs that get every event, in the order written. */
  readonly webhooks: readonly string[];
  /** webhook_bearer: what is sent to them as `Authorization: Bearer …`. */
  readonly bearer: string | null;
}
