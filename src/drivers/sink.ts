/**
 * Where news of a state go: commands, pipes, mail. A sink never blocks, keeps what it cannot
 * deliver at once within bounds, and decides by the configuration who wants to know.
 */
import type { Config } from '../config/model';
import type { Notify } from '../core/command';

export interface Sink {
  /** In force from the next `tell` on. What is still waiting is delivered as it was meant. */
  configure(config: Config): void;
  tell(news: Notify): void;
  /**
   * No `tell` follows. Resolves when all is delivered, or after about `limit` milliseconds; what is
   * not delivered by then has been reported.
   */
  settled(limit: number): Promise<void>;
}
